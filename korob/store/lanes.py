"""Statements that are asked over and over: prepared once for each lane, which keeps a connection of its own for it."""

import contextlib
from collections.abc import Mapping
from typing import Any

import asyncpg

from korob.store.database import BROKEN, PASSING, Database, DatabaseGoneError


class Lanes:
    """The prepared statements of one process, by name and lane."""

    def __init__(self, database: Database, statements: Mapping[str, str]) -> None:
        self._database = database
        self._texts = statements
        self._held: dict[tuple[str, int], tuple[Any, Any]] = {}

    async def statement(self, name: str, lane: int) -> Any:
        """The prepared statement of a lane. Raises DatabaseGoneError when there is no connection to be had."""
        connection, statement = self._held.get((name, lane), (None, None))
        if connection is None:
            connection = await self._acquire()
            self._held[name, lane] = connection, None
        if statement is None:
            statement = await connection.prepare(self._texts[name])
            self._held[name, lane] = connection, statement
        return statement

    async def _acquire(self) -> Any:
        """A connection; one that breaks off while it is made says nothing of the next."""
        for attempt in range(1, 4):
            try:
                return await self._database.pool.acquire()
            except (*BROKEN, asyncpg.PostgresError) as trouble:
                if attempt == 3:
                    raise DatabaseGoneError.of(trouble) from trouble
        raise AssertionError

    def connection(self, name: str, lane: int) -> Any:
        """The connection that a lane keeps for a statement that it has."""
        return self._held[name, lane][0]

    async def read(self, name: str, lane: int, *arguments: Any) -> Any:
        """Rows of a statement that only reads: over a new connection when the one at hand turns out to be broken.

        Raises DatabaseGoneError.
        """
        for attempt in range(1, 4):
            try:
                statement = await self.statement(name, lane)
                return await statement.fetch(*arguments)
            except BROKEN as trouble:
                self.lose(name, lane)
                if attempt == 3:
                    raise DatabaseGoneError.of(trouble) from trouble
            except PASSING as trouble:
                if attempt == 3:
                    raise DatabaseGoneError.of(trouble) from trouble
        raise AssertionError

    def lose(self, name: str, lane: int) -> None:
        """Let a connection go that broke off: in what state it is nobody knows."""
        if held := self._held.pop((name, lane), None):
            with contextlib.suppress(*BROKEN):
                held[0].terminate()

    async def close(self) -> None:
        """Give the connections back."""
        while self._held:
            _, (connection, _) = self._held.popitem()
            with contextlib.suppress(*BROKEN):
                await self._database.pool.release(connection)

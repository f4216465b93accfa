"""Taking turns, in all processes: what must be done by one at a time waits here for the others."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final
from weakref import WeakKeyDictionary

from korob.store.database import BROKEN, PASSING, Database, DatabaseGoneError

LOOK_AGAIN: Final = 0.02
"""Seconds between two looks whether another process is done."""


class Turns:
    """Turns by name. A process that dies loses its turns with its connection.

    All turns of a process are advisory locks of one connection, which it has only while somebody wants a turn: waiting
    for a turn never uses up the pool that the one before needs to come to an end.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._here: dict[str, tuple[asyncio.Lock, int]] = {}
        self._connection: Any = None
        self._users = 0
        self._talking = asyncio.Lock()

    @asynccontextmanager
    async def of(self, name: str) -> AsyncIterator[None]:
        """Have the turn for a name, as soon as nobody else has it. Raises DatabaseGoneError."""
        lock, users = self._here.get(name, (asyncio.Lock(), 0))
        self._here[name] = lock, users + 1
        try:
            async with lock, self._everywhere(name):
                yield
        finally:
            lock, users = self._here.pop(name)
            if users > 1:
                self._here[name] = lock, users - 1

    async def is_taken(self, name: str) -> bool:
        """Whether somebody has the turn for a name at this moment. Raises DatabaseGoneError."""
        if name in self._here:
            return True
        async with self._database.connection() as connection:
            taken: bool = await connection.fetchval(
                """
                SELECT EXISTS (
                    SELECT
                    FROM pg_locks
                    WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint << 32 | objid::bigint = $1
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                )
                """,
                _number(name),
            )
        return taken

    @asynccontextmanager
    async def _everywhere(self, name: str) -> AsyncIterator[None]:
        number = _number(name)
        self._users += 1
        try:
            # Asking again and again leaves the connection free for the turns of others in between.
            while not await self._ask("SELECT pg_try_advisory_lock($1)", number):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_AGAIN)
            yield
        finally:
            await asyncio.shield(self._leave(number))

    async def _leave(self, number: int) -> None:
        # Given back even if the question for it was broken off: it may have been granted without anybody hearing of it.
        with suppress(DatabaseGoneError):
            await self._ask("SELECT pg_advisory_unlock($1)", number)
        self._users -= 1
        if not self._users and self._connection is not None:
            connection, self._connection = self._connection, None
            await self._database.pool.release(connection)

    async def _ask(self, question: str, number: int) -> bool:
        async with self._talking:
            try:
                if self._connection is not None and self._connection.is_closed():
                    lost, self._connection = self._connection, None
                    await self._database.pool.release(lost)
                if self._connection is None:
                    self._connection = await self._database.pool.acquire()
                answer: bool = await self._connection.fetchval(question, number)
            except (*BROKEN, *PASSING) as trouble:
                raise DatabaseGoneError.of(trouble) from trouble
        return answer


def shared(database: Database) -> Turns:
    """The turns that all of this process takes through one pool."""
    return _SHARED.setdefault(database, Turns(database))


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


_SHARED: Final[WeakKeyDictionary[Database, Turns]] = WeakKeyDictionary()

"""Writes changed orders: a batch in one statement, with all that belongs to it or not at all."""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Final

import asyncpg

from korob.domain.change import Change
from korob.store import given_codes, order_saves
from korob.store.database import BROKEN, PASSING, Database, DatabaseGoneError, as_json
from korob.store.given_codes import ClaimedCode, CodesTakenError
from korob.store.lanes import Lanes
from korob.store.order_saves import News, Save

TRIES: Final = 6
"""How often a statement that met a passing fault is tried, and a database that broke off is asked what arrived."""

NOT_IN: Final = 0
"""No birth: the save did not go in, as the order is another by now."""


class OrderWriter:
    """Writes batches over lanes that have the statements of `order_saves`. `news` says what the seller is told."""

    def __init__(self, database: Database, lanes: Lanes, *, news: Callable[[Change], Sequence[News]]) -> None:
        self._database = database
        self._lanes = lanes
        self._news = news

    async def write(
        self, name: str, saves: Sequence[Save], lane: int, *, tries: int = TRIES
    ) -> Sequence[int | BaseException | None]:
        """The order's birth for each save that went in, NOT_IN, or None if the connection broke off and nobody knows.

        When a row spoils the batch, or somebody else has one locked, it is halved until that row stands alone.
        """
        try:
            return await self._write_together(name, saves, lane)
        except PASSING as trouble:
            if len(saves) > 1 and isinstance(trouble, asyncpg.LockNotAvailableError):
                return await self._write_by_halves(name, saves, lane)
            if tries == 1:
                return [trouble] * len(saves)
            await asyncio.sleep(0.005 * (TRIES + 1 - tries))
            return await self.write(name, saves, lane, tries=tries - 1)
        except BROKEN:
            self._lanes.lose(name, lane)
            self._lanes.lose(order_saves.WITH_CODES[name], lane)
            return [None] * len(saves)
        except DatabaseGoneError as trouble:
            return [trouble] * len(saves)
        except Exception as trouble:
            if len(saves) == 1:
                return [trouble]
            return await self._write_by_halves(name, saves, lane)

    async def arrived(self, saves: Sequence[Save]) -> set[uuid.UUID]:
        """Which of these saves went in, by their ids in the history; asked until PostgreSQL answers, some times.

        Raises DatabaseGoneError.
        """
        for attempt in range(1, TRIES):
            try:
                return await self._found(saves)
            except DatabaseGoneError:
                await asyncio.sleep(0.1 * attempt)
        return await self._found(saves)

    async def _found(self, saves: Sequence[Save]) -> set[uuid.UUID]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT h.change_id
                FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::uuid[])
                     AS s(business_id, order_id, version, change_id)
                JOIN history h USING (business_id, order_id, version, change_id)
                """,
                [save.changes[0].order.business_id for save in saves],
                [save.changes[0].order.id for save in saves],
                [save.expected + 1 for save in saves],
                [save.id for save in saves],
            )
        return {row["change_id"] for row in rows}

    async def _write_by_halves(
        self, name: str, saves: Sequence[Save], lane: int
    ) -> Sequence[int | BaseException | None]:
        half = len(saves) // 2
        return [*await self.write(name, saves[:half], lane), *await self.write(name, saves[half:], lane)]

    async def _write_together(self, name: str, saves: Sequence[Save], lane: int) -> Sequence[int | BaseException]:
        if claims := order_saves.claims(saves):
            return await self._write_claiming(order_saves.WITH_CODES[name], saves, claims, lane)
        *parts, questions, given = order_saves.rows(saves, self._news)
        if questions or given:
            parts += questions, given
            name = order_saves.WITH_CODES[name]
        statement = await self._lanes.statement(name, lane)
        written = _births(await statement.fetch(*map(as_json, parts)))
        return [written.get(_place(save), NOT_IN) for save in saves]

    async def _write_claiming(
        self, name: str, saves: Sequence[Save], claims: Sequence[ClaimedCode], lane: int
    ) -> Sequence[int | BaseException]:
        """Write a batch with codes that no other order may have: all but those that claim in vain.

        Of two that claim the same code the second is decided anew, when it is known what became of the first.
        """
        first: dict[tuple[int, str], int] = {}
        held_back = {
            claim[:2]
            for claim in claims
            if first.setdefault((claim.business_id, claim.code), claim.order_id) != claim.order_id
        }
        statement = await self._lanes.statement(name, lane)
        connection = self._lanes.connection(name, lane)
        async with connection.transaction():
            in_vain: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
            for claim in await given_codes.taken(connection, claims):
                in_vain[claim[:2]].add(claim.code)
            going = [save for save in saves if not {_place(save)} & (in_vain.keys() | held_back)]
            rows = await statement.fetch(*map(as_json, order_saves.rows(going, self._news))) if going else ()
        written = _births(rows)
        places = map(_place, saves)
        return [CodesTakenError(in_vain[at]) if at in in_vain else written.get(at, NOT_IN) for at in places]


def _births(rows: Sequence[Any]) -> dict[tuple[int, int], int]:
    return {(business_id, order_id): birth for business_id, order_id, birth in rows}


def _place(save: Save) -> tuple[int, int]:
    order = save.changes[-1].order
    return order.business_id, order.id

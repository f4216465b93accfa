"""How many requests are left in this window: counted in PostgreSQL, spent by every process in shares.

A process that needs units asks for them, and, if it spends fast, for some in advance: its share. It spends a share
without asking, accounts for it with the next question, and gives back what it does not need within seconds. What is
left shrinks the shares, down to nothing: the last units are asked for one by one. Who finds nothing left while others
hold shares waits until these are spent, back, or lost with their process.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from contextvars import Context
from datetime import UTC, datetime, timedelta
from time import monotonic, time
from typing import Any, Final

from msgspec import Struct

from korob.domain import quota
from korob.domain.quota import UNLIMITED, Entity, Limited, QuotaExceeded
from korob.store import shares
from korob.store.database import Database
from korob.store.parallel import InFlight, Parallel
from korob.store.shares import Key, Question, Share, Taken, Wish

__all__ = ["Exceeded", "Quotas", "Taken"]

LOST_AFTER: Final = timedelta(seconds=3)
"""When units that nobody accounted for count as lost: what a killed process costs."""
TENDED_EVERY: Final = 0.25
"""Seconds between two looks at the shares at hand: whether one is old, or wanted elsewhere."""
ASKED_AGAIN_AFTER: Final = 0.03
"""Seconds between two questions for units that others hold."""
PARTS: Final = 8
"""A share is at most this part of what is left."""
SHARES_PER_STATEMENT: Final = 500

_NO_WINDOW: Final = (0.0, 0.0, datetime.min.replace(tzinfo=UTC))


class Exceeded(Struct, frozen=True):
    """Nothing was taken: not enough is left in the window that ends at `until`."""

    limit: int
    remaining: int
    until: datetime
    refusal: QuotaExceeded


class Quotas:
    """The quotas of all campaigns and businesses, as one process spends them. `wall` tells the wall's time."""

    def __init__(self, database: Database, *, wall: Callable[[], float] = time) -> None:
        self._database = database
        self._wall = wall
        self._parallel = Parallel()
        self._windows: dict[timedelta, tuple[float, float, datetime]] = {}
        self._shares: dict[tuple[Entity, str], Share] = {}
        self._queue: deque[Share] = deque()
        self._asking: asyncio.Task[None] | None = None
        self._tending: asyncio.Task[None] | None = None

    def in_flight(self, entity: Entity, method: Limited, *, unlimited: bool = False) -> InFlight:
        """A context to answer a request in. Raises TooManyAtOnce."""
        return self._parallel.request(entity, method, unlimited=unlimited)

    def try_take(self, entity: Entity, method: Limited, units: int = 1, *, unlimited: bool = False) -> Taken | None:
        """Take units without asking PostgreSQL; None if it must be asked: then `take` them."""
        if unlimited:
            return self._out_of_reach(method, units)
        share = self._shares.get((entity, method.operation_id))
        if share is None or share.left < units or share.ends <= self._wall() or share.limit != method.quota.amount:
            return None
        share.left -= units
        share.used += units
        if not share.left:
            self._ask(share)
        return Taken(share.limit, share.elsewhere + share.left + share.returned, share.until)

    async def take(
        self, entity: Entity, method: Limited, units: int = 1, *, first: Taken | None = None, unlimited: bool = False
    ) -> Taken | Exceeded:
        """Take units, all or none; with none, a `first` one, taken before, goes back. Raises DatabaseGoneError."""
        taken = self.try_take(entity, method, units, unlimited=unlimited)
        if taken is not None:
            return taken
        share = self._share(entity, method)
        if share.empty_until < monotonic() and units <= share.limit:
            wish = Wish(units, asyncio.get_running_loop().create_future())
            share.wishes.append(wish)
            self._ask(share)
            if await wish.granted:
                return share.taken()
        if first is not None:
            self.give_back(entity, method, first)
        return Exceeded(share.limit, share.remaining, share.until, quota.exceeded(entity, method))

    def left(self, entity: Entity, method: Limited, *, unlimited: bool = False) -> Taken:
        """What is left in this window, as far as this process knows; nothing is taken."""
        if unlimited:
            return self._out_of_reach(method, 0)
        share = self._shares.get((entity, method.operation_id))
        if share is None or share.ends <= self._wall() or share.limit != method.quota.amount:
            return Taken(method.quota.amount, method.quota.amount, self._window_end(method))
        return share.taken()

    def charge(self, entity: Entity, method: Limited, units: int, *, unlimited: bool = False) -> Taken:
        """Take units that are spent already, because only the answer told the cost; what is not left is forgiven."""
        if unlimited:
            return self._out_of_reach(method, units)
        share = self._share(entity, method)
        at_hand = min(share.left, units)
        share.left -= at_hand
        share.owed += units - at_hand
        share.used += units
        if not share.left:
            self._ask(share)
        return share.taken()

    def give_back(self, entity: Entity, method: Limited, taken: Taken, units: int = 1) -> None:
        """Give units back that were taken for a request which is free, because we failed it."""
        if taken.limit == UNLIMITED:
            return
        share = self._share(entity, method)
        if share.until == taken.until:
            share.returned += units
            share.empty_until = 0.0
            self._ask(share)

    async def stop(self) -> None:
        """Hand in all shares: this process stops."""
        if self._tending is not None:
            self._tending.cancel()
            with suppress(asyncio.CancelledError):
                await self._tending
        for share in self._shares.values():
            share.leaving = True
            self._ask(share)
        if self._asking is not None:
            await self._asking

    async def sweep(self) -> int:
        """Delete the counts of windows that ended more than a day ago; how many there were."""
        async with self._database.connection() as connection:
            deleted: int = await connection.fetchval(
                """
                WITH old AS (
                    SELECT entity_id, entity, method
                    FROM quotas
                    WHERE until < now() - interval '1 day'
                    ORDER BY entity_id, entity, method
                    FOR UPDATE
                ), deleted AS (
                    DELETE FROM quotas USING old
                    WHERE (quotas.entity_id, quotas.entity, quotas.method) = (old.entity_id, old.entity, old.method)
                    RETURNING 1
                )
                SELECT count(*) FROM deleted
                """
            )
        return deleted

    def _share(self, entity: Entity, method: Limited) -> Share:
        share = self._shares.get((entity, method.operation_id))
        if share is None or share.ends <= self._wall():
            share = Share(entity, method.operation_id, method.quota.amount, self._window_end(method))
            self._shares[entity, method.operation_id] = share
            if self._tending is None or self._tending.done():
                self._tending = asyncio.create_task(self._tend(), context=Context())
        elif share.limit != method.quota.amount:
            share.adopt(method.quota.amount)
        return share

    def _out_of_reach(self, method: Limited, units: int) -> Taken:
        return Taken(UNLIMITED, UNLIMITED - units, self._window_end(method))

    def _window_end(self, method: Limited) -> datetime:
        per, moment = method.quota.per, self._wall()
        since, until, end = self._windows.get(per, _NO_WINDOW)
        if not since <= moment < until:
            end = quota.window_end(datetime.fromtimestamp(moment, UTC), per)
            self._windows[per] = (end - per).timestamp(), end.timestamp(), end
        return end

    def _ask(self, share: Share) -> None:
        if not share.queued:
            share.queued = True
            self._queue.append(share)
            if self._asking is None:
                self._asking = asyncio.create_task(self._ask_all(), context=Context())

    async def _ask_all(self) -> None:
        # What is asked for while a question is under way waits for the next one, which asks for all of it at once.
        while self._queue:
            questions = self._next_questions()
            if not questions:
                continue
            try:
                await self._exchange(questions)
            except Exception as trouble:
                # The outcome is unknown, so the units are gone, and nobody waits for them after LOST_AFTER.
                _LOG.warning("quotas: shares of %d methods are lost: %r", len(questions), trouble)
                for question in questions:
                    question.fail(trouble)
        self._asking = None

    def _next_questions(self) -> list[Question]:
        # A statement may touch a row once, so a share of the next window waits behind one of the last.
        questions: dict[Key, Question] = {}
        later = []
        while self._queue and len(questions) < SHARES_PER_STATEMENT:
            share = self._queue.popleft()
            if share.key in questions:
                later.append(share)
                continue
            share.queued = False
            question = share.question()
            if question is not None:
                questions[share.key] = question
        self._queue.extend(later)
        return list(questions.values())

    async def _exchange(self, questions: list[Question]) -> None:
        answers = await self._read(questions)
        missing = [question for question in questions if question.share.key not in answers]
        if missing:
            await self._open(missing)
            answers |= await self._read(missing)
        for question in questions:
            if question.hear(answers[question.share.key]):
                asyncio.get_running_loop().call_later(ASKED_AGAIN_AFTER, self._ask, question.share)
            elif question.share.returned:
                self._ask(question.share)

    async def _read(self, questions: Iterable[Question]) -> dict[Key, Any]:
        """Settle, return and get units of many quotas; those without a row are left out."""
        columns = list(zip(*(question.row() for question in questions), strict=True))
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                WITH asked AS (
                    SELECT *
                    FROM unnest(
                        $1::bigint[], $2::text[], $3::text[], $4::timestamptz[],
                        $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[]
                    ) AS asked (entity_id, entity, method, until, amount, wanted, advance, returned, settled)
                ), locked AS (
                    -- In one order everywhere, or two processes deadlock.
                    SELECT
                        asked.*,
                        q.until AS row_until,
                        CASE
                            WHEN q.until < asked.until THEN 0
                            WHEN q.until = asked.until THEN q.given - least(asked.returned, q.given)
                            ELSE q.given
                        END AS given,
                        CASE
                            WHEN q.until < asked.until OR q.held_until <= clock_timestamp() THEN 0
                            WHEN q.until = asked.until THEN q.held - least(asked.settled, q.held)
                            ELSE q.held
                        END AS held
                    FROM asked JOIN quotas q USING (entity_id, entity, method)
                    ORDER BY entity_id, entity, method
                    FOR NO KEY UPDATE OF q
                ), granted AS (
                    SELECT *, greatest(0, least(wanted, amount - given)) AS granted
                    FROM locked
                ), advanced AS (
                    SELECT *, greatest(0, least(advance, (amount - given - granted) / $10)) AS advanced
                    FROM granted
                )
                UPDATE quotas q
                SET
                    until = greatest(a.until, a.row_until),
                    given = a.given + a.granted + a.advanced,
                    held = a.held + a.advanced,
                    held_until = CASE WHEN a.advanced > 0 THEN clock_timestamp() + $11 ELSE q.held_until END,
                    short_until = CASE WHEN a.granted < a.wanted THEN clock_timestamp() + $11 ELSE q.short_until END,
                    granted = a.granted,
                    advanced = a.advanced
                FROM advanced a
                WHERE (q.entity_id, q.entity, q.method) = (a.entity_id, a.entity, a.method)
                RETURNING q.entity_id, q.entity, q.method, q.until, q.granted, q.advanced, q.given, a.held
                """,
                *columns,
                PARTS,
                LOST_AFTER,
            )
        return {(row["entity_id"], row["entity"], row["method"]): row for row in rows}

    async def _open(self, questions: Iterable[Question]) -> None:
        columns = list(zip(*(question.row()[:4] for question in questions), strict=True))
        async with self._database.connection() as connection:
            await connection.execute(
                """
                INSERT INTO quotas (entity_id, entity, method, until)
                SELECT entity_id, entity, method, until
                FROM unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[])
                    AS asked (entity_id, entity, method, until)
                ORDER BY entity_id, entity, method
                ON CONFLICT DO NOTHING
                """,
                *columns,
            )

    async def _tend(self) -> None:
        knows = True
        while self._shares:
            await asyncio.sleep(TENDED_EVERY)
            try:
                wanted, knows = await self._wanted_elsewhere(), True
            except Exception as trouble:
                if knows:
                    _LOG.warning("quotas: nobody knows who is short: %r", trouble)
                wanted, knows = set(), False
            old = monotonic() - shares.SHARE_LIVES
            for at, share in list(self._shares.items()):
                if share.heard_at < old and share.is_spent:
                    del self._shares[at]
                elif share.heard_at < old or (share.held and share.key in wanted):
                    share.leaving = True
                    self._ask(share)

    async def _wanted_elsewhere(self) -> set[Key]:
        keys = [share.key for share in self._shares.values() if share.held]
        if not keys:
            return set()
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT entity_id, entity, method
                FROM unnest($1::bigint[], $2::text[], $3::text[]) AS held (entity_id, entity, method)
                JOIN quotas USING (entity_id, entity, method)
                WHERE short_until > now()
                """,
                *zip(*keys, strict=True),
            )
        return {tuple(row) for row in rows}


_LOG: Final = logging.getLogger("korob.quotas")

"""The loop that asks the code authority: it takes what is to be asked, asks, and writes the answers on the orders."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from korob.authority.ends import Port, Question, TroubleError
from korob.domain import authority, codes
from korob.domain.change import Change
from korob.domain.codes import Code
from korob.domain.order import Order, Verdict
from korob.store import code_questions
from korob.store.code_questions import Leased
from korob.store.database import Database, DatabaseGoneError
from korob.store.orders import OrderNotFound, Orders

AT_ONCE: Final = 4
"""Requests under way at the authority."""
ORDERS: Final = 50
"""Orders taken at once."""
CODES: Final = 100
"""Codes in one request."""
LEASE: Final = timedelta(seconds=30)
"""How long taken orders are left alone by others: after that whoever took them is thought to be dead."""
TICK_SECONDS: Final = 0.5
"""How long the loop sleeps when there is nothing to ask."""
PAUSE_SECONDS: Final = 1.0
"""How long it sleeps after the authority was in trouble, however much waits."""

Wall = Callable[[], datetime]


class Asker:
    """Asks what is to be asked. Several may, in as many processes; to ask twice does no harm."""

    def __init__(self, database: Database, orders: Orders, port: Port, *, wall: Wall, lease: timedelta = LEASE) -> None:
        self._database = database
        self._orders = orders
        self._port = port
        self._wall = wall
        self._lease = lease
        self._paused_until = 0.0

    async def run(self) -> None:
        """Ask until cancelled. Raises DatabaseGoneError."""
        under_way: set[asyncio.Task[None]] = set()
        leased: dict[asyncio.Task[None], list[Leased]] = {}
        try:
            while True:
                while len(under_way) >= AT_ONCE:
                    await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                taken = [] if time.monotonic() < self._paused_until else await self._take()
                if not taken:
                    await asyncio.sleep(TICK_SECONDS)
                    continue
                task = asyncio.create_task(self._see_to(taken))
                under_way.add(task)
                leased[task] = taken
                task.add_done_callback(under_way.discard)
                task.add_done_callback(leased.pop)
        finally:
            unfinished = [one for some in leased.values() for one in some]
            for task in tuple(under_way):
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
            with suppress(DatabaseGoneError):
                await asyncio.shield(code_questions.give_back(self._database, unfinished))

    async def turn(self) -> int:
        """Ask about some orders; how many."""
        taken = await self._take()
        await self._see_to(taken)
        return len(taken)

    async def _take(self) -> list[Leased]:
        return await code_questions.lease(self._database, limit=ORDERS, lasts=self._lease)

    async def _see_to(self, taken: Sequence[Leased]) -> None:
        try:
            orders = await asyncio.gather(*(self._read(one) for one in taken))
            asked = {one: order for one, order in zip(taken, orders, strict=True) if order is not None}
            questions = [(one, question) for one, order in asked.items() for question in _questions(order)]
            troubles: dict[Leased, str] = {}
            said: dict[Leased, dict[Code, Verdict]] = {one: {} for one in asked}
            for start in range(0, len(questions), CODES):
                await self._ask(questions[start : start + CODES], said, troubles)
            await asyncio.gather(*(self._tell(one, said[one], troubles.get(one)) for one in asked))
        except DatabaseGoneError as trouble:
            # What was taken is on lease: it will be asked again.
            _LOG.warning("the database is gone: %s", trouble)
        except Exception:
            _LOG.exception("a bug in asking the code authority")

    async def _read(self, leased: Leased) -> Order | None:
        """The order as it is; None if there is nothing to be asked about it now."""
        try:
            return await self._orders.read(leased.key, now=self._wall())
        except OrderNotFound:
            await code_questions.done(self._database, leased)
        except DatabaseGoneError:
            raise
        except Exception as trouble:
            await self._put_aside(leased, trouble)
        return None

    async def _ask(
        self,
        questions: Sequence[tuple[Leased, Question]],
        said: dict[Leased, dict[Code, Verdict]],
        troubles: dict[Leased, str],
    ) -> None:
        """Ask about some codes, and note the answers, or what the trouble was."""
        try:
            answers = await self._port.ask([question for _, question in questions])
        except TroubleError as trouble:
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            _LOG.warning("%s codes can't be checked, they will be again: %s", len(questions), trouble)
            troubles |= {leased: str(trouble) for leased, _ in questions}
            return
        for (leased, question), verdict in zip(questions, answers, strict=True):
            if verdict is not None:
                said[leased][codes.code_of(question.check)] = verdict

    async def _tell(self, leased: Leased, said: dict[Code, Verdict], trouble: str | None) -> None:
        """Write the answers on the order, and see whether all is answered."""

        def decide(order: Order, now: datetime) -> Change:
            return codes.hear(order, said, now=now)

        try:
            order = await self._orders.change(leased.key, decide, now=self._wall())
        except DatabaseGoneError:
            raise
        except Exception as bug:
            await self._put_aside(leased, bug)
            return
        if not any(map(codes.is_asked_outside, order.codes)):
            await code_questions.done(self._database, leased)
            return
        wait = authority.wait_after(leased.attempts)
        await code_questions.postpone(self._database, leased, wait, trouble=trouble)

    async def _put_aside(self, leased: Leased, trouble: Exception) -> None:
        # One order that trips over a bug must not stop the line behind it.
        _LOG.error("the codes of order %s can't be seen to", leased.key.order_id, exc_info=trouble)
        wait = authority.wait_after(leased.attempts)
        await code_questions.postpone(self._database, leased, wait, trouble=str(trouble) or type(trouble).__name__)


def _questions(order: Order) -> list[Question]:
    """What of an order is to be asked."""
    offers = {item.id: item.offer_id for item in order.items}
    return [
        Question(order.business_id, order.campaign_id, order.id, offers.get(check.item_id, ""), check)
        for check in order.codes
        if codes.is_asked_outside(check)
    ]


_LOG: Final = logging.getLogger("korob.authority")

"""The loops that settle what is due and deliver notifications: a world runs by itself when nobody asks."""

import asyncio
import logging
import resource
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final

from korob import config
from korob.actions.jump_clock import Clocks
from korob.authority.asking import Asker
from korob.authority.ends import Accepting, Remote
from korob.clock import WALL
from korob.domain.refusal import Refusal
from korob.notifications import bodies
from korob.notifications.delivery import Deliverer
from korob.notifications.jumps import Knocks
from korob.notifications.sender import Sender
from korob.store import delivery_log, due, idempotency, request_log, turns
from korob.store.database import Database, DatabaseGoneError
from korob.store.keys import Keys
from korob.store.orders import OrderKey, Orders, TooBusyError
from korob.store.quotas import Quotas

TICK_SECONDS: Final = 0.25
"""How long the loop sleeps when nothing is due."""
CONNECTIONS: Final = 6
"""Connections to PostgreSQL of each of the three."""
AT_ONCE: Final = 500
"""Orders settled in one turn."""
ASIDE_SECONDS: Final = 60.0
"""How long an order that trips over a bug is left alone."""

TIDIES_EVERY_SECONDS: Final = 5.0
FORGETS_EVERY_SECONDS: Final = 600.0


async def run(settings: config.Settings) -> None:
    """Settle deadlines, deliver notifications and ask the code authority until cancelled.

    One process settles, others stand by until it is gone; all of them deliver, and ask about codes.
    """
    _open_as_many_files_as_allowed()
    settle = partial(_turn_by_turn, settings=settings)
    deliver = partial(_deliver, only_open=settings.mode is config.Mode.PRODUCTION)
    ask = partial(_ask_about_codes, url=settings.code_authority)
    async with asyncio.TaskGroup() as all_of_them:
        for work in (settle, ask):
            all_of_them.create_task(_again_and_again(work, settings))
        # What a power cut takes back of deliveries is delivered again, which may happen anyway.
        all_of_them.create_task(_again_and_again(deliver, settings, hasty=True))


def _open_as_many_files_as_allowed() -> None:
    """Each seller who is being told takes one, and a thousand, as usual, is soon used up by those who hang."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _again_and_again(
    work: Callable[[Database], Awaitable[None]], settings: config.Settings, *, hasty: bool = False
) -> None:
    """Work on connections of its own, anew whenever the database was gone."""
    url, silence = settings.database_url, settings.database_seconds
    while True:
        try:
            database = await Database.open(url, connections=CONNECTIONS, hasty=hasty, silence=silence)
            try:
                await work(database)
            finally:
                with suppress(Exception):
                    await database.close()
        except DatabaseGoneError as trouble:
            _LOG.warning("the database is gone: %s", trouble)
            await asyncio.sleep(1)


async def _turn_by_turn(database: Database, *, settings: config.Settings) -> None:
    orders = Orders(database, news=bodies.news)
    timers = Timers(database, orders)
    async with database.connection() as connection:
        # Held as long as the connection lives: whoever holds it is the one that settles.
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _TIMERS_LOCK):  # noqa: ASYNC110
            await asyncio.sleep(1)
        tidying = asyncio.create_task(_tidy(database, orders, settings))
        try:
            while True:
                if not await timers.turn():
                    await connection.fetchval("SELECT 1")
                    await asyncio.sleep(TICK_SECONDS)
        finally:
            tidying.cancel()
            await asyncio.gather(tidying, return_exceptions=True)
            await orders.close()


async def _deliver(database: Database, *, only_open: bool) -> None:
    async with Sender(only_open=only_open) as sender:
        await Deliverer(database, sender, wall=WALL.now).run()


async def _ask_about_codes(database: Database, *, url: str) -> None:
    port = Accepting() if url == config.ACCEPT else Remote(url)
    orders = Orders(database, news=bodies.news)
    try:
        await Asker(database, orders, port, wall=WALL.now).run()
    finally:
        await port.close()
        await orders.close()


async def _tidy(database: Database, orders: Orders, settings: config.Settings) -> None:
    """Carry on jumps of clocks that were interrupted, and forget what was kept long enough."""
    clocks = Clocks(
        database,
        orders,
        Keys(database),
        turns.shared(database),
        wall=WALL.now,
        knocks=lambda world_id: Knocks(database, world_id, wall=WALL.now),
    )
    forgets_at = 0.0
    while True:
        try:
            await clocks.carry_on_all()
            if time.monotonic() >= forgets_at:
                await idempotency.forget_old(database)
                now = WALL.now()
                await delivery_log.forget_old(database, before=now - timedelta(days=settings.notification_log_days))
                await Quotas(database).sweep()
                await request_log.forget_old(database, before=now - timedelta(days=settings.request_log_days))
                forgets_at = time.monotonic() + FORGETS_EVERY_SECONDS
        except DatabaseGoneError as trouble:
            _LOG.warning("the database is gone: %s", trouble)
        except Exception:
            _LOG.exception("tidying up failed")
        await asyncio.sleep(TIDIES_EVERY_SECONDS)


class Timers:
    """Settles what is due, a turn at a time."""

    def __init__(self, database: Database, orders: Orders) -> None:
        self._database = database
        self._orders = orders
        self._aside: dict[OrderKey, float] = {}

    async def turn(self) -> int:
        """Settle the orders that are due now; how many were looked at."""
        now = time.monotonic()
        self._aside = {key: until for key, until in self._aside.items() if until > now}
        waiting = [
            order
            for order in await due.orders(self._database, limit=AT_ONCE + len(self._aside))
            if order.key not in self._aside
        ]
        await asyncio.gather(*(self._settle(order) for order in waiting))
        return len(waiting)

    async def _settle(self, order: due.Due) -> None:
        try:
            await self._orders.settle(order.key, now=order.now)
        except DatabaseGoneError:
            raise
        except (TooBusyError, Refusal) as trouble:
            _LOG.warning("order %s was not settled: %s", order.key.order_id, trouble)
        except Exception:
            # One order that trips over a bug must not stop the line behind it.
            _LOG.exception("order %s can't be settled", order.key.order_id)
            self._aside[order.key] = time.monotonic() + ASIDE_SECONDS


_LOG: Final = logging.getLogger("korob.timers")
_TIMERS_LOCK: Final = 0x74696D657273

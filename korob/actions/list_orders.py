"""Read a page of orders, with all that is due settled first."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Final

from korob.store.database import DatabaseGoneError
from korob.store.order_lists import Page
from korob.store.orders import ClockMovedError, Orders, TooBusyError

ROUNDS: Final = 1_000
"""How often due orders are settled before a list that never gets done is given up."""


async def list_orders(
    orders: Orders, read: Callable[[Collection[int]], Awaitable[Page]], *, epoch: int | None, now: datetime
) -> Page:
    """A page as of `now`. `read` is asked again as long as it names orders that are due.

    An order that trips over a bug when it is settled is shown as it is: it must not hide all others. Raises
    ClockMovedError when the world's clock is not the one that `now` was read from.
    """
    stuck: set[int] = set()
    for _ in range(ROUNDS):
        page = await read(stuck)
        if epoch is not None and page.epoch != epoch:
            raise ClockMovedError
        if not page.due:
            return page
        outcomes = await asyncio.gather(*(orders.settle(key, now=now) for key in page.due), return_exceptions=True)
        for key, outcome in zip(page.due, outcomes, strict=True):
            if isinstance(outcome, DatabaseGoneError | TooBusyError):
                raise outcome
            if isinstance(outcome, BaseException):
                _LOG.error("order %s can't be settled", key.order_id, exc_info=outcome)
                stuck.add(key.order_id)
    raise TooBusyError("orders fall due faster than they are settled")


_LOG: Final = logging.getLogger("korob.orders")

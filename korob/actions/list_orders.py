"""Read a page of orders, with all that is due settled first."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from korob.store.order_lists import Page
from korob.store.orders import ClockMovedError, Orders, TooBusyError

ROUNDS: Final = 1_000
"""How often due orders are settled before a list that never gets done is given up."""


async def list_orders(orders: Orders, read: Callable[[], Awaitable[Page]], *, epoch: int | None, now: datetime) -> Page:
    """A page as of `now`. `read` is asked again as long as it names orders that are due.

    Raises ClockMovedError when the world's clock is not the one that `now` was read from.
    """
    for _ in range(ROUNDS):
        page = await read()
        if epoch is not None and page.epoch != epoch:
            raise ClockMovedError
        if not page.due:
            return page
        await asyncio.gather(*(orders.settle(key, now=now) for key in page.due))
    raise TooBusyError("orders fall due faster than they are settled")

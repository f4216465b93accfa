"""Tell what the orders of a campaign wait for, with all that is due settled first."""

import asyncio
from datetime import datetime
from typing import Final, NamedTuple

from korob.domain import deadlines
from korob.domain.deadlines import Running
from korob.domain.order import Order
from korob.store import waiting
from korob.store.database import Database
from korob.store.orders import OrderKey, Orders, TooBusyError
from korob.store.worlds import Address

ROUNDS: Final = 1_000
"""How often due orders are settled before a list that never gets done is given up."""


class Waits(NamedTuple):
    """Deadlines, soonest first; `more` if there are later ones that are not here."""

    running: tuple[tuple[Order, Running], ...]
    more: bool


async def list_deadlines(
    database: Database, orders: Orders, address: Address, *, until: datetime | None, limit: int, now: datetime
) -> Waits:
    """The soonest deadlines of a campaign, `limit` at most, none later than `until`.

    Raises ClockMovedError when the world's clock is not the one that `now` was read from.
    """
    business_id, campaign_id = address.campaign.business_id, address.campaign.id
    for _ in range(ROUNDS):
        found = await waiting.of_campaign(database, business_id, campaign_id, until=until, limit=limit + 1)
        due = [order.id for order in found if (first := deadlines.look_at(order)) and first <= now]
        if not due:
            return _soonest(found, until=until, limit=limit)
        keys = (OrderKey(business_id, campaign_id, order_id, address.clock.epoch) for order_id in due)
        await asyncio.gather(*(orders.settle(key, now=now) for key in keys))
    raise TooBusyError("orders fall due faster than they are settled")


def _soonest(found: tuple[Order, ...], *, until: datetime | None, limit: int) -> Waits:
    """The first of all that these orders wait for: what an order beyond them waits for is not sooner."""
    waits = [(order, wait) for order in found for wait in deadlines.running(order)]
    waits = [pair for pair in waits if until is None or pair[1].due_at <= until]
    waits.sort(key=lambda pair: pair[1].due_at)
    return Waits(tuple(waits[:limit]), len(waits) > limit)

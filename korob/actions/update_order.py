"""Start changes of an order that the Market delivers."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from korob.domain import operation
from korob.domain.order import Buyer, Interval, Operation
from korob.store.ids import Ids
from korob.store.orders import OrderKey, Orders


async def update_order(
    orders: Orders,
    ids: Ids,
    key: OrderKey,
    *,
    recipient: Buyer | None,
    interval: Interval | None,
    delay: timedelta,
    now: datetime,
) -> Sequence[Operation]:
    """Start one operation for each thing to change, applied `delay` later (updateOrder).

    Raises the refusals of `operation.start` and OrderNotFound.
    """
    drawn = [str(number) for number in await ids.draw(key.business_id, 2)]
    order = await orders.change(
        key,
        lambda order, now: operation.start(
            order, recipient=recipient, interval=interval, ids=drawn, delay=delay, now=now
        ),
        now=now,
    )
    return [one for one in order.operations if one.id in drawn]

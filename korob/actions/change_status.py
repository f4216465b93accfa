"""Move an order to another status, as its seller."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from korob.domain import lifecycle, operation
from korob.domain.change import Change
from korob.domain.order import Operation, Order
from korob.domain.words import Actor, Model, Status, Substatus
from korob.store.ids import Ids
from korob.store.orders import OrderKey, Orders


class Moved(NamedTuple):
    """The order as saved; `operation` is there when the move comes later (LaaS cancellations)."""

    order: Order
    operation: Operation | None


async def change_status(
    orders: Orders,
    ids: Ids,
    key: OrderKey,
    status: Status,
    substatus: Substatus | None,
    *,
    real_delivery_on: date | None = None,
    cis_gate: bool,
    delay: timedelta,
    now: datetime,
) -> Moved:
    """Move an order (updateOrderStatus). Raises the refusals of `lifecycle.move` and OrderNotFound.

    `cis_gate` is the campaign's switch, `delay` how long an asynchronous cancellation takes.
    """
    operation_id = str((await ids.draw(key.business_id))[0]) if status is Status.CANCELLED else ""

    def decide(order: Order, now: datetime) -> Change:
        if order.model is Model.LAAS and status is Status.CANCELLED:
            return operation.start_cancellation(order, substatus, id=operation_id, delay=delay, now=now)
        return lifecycle.move(
            order,
            status,
            substatus,
            actor=Actor.SELLER,
            real_delivery_on=real_delivery_on,
            cis_gate=cis_gate,
            now=now,
        )

    order = await orders.change(key, decide, now=now)
    return Moved(order, next((one for one in order.operations if one.id == operation_id), None))

"""Move a delivery to another day."""

from datetime import date, datetime

from korob.domain import delivery
from korob.domain.order import Order
from korob.domain.words import DeliveryDateReason
from korob.store.orders import OrderKey, Orders


async def move_delivery(
    orders: Orders, key: OrderKey, to_on: date, reason: DeliveryDateReason, *, now: datetime
) -> Order:
    """Deliver by another day (setOrderDeliveryDate). Raises what `delivery.move_date` does, OrderNotFound."""
    return await orders.change(key, lambda order, now: delivery.move_date(order, to_on, reason, now=now), now=now)

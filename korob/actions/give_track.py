"""Write the track code of a delivery service on an order."""

from datetime import datetime

from korob.domain import delivery
from korob.domain.order import Order
from korob.store.orders import OrderKey, Orders


async def give_track(orders: Orders, key: OrderKey, service_id: int, code: str, *, now: datetime) -> Order:
    """Tell the track code (setOrderDeliveryTrackCode). Raises what `delivery.give_track` does, OrderNotFound."""
    return await orders.change(key, lambda order, now: delivery.give_track(order, service_id, code, now=now), now=now)

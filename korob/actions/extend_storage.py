"""Keep a parcel longer at the seller's own pickup point."""

from datetime import date, datetime

from korob.domain import delivery
from korob.domain.order import Order
from korob.store.orders import OrderKey, Orders


async def extend_storage(orders: Orders, key: OrderKey, until_on: date, *, now: datetime) -> Order:
    """Extend the storage, once (updateOrderStorageLimit). Raises what `delivery.extend_storage` does, OrderNotFound."""
    return await orders.change(key, lambda order, now: delivery.extend_storage(order, until_on, now=now), now=now)

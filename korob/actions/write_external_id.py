"""Write the seller's own id on an order."""

from datetime import datetime

from korob.domain import external_id as ids
from korob.domain.order import Order
from korob.store.orders import OrderKey, Orders


async def write_external_id(orders: Orders, key: OrderKey, external_id: str, *, now: datetime) -> Order:
    """Write it, once (updateExternalOrderId). Raises what `external_id.write` does, OrderNotFound."""
    return await orders.change(key, lambda order, now: ids.write(order, external_id, now=now), now=now)

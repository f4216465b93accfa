"""Say how many boxes an order has."""

from datetime import datetime

from korob.domain import counting
from korob.domain.order import Order
from korob.store.ids import Ids
from korob.store.orders import OrderKey, Orders


async def count_boxes(orders: Orders, ids: Ids, key: OrderKey, count: int, *, now: datetime) -> Order:
    """Set the number of boxes (setOrderShipmentBoxes). Raises what `counting.count_boxes` does, OrderNotFound."""
    box_ids = await ids.draw(key.business_id, min(count, counting.BOXES_MAX))
    return await orders.change(
        key, lambda order, now: counting.count_boxes(order, count, box_ids=box_ids, now=now), now=now
    )

"""The methods that read orders."""

from typing import Any

from korob.api import spelled
from korob.api.call import Call


async def get_order(call: Call) -> bytes:
    """getOrder: a GetOrderResponse, its JSON put together from what was spelled before."""
    order = await call.services.orders.read(call.order_key(), now=call.now)
    return b'{"order":%b}' % spelled.of(order)


HANDLERS: dict[str, Any] = {"getOrder": get_order}

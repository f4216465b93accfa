"""The methods that read orders."""

from typing import Any

from korob.api import spell_v2
from korob.api.call import Call
from korob.contract.orders import GetOrderResponse


async def get_order(call: Call) -> GetOrderResponse:
    """getOrder."""
    order = await call.services.orders.read(call.order_key(), now=call.now)
    return GetOrderResponse(spell_v2.order(order))


HANDLERS: dict[str, Any] = {"getOrder": get_order}

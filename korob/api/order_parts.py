"""The methods of smaller things: a number of boxes, keys of digital goods, the seller's own id."""

from typing import Any

from korob.actions.count_boxes import count_boxes
from korob.actions.give_keys import give_keys
from korob.actions.write_external_id import write_external_id
from korob.api import spell_v2
from korob.api.call import Call
from korob.contract.envelope import OK, EmptyApiResponse
from korob.contract.order_parts import ParcelBoxDTO, SetOrderShipmentBoxesResponse, ShipmentBoxesDTO
from korob.domain import counting
from korob.domain.order import Keys


async def set_order_shipment_boxes(call: Call) -> SetOrderShipmentBoxesResponse:
    """setOrderShipmentBoxes: the shipment in the path may be any."""
    order = await count_boxes(
        call.services.orders, call.services.ids, call.order_key(), len(call.body.boxes), now=call.now
    )
    boxes = enumerate(counting.ids(order), 1)
    return SetOrderShipmentBoxesResponse(
        ShipmentBoxesDTO(tuple(ParcelBoxDTO(id, spell_v2.barcode(order.id, place)) for place, id in boxes))
    )


async def provide_order_digital_codes(call: Call) -> EmptyApiResponse:
    """provideOrderDigitalCodes: OK; the buyer gets the keys a little later."""
    keys = [Keys(item.id, item.codes or (), item.slip, item.activate_till) for item in call.body.items]
    await give_keys(call.services.orders, call.order_key(), keys, now=call.now)
    return OK


async def update_external_order_id(call: Call) -> EmptyApiResponse:
    """updateExternalOrderId: OK."""
    await write_external_id(call.services.orders, call.order_key(), call.body.external_order_id, now=call.now)
    return OK


HANDLERS: dict[str, Any] = {
    "setOrderShipmentBoxes": set_order_shipment_boxes,
    "provideOrderDigitalCodes": provide_order_digital_codes,
    "updateExternalOrderId": update_external_order_id,
}

"""The methods of an order's delivery: its day, its track codes, its storage, the courier, the buyer."""

from typing import Any

from korob.actions.extend_storage import extend_storage
from korob.actions.give_track import give_track
from korob.actions.move_delivery import move_delivery
from korob.actions.verify_courier import verify_courier
from korob.api.call import Call
from korob.contract.envelope import OK, EmptyApiResponse
from korob.contract.order_delivery import (
    EacVerificationResultDTO,
    GetOrderBuyerInfoResponse,
    OrderBuyerInfoDTO,
    VerifyOrderEacResponse,
)
from korob.domain import buyers


async def set_order_delivery_date(call: Call) -> EmptyApiResponse:
    """setOrderDeliveryDate: OK."""
    body = call.body
    await move_delivery(call.services.orders, call.order_key(), body.dates.to_date, body.reason, now=call.now)
    return OK


async def set_order_delivery_track_code(call: Call) -> EmptyApiResponse:
    """setOrderDeliveryTrackCode: OK."""
    body = call.body
    await give_track(call.services.orders, call.order_key(), body.delivery_service_id, body.track_code, now=call.now)
    return OK


async def update_order_storage_limit(call: Call) -> EmptyApiResponse:
    """updateOrderStorageLimit: OK."""
    await extend_storage(call.services.orders, call.order_key(), call.body.new_date, now=call.now)
    return OK


async def verify_order_eac(call: Call) -> VerifyOrderEacResponse:
    """verifyOrderEac: a wrong code is no error, the answer says what to do."""
    verified = await verify_courier(call.services.orders, call.order_key(), call.body.code, now=call.now)
    return VerifyOrderEacResponse(EacVerificationResultDTO(verified.verdict, verified.attempts_left))


async def get_order_buyer_info(call: Call) -> GetOrderBuyerInfoResponse:
    """getOrderBuyerInfo: the buyer, as long as the seller works on the order."""
    order = await call.services.orders.read(call.order_key(), now=call.now)
    buyer = buyers.to_call(order)
    return GetOrderBuyerInfoResponse(
        OrderBuyerInfoDTO(
            buyer.type,
            buyer.id,
            buyer.last_name,
            buyer.first_name,
            buyer.middle_name,
            buyer.phone,
            buyer.trusted,
        )
    )


HANDLERS: dict[str, Any] = {
    "setOrderDeliveryDate": set_order_delivery_date,
    "setOrderDeliveryTrackCode": set_order_delivery_track_code,
    "updateOrderStorageLimit": update_order_storage_limit,
    "verifyOrderEac": verify_order_eac,
    "getOrderBuyerInfo": get_order_buyer_info,
}

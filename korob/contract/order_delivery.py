"""The delivery of an order as the seller sees to it: dates, track codes, storage, the courier's code, the buyer."""

from datetime import date
from typing import Final

from korob.contract.envelope import EmptyApiResponse
from korob.contract.method import DBS, HOUR, Method, Quota
from korob.contract.order_v2 import OrderBuyerDTO
from korob.contract.wire import Answer, Int32, Int64, OkAnswer, Request, check_calendar
from korob.domain.campaign import READ_ORDERS, WRITE_ORDERS
from korob.domain.words import DeliveryDateReason, EacVerdict, Model


class OrderDeliveryDateDTO(Request, frozen=True):
    """The new last day of delivery."""

    to_date: date

    def __post_init__(self) -> None:
        check_calendar(self.to_date)


class SetOrderDeliveryDateRequest(Request, frozen=True):
    """Another day, and who wanted it."""

    dates: OrderDeliveryDateDTO
    reason: DeliveryDateReason


class SetOrderDeliveryTrackCodeRequest(Request, frozen=True):
    """A track code and the delivery service whose it is."""

    track_code: str
    delivery_service_id: Int64


class UpdateOrderStorageLimitRequest(Request, frozen=True):
    """The last day that the parcel is kept for the buyer."""

    new_date: date

    def __post_init__(self) -> None:
        check_calendar(self.new_date)


class VerifyOrderEacRequest(Request, frozen=True):
    """The code that the courier told."""

    code: str


class EacVerificationResultDTO(Answer, frozen=True):
    """Whether the code is right; after a wrong one, how often another may be tried."""

    verification_result: EacVerdict | None = None
    attempts_left: Int32 | None = None


class VerifyOrderEacResponse(OkAnswer, frozen=True):
    """The code was looked at."""

    result: EacVerificationResultDTO


class OrderBuyerInfoDTO(OrderBuyerDTO, frozen=True):
    """The buyer and how to reach him; who is trusted need not be called."""

    phone: str | None = None
    trusted: bool | None = None


class GetOrderBuyerInfoResponse(OkAnswer, frozen=True):
    """Who bought."""

    result: OrderBuyerInfoDTO


METHODS: Final = (
    Method(
        operation_id="setOrderDeliveryDate",
        verb="PUT",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/delivery/date",
        family="order-delivery",
        summary="Move the delivery to another day",
        models=DBS,
        scopes=WRITE_ORDERS,
        quota=Quota(10_000, HOUR),
        body=SetOrderDeliveryDateRequest,
        answer=EmptyApiResponse,
    ),
    Method(
        operation_id="setOrderDeliveryTrackCode",
        verb="POST",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/delivery/track",
        family="order-delivery",
        summary="Write a track code on an order",
        models=DBS,
        scopes=WRITE_ORDERS,
        quota=Quota(10_000, HOUR),
        body=SetOrderDeliveryTrackCodeRequest,
        answer=EmptyApiResponse,
        yandex_go=False,
    ),
    Method(
        operation_id="updateOrderStorageLimit",
        verb="PUT",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/delivery/storage-limit",
        family="order-delivery",
        summary="Keep a parcel longer at the pickup point",
        models=DBS,
        scopes=WRITE_ORDERS,
        quota=Quota(10_000, HOUR),
        body=UpdateOrderStorageLimitRequest,
        answer=EmptyApiResponse,
    ),
    Method(
        operation_id="verifyOrderEac",
        verb="PUT",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/verifyEac",
        family="order-delivery",
        summary="Check the code that a courier tells",
        models=frozenset({Model.EXPRESS}),
        scopes=WRITE_ORDERS,
        quota=Quota(10_000, HOUR),
        body=VerifyOrderEacRequest,
        answer=VerifyOrderEacResponse,
    ),
    Method(
        operation_id="getOrderBuyerInfo",
        verb="GET",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/buyer",
        family="order-delivery",
        summary="The buyer and how to reach him",
        models=DBS,
        scopes=READ_ORDERS,
        quota=Quota(3_000, HOUR),
        answer=GetOrderBuyerInfoResponse,
    ),
)

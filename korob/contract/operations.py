"""Asynchronous changes: of an order that the Market delivers, and how far they have come."""

from datetime import date
from typing import Annotated, Final

from msgspec import Meta

from korob.contract.method import HOUR, WITHOUT_404, Method, Quota
from korob.contract.wire import (
    Answer,
    HourMinute,
    Int64,
    OkAnswer,
    Request,
    check_calendar,
    check_unique,
    matching,
    unique,
)
from korob.domain.campaign import ALL_SCOPES, WRITE_ORDERS
from korob.domain.words import Model, OperationStatus, OperationType

Name = Annotated[str, Meta(min_length=1, max_length=512)]
OperationId = Annotated[str, Meta(min_length=1, max_length=1000)]


class CustomerDTO(Request, frozen=True):
    """The recipient; all of it replaces what was known."""

    first_name: Name
    last_name: Name
    phone: Annotated[str, matching(r"^\+[0-9]+$", min_length=5, max_length=16)]
    middle_name: Name | None = None


class DeliveryDateIntervalDTO(Request, frozen=True):
    """From one day to another, both included."""

    from_date: date
    to_date: date

    def __post_init__(self) -> None:
        check_calendar(self.from_date, self.to_date)


class TimeIntervalDTO(Request, frozen=True):
    """From one time of the day to another."""

    from_time: HourMinute
    to_time: HourMinute


class DeliveryIntervalsUpdateOptionDTO(Request, frozen=True):
    """Days and hours of a courier's visit."""

    delivery_date_interval: DeliveryDateIntervalDTO
    delivery_time_interval: TimeIntervalDTO


class UpdateOrderDTO(Request, frozen=True):
    """The order and what is to be different about it."""

    id: Int64
    delivery_interval: DeliveryIntervalsUpdateOptionDTO | None = None
    customer: CustomerDTO | None = None


class UpdateOrderRequest(Request, frozen=True):
    """What is not named stays as it is."""

    order: UpdateOrderDTO


class OperationDTO(Answer, frozen=True):
    """An operation that was started."""

    id: OperationId
    type: OperationType


class UpdateOrderResultDTO(Answer, frozen=True):
    """One operation for each thing that is to change."""

    operations: tuple[OperationDTO, ...]


class UpdateOrderResponse(OkAnswer, frozen=True):
    """The change was accepted; nothing has changed yet."""

    result: UpdateOrderResultDTO


class GetOrderUpdateOptionsRequest(Request, frozen=True):
    """The order whose delivery may be moved."""

    id: Int64


class DeliveryIntervalsUpdateOptionsDTO(Answer, frozen=True):
    """Intervals on offer; none for an order that no courier brings."""

    available_delivery_intervals: tuple[DeliveryIntervalsUpdateOptionDTO, ...]


class OrderUpdateOptionsDTO(Answer, frozen=True):
    """What may be chosen from."""

    delivery_intervals: DeliveryIntervalsUpdateOptionsDTO


class GetOrderUpdateOptionsResponse(OkAnswer, frozen=True):
    """What updateOrder will take."""

    result: OrderUpdateOptionsDTO


class GetOperationsRequest(Request, frozen=True):
    """Operations of one type, by their ids."""

    operation_type: OperationType
    operation_ids: Annotated[tuple[OperationId, ...], unique(min_length=1, max_length=100)]

    def __post_init__(self) -> None:
        check_unique(self.operation_ids)


class OperationResultDTO(Answer, frozen=True):
    """How far an operation has come."""

    id: OperationId
    type: OperationType
    status: OperationStatus


class GetOperationsResultDTO(Answer, frozen=True):
    """The operations that were found."""

    operations: tuple[OperationResultDTO, ...]


class GetOperationsResponse(OkAnswer, frozen=True):
    """How far the operations have come."""

    result: GetOperationsResultDTO


METHODS: Final = (
    Method(
        operation_id="updateOrder",
        verb="POST",
        path="/v1/campaigns/{campaignId}/orders/update",
        family="orders",
        summary="Change the recipient or the delivery interval of an order",
        models=frozenset({Model.LAAS}),
        scopes=WRITE_ORDERS,
        quota=Quota(10_000, HOUR),
        body=UpdateOrderRequest,
        answer=UpdateOrderResponse,
        errors=WITHOUT_404,
        yandex_go=False,
    ),
    Method(
        operation_id="getOrderUpdateOptions",
        verb="POST",
        path="/v1/campaigns/{campaignId}/orders/update-options",
        family="orders",
        summary="The delivery intervals that an order may be moved to",
        models=frozenset({Model.LAAS}),
        scopes=WRITE_ORDERS,
        quota=Quota(10_000, HOUR),
        body=GetOrderUpdateOptionsRequest,
        answer=GetOrderUpdateOptionsResponse,
        errors=WITHOUT_404,
        yandex_go=False,
    ),
    Method(
        operation_id="getOperations",
        verb="POST",
        path="/v1/businesses/{businessId}/operations",
        family="operations",
        summary="How far asynchronous changes have come",
        models=frozenset({Model.LAAS}),
        scopes=ALL_SCOPES,
        quota=Quota(1_000, HOUR),
        body=GetOperationsRequest,
        answer=GetOperationsResponse,
        errors=WITHOUT_404,
        yandex_go=False,
    ),
)

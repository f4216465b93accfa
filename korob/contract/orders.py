"""The methods on orders, and the small bodies that belong to one of them only."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta

from korob.contract.boxes import Instances, SetOrderBoxLayoutRequest, SetOrderBoxLayoutResponse
from korob.contract.envelope import EmptyApiResponse, FlippingPagerDTO, PackagingForwardScrollingPagerDTO
from korob.contract.method import ALL_MODELS, DBS, HOUR, Method, Quota
from korob.contract.operations import OperationDTO
from korob.contract.order_v1 import BusinessOrderDTO
from korob.contract.order_v2 import OrderDTO
from korob.contract.query import Day, Page, PageSizeUpTo50, PageToken, Query, UpTo50
from korob.contract.wire import (
    INT32_MAX,
    Answer,
    Int64,
    Moment,
    OkAnswer,
    Positive,
    Request,
    check_calendar,
    check_unique,
    unique,
)
from korob.domain.campaign import READ_ORDERS, WRITE_ORDERS, Scope
from korob.domain.warehouse import OF_SELLERS
from korob.domain.words import (
    BuyerType,
    DeclineReason,
    DispatchType,
    Model,
    RemovalReason,
    SourcePlatform,
    Status,
    Substatus,
)

PACKED_BY_THE_SELLER: Final = frozenset(OF_SELLERS)
MOVED_BY_THE_SELLER: Final = PACKED_BY_THE_SELLER | {Model.LAAS}


class GetOrdersQuery(Query, frozen=True):
    """Which orders of a campaign to list. Starts of windows belong to them, ends don't."""

    order_ids: Annotated[tuple[Int64, ...], Meta(min_length=1, max_length=50)] | None = None
    status: Annotated[tuple[Status, ...], unique()] | None = None
    substatus: Annotated[tuple[Substatus, ...], unique()] | None = None
    from_date: Day | None = None
    to_date: Day | None = None
    supplier_shipment_date_from: Day | None = None
    supplier_shipment_date_to: Day | None = None
    updated_at_from: Moment | None = None
    updated_at_to: Moment | None = None
    dispatch_type: DispatchType | None = None
    fake: bool = False
    has_cis: bool = False
    only_waiting_for_cancellation_approve: bool = False
    only_estimated_delivery: bool = False
    buyer_type: BuyerType | None = None
    page: Page = 1
    page_size: PageSizeUpTo50 | None = None
    page_token: PageToken | None = None
    limit: UpTo50 | None = None


class GetBusinessOrdersQuery(Query, frozen=True):
    """Which page of the list."""

    page_token: PageToken | None = None
    limit: UpTo50 = 50


class OrderDatesFilterDTO(Request, frozen=True):
    """Windows of time. Starts belong to them, ends don't."""

    creation_date_from: date | None = None
    creation_date_to: date | None = None
    shipment_date_from: date | None = None
    shipment_date_to: date | None = None
    update_date_from: Moment | None = None
    update_date_to: Moment | None = None

    def __post_init__(self) -> None:
        check_calendar(
            self.creation_date_from,
            self.creation_date_to,
            self.shipment_date_from,
            self.shipment_date_to,
            self.update_date_from,
            self.update_date_to,
        )


class GetBusinessOrdersRequest(Request, frozen=True):
    """Which orders of a business to list; every filter may be absent, and so may the body."""

    order_ids: Annotated[tuple[Int64, ...], unique(min_length=1, max_length=50)] | None = None
    external_order_ids: (
        Annotated[tuple[Annotated[str, Meta(min_length=1)], ...], unique(min_length=1, max_length=50)] | None
    ) = None
    program_types: Annotated[tuple[Model, ...], unique(min_length=1)] | None = None
    campaign_ids: Annotated[tuple[Positive, ...], unique(min_length=1, max_length=50)] | None = None
    statuses: Annotated[tuple[Status, ...], unique(min_length=1)] | None = None
    substatuses: Annotated[tuple[Substatus, ...], unique(min_length=1)] | None = None
    dates: OrderDatesFilterDTO | None = None
    fake: bool | None = None
    waiting_for_cancellation_approve: bool | None = None
    source_platforms: Annotated[tuple[SourcePlatform, ...], unique(min_length=1)] | None = None

    def __post_init__(self) -> None:
        check_unique(
            self.order_ids,
            self.external_order_ids,
            self.program_types,
            self.campaign_ids,
            self.statuses,
            self.substatuses,
            self.source_platforms,
        )


class GetOrderResponse(Answer, frozen=True):
    """One order."""

    order: OrderDTO


class GetOrdersResponse(Answer, frozen=True):
    """A page of a campaign's orders, newest first: by number with `pager`, by token with `paging`."""

    orders: tuple[OrderDTO, ...]
    pager: FlippingPagerDTO | None = None
    paging: PackagingForwardScrollingPagerDTO | None = None


class GetBusinessOrdersResponse(Answer, frozen=True):
    """A page of a business's orders, newest first."""

    orders: tuple[BusinessOrderDTO, ...]
    paging: PackagingForwardScrollingPagerDTO | None = None


class OrderItemModificationDTO(Request, frozen=True):
    """A position and how many units of it shall remain."""

    id: Int64
    count: Annotated[int, Meta(ge=0, le=INT32_MAX)]
    instances: Instances | None = None


class UpdateOrderItemRequest(Request, frozen=True):
    """All positions that shall remain; who is not named is removed."""

    items: Annotated[tuple[OrderItemModificationDTO, ...], Meta(min_length=1)]
    reason: RemovalReason | None = None


class AcceptOrderCancellationRequest(Request, frozen=True):
    """The seller's answer to a buyer who wants to cancel; a no needs its reason."""

    accepted: bool
    reason: DeclineReason | None = None


class OrderStatusChangeDeliveryDatesDTO(Request, frozen=True):
    """The day on which the parcel was there."""

    real_delivery_date: date | None = None


class OrderStatusChangeDeliveryDTO(Request, frozen=True):
    """What is told of the delivery with a new status."""

    dates: OrderStatusChangeDeliveryDatesDTO | None = None


class OrderStatusChangeDTO(Request, frozen=True):
    """Where the order shall stand."""

    status: Status
    substatus: Substatus | None = None
    delivery: OrderStatusChangeDeliveryDTO | None = None


class UpdateOrderStatusRequest(Request, frozen=True):
    """The new status of one order."""

    order: OrderStatusChangeDTO


class UpdateOrderStatusResponse(Answer, frozen=True):
    """The order after the change; where the change comes later, the operation that makes it."""

    order: OrderDTO
    operation: OperationDTO | None = None


class OrderStateDTO(Request, frozen=True):
    """Where one order of a batch shall stand."""

    id: Int64
    status: Status
    substatus: Substatus | None = None


class UpdateOrderStatusesRequest(Request, frozen=True):
    """New statuses of several orders."""

    orders: Annotated[tuple[OrderStateDTO, ...], Meta(min_length=1, max_length=30)]


class UpdateOutcome(StrEnum):
    """How one order of a batch fared (OrderUpdateStatusType)."""

    OK = "OK"
    ERROR = "ERROR"


class UpdateOrderStatusDTO(Answer, frozen=True):
    """How one order of a batch fared; the details are there for an error only."""

    id: Int64 | None = None
    status: Status | None = None
    substatus: Substatus | None = None
    update_status: UpdateOutcome | None = None
    error_details: str | None = None
    operation: OperationDTO | None = None


class UpdateOrderStatusesDTO(Answer, frozen=True):
    """The batch, in the order of the request."""

    orders: tuple[UpdateOrderStatusDTO, ...]


class UpdateOrderStatusesResponse(OkAnswer, frozen=True):
    """How the orders of the batch fared, each by itself."""

    result: UpdateOrderStatusesDTO


METHODS: Final = (
    Method(
        operation_id="updateOrderItems",
        verb="PUT",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/items",
        family="orders",
        summary="Remove items from an order, or reduce their number",
        models=DBS,
        scopes=WRITE_ORDERS,
        quota=Quota(100_000, HOUR, parallel=6),
        body=UpdateOrderItemRequest,
    ),
    Method(
        operation_id="setOrderBoxLayout",
        verb="PUT",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/boxes",
        family="orders",
        summary="Pack an order into boxes, hand in codes, remove what is missing",
        models=PACKED_BY_THE_SELLER,
        scopes=WRITE_ORDERS,
        quota=Quota(100_000, HOUR),
        body=SetOrderBoxLayoutRequest,
        answer=SetOrderBoxLayoutResponse,
    ),
    Method(
        operation_id="acceptOrderCancellation",
        verb="PUT",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/cancellation/accept",
        family="orders",
        summary="Answer a buyer who wants to cancel an order on its way",
        models=DBS,
        scopes=WRITE_ORDERS,
        quota=Quota(500, HOUR),
        body=AcceptOrderCancellationRequest,
        answer=EmptyApiResponse,
    ),
    Method(
        operation_id="updateOrderStatus",
        verb="PUT",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/status",
        family="orders",
        summary="Move an order to another status",
        models=MOVED_BY_THE_SELLER,
        scopes=WRITE_ORDERS,
        quota=Quota(10_000, HOUR),
        body=UpdateOrderStatusRequest,
        answer=UpdateOrderStatusResponse,
    ),
    Method(
        operation_id="updateOrderStatuses",
        verb="POST",
        path="/v2/campaigns/{campaignId}/orders/status-update",
        family="orders",
        summary="Move several orders, each by itself",
        models=MOVED_BY_THE_SELLER,
        scopes=WRITE_ORDERS,
        quota=Quota(10_000, HOUR, counts="answer.orders"),
        body=UpdateOrderStatusesRequest,
        answer=UpdateOrderStatusesResponse,
    ),
    Method(
        operation_id="getOrder",
        verb="GET",
        path="/v2/campaigns/{campaignId}/orders/{orderId}",
        family="orders",
        summary="One order",
        models=ALL_MODELS,
        scopes=READ_ORDERS | {Scope.COMMUNICATION, Scope.FINANCE_AND_ACCOUNTING},
        quota=Quota(10_000, HOUR, parallel=6),
        answer=GetOrderResponse,
        deprecated=True,
    ),
    Method(
        operation_id="getOrders",
        verb="GET",
        path="/v2/campaigns/{campaignId}/orders",
        family="orders",
        summary="Orders of a campaign",
        models=ALL_MODELS,
        scopes=READ_ORDERS | {Scope.COMMUNICATION, Scope.FINANCE_AND_ACCOUNTING},
        quota=Quota(10_000, HOUR, parallel=6),
        query=GetOrdersQuery,
        answer=GetOrdersResponse,
        deprecated=True,
    ),
    Method(
        operation_id="getBusinessOrders",
        verb="POST",
        path="/v1/businesses/{businessId}/orders",
        family="orders",
        summary="Orders of a business",
        models=ALL_MODELS,
        scopes=READ_ORDERS | {Scope.FINANCE_AND_ACCOUNTING},
        quota=Quota(10_000, HOUR, parallel=6),
        query=GetBusinessOrdersQuery,
        body=GetBusinessOrdersRequest,
        body_required=False,
        answer=GetBusinessOrdersResponse,
    ),
)

"""Smaller things a seller tells of an order: a bare number of boxes, digital codes, an id of his own."""

from datetime import date
from typing import Annotated, Final

from msgspec import Meta, field

from korob.contract.envelope import EmptyApiResponse
from korob.contract.method import DBS, HOUR, Method, Quota
from korob.contract.wire import Answer, Int64, OkAnswer, Request, check_unique, matching, unique
from korob.domain.campaign import WRITE_ORDERS
from korob.domain.words import Model

FulfilmentId = Annotated[str, matching("^[a-zA-Z0-9 -]*$")]
"""Letters, digits, hyphen, space. The published pattern means the same, but is written for Java."""


class ParcelBoxRequestDTO(Request, frozen=True):
    """A box; that it is there is all that counts."""

    fulfilment_id: FulfilmentId | None = None


class SetOrderShipmentBoxesRequest(Request, frozen=True):
    """As many elements as there are boxes."""

    boxes: Annotated[tuple[ParcelBoxRequestDTO, ...], Meta(min_length=1)]


class ParcelBoxDTO(Answer, frozen=True):
    """A box of the order; `fulfilmentId` is what its barcode says."""

    id: Int64 | None = None
    fulfilment_id: FulfilmentId | None = None


class ShipmentBoxesDTO(Answer, frozen=True):
    """The boxes that the order has now."""

    boxes: tuple[ParcelBoxDTO, ...]


class SetOrderShipmentBoxesResponse(OkAnswer, frozen=True):
    """The boxes were counted."""

    result: ShipmentBoxesDTO


class OrderDigitalItemDTO(Request, frozen=True):
    """Keys of one position, how to use them, and until when."""

    id: Int64
    slip: Annotated[str, Meta(max_length=10_000)]
    activate_till: date = field(name="activate_till")
    codes: (
        Annotated[tuple[Annotated[str, Meta(max_length=256)], ...], unique(min_length=1, max_length=5_000)] | None
    ) = None

    def __post_init__(self) -> None:
        check_unique(self.codes)


class ProvideOrderDigitalCodesRequest(Request, frozen=True):
    """All keys of an order at once."""

    items: Annotated[tuple[OrderDigitalItemDTO, ...], Meta(min_length=1, max_length=100)]


class UpdateExternalOrderIdRequest(Request, frozen=True):
    """The id of the order in the seller's own system."""

    external_order_id: Annotated[str, Meta(min_length=1)]


METHODS: Final = (
    Method(
        operation_id="setOrderShipmentBoxes",
        verb="PUT",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/delivery/shipments/{shipmentId}/boxes",
        family="orders",
        summary="Say how many boxes an order has",
        models=DBS,
        scopes=WRITE_ORDERS,
        quota=Quota(10_000, HOUR),
        body=SetOrderShipmentBoxesRequest,
        answer=SetOrderShipmentBoxesResponse,
        deprecated=True,
    ),
    Method(
        operation_id="provideOrderDigitalCodes",
        verb="POST",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/deliverDigitalGoods",
        family="orders",
        summary="Hand over the keys of digital goods",
        models=DBS,
        scopes=WRITE_ORDERS,
        quota=Quota(10_000, HOUR, parallel=6),
        body=ProvideOrderDigitalCodesRequest,
        answer=EmptyApiResponse,
        yandex_go=False,
    ),
    Method(
        operation_id="updateExternalOrderId",
        verb="POST",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/external-id",
        family="orders",
        summary="Write the seller's own id on an order",
        models=frozenset({Model.FBS, Model.DBS, Model.EXPRESS}),
        scopes=WRITE_ORDERS,
        quota=Quota(1_000, HOUR),
        body=UpdateExternalOrderIdRequest,
        answer=EmptyApiResponse,
    ),
)

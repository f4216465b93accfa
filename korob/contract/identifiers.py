"""Marking codes by themselves: handing them in, and what became of their checks."""

from typing import Annotated, Final

from korob.contract.boxes import BriefOrderItemInstanceDTO
from korob.contract.method import DBS, HOUR, Method, Quota
from korob.contract.order_v2 import OrderItemInstanceDTO
from korob.contract.wire import Amount, Answer, Int32, Int64, IsoMoment, OkAnswer, Request, one_of
from korob.domain.campaign import READ_ORDERS, WRITE_ORDERS
from korob.domain.words import CodeStatus, CodeSubstatus, Model, Vat

UIN_STATUSES: Final = [status for status in CodeStatus if status is not CodeStatus.INVALID]
UIN_SUBSTATUSES: Final = [substatus for substatus in CodeSubstatus if substatus.startswith("UIN_")]
CIS_SUBSTATUSES: Final = [substatus for substatus in CodeSubstatus if substatus not in UIN_SUBSTATUSES]


class OrderItemInstanceModificationDTO(Request, frozen=True):
    """The codes of a position's units, one element a unit."""

    id: Int64
    instances: tuple[BriefOrderItemInstanceDTO, ...]


class ProvideOrderItemIdentifiersRequest(Request, frozen=True):
    """Codes of several positions."""

    items: tuple[OrderItemInstanceModificationDTO, ...]


class BriefOrderItemDTO(Answer, frozen=True):
    """A position in short, with the codes it has now."""

    id: Int64 | None = None
    vat: Vat | None = None
    count: Int32 | None = None
    price: Amount | None = None
    offer_name: str | None = None
    offer_id: str | None = None
    instances: tuple[OrderItemInstanceDTO, ...] | None = None


class OrderItemsModificationResultDTO(Answer, frozen=True):
    """The positions whose codes were handed in."""

    items: tuple[BriefOrderItemDTO, ...]


class ProvideOrderItemIdentifiersResponse(OkAnswer, frozen=True):
    """The codes were taken."""

    result: OrderItemsModificationResultDTO


class UinDTO(Answer, frozen=True):
    """A UIN and its check; the substatus is there for FAILED only."""

    value: str
    status: Annotated[str, one_of(UIN_STATUSES)]
    substatus: Annotated[str, one_of(UIN_SUBSTATUSES)] | None = None


class CisDTO(Answer, frozen=True):
    """A CIS and its check; the substatus is there for INVALID only, the request to the state system in LaaS only."""

    value: str
    status: CodeStatus
    substatus: Annotated[str, one_of(CIS_SUBSTATUSES)] | None = None
    crpt_request_id: str | None = None
    crpt_request_date_time: IsoMoment | None = None


class OrderItemValidationStatusDTO(Answer, frozen=True):
    """The checks of one position's codes."""

    id: Int64
    uin: tuple[UinDTO, ...] | None = None
    cis: tuple[CisDTO, ...] | None = None


class GetOrderIdentifiersStatusDTO(Answer, frozen=True):
    """The checks, by position."""

    items: tuple[OrderItemValidationStatusDTO, ...]


class GetOrderIdentifiersStatusResponse(OkAnswer, frozen=True):
    """What became of the checks."""

    result: GetOrderIdentifiersStatusDTO


METHODS: Final = (
    Method(
        operation_id="provideOrderItemIdentifiers",
        verb="PUT",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/identifiers",
        family="orders",
        summary="Hand in marking codes",
        models=DBS,
        scopes=WRITE_ORDERS,
        quota=Quota(10_000, HOUR),
        body=ProvideOrderItemIdentifiersRequest,
        answer=ProvideOrderItemIdentifiersResponse,
    ),
    Method(
        operation_id="getOrderIdentifiersStatus",
        verb="POST",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/identifiers/status",
        family="orders",
        summary="What became of the checks of codes",
        models=frozenset({Model.FBS, Model.EXPRESS, Model.LAAS}),
        scopes=READ_ORDERS,
        quota=Quota(1_000, HOUR),
        body_required=False,
        answer=GetOrderIdentifiersStatusResponse,
    ),
)

"""Orders that a company placed: who it is, and the papers it gets."""

from typing import Final

from korob.contract.method import HOUR, Method, Quota
from korob.contract.wire import Answer, IsoDay, OkAnswer
from korob.domain.campaign import READ_ORDERS
from korob.domain.moves import SOLD
from korob.domain.words import DocumentStatus

SOLD_ON_THE_MARKET: Final = frozenset(SOLD)


class OrderBusinessBuyerDTO(Answer, frozen=True):
    """The company."""

    inn: str | None = None
    kpp: str | None = None
    organization_name: str | None = None
    organization_jur_address: str | None = None


class GetBusinessBuyerInfoResponse(OkAnswer, frozen=True):
    """The company that bought."""

    result: OrderBusinessBuyerDTO


class DocumentDTO(Answer, frozen=True):
    """A paper; number and date are known once it is ready."""

    status: DocumentStatus | None = None
    number: str | None = None
    date: IsoDay | None = None


class OrderBusinessDocumentsDTO(Answer, frozen=True):
    """The papers of an order by their Russian names: transfer, its correction, TORG-12, invoice, its correction."""

    upd: DocumentDTO | None = None
    ukd: DocumentDTO | None = None
    torg_twelve: DocumentDTO | None = None
    sf: DocumentDTO | None = None
    ksf: DocumentDTO | None = None


class GetBusinessDocumentsInfoResponse(OkAnswer, frozen=True):
    """The papers of an order."""

    result: OrderBusinessDocumentsDTO


METHODS: Final = (
    Method(
        operation_id="getOrderBusinessBuyerInfo",
        verb="POST",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/business-buyer",
        family="order-business-information",
        summary="The company that bought",
        models=SOLD_ON_THE_MARKET,
        scopes=READ_ORDERS,
        quota=Quota(3_000, HOUR),
        body_required=False,
        answer=GetBusinessBuyerInfoResponse,
    ),
    Method(
        operation_id="getOrderBusinessDocumentsInfo",
        verb="POST",
        path="/v2/campaigns/{campaignId}/orders/{orderId}/documents",
        family="order-business-information",
        summary="The papers of an order that a company placed",
        models=SOLD_ON_THE_MARKET,
        scopes=READ_ORDERS,
        quota=Quota(3_000, HOUR),
        body_required=False,
        answer=GetBusinessDocumentsInfoResponse,
    ),
)

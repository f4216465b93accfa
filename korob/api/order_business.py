"""The methods of orders that a company placed."""

from typing import Any, Final

from korob.api.call import Call
from korob.api.formats import iso_day
from korob.contract.order_business import (
    DocumentDTO,
    GetBusinessBuyerInfoResponse,
    GetBusinessDocumentsInfoResponse,
    OrderBusinessBuyerDTO,
    OrderBusinessDocumentsDTO,
)
from korob.domain import buyers
from korob.domain.buyers import Paper
from korob.domain.words import DocumentStatus


async def get_order_business_buyer_info(call: Call) -> GetBusinessBuyerInfoResponse:
    """getOrderBusinessBuyerInfo: the company that bought."""
    company = buyers.company(await call.services.orders.read(call.order_key(), now=call.now))
    return GetBusinessBuyerInfoResponse(
        OrderBusinessBuyerDTO(company.inn, company.kpp, company.organization_name, company.legal_address)
    )


async def get_order_business_documents_info(call: Call) -> GetBusinessDocumentsInfoResponse:
    """getOrderBusinessDocumentsInfo: which of the five papers there are."""
    papers = buyers.papers(await call.services.orders.read(call.order_key(), now=call.now))
    return GetBusinessDocumentsInfoResponse(
        OrderBusinessDocumentsDTO(
            upd=_document(papers.upd),
            ukd=_document(papers.ukd),
            torg_twelve=_document(papers.torg_twelve),
            sf=_document(papers.sf),
            ksf=_document(papers.ksf),
        )
    )


def _document(paper: Paper | None) -> DocumentDTO:
    return DocumentDTO(DocumentStatus.READY, paper.number, iso_day(paper.day)) if paper else NOT_READY


NOT_READY: Final = DocumentDTO(DocumentStatus.NOT_READY)

HANDLERS: dict[str, Any] = {
    "getOrderBusinessBuyerInfo": get_order_business_buyer_info,
    "getOrderBusinessDocumentsInfo": get_order_business_documents_info,
}

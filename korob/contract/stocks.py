"""Stocks: what sellers count on their shelves, and what orders leave of it."""

from typing import Annotated, Final

from msgspec import Meta

from korob.contract.envelope import EmptyApiResponse, PackagingForwardScrollingPagerDTO
from korob.contract.method import ALL_MODELS, MINUTE, WITHOUT_404, Method, Quota
from korob.contract.query import PageToken, Query
from korob.contract.wire import (
    Answer,
    Int64,
    IsoMoment,
    Moment,
    OkAnswer,
    Positive,
    Request,
    check_calendar,
    check_unique,
    matching,
    unique,
)
from korob.domain.campaign import Scope
from korob.domain.stock_level import StockType, Turnover
from korob.domain.warehouse import OF_SELLERS

ShopSku = Annotated[str, matching(r"^(?=.*\S.*)[^\x00-\x08\x0A-\x1f\x7f]{1,255}$", min_length=1, max_length=255)]
"""The seller's own number of an offer; spaces around it are taken off."""


class UpdateStockItemDTO(Request, frozen=True):
    """A count, for a moment within the last day; without one, for now."""

    count: Annotated[int, Meta(ge=0, le=2_000_000_000)]
    updated_at: Moment | None = None

    def __post_init__(self) -> None:
        check_calendar(self.updated_at)


class UpdateStockDTO(Request, frozen=True):
    """The count of one offer."""

    sku: ShopSku
    items: Annotated[tuple[UpdateStockItemDTO, ...], Meta(min_length=1, max_length=1)]


class UpdateStocksRequest(Request, frozen=True):
    """Counts of offers."""

    skus: Annotated[tuple[UpdateStockDTO, ...], Meta(min_length=1, max_length=2000)]


class GetStocksQuery(Query, frozen=True):
    """One page of offers."""

    page_token: PageToken | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 100


class GetWarehouseStocksRequest(Request, frozen=True):
    """Which offers are wanted: some, whole and without pages; or those that fit the other fields."""

    stocks_warehouse_id: Positive | None = None
    has_stocks: bool | None = None
    with_turnover: bool | None = False
    archived: bool | None = None
    offer_ids: Annotated[tuple[ShopSku, ...], unique(min_length=1, max_length=500)] | None = None

    def __post_init__(self) -> None:
        check_unique(self.offer_ids)


class WarehouseStockDTO(Answer, frozen=True):
    """So many units of a kind of stock."""

    type: StockType
    count: Int64


class TurnoverDTO(Answer, frozen=True):
    """How fast an offer is sold, and how many days its stock lasts."""

    turnover: Turnover
    turnover_days: float | None = None


class WarehouseOfferDTO(Answer, frozen=True):
    """The stock of an offer."""

    offer_id: ShopSku
    stocks: tuple[WarehouseStockDTO, ...]
    turnover_summary: TurnoverDTO | None = None
    updated_at: IsoMoment | None = None


class WarehouseOffersDTO(Answer, frozen=True):
    """The stock at one warehouse."""

    warehouse_id: Int64
    offers: tuple[WarehouseOfferDTO, ...]


class GetWarehouseStocksDTO(Answer, frozen=True):
    """A page of stock, by warehouses."""

    warehouses: tuple[WarehouseOffersDTO, ...]
    paging: PackagingForwardScrollingPagerDTO | None = None


class GetWarehouseStocksResponse(OkAnswer, frozen=True):
    """A page of a campaign's stock."""

    result: GetWarehouseStocksDTO


METHODS: Final = (
    Method(
        operation_id="updateStocks",
        verb="PUT",
        path="/v2/campaigns/{campaignId}/offers/stocks",
        family="stocks",
        summary="Tell what is on the shelf",
        models=frozenset(OF_SELLERS),
        scopes=frozenset({Scope.ALL_METHODS, Scope.OFFERS_AND_CARDS_MANAGEMENT}),
        quota=Quota(100_000, MINUTE, counts="request.skus"),
        body=UpdateStocksRequest,
        answer=EmptyApiResponse,
    ),
    Method(
        operation_id="getStocks",
        verb="POST",
        path="/v2/campaigns/{campaignId}/offers/stocks",
        family="stocks",
        summary="What is on the shelf, held by orders, and left",
        models=ALL_MODELS,
        scopes=frozenset(
            {
                Scope.ALL_METHODS,
                Scope.ALL_METHODS_READ_ONLY,
                Scope.OFFERS_AND_CARDS_MANAGEMENT,
                Scope.OFFERS_AND_CARDS_MANAGEMENT_READ_ONLY,
            }
        ),
        quota=Quota(100_000, MINUTE, counts="answer.warehouses.offers"),
        query=GetStocksQuery,
        body=GetWarehouseStocksRequest,
        body_required=False,
        answer=GetWarehouseStocksResponse,
        errors=WITHOUT_404,
    ),
)

"""What sellers count on their shelves, and what orders leave of it."""

from typing import Any

from korob.actions.tell_stocks import tell_stocks
from korob.api import tokens
from korob.api.call import Call
from korob.api.formats import iso_moment
from korob.contract.envelope import OK, EmptyApiResponse, PackagingForwardScrollingPagerDTO
from korob.contract.stocks import (
    GetWarehouseStocksDTO,
    GetWarehouseStocksRequest,
    GetWarehouseStocksResponse,
    TurnoverDTO,
    WarehouseOfferDTO,
    WarehouseOffersDTO,
    WarehouseStockDTO,
)
from korob.domain.campaign import Campaign
from korob.domain.stock_level import Count, StockLevel, StockType
from korob.domain.warehouse import OF_THE_MARKET
from korob.store import stocks


async def update_stocks(call: Call) -> EmptyApiResponse:
    """updateStocks: OK; after any fault no count of the request is written."""
    counts = [
        Count(told.sku.strip(), item.count, item.updated_at or call.now)
        for told in call.body.skus
        for item in told.items
    ]
    await tell_stocks(call.services.database, call.own_campaign, counts, now=call.now)
    return OK


async def get_stocks(call: Call) -> GetWarehouseStocksResponse:
    """getStocks: offers asked for by their ids come all at once, whatever else was asked for."""
    campaign, query, body = call.own_campaign, call.query, call.body
    with_turnover = bool(body.with_turnover) and campaign.model in OF_THE_MARKET
    if body.offer_ids is None and _wants_nothing(body, campaign):
        return _shown(campaign, (), None, with_turnover=with_turnover)
    if body.offer_ids is not None:
        found = await stocks.levels(
            call.services.database,
            campaign.business_id,
            campaign.id,
            now=call.now,
            offer_ids=tuple(offer_id.strip() for offer_id in body.offer_ids),
        )
        return _shown(campaign, found, None, with_turnover=with_turnover)
    by_shelf = campaign.model in OF_THE_MARKET and body.stocks_warehouse_id is not None
    found = await stocks.levels(
        call.services.database,
        campaign.business_id,
        campaign.id,
        now=call.now,
        has_stocks=body.has_stocks if by_shelf else None,
        after=tokens.read_text(query.page_token) if query.page_token is not None else "",
        limit=query.limit + 1,
    )
    page = found[: query.limit]
    following = tokens.of_text(page[-1].offer_id) if len(found) > len(page) else None
    return _shown(campaign, page, following, with_turnover=with_turnover)


def _wants_nothing(body: GetWarehouseStocksRequest, campaign: Campaign) -> bool:
    """Whether it is about offers that are archived, of which there are none, or about another warehouse."""
    return bool(body.archived) or body.stocks_warehouse_id not in {None, campaign.warehouse_id}


def _shown(
    campaign: Campaign, levels: tuple[StockLevel, ...], following: str | None, *, with_turnover: bool
) -> GetWarehouseStocksResponse:
    offers = tuple([_offer(level, with_turnover=with_turnover) for level in levels])
    return GetWarehouseStocksResponse(
        GetWarehouseStocksDTO(
            (WarehouseOffersDTO(campaign.warehouse_id, offers),) if offers else (),
            PackagingForwardScrollingPagerDTO(following),
        )
    )


def _offer(level: StockLevel, *, with_turnover: bool) -> WarehouseOfferDTO:
    return WarehouseOfferDTO(
        level.offer_id,
        (
            WarehouseStockDTO(StockType.FIT, level.fit),
            WarehouseStockDTO(StockType.FREEZE, level.freeze),
            WarehouseStockDTO(StockType.AVAILABLE, level.available),
        ),
        TurnoverDTO(level.turnover, level.lasts_days) if with_turnover else None,
        None if level.counted_at is None else iso_moment(level.counted_at),
    )


HANDLERS: dict[str, Any] = {"updateStocks": update_stocks, "getStocks": get_stocks}

"""What lies where: warehouses united to have one stock, and the stock that the Market itself counts."""

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta

from korob.actions.tell_stocks import tell_stocks
from korob.actions.unite_warehouses import unite_warehouses
from korob.contract.stocks import ShopSku
from korob.contract.wire import Answer, Int64, Request
from korob.domain.stock_level import ENDLESS, Count
from korob.operator import access
from korob.operator.endpoint import Call, Endpoint
from korob.operator.wire import Name


class NewWarehouseGroup(Request, frozen=True):
    """Warehouses that have one stock from now on."""

    name: Name
    warehouse_ids: Annotated[tuple[Int64, ...], Meta(min_length=1, max_length=100)]


class WarehouseGroupAnswer(Answer, frozen=True):
    """A group of warehouses."""

    id: Int64
    name: str


class OfferCount(Request, frozen=True, forbid_unknown_fields=True):
    """How much of an offer is on the shelf; no end of it without a count."""

    offer_id: ShopSku
    count: Annotated[int, Meta(ge=0, le=ENDLESS)] | None = None


class NewStocks(Request, frozen=True):
    """What is on the shelf of a campaign now."""

    stocks: Annotated[tuple[OfferCount, ...], Meta(min_length=1, max_length=2000)]


async def create_group(call: Call) -> WarehouseGroupAnswer:
    """Unite warehouses of a business."""
    business_id = access.business_id(call)
    group = await unite_warehouses(call.services.database, business_id, call.body.name, call.body.warehouse_ids)
    return WarehouseGroupAnswer(group.id, group.name)


async def set_stocks(call: Call) -> None:
    """Tell what is on the shelf of a campaign, in any model."""
    address = await access.campaign(call)
    now: datetime = address.clock.now()
    counts = [Count(told.offer_id.strip(), told.count, now) for told in call.body.stocks]
    await tell_stocks(call.services.database, address.campaign, counts, now=now)


ENDPOINTS: Final = (
    Endpoint(
        "createWarehouseGroup",
        "POST",
        "/operator/v1/businesses/{businessId}/warehouse-groups",
        "Unite warehouses, so that they have one stock",
        create_group,
        body=NewWarehouseGroup,
        answer=WarehouseGroupAnswer,
    ),
    Endpoint(
        "setStocks",
        "PUT",
        "/operator/v1/campaigns/{campaignId}/stocks",
        "Tell what is on the shelf of a campaign",
        set_stocks,
        body=NewStocks,
    ),
)

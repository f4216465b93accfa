"""Tell what is on the shelf of a campaign."""

from collections.abc import Sequence
from datetime import datetime

from korob.domain import stock_level
from korob.domain.campaign import Campaign
from korob.domain.stock_level import Count
from korob.store import stocks
from korob.store.database import Database


async def tell_stocks(database: Database, campaign: Campaign, counts: Sequence[Count], *, now: datetime) -> None:
    """Write counts down (updateStocks). Raises the refusals of `stock_level.check`, and CampaignNotFound."""
    stock_level.check(counts, warehouse_id=campaign.warehouse_id, now=now)
    await stocks.tell(database, campaign.business_id, campaign.id, counts)

"""Switch the warehouse of a campaign on or off."""

from korob.domain.campaign import Campaign
from korob.domain.warehouse import Warehouse
from korob.store import warehouses
from korob.store.database import Database


async def switch_warehouse(database: Database, campaign: Campaign, *, enabled: bool) -> Warehouse:
    """The warehouse as it is from now on (updateWarehouseStatus). Raises CampaignNotFound."""
    return await warehouses.switch(database, campaign.business_id, campaign.id, enabled=enabled)

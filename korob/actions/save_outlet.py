"""Open an outlet, or describe one anew."""

from korob.domain import outlet as rules
from korob.domain.campaign import Campaign
from korob.domain.outlet import Outlet, UnknownRegion
from korob.store import outlets, regions, settings
from korob.store.database import Database
from korob.store.regions import RegionNotFound


async def create_outlet(database: Database, campaign: Campaign, outlet: Outlet) -> None:
    """Open an outlet (createOutlet). Raises the refusals of `outlet.check`, UnknownRegion and CodeTaken."""
    await _check(database, campaign, outlet)
    await outlets.add(database, campaign.business_id, campaign.id, outlet)


async def update_outlet(database: Database, campaign: Campaign, outlet: Outlet) -> None:
    """Describe an outlet anew (updateOutlet). Raises OutletNotFound, and the same refusals."""
    await outlets.get(database, campaign.business_id, campaign.id, outlet.id)
    await _check(database, campaign, outlet)
    await outlets.replace(database, campaign.business_id, campaign.id, outlet)


async def _check(database: Database, campaign: Campaign, outlet: Outlet) -> None:
    home = (await settings.of_campaign(database, campaign.business_id, campaign.id)).local_region
    try:
        region = await regions.get(database, outlet.address.region_id)
    except RegionNotFound:
        raise UnknownRegion(region_id=outlet.address.region_id) from None
    rules.check(outlet, region, home=home)

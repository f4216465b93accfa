"""Close an outlet."""

from korob.domain.campaign import Campaign
from korob.store import outlets
from korob.store.database import Database


async def delete_outlet(database: Database, campaign: Campaign, outlet_id: int) -> None:
    """Forget an outlet and its licences (deleteOutlet). Raises OutletNotFound."""
    await outlets.delete(database, campaign.business_id, campaign.id, outlet_id)

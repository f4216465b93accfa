"""Delete licences of outlets."""

from collections.abc import Collection

from korob.domain.campaign import Campaign
from korob.store import outlet_licenses
from korob.store.database import Database


async def delete_licenses(database: Database, campaign: Campaign, ids: Collection[int]) -> None:
    """Forget licences (deleteOutletLicenses); one that is not there any more needs no forgetting."""
    await outlet_licenses.delete(database, campaign.business_id, campaign.id, ids)

"""How campaigns are set up."""

from korob.domain.settings import CampaignSettings, VatRate
from korob.store import regions
from korob.store.campaigns import CampaignNotFound
from korob.store.database import Database


async def of_campaign(database: Database, business_id: int, campaign_id: int) -> CampaignSettings:
    """How a campaign is set up. Raises CampaignNotFound, for another business's campaign too."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            SELECT campaigns.name, vat, path, names, types
            FROM campaigns JOIN regions_in_full ON regions_in_full.id = local_region_id
            WHERE business_id = $1 AND campaigns.id = $2
            """,
            business_id,
            campaign_id,
        )
    if row is None:
        raise CampaignNotFound(campaign_id=campaign_id)
    return CampaignSettings(row["name"], regions.read(row["path"], row["names"], row["types"]), VatRate(row["vat"]))

"""The offers that a campaign has: a row of stock each, without a count where there is no end of it."""

from collections.abc import Collection

import asyncpg

from korob.store.campaigns import CampaignNotFound
from korob.store.database import Database


async def unknown(database: Database, business_id: int, campaign_id: int, offer_ids: Collection[str]) -> list[str]:
    """Which of these offers the campaign does not have."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT offer_id
            FROM unnest($3::text[]) AS wanted (offer_id)
            WHERE NOT EXISTS (
                SELECT FROM stock
                WHERE business_id = $1 AND campaign_id = $2 AND stock.offer_id = wanted.offer_id
            )
            ORDER BY offer_id
            """,
            business_id,
            campaign_id,
            list(offer_ids),
        )
    return [row["offer_id"] for row in rows]


async def make_endless(database: Database, business_id: int, campaign_id: int, offer_ids: Collection[str]) -> None:
    """Make those of these offers that the campaign does not have, with unlimited stock.

    Raises CampaignNotFound when its business is gone.
    """
    async with database.connection() as connection:
        try:
            # Sorted, so that two orders of the same new offers do not wait for each other crosswise.
            await connection.execute(
                """
                INSERT INTO stock (business_id, campaign_id, offer_id)
                SELECT $1, $2, offer_id FROM unnest($3::text[]) AS wanted (offer_id) ORDER BY offer_id
                ON CONFLICT DO NOTHING
                """,
                business_id,
                campaign_id,
                list(offer_ids),
            )
        except asyncpg.ForeignKeyViolationError:
            raise CampaignNotFound(campaign_id=campaign_id) from None

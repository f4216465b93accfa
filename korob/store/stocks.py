"""Stock: what sellers count on their shelves, and what orders have made of it since.

A count is true for a moment. What the ledger has up to this moment is added up in the offer's row when the count is
told; what it has from then on is taken off the count whenever somebody asks. At the Market's warehouses what was sold
stays in the ledger for the days of SALES_WINDOW. Warehouses of one group have one stock: a count told for one of them
holds for all, and so does what orders hold.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from korob.domain.stock_level import SALES_WINDOW, Count, StockLevel
from korob.domain.warehouse import OF_THE_MARKET
from korob.store.campaigns import CampaignNotFound
from korob.store.database import Database


async def tell(database: Database, business_id: int, campaign_id: int, counts: Sequence[Count]) -> None:
    """Write counts down; one for an earlier moment than the last one changes nothing any more.

    Raises CampaignNotFound when the campaign is gone.
    """
    async with database.transaction() as connection:
        campaign_ids = await _lock(connection, business_id, campaign_id)
        if campaign_id not in campaign_ids:
            raise CampaignNotFound(campaign_id=campaign_id)
        await connection.execute(
            """
            WITH told AS (
                SELECT campaign_id, offer_id, count, at
                FROM unnest($2::bigint[]) AS shelves (campaign_id)
                CROSS JOIN unnest($3::text[], $4::bigint[], $5::timestamptz[]) AS counts (offer_id, count, at)
            ), seen AS MATERIALIZED (
                SELECT movement.id, campaign_id, offer_id, movement.held,
                       model = ANY($6::text[]) AND movement.gone > 0 AND movement.at > told.at - $7::interval AS is_sale
                FROM told
                JOIN campaigns ON campaigns.id = campaign_id
                JOIN stock_movements AS movement USING (campaign_id, offer_id)
                WHERE movement.business_id = $1 AND movement.at <= told.at
            ), kept AS (
                UPDATE stock_movements AS movement
                SET held = 0, seen = true
                FROM seen
                WHERE movement.business_id = $1 AND movement.id = seen.id AND is_sale AND NOT movement.seen
            ), forgotten AS (
                DELETE FROM stock_movements AS movement
                USING seen
                WHERE movement.business_id = $1 AND movement.id = seen.id AND NOT is_sale
            ), sums AS (
                SELECT campaign_id, offer_id, sum(held) AS held FROM seen GROUP BY campaign_id, offer_id
            )
            INSERT INTO stock AS known (business_id, campaign_id, offer_id, count, updated_at, held)
            SELECT $1, campaign_id, offer_id, count, at, coalesce(sums.held, 0)
            FROM told LEFT JOIN sums USING (campaign_id, offer_id)
            ORDER BY campaign_id, offer_id
            ON CONFLICT (business_id, campaign_id, offer_id) DO UPDATE
            SET count = CASE WHEN known.updated_at > excluded.updated_at THEN known.count ELSE excluded.count END,
                updated_at = greatest(known.updated_at, excluded.updated_at),
                held = known.held + excluded.held
            """,
            business_id,
            campaign_ids,
            [count.offer_id for count in counts],
            [count.count for count in counts],
            [count.at for count in counts],
            OF_THE_MARKET,
            SALES_WINDOW,
        )


async def levels(
    database: Database,
    business_id: int,
    campaign_id: int,
    *,
    now: datetime,
    offer_ids: Collection[str] | None = None,
    has_stocks: bool | None = None,
    after: str = "",
    limit: int | None = None,
) -> tuple[StockLevel, ...]:
    """The stock of a campaign's offers by their ids, later ones than `after`; of these offers, or of all.

    With `has_stocks`, only of those that are on the shelf, or only of those that are not.
    """
    async with database.search() as connection:
        rows = await connection.fetch(
            """
            WITH shelves AS (
                SELECT $2::bigint AS campaign_id
                UNION
                SELECT other.campaign_id
                FROM warehouses AS mine JOIN warehouses AS other USING (business_id, group_id)
                WHERE business_id = $1 AND mine.campaign_id = $2
            )
            SELECT
                offer_id, count AS counted, updated_at AS counted_at,
                coalesce(since.gone, 0) AS gone,
                coalesce(since.sold, 0) AS sold,
                coalesce(before.held, 0) + coalesce(since.held, 0) AS held
            FROM stock
            CROSS JOIN LATERAL (
                SELECT sum(common.held)::bigint AS held
                FROM stock AS common
                WHERE common.business_id = $1
                  AND common.campaign_id = ANY(ARRAY(SELECT campaign_id FROM shelves))
                  AND common.offer_id = stock.offer_id
            ) AS before
            CROSS JOIN LATERAL (
                SELECT
                    sum(held) AS held,
                    sum(gone) FILTER (WHERE NOT seen AND (updated_at IS NULL OR at >= updated_at)) AS gone,
                    sum(gone) FILTER (WHERE at > $7) AS sold
                FROM stock_movements AS movement
                WHERE movement.business_id = $1
                  AND movement.campaign_id = ANY(ARRAY(SELECT campaign_id FROM shelves))
                  AND movement.offer_id = stock.offer_id
            ) AS since
            WHERE business_id = $1
              AND campaign_id = $2
              AND ($3::text[] IS NULL OR offer_id = ANY($3))
              AND ($4::boolean IS NULL OR (count IS NULL OR count > coalesce(since.gone, 0)) = $4)
              AND offer_id > $5
            ORDER BY offer_id
            LIMIT $6
            """,
            business_id,
            campaign_id,
            offer_ids,
            has_stocks,
            after,
            limit,
            now - SALES_WINDOW,
        )
    return tuple(StockLevel(**row) for row in rows)


async def _lock(connection: Any, business_id: int, campaign_id: int) -> list[int]:
    """The campaign and all that share its stock; who tells their counts at the same time, waits."""
    rows = await connection.fetch(
        """
        SELECT id
        FROM campaigns
        WHERE business_id = $1 AND (
            id = $2
            OR id IN (
                SELECT other.campaign_id
                FROM warehouses AS mine JOIN warehouses AS other USING (business_id, group_id)
                WHERE business_id = $1 AND mine.campaign_id = $2
            )
        )
        ORDER BY id
        FOR NO KEY UPDATE
        """,
        business_id,
        campaign_id,
    )
    return [row["id"] for row in rows]

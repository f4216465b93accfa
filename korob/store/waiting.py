"""Orders that wait for something, the one whose wait ends soonest first."""

from datetime import datetime

from korob.domain.order import Order
from korob.store import order_rows
from korob.store.database import Database


async def of_campaign(
    database: Database, business_id: int, campaign_id: int, *, until: datetime | None, limit: int
) -> tuple[Order, ...]:
    """Orders of a campaign with a wait that ends by then, `limit` at most; without `until`, whenever it ends."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT body
            FROM orders
            WHERE business_id = $1 AND campaign_id = $2
              AND look_at <= coalesce($3::timestamptz, 'infinity')
            ORDER BY look_at, order_id
            LIMIT $4
            """,
            business_id,
            campaign_id,
            until,
            limit,
        )
    return tuple(order_rows.read(row["body"]) for row in rows)


async def of_business(database: Database, business_id: int) -> tuple[Order, ...]:
    """All orders of a business that wait for something."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            "SELECT body FROM orders WHERE business_id = $1 AND look_at IS NOT NULL ORDER BY look_at, order_id",
            business_id,
        )
    return tuple(order_rows.read(row["body"]) for row in rows)

"""Marking codes found by themselves: which of them are on orders already."""

from collections.abc import Collection

from korob.store.database import Database
from korob.store.orders import OrderKey


async def on_others(database: Database, key: OrderKey, codes: Collection[str]) -> frozenset[str]:
    """Which of these codes other orders of the business have, in any campaign; in the form that codes are compared in.

    An order that was cancelled or came back has sold nothing, a test order neither.
    """
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT DISTINCT g.code
            FROM given_codes g
            JOIN orders o ON o.business_id = g.business_id AND o.order_id = g.order_id
            WHERE g.business_id = $1
              AND g.code = ANY($2::text[])
              AND g.order_id <> $3
              AND NOT o.fake
              AND o.status NOT IN ('CANCELLED', 'RETURNED')
              AND o.body->'codes' @> jsonb_build_array(jsonb_build_object('value', g.value))
            """,
            key.business_id,
            list(codes),
            key.order_id,
        )
    return frozenset(row["code"] for row in rows)

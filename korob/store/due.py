"""Orders that the clock should look at now."""

from datetime import datetime, timedelta
from typing import NamedTuple

from korob.store.database import Database
from korob.store.orders import OrderKey


class Due(NamedTuple):
    """An order with a deadline that is due, and what time it is for its business."""

    key: OrderKey
    now: datetime


async def lag(database: Database) -> timedelta:
    """For how long the order that waits longest is due, by the clock of its business; nothing if none is due."""
    async with database.connection() as connection:
        late: timedelta | None = await connection.fetchval(
            """
            SELECT max(clock.now - o.look_at)
            FROM businesses b
            LEFT JOIN worlds w ON w.business_id = b.id
            CROSS JOIN LATERAL (
                SELECT coalesce(w.frozen_at, now() + coalesce(w.clock_offset, interval '0')) AS now
            ) clock
            CROSS JOIN LATERAL (
                SELECT look_at
                FROM orders
                WHERE business_id = b.id AND look_at <= clock.now
                ORDER BY look_at
                LIMIT 1
            ) o
            WHERE w.jump_to IS NULL
            """
        )
    return late or timedelta()


async def orders(database: Database, *, limit: int) -> list[Due]:
    """Orders with a deadline that is due by the clock of their business, soonest first, some of each business.

    A world whose clock is jumping is left to the jump.
    """
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT b.id, o.campaign_id, o.order_id, clock.now
            FROM businesses b
            LEFT JOIN worlds w ON w.business_id = b.id
            CROSS JOIN LATERAL (
                SELECT coalesce(w.frozen_at, now() + coalesce(w.clock_offset, interval '0')) AS now
            ) clock
            CROSS JOIN LATERAL (
                SELECT campaign_id, order_id, look_at
                FROM orders
                WHERE business_id = b.id AND look_at <= clock.now
                ORDER BY look_at
                LIMIT $1
            ) o
            WHERE w.jump_to IS NULL
            ORDER BY o.look_at
            LIMIT $1
            """,
            limit,
        )
    return [Due(OrderKey(*row[:3]), row[3]) for row in rows]

"""Orders with codes that an authority outside is to be asked about. Whoever asks holds them on lease.

A row is written by the order's own change. Locks are taken in the order of keys, as changes of orders take them.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from korob.store.database import Database
from korob.store.orders import OrderKey


class Leased(NamedTuple):
    """An order to ask about, which version of it, and how often that was tried in vain."""

    key: OrderKey
    version: int
    attempts: int


class Figures(NamedTuple):
    """What waits, how much of it after an attempt that failed, and the age of the oldest."""

    waiting: int
    failing: int
    oldest_seconds: float


async def lease(database: Database, *, limit: int, lasts: timedelta) -> list[Leased]:
    """Take orders that are to be asked about now; nobody else gets them until the lease is over."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            WITH due AS MATERIALIZED (
                SELECT business_id, order_id
                FROM code_questions
                WHERE next_at <= now()
                ORDER BY next_at
                LIMIT $1
            ), taken AS MATERIALIZED (
                SELECT q.business_id, q.order_id
                FROM code_questions q
                JOIN due USING (business_id, order_id)
                WHERE q.next_at <= now()
                ORDER BY q.business_id, q.order_id
                FOR NO KEY UPDATE OF q
            )
            UPDATE code_questions q SET next_at = now() + $2
            FROM taken
            WHERE q.business_id = taken.business_id AND q.order_id = taken.order_id
            RETURNING q.business_id, q.campaign_id, q.order_id, q.version, q.attempts
            """,
            limit,
            lasts,
        )
    return [Leased(OrderKey(*row[:3]), *row[3:]) for row in rows]


async def done(database: Database, leased: Leased) -> None:
    """Nothing of the order is to be asked any more, unless something was since."""
    async with database.connection() as connection:
        await connection.execute(
            "DELETE FROM code_questions WHERE business_id = $1 AND order_id = $2 AND version = $3",
            leased.key.business_id,
            leased.key.order_id,
            leased.version,
        )


async def postpone(database: Database, leased: Leased, wait: timedelta, *, trouble: str | None) -> None:
    """Ask about the order again after a while, unless something new is to be asked anyway."""
    async with database.connection() as connection:
        await connection.execute(
            """
            UPDATE code_questions SET next_at = now() + $4, attempts = attempts + 1, trouble = $5
            WHERE business_id = $1 AND order_id = $2 AND version = $3
            """,
            leased.key.business_id,
            leased.key.order_id,
            leased.version,
            wait,
            trouble,
        )


async def give_back(database: Database, leased: Sequence[Leased]) -> None:
    """End leases before their time: somebody else may ask at once."""
    async with database.connection() as connection:
        for one in leased:
            await connection.execute(
                """
                UPDATE code_questions SET next_at = now()
                WHERE business_id = $1 AND order_id = $2 AND version = $3
                """,
                one.key.business_id,
                one.key.order_id,
                one.version,
            )


async def figures(database: Database) -> Figures:
    """How much waits, over all businesses."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            SELECT count(*), count(trouble), coalesce(extract(epoch FROM now() - min(asked_at)), 0)
            FROM code_questions
            """
        )
    return Figures(row[0], row[1], float(row[2]))

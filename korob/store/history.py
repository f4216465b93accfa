"""What happened to an order, version by version."""

from datetime import datetime
from typing import NamedTuple

from korob.store.database import Database
from korob.store.orders import OrderKey


class HistoryRow(NamedTuple):
    """One version of an order; `events` is JSON, a list of objects with the name of each under `event`."""

    version: int
    at: datetime
    actor: str
    act: str
    status: str
    substatus: str
    events: bytes


async def of_order(database: Database, key: OrderKey) -> list[HistoryRow]:
    """Every version of an order, the first one first."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT version, at, actor, act, status, substatus, events
            FROM history
            WHERE business_id = $1 AND order_id = $2
            ORDER BY version
            """,
            key.business_id,
            key.order_id,
        )
    return [HistoryRow(*row) for row in rows]

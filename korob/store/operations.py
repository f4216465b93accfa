"""Asynchronous changes found by themselves, without their order."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from korob.domain.words import OperationStatus, OperationType
from korob.store.database import Database
from korob.store.orders import OrderKey


class OperationRow(NamedTuple):
    """How far an operation has come, as last written; `order` is the key of the order it changes."""

    id: str
    type: OperationType
    status: OperationStatus
    order: OrderKey
    at: datetime


async def by_ids(database: Database, business_id: int, ids: Sequence[str]) -> list[OperationRow]:
    """The operations of a business with these ids, in the order asked for; unknown ids are left out."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT o.id, o.type, o.status, o.campaign_id, o.order_id, o.at
            FROM unnest($2::text[]) WITH ORDINALITY AS wanted(id, place)
            JOIN operations o ON o.business_id = $1 AND o.id = wanted.id
            ORDER BY wanted.place
            """,
            business_id,
            list(ids),
        )
    return [_row(business_id, row) for row in rows]


async def of_order(database: Database, key: OrderKey) -> list[OperationRow]:
    """Every operation there ever was on an order, oldest first."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT id, type, status, campaign_id, order_id, at
            FROM operations
            WHERE business_id = $1 AND order_id = $2
            ORDER BY at, id
            """,
            key.business_id,
            key.order_id,
        )
    return [_row(key.business_id, row) for row in rows]


def _row(business_id: int, row: tuple[str, str, str, int, int, datetime]) -> OperationRow:
    name, kind, status, campaign_id, order_id, at = row
    return OperationRow(
        name, OperationType(kind), OperationStatus(status), OrderKey(business_id, campaign_id, order_id), at
    )

"""Tell how far asynchronous changes have come."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from korob.domain.words import OperationStatus, OperationType
from korob.store import operations
from korob.store.database import Database
from korob.store.operations import OperationRow
from korob.store.orders import Orders


async def read_operations(
    database: Database,
    orders: Orders,
    business_id: int,
    kind: OperationType,
    ids: Sequence[str],
    *,
    epoch: int | None,
    now: datetime,
) -> list[OperationRow]:
    """The operations of this type among those asked for, with all that is due applied (getOperations)."""
    rows = await operations.by_ids(database, business_id, ids)
    waiting = {row.order._replace(epoch=epoch) for row in rows if row.status is OperationStatus.IN_PROGRESS}
    if waiting:
        settled = await asyncio.gather(*(orders.settle(key, now=now) for key in waiting))
        if any(settled):
            rows = await operations.by_ids(database, business_id, ids)
    return [row for row in rows if row.type is kind]

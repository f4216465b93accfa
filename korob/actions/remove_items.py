"""Take units out of an order."""

from collections.abc import Sequence
from datetime import datetime

from korob.actions.look_up_codes import look_up_codes
from korob.domain import items
from korob.domain.authority import Authority
from korob.domain.items import Wanted
from korob.domain.order import Order
from korob.domain.words import RemovalReason
from korob.store.database import Database
from korob.store.orders import OrderKey, Orders


async def remove_items(
    orders: Orders,
    database: Database,
    key: OrderKey,
    wanted: Sequence[Wanted],
    *,
    reason: RemovalReason | None,
    authority: Authority,
    now: datetime,
) -> Order:
    """Reduce an order to the wanted composition (updateOrderItems). Raises what `items.reduce` does, OrderNotFound."""
    informed = await look_up_codes(database, key, (unit for one in wanted for unit in one.instances), authority)
    return await orders.change(
        key, lambda order, now: items.reduce(order, wanted, reason=reason, authority=informed, now=now), now=now
    )

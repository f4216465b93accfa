"""Take units out of an order."""

from collections.abc import Sequence
from datetime import datetime

from korob.actions.claim_codes import claim_codes
from korob.domain import items
from korob.domain.authority import Authority
from korob.domain.items import Wanted
from korob.domain.order import Order
from korob.domain.words import RemovalReason
from korob.store.orders import OrderKey, Orders


async def remove_items(
    orders: Orders,
    key: OrderKey,
    wanted: Sequence[Wanted],
    *,
    reason: RemovalReason | None,
    authority: Authority,
    now: datetime,
) -> Order:
    """Reduce an order to the wanted composition (updateOrderItems). Raises what `items.reduce` does, OrderNotFound."""
    return await claim_codes(
        orders,
        key,
        lambda by: lambda order, now: items.reduce(order, wanted, reason=reason, authority=by, now=now),
        authority=authority,
        now=now,
    )

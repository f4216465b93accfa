"""Hand in the marking codes of an order's units."""

from collections.abc import Sequence
from datetime import datetime

from korob.actions.claim_codes import claim_codes
from korob.domain import identifiers
from korob.domain.authority import Authority
from korob.domain.identifiers import Identified
from korob.domain.order import Order
from korob.store.orders import OrderKey, Orders


async def give_codes(
    orders: Orders,
    key: OrderKey,
    identified: Sequence[Identified],
    *,
    authority: Authority,
    now: datetime,
) -> Order:
    """Set the codes of some positions (provideOrderItemIdentifiers).

    Raises what `identifiers.give` does, OrderNotFound.
    """
    return await claim_codes(
        orders,
        key,
        lambda by: lambda order, now: identifiers.give(order, identified, authority=by, now=now),
        authority=authority,
        now=now,
    )

"""Hand in the marking codes of an order's units."""

from collections.abc import Sequence
from datetime import datetime

from korob.domain import identifiers
from korob.domain.authority import Authority
from korob.domain.identifiers import Identified
from korob.domain.order import Order
from korob.store.orders import OrderKey, Orders


async def give_codes(
    orders: Orders, key: OrderKey, identified: Sequence[Identified], *, authority: Authority, now: datetime
) -> Order:
    """Set the codes of some positions (provideOrderItemIdentifiers).

    Raises what `identifiers.give` does, OrderNotFound.
    """
    return await orders.change(
        key, lambda order, now: identifiers.give(order, identified, authority=authority, now=now), now=now
    )

"""Decide on an order's codes knowing which of them other orders have."""

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from korob.domain.authority import Authority
from korob.domain.order import Order
from korob.store.given_codes import CodesTakenError
from korob.store.orders import Decide, OrderKey, Orders


async def claim_codes(
    orders: Orders, key: OrderKey, decide: Callable[[Authority], Decide], *, authority: Authority, now: datetime
) -> Order:
    """Change an order as is decided with an authority that knows what is sold already: nothing, until codes are taken.

    Raises what `decide` does, OrderNotFound.
    """
    while True:
        try:
            return await orders.change(key, decide(authority), now=now)
        except CodesTakenError as taken:
            # None of them is claimed again, so each turn has fewer to claim.
            authority = replace(authority, sold=authority.sold | taken.codes)

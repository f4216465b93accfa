"""Hold the code that a courier tells against the one that was issued."""

from datetime import datetime

from korob.domain import acceptance
from korob.domain.change import Change, CourierVerified
from korob.domain.order import Order
from korob.store.orders import OrderKey, Orders


async def verify_courier(orders: Orders, key: OrderKey, code: str, *, now: datetime) -> CourierVerified:
    """Tell whether the code is right (verifyOrderEac). Raises what `acceptance.verify` does, OrderNotFound."""
    verified: list[Change] = []

    def decide(order: Order, now: datetime) -> Change:
        verified[:] = [acceptance.verify(order, code, now=now)]
        return verified[0]

    await orders.change(key, decide, now=now)
    return next(event for event in verified[0].events if isinstance(event, CourierVerified))

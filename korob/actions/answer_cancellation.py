"""Answer a buyer's wish to cancel an order that is on its way."""

from datetime import datetime

from korob.domain import cancellation
from korob.domain.order import Order
from korob.domain.words import DeclineReason
from korob.store.orders import OrderKey, Orders


async def answer_cancellation(
    orders: Orders, key: OrderKey, *, accepted: bool, reason: DeclineReason | None, now: datetime
) -> Order:
    """Accept or decline (acceptOrderCancellation). Raises what `cancellation.answer` does, OrderNotFound."""
    return await orders.change(
        key, lambda order, now: cancellation.answer(order, accepted=accepted, reason=reason, now=now), now=now
    )

"""Money on its way back to the buyer: for units taken out of a paid order, and for a paid order cancelled."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from korob.domain.change import Change, RefundsPaid
from korob.domain.money import rounded
from korob.domain.order import Item, Order, Refund
from korob.domain.words import Actor, Model, PaymentMethod, PaymentType

WAIT: Final = timedelta(days=2)
WALLETS: Final = frozenset({PaymentMethod.APPLE_PAY, PaymentMethod.GOOGLE_PAY})
"""Paid with these, the two days count from the removal; else from SHIPPED (updateOrderItems, *money*)."""
REMOVED: Final = "REMOVED"
CANCELLED: Final = "CANCELLED"


def removed(order: Order, counts: Mapping[int, int], *, now: datetime) -> tuple[Refund, ...]:
    """All refunds of the order once `counts` (units by position id) are taken out of it as it stands.

    Nothing is added for an order that nobody has paid for.
    """
    if not _is_paid_ahead(order) or not counts:
        return order.refunds
    due_at = now + WAIT if order.payment_method in WALLETS else None
    amounts = ((item, counts[item.id]) for item in order.items if item.id in counts)
    return order.refunds + tuple(
        Refund(item.id, count, amount, REMOVED, made_at=now, due_at=due_at)
        for item, count in amounts
        if (amount := paid(item, item.count) - paid(item, item.count - count))
    )


def cancelled(order: Order, *, now: datetime) -> tuple[Refund, ...]:
    """All refunds of the order once it is cancelled: whatever the buyer has not got back yet is due in two days.

    That is every position still in it, the delivery, and the removed units that were waiting for SHIPPED.
    """
    if not _is_paid_ahead(order):
        return order.refunds
    units = tuple(_of_cancelled(item.id, item.count, paid(item, item.count), now) for item in order.items)
    delivery = _of_cancelled(None, 1, rounded(order.delivery.price), now)
    return shipped(order, now=now) + tuple(refund for refund in (*units, delivery) if refund.amount)


def shipped(order: Order, *, now: datetime) -> tuple[Refund, ...]:
    """All refunds of the order once it is SHIPPED, or left PROCESSING without: what waited is due in two days."""
    return tuple(replace(refund, due_at=now + WAIT) if refund.due_at is None else refund for refund in order.refunds)


def pay(order: Order, *, now: datetime) -> Change:
    """Pay the refunds that are due; the very same order comes back if none is."""
    count = sum(is_due(refund, now=now) for refund in order.refunds)
    if not count:
        return Change(order, Actor.MARKET, "PAY_REFUNDS", now)
    settled = tuple(replace(refund, paid_at=now) if is_due(refund, now=now) else refund for refund in order.refunds)
    return Change(
        replace(order, refunds=settled, updated_at=now), Actor.MARKET, "PAY_REFUNDS", now, (RefundsPaid(count),)
    )


def is_due(refund: Refund, *, now: datetime) -> bool:
    """Whether it should have gone to the buyer by now and has not."""
    return refund.paid_at is None and refund.due_at is not None and refund.due_at <= now


def paid(item: Item, count: int) -> Decimal:
    """What the buyer paid for so many units of a position, after every discount, to the kopeck."""
    return rounded(item.price * count)


def _is_paid_ahead(order: Order) -> bool:
    """Whether the Market has the buyer's money: for an order of LaaS, which was sold elsewhere, it never had it."""
    return order.payment_type is PaymentType.PREPAID and order.paid and order.model is not Model.LAAS


def _of_cancelled(item_id: int | None, count: int, amount: Decimal, now: datetime) -> Refund:
    return Refund(item_id, count, amount, CANCELLED, made_at=now, due_at=now + WAIT)

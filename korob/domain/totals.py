"""What an order comes to: every sum that reads of it show, for the units it holds now."""

from decimal import Decimal

from korob.domain.money import ZERO, rounded
from korob.domain.order import Item, Order, Subsidy
from korob.domain.refunds import paid
from korob.domain.value import Value
from korob.domain.words import SubsidyType


class ItemTotals(Value, frozen=True):
    """A position's sums over all its units (ItemPriceDTO of v1)."""

    id: int
    payment: Decimal
    cashback: Decimal
    """The part of the cost that the buyer covered with Plus points."""
    subsidy: Decimal
    """The Market's whole reward for the position, of every type."""


class Totals(Value, frozen=True):
    """An order's sums, in its currency. Those "before discount" are by the struck-through prices."""

    items_total: Decimal
    delivery_total: Decimal
    buyer_items_total: Decimal
    buyer_total: Decimal
    buyer_items_total_before_discount: Decimal
    buyer_total_before_discount: Decimal
    subsidies: tuple[Subsidy, ...]
    """The Market's rewards, summed by type; types that come to nothing are left out."""
    items: tuple[ItemTotals, ...]
    cashback: Decimal
    subsidy: Decimal
    """The reward for all positions; the delivery's is `delivery_subsidy`."""
    delivery_subsidy: Decimal


def of(order: Order) -> Totals:
    """Sum up an order (getOrder, getBusinessOrders).

    `payment` of v1's order prices is `items_total`, its delivery's `payment` is `delivery_total`.
    """
    # Every read of an order comes through here: one pass, no generators.
    payment = before_discount = cashback = subsidy = ZERO
    by_type: dict[SubsidyType, Decimal] = {}
    items = []
    for item in order.items:
        sums = _of_item(item, by_type)
        items.append(sums)
        payment += sums.payment
        cashback += sums.cashback
        subsidy += sums.subsidy
        before_discount += rounded(item.buyer_price_before_discount * item.count)
    delivery, delivery_subsidy = rounded(order.delivery.price), rounded(order.delivery.subsidy)
    if delivery_subsidy:
        by_type[SubsidyType.DELIVERY] = by_type.get(SubsidyType.DELIVERY, ZERO) + delivery_subsidy
    return Totals(
        payment,
        delivery,
        payment,
        payment + delivery,
        before_discount,
        before_discount + delivery,
        tuple([Subsidy(type, amount) for type, amount in by_type.items() if amount]),
        tuple(items),
        cashback,
        subsidy,
        delivery_subsidy,
    )


def _of_item(item: Item, by_type: dict[SubsidyType, Decimal]) -> ItemTotals:
    payment = paid(item, item.count)
    if not item.subsidies:
        return ItemTotals(item.id, payment, ZERO, ZERO)
    cashback = whole = ZERO
    for subsidy in item.subsidies:
        amount = rounded(subsidy.amount * item.count)
        whole += amount
        if subsidy.type is SubsidyType.YANDEX_CASHBACK:
            cashback += amount
        by_type[subsidy.type] = by_type.get(subsidy.type, ZERO) + amount
    return ItemTotals(item.id, payment, cashback, whole)

"""What an order comes to: every sum that reads of it show, for the units it holds now."""

from collections.abc import Iterable
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
    items = tuple(_of_item(item) for item in order.items)
    payment = _sum(item.payment for item in items)
    before_discount = _sum(rounded(item.buyer_price_before_discount * item.count) for item in order.items)
    delivery = rounded(order.delivery.price)
    return Totals(
        items_total=payment,
        delivery_total=delivery,
        buyer_items_total=payment,
        buyer_total=payment + delivery,
        buyer_items_total_before_discount=before_discount,
        buyer_total_before_discount=before_discount + delivery,
        subsidies=_by_type(order),
        items=items,
        cashback=_sum(item.cashback for item in items),
        subsidy=_sum(item.subsidy for item in items),
        delivery_subsidy=rounded(order.delivery.subsidy),
    )


def _of_item(item: Item) -> ItemTotals:
    if not item.subsidies:
        return ItemTotals(item.id, paid(item, item.count), ZERO, ZERO)
    amounts = [(subsidy.type, rounded(subsidy.amount * item.count)) for subsidy in item.subsidies]
    return ItemTotals(
        item.id,
        paid(item, item.count),
        cashback=_sum(amount for type, amount in amounts if type is SubsidyType.YANDEX_CASHBACK),
        subsidy=_sum(amount for _, amount in amounts),
    )


def _by_type(order: Order) -> tuple[Subsidy, ...]:
    sums: dict[SubsidyType, Decimal] = {}
    for item in order.items:
        for subsidy in item.subsidies:
            sums[subsidy.type] = sums.get(subsidy.type, ZERO) + rounded(subsidy.amount * item.count)
    if order.delivery.subsidy:
        sums[SubsidyType.DELIVERY] = sums.get(SubsidyType.DELIVERY, ZERO) + rounded(order.delivery.subsidy)
    return tuple(Subsidy(type, amount) for type, amount in sums.items() if amount)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)

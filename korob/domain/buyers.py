"""What a seller may know of a buyer: how to reach a person, what a company is called, which papers it gets."""

from datetime import date
from typing import Final

from korob.domain.moscow import day_of
from korob.domain.order import Buyer, Company, Order
from korob.domain.refusal import Refusal
from korob.domain.value import Value
from korob.domain.words import BuyerType, Status

AT_WORK: Final = frozenset({Status.PROCESSING, Status.DELIVERY, Status.PICKUP})
CONFIRMED: Final = AT_WORK | {Status.DELIVERED}
RECEIVED: Final = frozenset({Status.DELIVERED, Status.PARTIALLY_RETURNED, Status.RETURNED})
CORRECTED: Final = frozenset({Status.PARTIALLY_RETURNED, Status.RETURNED})


class Paper(Value, frozen=True):
    """A paper that is ready."""

    number: str
    day: date


class Papers(Value, frozen=True):
    """The papers of an order, None for one that is not ready: of the transfer, and of its correction."""

    upd: Paper | None = None
    ukd: Paper | None = None
    torg_twelve: Paper | None = None
    sf: Paper | None = None
    ksf: Paper | None = None


def to_call(order: Order) -> Buyer:
    """The buyer, while the seller works on the order (getOrderBuyerInfo). Raises NotAtWork."""
    if order.status not in AT_WORK:
        raise NotAtWork(status=order.status)
    return order.buyer


def company(order: Order) -> Company:
    """The company that bought, once the order is confirmed (getOrderBusinessBuyerInfo).

    Raises NotABusiness and NotConfirmed.
    """
    bought = _business(order)
    if order.status not in CONFIRMED:
        raise NotConfirmed
    return bought


def papers(order: Order) -> Papers:
    """The papers of a company's order: of the transfer once it has the goods, of a correction once some came back.

    Numbers are the order's own with a letter, so they are the same whenever one asks (getOrderBusinessDocumentsInfo;
    the numbers are ours). Raises NotABusiness.
    """
    _business(order)
    if order.status not in RECEIVED:
        return Papers()
    received_on = order.delivery.real_on or day_of(order.since)
    transfer = {
        name: Paper(f"{order.id}-{letter}", received_on)
        for name, letter in (("upd", "U"), ("torg_twelve", "T"), ("sf", "S"))
    }
    if order.status not in CORRECTED:
        return Papers(**transfer)
    corrected_on = day_of(order.since)
    return Papers(**transfer, ukd=Paper(f"{order.id}-UK", corrected_on), ksf=Paper(f"{order.id}-SK", corrected_on))


class NotAtWork(Refusal):
    """The seller has nothing to call the buyer about."""

    template = "Order is not in shop-processing status (actual: {status})."


class NotABusiness(Refusal):
    """A person bought."""

    template = "Not a business buyer."


class NotConfirmed(Refusal):
    """The order is not confirmed yet, or was cancelled."""

    template = "Order is in the wrong status, it’s only possible starting from the status PROCESSING."


def _business(order: Order) -> Company:
    if order.buyer.type is not BuyerType.BUSINESS or order.buyer.company is None:
        raise NotABusiness
    return order.buyer.company

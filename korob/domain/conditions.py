"""What must be true of an order before some of its moves: each tells why not, or None if nothing is in the way."""

from collections.abc import Callable
from typing import Final

from korob.domain import codes
from korob.domain.order import Order
from korob.domain.words import DeliveryPartner, DeliveryType, DigitalType, InstanceType, PaymentType

Condition = Callable[[Order], str | None]

HANDED_OVER_BY_THE_SELLER: Final = frozenset({DigitalType.STEAM_GIFT, DigitalType.CHAT})
"""Digital goods that the Market does not send by itself."""
POINTS: Final = frozenset({DeliveryType.PICKUP, DeliveryType.POST})
"""Ways of delivery that end where the buyer fetches the parcel."""

_LACKING: Final = {
    codes.Lack.NOT_GIVEN: "not given",
    codes.Lack.IN_PROGRESS: "not verified yet",
    codes.Lack.FAILED: "not verified: the check failed",
}


def waits_for_payment(order: Order) -> str | None:
    """The buyer chose to pay ahead and has not paid."""
    return None if _owes(order) else "the buyer has nothing to pay ahead"


def owes_nothing(order: Order) -> str | None:
    """The buyer has paid, or pays on receipt."""
    return "the order is not paid" if _owes(order) else None


def uins_are_verified(order: Order) -> str | None:
    """Every piece of jewellery has its UIN, which has passed its check (setOrderBoxLayout)."""
    return _lacking(order, InstanceType.UIN)


def cises_are_verified(order: Order) -> str | None:
    """Every CIS that must be there is, and has passed its check (setOrderBoxLayout)."""
    return _lacking(order, InstanceType.CIS)


def is_carried_by_the_seller(order: Order) -> str | None:
    """The seller delivers himself, or through a service of his own choice."""
    return "the Market's delivery carries the order" if _carried_by_the_market(order) else None


def is_carried_by_the_market(order: Order) -> str | None:
    """A courier of the Market has the parcel, though the seller sold it from his own stock."""
    if _is_digital(order):
        return is_a_parcel(order)
    return None if _carried_by_the_market(order) else "the seller delivers the order himself"


def is_a_parcel(order: Order) -> str | None:
    """There is something to carry."""
    return "digital goods are not carried" if _is_digital(order) else None


def is_sent_by_the_market(order: Order) -> str | None:
    """Keys that the Market mails to the buyer."""
    return None if _is_digital(order) and not _in_person(order) else "the goods are not keys that are mailed"


def is_handed_over_by_the_seller(order: Order) -> str | None:
    """Digital goods that the seller gives to the buyer himself, as a gift or in the chat."""
    return None if _is_digital(order) and _in_person(order) else "the order was not handed over for delivery"


def cancellation_was_asked_for(order: Order) -> str | None:
    """The buyer's request to cancel is still open."""
    return None if order.cancellation else "the buyer has not asked to cancel"


def goes_to_a_point(order: Order) -> str | None:
    """The buyer fetches the parcel."""
    return None if order.delivery.type in POINTS else "the order goes to the buyer's door"


def is_no_test_order(order: Order) -> str | None:
    """Somebody really ordered it (page sandbox)."""
    return "a test order can't be cancelled any more once it is READY_TO_SHIP" if order.fake else None


def _lacking(order: Order, type: InstanceType) -> str | None:
    lacking = [
        f"{lack.count} {type} of item {lack.item_id} {_LACKING[lack.lack]}" for lack in codes.missing(order, (type,))
    ]
    # A program in use tells this refusal from others by its first three words.
    return f"Order requires valid {type}: {'; '.join(lacking)}" if lacking else None


def _owes(order: Order) -> bool:
    return order.payment_type is PaymentType.PREPAID and not order.paid


def _carried_by_the_market(order: Order) -> bool:
    return order.delivery.partner is DeliveryPartner.YANDEX_MARKET


def _is_digital(order: Order) -> bool:
    return order.delivery.type is DeliveryType.DIGITAL


def _in_person(order: Order) -> bool:
    digital = order.delivery.digital
    return digital is not None and digital.type in HANDED_OVER_BY_THE_SELLER

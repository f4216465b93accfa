from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from korob.domain import refunds
from korob.domain.change import RefundsPaid
from korob.domain.order import Refund
from korob.domain.words import Model, PaymentMethod, PaymentType, Status, Substatus
from tests.examples import NOW, a_delivery, a_subsidy, an_item, an_order

TWO_DAYS = timedelta(days=2)


def test_money_for_units_taken_out_of_an_order_paid_by_card_waits_for_its_shipping():
    order = an_order(payment_type=PaymentType.PREPAID)

    (refund,) = refunds.removed(order, {1: 1}, now=NOW)

    assert refund == Refund(1, 1, Decimal(500), "REMOVED", made_at=NOW, due_at=None)


@pytest.mark.parametrize("wallet", [PaymentMethod.APPLE_PAY, PaymentMethod.GOOGLE_PAY])
def test_money_paid_with_a_phone_goes_back_two_days_after_the_removal(wallet):
    order = an_order(payment_type=PaymentType.PREPAID, payment_method=wallet)

    (refund,) = refunds.removed(order, {1: 1}, now=NOW)

    assert refund.due_at == NOW + TWO_DAYS


def test_a_buyer_who_pays_on_delivery_gets_nothing_back():
    order = an_order(payment_type=PaymentType.POSTPAID, delivery=a_delivery(price=Decimal(300)))

    assert refunds.removed(order, {1: 1}, now=NOW) == ()
    assert refunds.cancelled(order, now=NOW) == ()


def test_a_buyer_who_has_not_paid_yet_gets_nothing_back():
    order = an_order(Status.UNPAID, payment_type=PaymentType.PREPAID)

    assert refunds.cancelled(order, now=NOW) == ()


def test_the_market_gives_nothing_back_that_a_buyer_of_laas_paid_elsewhere():
    order = an_order(model=Model.LAAS, payment_type=PaymentType.PREPAID, delivery=a_delivery(price=Decimal(300)))

    assert refunds.cancelled(order, now=NOW) == ()


def test_the_reward_of_the_market_is_not_the_buyers_money():
    order = an_order(payment_type=PaymentType.PREPAID, items=(an_item(price=70, subsidies=(a_subsidy(30),)),))

    (refund, *_) = refunds.cancelled(order, now=NOW)

    assert refund.amount == Decimal(70)


def test_units_taken_out_one_by_one_give_back_what_was_paid_for_all_of_them():
    order = an_order(payment_type=PaymentType.PREPAID, items=(an_item(1, count=3, price="33.335"), an_item(2)))

    first = refunds.removed(order, {1: 1}, now=NOW)
    later = replace(order, items=(replace(order.items[0], count=2), order.items[1]), refunds=first)
    both = refunds.removed(later, {1: 2}, now=NOW)

    assert [refund.amount for refund in both] == [Decimal("33.34"), Decimal("66.67")]
    assert sum(refund.amount for refund in both) == Decimal("100.01") == refunds.paid(order.items[0], 3)


def test_a_gift_taken_out_needs_no_refund():
    order = an_order(payment_type=PaymentType.PREPAID, items=(an_item(1), an_item(2, price=0)))

    assert refunds.removed(order, {2: 1}, now=NOW) == ()


def test_a_shipped_order_sends_the_waiting_money_in_two_days():
    order = an_order(payment_type=PaymentType.PREPAID)
    order = replace(order, refunds=refunds.removed(order, {1: 1}, now=NOW))
    shipped_at = NOW + timedelta(days=5)

    (refund,) = refunds.shipped(order, now=shipped_at)

    assert refund.due_at == shipped_at + TWO_DAYS


def test_shipping_does_not_put_off_money_that_is_already_on_its_way():
    order = an_order(payment_type=PaymentType.PREPAID, payment_method=PaymentMethod.APPLE_PAY)
    order = replace(order, refunds=refunds.removed(order, {1: 1}, now=NOW))

    (refund,) = refunds.shipped(order, now=NOW + timedelta(days=1))

    assert refund.due_at == NOW + TWO_DAYS


def test_a_cancelled_order_gives_back_everything_that_is_left_and_the_delivery():
    order = an_order(payment_type=PaymentType.PREPAID, delivery=a_delivery(price=Decimal(300)))

    due_at = NOW + TWO_DAYS
    assert refunds.cancelled(order, now=NOW) == (
        Refund(1, 2, Decimal(1000), "CANCELLED", made_at=NOW, due_at=due_at),
        Refund(2, 1, Decimal(900), "CANCELLED", made_at=NOW, due_at=due_at),
        Refund(None, 1, Decimal(300), "CANCELLED", made_at=NOW, due_at=due_at),
    )


def test_money_that_waited_for_shipping_is_due_when_the_order_is_cancelled_instead():
    order = an_order(payment_type=PaymentType.PREPAID)
    taken_out = refunds.removed(order, {2: 1}, now=NOW)
    order = replace(order, items=order.items[:1], refunds=taken_out)
    cancelled_at = NOW + timedelta(hours=3)

    waiting, of_the_rest = refunds.cancelled(order, now=cancelled_at)

    assert (waiting.reason, waiting.due_at) == ("REMOVED", cancelled_at + TWO_DAYS)
    assert (of_the_rest.amount, of_the_rest.due_at) == (Decimal(1000), cancelled_at + TWO_DAYS)


def test_a_refund_is_paid_when_it_is_due_and_once_only():
    order = an_order(Status.CANCELLED, Substatus.SHOP_FAILED, payment_type=PaymentType.PREPAID)
    order = replace(order, refunds=refunds.cancelled(order, now=NOW))
    due_at = NOW + TWO_DAYS

    early = refunds.pay(order, now=due_at - timedelta(microseconds=1))
    change = refunds.pay(order, now=due_at)
    again = refunds.pay(change.order, now=due_at)

    assert early.order is order
    assert [refund.paid_at for refund in change.order.refunds] == [due_at, due_at]
    assert (change.events, change.order.updated_at) == ((RefundsPaid(2),), due_at)
    assert (again.order, again.events) == (change.order, ())


def test_a_refund_that_waits_for_shipping_is_not_paid():
    order = an_order(payment_type=PaymentType.PREPAID)
    order = replace(order, refunds=refunds.removed(order, {1: 1}, now=NOW))

    assert refunds.pay(order, now=NOW + timedelta(days=365)).order is order

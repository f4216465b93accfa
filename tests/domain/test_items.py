from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from korob.domain import items
from korob.domain.change import CodesGiven, ItemsRemoved, Movement
from korob.domain.composition import (
    ActionNotAllowed,
    ChangeAfterReadyToShip,
    ItemNotFound,
    ItemsAdded,
    NothingLeft,
    OnlyProduct,
    PromoProhibitsRemoval,
    RemovalAboveThreshold,
)
from korob.domain.instances import CisRepeated, GtdWithoutCountry, InvalidCis, TooFewCises, TooManyCises
from korob.domain.items import CountBelowZero, ItemRepeated, Wanted
from korob.domain.order import Box, BoxItem, Instance, Removed
from korob.domain.words import (
    Actor,
    CodeStatus,
    InstanceType,
    Model,
    PaymentMethod,
    PaymentType,
    RemovalReason,
    Status,
    Substatus,
)
from tests.examples import NOW, a_business_buyer, a_cis, a_gift, a_uin, an_item, an_order

SELLER_ASKED = RemovalReason.PARTNER_REQUESTED_REMOVE


def reduce(order, *wanted, reason=SELLER_ASKED, now=NOW):
    return items.reduce(order, wanted, reason=reason, now=now)


def counts(order):
    return {item.id: item.count for item in order.items}


def test_a_seller_reduces_one_position_and_repeats_the_other():
    order = an_order(items=(an_item(1, count=3, price=500), an_item(2, price=900)))

    change = reduce(order, Wanted(1, 2), Wanted(2, 1))

    assert counts(change.order) == {1: 2, 2: 1}
    assert change.events == (ItemsRemoved({1: 1}, SELLER_ASKED),)
    assert change.stock == (Movement("SKU-1", -1),)
    assert change.order.removed == (Removed(1, "SKU-1", 1, NOW, SELLER_ASKED, "Offer 1", Decimal(500)),)
    assert (change.actor, change.act, change.at, change.order.updated_at) == (Actor.SELLER, "REMOVE_ITEMS", NOW, NOW)
    assert change.order.since == order.since


@pytest.mark.parametrize("wanted", [[Wanted(1, 2)], [Wanted(1, 2), Wanted(2, 0)], [Wanted(2, 0), Wanted(1, 2)]])
def test_a_position_left_out_or_wanted_with_zero_is_removed(wanted):
    change = reduce(an_order(), *wanted)

    assert counts(change.order) == {1: 2}
    assert change.stock == (Movement("SKU-2", -1),)


def test_what_was_ordered_at_first_stays_known():
    change = reduce(an_order(), Wanted(1, 1), Wanted(2, 1))

    assert [item.ordered for item in change.order.items] == [2, 1]


def test_a_removal_is_told_as_the_buyers_wish_if_it_was_and_without_a_reason_if_none_was_given():
    asked_by_buyer = reduce(an_order(), Wanted(1, 1), Wanted(2, 1), reason=RemovalReason.USER_REQUESTED_REMOVE)
    unexplained = reduce(an_order(), Wanted(1, 1), Wanted(2, 1), reason=None)

    assert asked_by_buyer.order.removed[0].by is RemovalReason.USER_REQUESTED_REMOVE
    assert (unexplained.order.removed[0].by, unexplained.events) == (None, (ItemsRemoved({1: 1}, None),))


def test_the_composition_as_it_stands_is_taken_and_changes_nothing():
    order = an_order()

    change = reduce(order, Wanted(1, 2), Wanted(2, 1), now=NOW + timedelta(hours=1))

    assert change.order is order
    assert (change.events, change.stock) == ((), ())


def test_a_request_that_came_through_may_be_repeated():
    once = reduce(an_order(), Wanted(1, 1), Wanted(2, 0)).order

    again = reduce(once, Wanted(1, 1), Wanted(2, 0))

    assert again.order is once


@pytest.mark.parametrize(
    ("status", "substatus"),
    [
        (Status.PROCESSING, Substatus.READY_TO_SHIP),
        (Status.PROCESSING, Substatus.SHIPPED),
        (Status.DELIVERY, None),
        (Status.PICKUP, None),
        (Status.DELIVERED, None),
    ],
)
def test_an_assembled_order_keeps_its_composition(status, substatus):
    with pytest.raises(ChangeAfterReadyToShip) as refusal:
        reduce(an_order(status, substatus), Wanted(1, 1), Wanted(2, 1))

    assert str(refusal.value) == "Attempt to change order items or instances after READY_TO_SHIP"


@pytest.mark.parametrize("status", [Status.RESERVED, Status.UNPAID, Status.PENDING, Status.CANCELLED])
def test_an_order_that_is_not_being_worked_on_keeps_its_composition(status):
    with pytest.raises(ActionNotAllowed) as refusal:
        reduce(an_order(status), Wanted(1, 1), Wanted(2, 1))

    assert f"with status {status} and substatus" in str(refusal.value)


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ([Wanted(1, 3), Wanted(2, 1)], ItemsAdded),
        ([Wanted(1, 2), Wanted(2, 1), Wanted(3, 1)], ItemNotFound),
        ([Wanted(1, 2), Wanted(2, 1), Wanted(3, 0)], ItemNotFound),
        ([Wanted(1, 1), Wanted(1, 1), Wanted(2, 1)], ItemRepeated),
        ([Wanted(1, 2), Wanted(2, -1)], CountBelowZero),
        ([Wanted(1, 0)], NothingLeft),
        ([Wanted(1, 0), Wanted(2, 0)], NothingLeft),
    ],
)
def test_an_order_only_shrinks_and_never_to_nothing(wanted, refusal):
    with pytest.raises(refusal):
        reduce(an_order(), *wanted)


@pytest.mark.parametrize("count", [0, 1])
def test_the_only_product_can_be_neither_removed_nor_reduced(count):
    with pytest.raises(OnlyProduct):
        reduce(an_order(items=(an_item(1, count=2),)), Wanted(1, count))


def test_what_a_promotion_added_stays():
    order = an_order(items=(an_item(1, count=2), a_gift(2, count=2)))

    assert counts(reduce(order, Wanted(1, 1), Wanted(2, 2)).order) == {1: 1, 2: 2}
    for count in (0, 1):
        with pytest.raises(PromoProhibitsRemoval):
            reduce(order, Wanted(1, 2), Wanted(2, count))


@pytest.mark.parametrize("count", [0, 98])
def test_a_position_of_99_percent_of_the_value_can_be_neither_removed_nor_reduced(count):
    order = an_order(items=(an_item(1, count=99, price=10), an_item(2, price=10)))

    with pytest.raises(RemovalAboveThreshold):
        reduce(order, Wanted(1, count), Wanted(2, 1))


def test_a_position_a_kopeck_below_99_percent_of_the_value_may_go():
    order = an_order(items=(an_item(1, price="989.99"), an_item(2, price="10.01")))

    assert counts(reduce(order, Wanted(2, 1)).order) == {2: 1}


def test_positions_that_make_up_99_percent_together_can_not_go_together():
    order = an_order(items=(an_item(1, price=50), an_item(2, price=49), an_item(3, price=1)))

    with pytest.raises(RemovalAboveThreshold):
        reduce(order, Wanted(3, 1))
    assert counts(reduce(order, Wanted(2, 1), Wanted(3, 1)).order) == {2: 1, 3: 1}


def test_an_order_of_goods_that_cost_nothing_has_no_threshold():
    order = an_order(items=(an_item(1, count=2, price=0), an_item(2, price=0)))

    assert counts(reduce(order, Wanted(1, 1), Wanted(2, 1)).order) == {1: 1, 2: 1}


def test_the_99_percent_count_against_the_order_as_it_stands():
    order = an_order(items=(an_item(1, price=98), an_item(2, price="1.50"), an_item(3, price="0.50")))
    order = reduce(order, Wanted(1, 1), Wanted(3, 1)).order

    with pytest.raises(RemovalAboveThreshold):
        reduce(order, Wanted(3, 1))


def test_money_for_removed_units_goes_back_to_a_buyer_who_paid():
    order = an_order(payment_type=PaymentType.PREPAID, payment_method=PaymentMethod.APPLE_PAY)

    change = reduce(order, Wanted(1, 1), Wanted(2, 1))

    (refund,) = change.order.refunds
    assert (refund.item_id, refund.count, refund.amount) == (1, 1, Decimal(500))
    assert refund.due_at == NOW + timedelta(days=2)


def test_codes_come_with_the_composition():
    order = an_order()
    given = (Instance(cis=a_cis(1)), Instance(cis=a_cis(2)))

    change = reduce(order, Wanted(1, 2, given), Wanted(2, 1))

    assert change.order.items[0].instances == given
    assert (change.act, change.events, change.stock) == ("GIVE_CODES", (CodesGiven(2),), ())
    assert [check.status for check in change.order.codes] == [CodeStatus.NOT_ON_VALIDATION] * 2
    assert change.order.updated_at == NOW


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ((Instance(cis=a_cis(1)), Instance(cis=a_cis(1))), CisRepeated),
        ((Instance(cis=a_cis(1)), Instance(cis=a_cis(2)), Instance(cis=a_cis(3))), TooManyCises),
        ((Instance(cis="01046000AB34567821xyz12!"),), InvalidCis),
        ((Instance(gtd="1/2/3"),), GtdWithoutCountry),
    ],
)
def test_codes_that_can_not_be_are_refused_with_the_whole_request(given, refusal):
    with pytest.raises(refusal):
        reduce(an_order(), Wanted(1, 2, given), Wanted(2, 0))


def test_codes_for_units_that_go_are_refused():
    with pytest.raises(TooManyCises):
        reduce(an_order(), Wanted(1, 2), Wanted(2, 0, (Instance(cis=a_cis()),)))


def test_units_may_go_and_codes_come_in_one_request():
    change = reduce(an_order(), Wanted(1, 1, (Instance(cis=a_cis()),)), Wanted(2, 1))

    assert (change.act, change.events) == ("REMOVE_ITEMS", (ItemsRemoved({1: 1}, SELLER_ASKED), CodesGiven(1)))


def test_codes_given_again_replace_those_before_and_no_codes_leave_them():
    order = an_order(items=(an_item(1, count=2, instances=(Instance(cis=a_cis(1)),)), an_item(2)))

    replaced = reduce(order, Wanted(1, 2, (Instance(cis=a_cis(7)),)), Wanted(2, 1))
    untouched = reduce(order, Wanted(1, 2))

    assert replaced.order.items[0].instances == (Instance(cis=a_cis(7)),)
    assert untouched.order.items[0].instances == (Instance(cis=a_cis(1)),)


def test_the_last_codes_go_when_there_are_more_of_them_than_units():
    marked = an_item(1, count=3, instances=tuple(Instance(cis=a_cis(number)) for number in (1, 2, 3)))
    order = an_order(items=(marked, an_item(2)), model=Model.FBS)

    change = reduce(order, Wanted(1, 2), Wanted(2, 1))

    assert change.order.items[0].instances == (Instance(cis=a_cis(1)), Instance(cis=a_cis(2)))
    assert [check.value for check in change.order.codes] == [a_cis(1), a_cis(2)]
    assert change.events == (ItemsRemoved({1: 1}, SELLER_ASKED),)


def test_a_business_gets_marked_goods_with_a_code_for_each_unit_that_stays():
    marked = an_item(1, count=2, required_instance_types=(InstanceType.CIS_OPTIONAL,))
    order = an_order(items=(marked, an_item(2)), buyer=a_business_buyer())

    change = reduce(order, Wanted(1, 1, (Instance(cis=a_cis()),)), Wanted(2, 1))

    assert counts(change.order) == {1: 1, 2: 1}
    for given in ((), (Instance(gtd="1/2/3", country_code="RU"),)):
        with pytest.raises(TooFewCises):
            reduce(order, Wanted(1, 1, given), Wanted(2, 1))


def test_a_person_need_not_be_given_codes():
    marked = an_item(1, count=2, required_instance_types=(InstanceType.CIS_OPTIONAL,))

    assert counts(reduce(an_order(items=(marked, an_item(2))), Wanted(1, 1), Wanted(2, 1)).order) == {1: 1, 2: 1}


def test_marked_goods_that_go_need_no_codes_even_for_a_business():
    marked = an_item(1, required_instance_types=(InstanceType.CIS,))
    order = an_order(items=(marked, an_item(2)), buyer=a_business_buyer())

    assert counts(reduce(order, Wanted(2, 1)).order) == {2: 1}


def test_boxes_packed_before_a_removal_are_forgotten():
    order = replace(an_order(), boxes=(Box(5, (BoxItem(1, full_count=2), BoxItem(2, full_count=1))),))

    assert reduce(order, Wanted(1, 1), Wanted(2, 1)).order.boxes == ()


def test_boxes_stay_when_only_codes_come_and_lose_the_codes_that_were_replaced():
    first = Box(5, (BoxItem(1, full_count=2, instances=(Instance(cis=a_cis(1)),)),))
    second = Box(6, (BoxItem(2, full_count=1, instances=(Instance(cis=a_cis(2)),)),))
    order = replace(an_order(), boxes=(first, second))

    change = reduce(order, Wanted(1, 2, (Instance(cis=a_cis(3)),)), Wanted(2, 1))

    assert change.order.boxes == (Box(5, (BoxItem(1, full_count=2),)), second)
    assert change.events == (CodesGiven(1),)


def test_uins_are_asked_about_once_the_last_piece_without_one_is_taken_out():
    ring = an_item(1, count=2, required_instance_types=(InstanceType.UIN,), instances=(Instance(uin=a_uin()),))
    order = an_order(items=(ring, an_item(2)))

    change = reduce(order, Wanted(1, 1), Wanted(2, 1))

    assert [check.status for check in change.order.codes] == [CodeStatus.IN_PROGRESS]

from decimal import Decimal

from korob.domain import totals
from korob.domain.totals import ItemTotals
from korob.domain.words import SubsidyType
from tests.examples import a_delivery, a_subsidy, an_item, an_order


def test_an_order_comes_to_its_items_and_the_delivery():
    order = an_order(
        items=(
            an_item(1, count=3, price=40, buyer_price_before_discount=Decimal(55)),
            an_item(2, price="99.90"),
        ),
        delivery=a_delivery(price=Decimal(250)),
    )

    sums = totals.of(order)

    assert (sums.items_total, sums.delivery_total) == (Decimal("219.90"), Decimal(250))
    assert (sums.buyer_items_total, sums.buyer_total) == (Decimal("219.90"), Decimal("469.90"))
    assert sums.buyer_items_total_before_discount == Decimal("264.90")
    assert sums.buyer_total_before_discount == Decimal("514.90")


def test_rewards_are_summed_by_type_over_all_units():
    order = an_order(
        items=(
            an_item(1, count=2, subsidies=(a_subsidy(376), a_subsidy("10.5", SubsidyType.YANDEX_CASHBACK))),
            an_item(2, subsidies=(a_subsidy(24),)),
        ),
        delivery=a_delivery(subsidy=Decimal(100)),
    )

    assert totals.of(order).subsidies == (
        a_subsidy(776),
        a_subsidy(21, SubsidyType.YANDEX_CASHBACK),
        a_subsidy(100, SubsidyType.DELIVERY),
    )


def test_an_order_without_rewards_shows_none():
    assert totals.of(an_order()).subsidies == ()
    assert totals.of(an_order(items=(an_item(subsidies=(a_subsidy(0),)),))).subsidies == ()


def test_a_position_says_what_was_paid_what_came_from_points_and_the_whole_reward():
    rewards = (a_subsidy(30), a_subsidy(20, SubsidyType.YANDEX_CASHBACK))
    order = an_order(items=(an_item(7, count=2, price=150, subsidies=rewards), an_item(8, price=80)))

    sums = totals.of(order)

    assert sums.items == (
        ItemTotals(7, payment=Decimal(300), cashback=Decimal(40), subsidy=Decimal(100)),
        ItemTotals(8, payment=Decimal(80), cashback=Decimal(0), subsidy=Decimal(0)),
    )
    assert (sums.cashback, sums.subsidy, sums.delivery_subsidy) == (Decimal(40), Decimal(100), Decimal(0))


def test_a_price_with_parts_of_a_kopeck_is_rounded_once_for_the_position_half_up():
    order = an_order(items=(an_item(count=3, price="33.335"),))

    assert totals.of(order).items_total == Decimal("100.01")

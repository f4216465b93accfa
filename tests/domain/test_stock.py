"""Goods held for orders."""

import pytest

from korob.domain import stock
from korob.domain.change import Movement
from korob.domain.words import Status, Substatus
from tests.examples import an_order


def test_a_new_order_holds_every_unit() -> None:
    assert stock.held(an_order()) == (Movement("SKU-1", 2), Movement("SKU-2", 1))


def test_what_is_taken_out_of_an_order_goes_back() -> None:
    assert stock.released(an_order(), {1: 1}) == (Movement("SKU-1", -1),)


@pytest.mark.parametrize("status", [Status.PLACING, Status.RESERVED, Status.UNPAID, Status.PENDING, Status.PROCESSING])
def test_all_goes_back_from_an_order_that_was_not_shipped(status: Status) -> None:
    order = an_order(status, Substatus.STARTED)

    assert stock.released(order) == (Movement("SKU-1", -2), Movement("SKU-2", -1))


@pytest.mark.parametrize("status", [Status.DELIVERY, Status.PICKUP, Status.DELIVERED])
def test_nothing_goes_back_from_the_road(status: Status) -> None:
    assert stock.released(an_order(status)) == ()


def test_a_test_order_neither_holds_nor_releases() -> None:
    order = an_order(fake=True)

    assert stock.held(order) == ()
    assert stock.released(order, {1: 1}) == ()


def test_a_parcel_takes_its_goods_off_the_shelf() -> None:
    order = an_order(Status.PROCESSING, Substatus.READY_TO_SHIP)

    for moved in (an_order(Status.PROCESSING, Substatus.SHIPPED), an_order(Status.DELIVERY)):
        assert stock.shipped(order, moved) == (Movement("SKU-1", -2, gone=2), Movement("SKU-2", -1, gone=1))


def test_goods_leave_the_shelf_once() -> None:
    shipped, on_the_way = an_order(Status.PROCESSING, Substatus.SHIPPED), an_order(Status.DELIVERY)

    assert stock.shipped(shipped, on_the_way) == ()
    assert stock.shipped(an_order(), an_order(Status.PROCESSING, Substatus.READY_TO_SHIP)) == ()
    assert stock.shipped(an_order(fake=True), on_the_way) == ()

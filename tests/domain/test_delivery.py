"""Dates, track codes and storage of DBS orders."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from korob.domain import deadlines, delivery
from korob.domain.change import Change, DeliveryChanged, Noted
from korob.domain.delivery import (
    ActionNotAllowed,
    DateChangedTooOften,
    DateInPast,
    DateTooFar,
    PointOfTheMarket,
    SameDate,
    StorageExtendedBefore,
    StorageLimitWrong,
    TrackCodeUsed,
)
from korob.domain.order import CancellationRequest, Interval, Order, Shipment, Track
from korob.domain.words import Actor, DeliveryDateReason, DispatchType, Status, Substatus
from tests.examples import NOW, a_delivery, an_order

THURSDAY = date(2026, 3, 5)


def due_on(day: date, **more: Any) -> Order:
    return an_order(delivery=a_delivery(interval=Interval(day, day, time(10), time(18)), **more))


def moved_to(
    order: Order, day: date, reason: DeliveryDateReason = DeliveryDateReason.USER_MOVED_DELIVERY_DATES
) -> Change:
    return delivery.move_date(order, day, reason, now=NOW)


def test_a_delivery_is_put_off() -> None:
    change = moved_to(due_on(THURSDAY), date(2026, 3, 9), DeliveryDateReason.PARTNER_MOVED_DELIVERY_DATES)

    assert change.order.delivery.interval == Interval(date(2026, 3, 9), date(2026, 3, 9), time(10), time(18))
    assert change.order.delivery.date_changes == 1
    assert change.order.updated_at == NOW
    assert (change.actor, change.act) == (Actor.SELLER, "MOVE_DATE")
    assert change.events == (DeliveryChanged("DELIVERY_DATE_UPDATED", "PARTNER_MOVED_DELIVERY_DATES"),)


def test_a_delivery_may_be_agreed_for_an_earlier_day() -> None:
    change = moved_to(due_on(THURSDAY), date(2026, 3, 3))

    assert change.order.delivery.interval.to_on == date(2026, 3, 3)


def test_several_days_move_together_but_do_not_begin_in_the_past() -> None:
    order = an_order(delivery=a_delivery(interval=Interval(THURSDAY, date(2026, 3, 9))))

    later, earlier = moved_to(order, date(2026, 3, 11)), moved_to(order, date(2026, 3, 4))

    assert later.order.delivery.interval == Interval(date(2026, 3, 7), date(2026, 3, 11))
    assert earlier.order.delivery.interval == Interval(date(2026, 3, 2), date(2026, 3, 4))


@pytest.mark.parametrize(
    ("agreed_on", "ships_on"), [(date(2026, 3, 9), date(2026, 3, 8)), (date(2026, 3, 2), date(2026, 3, 2))]
)
def test_a_companys_parcel_has_its_day_of_shipment_once_the_delivery_is_agreed(agreed_on: date, ships_on: date) -> None:
    change = moved_to(due_on(THURSDAY, shipment=Shipment(7)), agreed_on)

    assert change.order.delivery.shipment == Shipment(7, ships_on)


@pytest.mark.parametrize(
    ("agreed_on", "ships_on"), [(date(2026, 3, 9), date(2026, 3, 4)), (date(2026, 3, 3), date(2026, 3, 3))]
)
def test_a_parcel_is_not_shipped_after_the_day_it_is_to_be_there(agreed_on: date, ships_on: date) -> None:
    change = moved_to(due_on(THURSDAY, shipment=Shipment(7, date(2026, 3, 4))), agreed_on)

    assert change.order.delivery.shipment == Shipment(7, ships_on)


def test_the_same_day_again_is_refused() -> None:
    with pytest.raises(SameDate) as no:
        moved_to(an_order(delivery=a_delivery(interval=Interval(THURSDAY))), THURSDAY)

    assert str(no.value) == "New delivery dates are the same as the current!"


def test_an_estimated_day_is_confirmed_by_naming_it_again() -> None:
    change = moved_to(due_on(THURSDAY, estimated=True), THURSDAY)

    assert not change.order.delivery.estimated
    assert change.order.delivery.interval.to_on == THURSDAY


def test_nothing_is_delivered_yesterday() -> None:
    with pytest.raises(DateInPast):
        moved_to(due_on(THURSDAY), date(2026, 3, 1))


def test_thirty_days_are_far_enough() -> None:
    assert moved_to(due_on(THURSDAY), THURSDAY + timedelta(days=30))

    with pytest.raises(DateTooFar) as no:
        moved_to(due_on(THURSDAY), THURSDAY + timedelta(days=31))

    assert str(no.value) == "Exceeded the number of days to edit delivery dates! limit is: 30 days"


def test_three_changes_are_enough() -> None:
    order = due_on(THURSDAY)
    for day in (6, 7, 8):
        order = moved_to(order, date(2026, 3, day)).order

    with pytest.raises(DateChangedTooOften) as no:
        moved_to(order, date(2026, 3, 9))

    assert str(no.value) == "Exceeded the number of edits of delivery dates! limit is: 3"


def test_a_new_date_leaves_the_buyers_request_open() -> None:
    request = CancellationRequest(NOW, Substatus.USER_CHANGED_MIND)
    order = an_order(Status.DELIVERY, cancellation=request)

    assert moved_to(order, date(2026, 3, 9)).order.cancellation == request


def test_a_track_code_is_told_and_corrected() -> None:
    first = delivery.give_track(an_order(), 99, "RR1", now=NOW)
    second = delivery.give_track(first.order, 99, "RR2", now=NOW)
    third = delivery.give_track(second.order, 50, "RR3", now=NOW)

    assert first.order.delivery.tracks == (Track(99, "RR1"),)
    assert third.order.delivery.tracks == (Track(99, "RR2"), Track(50, "RR3"))
    assert first.events == (Noted("TRACK_CODE"),)
    assert first.order.updated_at == NOW


def test_a_track_code_of_another_service_is_refused() -> None:
    order = delivery.give_track(an_order(), 99, "RR1", now=NOW).order

    with pytest.raises(TrackCodeUsed):
        delivery.give_track(order, 50, "RR1", now=NOW)


def test_telling_the_same_track_code_again_is_no_fault() -> None:
    order = delivery.give_track(an_order(), 99, "RR1", now=NOW).order

    again = delivery.give_track(order, 99, "RR1", now=NOW)

    assert again.order.delivery == order.delivery


LIMIT = date(2026, 3, 9)


def stored(**more: Any) -> Order:
    return an_order(Status.PICKUP, delivery=a_delivery(outlet_storage_limit_on=LIMIT, **more))


def test_a_point_keeps_the_parcel_longer() -> None:
    change = delivery.extend_storage(stored(), date(2026, 3, 20), now=NOW)

    assert change.order.delivery.outlet_storage_limit_on == date(2026, 3, 20)
    assert deadlines.look_at(change.order) == deadlines.look_at(stored()) + timedelta(days=11)
    assert change.events == (DeliveryChanged("UNKNOWN"),)


def test_storage_is_extended_once() -> None:
    extended = delivery.extend_storage(stored(), date(2026, 3, 20), now=NOW).order

    with pytest.raises(StorageExtendedBefore):
        delivery.extend_storage(extended, date(2026, 3, 21), now=NOW)


def test_storage_is_extended_by_thirty_days_at_most() -> None:
    assert delivery.extend_storage(stored(), LIMIT + timedelta(days=30), now=NOW)

    with pytest.raises(StorageLimitWrong):
        delivery.extend_storage(stored(), LIMIT + timedelta(days=31), now=NOW)


@pytest.mark.parametrize("until", [LIMIT, LIMIT - timedelta(days=1)])
def test_storage_is_not_cut_short(until: date) -> None:
    with pytest.raises(StorageLimitWrong):
        delivery.extend_storage(stored(), until, now=NOW)


def test_a_point_of_the_market_keeps_its_own_terms() -> None:
    with pytest.raises(PointOfTheMarket):
        delivery.extend_storage(stored(dispatch=DispatchType.MARKET_BRANDED_OUTLET), date(2026, 3, 20), now=NOW)


RULES: list[tuple[Callable[[Order], Change], set[Status]]] = [
    (lambda order: moved_to(order, date(2026, 3, 9)), {Status.PROCESSING, Status.DELIVERY}),
    (
        lambda order: delivery.give_track(order, 99, "RR1", now=NOW),
        {Status.PROCESSING, Status.DELIVERY, Status.PICKUP},
    ),
    (lambda order: delivery.extend_storage(order, date(2026, 3, 20), now=NOW), {Status.PICKUP}),
]


@pytest.mark.parametrize(("rule", "statuses"), RULES, ids=["date", "track", "storage"])
@pytest.mark.parametrize(
    "status",
    [
        *(Status.RESERVED, Status.UNPAID, Status.PENDING, Status.PROCESSING),
        *(Status.DELIVERY, Status.PICKUP, Status.DELIVERED, Status.CANCELLED),
    ],
)
def test_each_change_of_the_delivery_has_its_statuses(
    rule: Callable[[Order], Change], statuses: set[Status], status: Status
) -> None:
    order = an_order(status)

    if status in statuses:
        assert rule(order).order != order
    else:
        with pytest.raises(ActionNotAllowed) as no:
            rule(order)
        assert str(no.value).startswith("Action is not allowed for order 50000000001 with status " + status)

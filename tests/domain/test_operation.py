"""Changes that take a while."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from korob.domain import deadlines, lifecycle, operation
from korob.domain.change import (
    Change,
    DeliveryChanged,
    OperationEnded,
    OperationStarted,
    OrderCancelled,
    RecipientChanged,
)
from korob.domain.operation import (
    IntervalNotAvailable,
    IsBeingCancelled,
    NotForACourier,
    NothingToUpdate,
    OrderIsOver,
)
from korob.domain.order import Address, Buyer, Interval, Order
from korob.domain.words import (
    Actor,
    DeliveryType,
    Model,
    OperationStatus,
    OperationType,
    Status,
    Substatus,
)
from tests.examples import NOW, a_delivery, an_order

DELAY = timedelta(minutes=2)
LATER = NOW + DELAY
OLGA = Buyer(first_name="Ольга", last_name="Белова", phone="+70001112233")
INTERVAL = Interval(date(2026, 3, 4), date(2026, 3, 4), time(14), time(18))
RECIPIENT_UPDATE = OperationType.ORDER_RECIPIENT_UPDATE
INTERVAL_UPDATE = OperationType.ORDER_DELIVERY_INTERVAL_UPDATE
STATUS_UPDATE = OperationType.ORDER_STATUS_UPDATE


def a_laas_order(status: Status = Status.PROCESSING, **more: Any) -> Order:
    return an_order(status, model=Model.LAAS, since=NOW, **more)


def updated(order: Order, *, ids: tuple[str, ...] = ("a", "b"), **wish: Any) -> Change:
    return operation.start(order, ids=ids, delay=DELAY, now=NOW, **wish)


def finished(order: Order) -> Change:
    change = deadlines.settle(order, now=LATER)
    assert change is not None
    return change


@pytest.mark.parametrize("status", [Status.RESERVED, Status.PROCESSING, Status.DELIVERY, Status.PICKUP])
def test_a_recipient_changes_a_little_later_in_any_status_before_the_end(status: Status) -> None:
    started = updated(a_laas_order(status), recipient=OLGA)

    assert started.events == (OperationStarted("a", RECIPIENT_UPDATE),)
    assert started.order.buyer.first_name == "Анна"
    assert deadlines.settle(started.order, now=LATER - timedelta(microseconds=1)) is None

    done = finished(started.order)

    assert (done.order.buyer.first_name, done.order.buyer.phone) == ("Ольга", "+70001112233")
    assert done.order.buyer.id == "b-1"
    assert done.order.operations == ()
    assert done.events == (RecipientChanged(), OperationEnded("a", RECIPIENT_UPDATE, OperationStatus.DONE))
    assert (done.actor, done.at, done.order.updated_at) == (Actor.MARKET, LATER, LATER)


def test_the_courier_rings_at_the_new_recipients_door() -> None:
    address = Address(city="Москва", street="улица Правды", recipient="Петрова Анна", phone="+79990000001")
    started = updated(a_laas_order(delivery=a_delivery(address=address)), recipient=OLGA)

    done = finished(started.order)

    assert done.order.delivery.address == replace(address, recipient=OLGA.full_name, phone="+70001112233")


def test_an_interval_that_was_offered_is_taken() -> None:
    started = updated(a_laas_order(), interval=INTERVAL)

    done = finished(started.order)

    assert done.order.delivery.interval == INTERVAL
    assert done.events == (
        DeliveryChanged("DELIVERY_DATE_UPDATED"),
        OperationEnded("a", INTERVAL_UPDATE, OperationStatus.DONE),
    )


def test_both_parts_are_operations_of_their_own() -> None:
    started = updated(a_laas_order(), recipient=OLGA, interval=INTERVAL)

    first = finished(started.order)
    second = finished(first.order)

    assert started.events == (OperationStarted("a", RECIPIENT_UPDATE), OperationStarted("b", INTERVAL_UPDATE))
    assert first.order.buyer.first_name == "Ольга"
    assert second.order.delivery.interval == INTERVAL
    assert deadlines.settle(second.order, now=LATER) is None


def test_of_two_recipients_the_later_stays() -> None:
    once = updated(a_laas_order(), recipient=Buyer(first_name="Пётр", last_name="Орлов", phone="+70000000000"))
    twice = updated(once.order, recipient=OLGA, ids=("c",))

    first = finished(twice.order)
    second = finished(first.order)

    assert first.order.buyer.first_name == "Пётр"
    assert second.order.buyer.first_name == "Ольга"


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.CANCELLED])
def test_nothing_changes_after_the_end(status: Status) -> None:
    with pytest.raises(OrderIsOver) as no:
        updated(a_laas_order(status), recipient=OLGA)

    assert str(no.value) == "Order 50000000001 is in terminal state"


def test_nothing_changes_while_a_cancellation_is_under_way() -> None:
    cancelling = operation.start_cancellation(a_laas_order(), id="x", delay=DELAY, now=NOW).order

    with pytest.raises(IsBeingCancelled) as no:
        updated(cancelling, recipient=OLGA)

    assert str(no.value) == "Order 50000000001 is in cancellation state"


def test_a_request_for_nothing_is_refused() -> None:
    with pytest.raises(NothingToUpdate):
        updated(a_laas_order())


def test_only_a_courier_comes_at_an_agreed_time() -> None:
    to_a_point = a_laas_order(delivery=a_delivery(type=DeliveryType.PICKUP))

    with pytest.raises(NotForACourier) as no:
        updated(to_a_point, interval=INTERVAL)

    assert str(no.value) == "Delivery dates can't be updated for PICKUP order with id 50000000001"


@pytest.mark.parametrize(
    "interval",
    [
        Interval(date(2026, 3, 1), date(2026, 3, 1), time(14), time(18)),
        Interval(date(2026, 3, 2), date(2026, 3, 2), time(10), time(12)),
        Interval(date(2026, 4, 2), date(2026, 4, 2), time(14), time(18)),
        Interval(date(2026, 3, 5), date(2026, 3, 4), time(14), time(18)),
        Interval(date(2026, 3, 4), date(2026, 3, 4), time(18), time(14)),
    ],
    ids=["yesterday", "just over", "too late", "days backwards", "hours backwards"],
)
def test_an_interval_in_which_no_courier_can_come_is_refused(interval: Interval) -> None:
    with pytest.raises(IntervalNotAvailable) as no:
        updated(a_laas_order(), interval=interval)

    assert str(no.value) == "The requested delivery interval is not valid for order 50000000001"


@pytest.mark.parametrize(
    "interval",
    [
        Interval(date(2026, 3, 2), date(2026, 3, 2), time(10), time(13)),
        Interval(date(2026, 3, 4), date(2026, 3, 6), time(9), time(21)),
        Interval(date(2026, 4, 1), date(2026, 4, 1), time(14), time(14)),
    ],
    ids=["the rest of today", "several days", "the last day"],
)
def test_an_interval_that_was_not_offered_will_do_when_a_courier_can_come(interval: Interval) -> None:
    assert updated(a_laas_order(), interval=interval).order.operations[0].interval == interval


def test_a_courier_could_come_three_times_a_day_for_a_week_from_tomorrow() -> None:
    offered = operation.available_intervals(a_laas_order(), NOW)

    assert len(offered) == 21
    assert offered[0] == Interval(date(2026, 3, 3), date(2026, 3, 3), time(10), time(14))
    assert offered[-1] == Interval(date(2026, 3, 9), date(2026, 3, 9), time(18), time(22))


@pytest.mark.parametrize(
    "order", [a_laas_order(Status.DELIVERED), a_laas_order(delivery=a_delivery(type=DeliveryType.PICKUP))]
)
def test_no_courier_is_offered_where_none_will_come(order: Order) -> None:
    assert operation.available_intervals(order, NOW) == ()


def test_an_interval_that_lapses_while_it_waits_fails() -> None:
    just_before_three = NOW.replace(hour=11, minute=59, second=59)
    today = Interval(date(2026, 3, 2), date(2026, 3, 2), time(10), time(15))
    started = operation.start(a_laas_order(), interval=today, ids=("a",), delay=DELAY, now=just_before_three)

    done = deadlines.settle(started.order, now=just_before_three + DELAY)

    assert done is not None
    assert done.events == (OperationEnded("a", INTERVAL_UPDATE, OperationStatus.FAILED),)
    assert done.order.delivery == started.order.delivery
    assert done.order.operations == ()


def test_an_order_that_was_delivered_meanwhile_fails_what_was_to_be_changed_once() -> None:
    started = updated(a_laas_order(Status.DELIVERY), recipient=OLGA)

    delivered = lifecycle.move(started.order, Status.DELIVERED, actor=Actor.CARRIER, now=NOW)

    assert delivered.events[1:] == (OperationEnded("a", RECIPIENT_UPDATE, OperationStatus.FAILED),)
    assert deadlines.settle(delivered.order, now=LATER) is None


@pytest.mark.parametrize("status", [Status.RESERVED, Status.PROCESSING, Status.DELIVERY, Status.PICKUP])
def test_a_laas_seller_cancels_and_it_happens_later(status: Status) -> None:
    started = operation.start_cancellation(a_laas_order(status), id="x", delay=DELAY, now=NOW)

    assert started.order.status is status
    assert started.events == (OperationStarted("x", STATUS_UPDATE),)

    done = finished(started.order)

    assert (done.order.status, done.order.substatus) == (Status.CANCELLED, Substatus.SHOP_FAILED)
    assert done.events == (
        OrderCancelled(Substatus.SHOP_FAILED),
        OperationEnded("x", STATUS_UPDATE, OperationStatus.DONE),
    )


def test_a_cancellation_ends_the_other_operations() -> None:
    renaming = operation.start(a_laas_order(), recipient=OLGA, ids=("a",), delay=timedelta(hours=1), now=NOW)
    cancelling = operation.start_cancellation(renaming.order, id="x", delay=DELAY, now=NOW)

    done = finished(cancelling.order)

    assert done.events[1:] == (
        OperationEnded("a", RECIPIENT_UPDATE, OperationStatus.FAILED),
        OperationEnded("x", STATUS_UPDATE, OperationStatus.DONE),
    )
    assert done.order.operations == ()


def test_a_cancellation_is_refused_like_the_move_it_stands_for() -> None:
    with pytest.raises(lifecycle.OrderIsFinal):
        operation.start_cancellation(a_laas_order(Status.DELIVERED), id="x", delay=DELAY, now=NOW)
    with pytest.raises(lifecycle.ReasonNotAvailable):
        operation.start_cancellation(a_laas_order(), Substatus.USER_CHANGED_MIND, id="x", delay=DELAY, now=NOW)


def test_a_second_cancellation_is_refused() -> None:
    cancelling = operation.start_cancellation(a_laas_order(), id="x", delay=DELAY, now=NOW).order

    with pytest.raises(IsBeingCancelled):
        operation.start_cancellation(cancelling, id="y", delay=DELAY, now=NOW)


def test_finishing_too_early_changes_nothing() -> None:
    started = updated(a_laas_order(), recipient=OLGA).order

    assert operation.finish(started, now=NOW).order is started

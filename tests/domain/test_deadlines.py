"""Waits, and what the clock makes of them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from korob.domain import deadlines
from korob.domain.change import Change, RefundsPaid
from korob.domain.order import CancellationRequest, CodeCheck, Operation, Order, Refund
from korob.domain.words import (
    Actor,
    CodeStatus,
    DeliveryPartner,
    InstanceType,
    Model,
    OperationType,
    PaymentMethod,
    PaymentType,
    Status,
    Substatus,
)
from tests.examples import NOW, PLACED_AT, a_delivery, an_order

TICK = timedelta(microseconds=1)
WISH = CancellationRequest(PLACED_AT, Substatus.CUSTOM)
AT_THE_POINT = a_delivery(outlet_storage_limit_on=date(2026, 3, 9))
BY_THE_MARKET = a_delivery(partner=DeliveryPartner.YANDEX_MARKET)


def after(**wait: float) -> datetime:
    return PLACED_AT + timedelta(**wait)


WAITS: list[tuple[str, Order, datetime, Status, Substatus]] = [
    (
        "RESERVATION",
        an_order(Status.PLACING, Substatus.ASYNC_PROCESSING),
        after(minutes=10),
        Status.CANCELLED,
        Substatus.RESERVATION_EXPIRED,
    ),
    ("RESERVATION", an_order(Status.RESERVED), after(minutes=10), Status.CANCELLED, Substatus.RESERVATION_EXPIRED),
    (
        "DRAFT",
        an_order(Status.RESERVED, model=Model.LAAS),
        after(minutes=60),
        Status.CANCELLED,
        Substatus.RESERVATION_EXPIRED,
    ),
    ("PAYMENT", an_order(Status.UNPAID), after(minutes=30), Status.CANCELLED, Substatus.USER_NOT_PAID),
    ("CONFIRMATION", an_order(Status.PENDING), after(minutes=60), Status.CANCELLED, Substatus.PENDING_EXPIRED),
    (
        "PROCESSING",
        an_order(expires_at=after(days=7)),
        after(days=7),
        Status.CANCELLED,
        Substatus.PROCESSING_EXPIRED,
    ),
    (
        "RECEIPT",
        an_order(Status.DELIVERY, Substatus.USER_RECEIVED, delivery=BY_THE_MARKET),
        after(hours=1),
        Status.DELIVERED,
        Substatus.DELIVERY_SERVICE_DELIVERED,
    ),
    (
        "CANCELLATION_ANSWER",
        an_order(Status.DELIVERY, cancellation=WISH),
        after(hours=48),
        Status.CANCELLED,
        Substatus.CUSTOM,
    ),
    (
        "PICKUP_STORAGE",
        an_order(Status.PICKUP, delivery=AT_THE_POINT, model=Model.FBS),
        datetime(2026, 3, 9, 21, tzinfo=UTC),
        Status.CANCELLED,
        Substatus.PICKUP_EXPIRED,
    ),
]


@pytest.mark.parametrize(("kind", "order", "due_at", "status", "substatus"), WAITS)
def test_a_wait_is_over_at_its_moment_and_not_before(
    kind: str, order: Order, due_at: datetime, status: Status, substatus: Substatus
) -> None:
    before = deadlines.settle(order, now=due_at - TICK)
    at_last = deadlines.settle(order, now=due_at)

    assert before is None
    assert at_last is not None
    assert (at_last.order.status, at_last.order.substatus) == (status, substatus)
    by = Actor.MARKET if kind == "RECEIPT" else Actor.CLOCK
    assert (at_last.actor, at_last.at, at_last.order.since) == (by, due_at, due_at)
    assert deadlines.look_at(order) == due_at
    assert [wait.kind for wait in deadlines.running(order)] == [kind]


@pytest.mark.parametrize("status", [Status.PROCESSING, Status.DELIVERY, Status.DELIVERED, Status.CANCELLED])
def test_most_orders_wait_for_nothing(status: Status) -> None:
    order = an_order(status)

    assert deadlines.look_at(order) is None
    assert deadlines.running(order) == ()
    assert deadlines.settle(order, now=NOW + timedelta(days=1000)) is None


def test_an_order_that_moved_on_has_left_its_wait_behind() -> None:
    order = an_order(Status.DELIVERY, expires_at=after(days=7))

    assert deadlines.look_at(order) is None


def test_a_late_look_still_acts_at_the_moment_it_was_due() -> None:
    order = an_order(Status.UNPAID)

    change = deadlines.settle(order, now=after(days=30))

    assert change is not None
    assert change.order.since == after(minutes=30)


def test_no_deadline_acts_before_the_orders_last_change() -> None:
    touched = an_order(Status.UNPAID, updated_at=after(minutes=45))

    change = deadlines.settle(touched, now=after(minutes=50))

    assert change is not None
    assert change.at == after(minutes=45)


def a_refund(due_at: datetime | None, **more: Any) -> Refund:
    return Refund(1, 1, Decimal(500), "REMOVED", made_at=PLACED_AT, due_at=due_at, **more)


def settled(order: Order, *, now: datetime) -> list[Change]:
    """Everything that is due, one after the other."""
    changes: list[Change] = []
    while change := deadlines.settle(changes[-1].order if changes else order, now=now):
        changes.append(change)
        assert len(changes) < 20, "a deadline that does not end"
    return changes


def test_refunds_are_paid_when_they_are_due() -> None:
    order = an_order(Status.DELIVERED, refunds=(a_refund(None), a_refund(after(days=2)), a_refund(after(days=3))))

    (change,) = settled(order, now=after(days=2))

    assert [refund.paid_at for refund in change.order.refunds] == [None, after(days=2), None]
    assert change.events == (RefundsPaid(1),)
    assert deadlines.look_at(change.order) == after(days=3)


def test_the_authority_answers_when_it_is_time() -> None:
    check = CodeCheck(1, InstanceType.UIN, "1234567890123456", CodeStatus.IN_PROGRESS, due_at=after(seconds=5))
    order = an_order(model=Model.FBS, codes=(check,))

    (change,) = settled(order, now=after(seconds=5))

    assert change.order.codes[0].due_at is None
    assert deadlines.look_at(change.order) is None


def test_what_falls_due_on_the_way_comes_in_its_order() -> None:
    order = an_order(
        Status.UNPAID,
        payment_type=PaymentType.PREPAID,
        payment_method=PaymentMethod.YANDEX,
        model=Model.FBS,
        operations=(Operation("op", OperationType.ORDER_RECIPIENT_UPDATE, after(minutes=40)),),
        refunds=(a_refund(after(minutes=20)),),
    )

    changes = settled(order, now=after(minutes=60))

    assert [(change.act, change.at) for change in changes] == [
        ("PAY_REFUNDS", after(minutes=20)),
        ("CANCEL", after(minutes=30)),
    ]


def test_of_two_waits_over_at_once_the_first_of_the_table_decides() -> None:
    order = an_order(
        Status.PICKUP,
        cancellation=CancellationRequest(datetime(2026, 3, 7, 21, tzinfo=UTC), Substatus.USER_CHANGED_MIND),
        delivery=AT_THE_POINT,
    )

    (change,) = settled(order, now=datetime(2026, 3, 9, 21, tzinfo=UTC))

    assert change.order.substatus is Substatus.USER_CHANGED_MIND


def test_all_running_waits_are_told_soonest_first() -> None:
    order = an_order(Status.PICKUP, cancellation=WISH, delivery=AT_THE_POINT, refunds=(a_refund(after(hours=3)),))

    told = [(wait.kind, wait.actor, wait.due_at) for wait in deadlines.running(order)]

    assert told == [
        ("REFUND", Actor.MARKET, after(hours=3)),
        ("CANCELLATION_ANSWER", Actor.SELLER, after(hours=48)),
        ("PICKUP_STORAGE", Actor.BUYER, datetime(2026, 3, 9, 21, tzinfo=UTC)),
    ]
    assert deadlines.running(order)[2].outcome == "the order moves to CANCELLED/PICKUP_EXPIRED"

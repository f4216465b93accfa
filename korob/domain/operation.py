"""Changes that are accepted now and applied a few minutes later: recipient, delivery interval, a LaaS cancellation."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from msgspec.structs import replace

from korob.domain import lifecycle
from korob.domain.change import (
    Change,
    DeliveryChanged,
    Event,
    OperationEnded,
    OperationStarted,
    RecipientChanged,
)
from korob.domain.moscow import MOSCOW, day_of
from korob.domain.order import Buyer, Interval, Operation, Order
from korob.domain.refusal import Refusal
from korob.domain.words import Actor, DeliveryType, OperationStatus, OperationType, Status, Substatus

DAYS_AHEAD: Final = 7
DAYS_AHEAD_MAX: Final = 30
HOURS: Final = ((10, 14), (14, 18), (18, 22))


def start(
    order: Order,
    *,
    recipient: Buyer | None = None,
    interval: Interval | None = None,
    ids: Sequence[str],
    delay: timedelta,
    now: datetime,
) -> Change:
    """Accept a new recipient, a new interval or both, as one operation each that ends after `delay` (updateOrder).

    `ids` are fresh, as many as there are parts. The Change's OperationStarted events say what was begun. Raises
    OrderIsOver, IsBeingCancelled, NothingToUpdate, NotForACourier and IntervalNotAvailable.
    """
    _check_is_open(order)
    if recipient is None and interval is None:
        raise NothingToUpdate(order_id=order.id)
    if interval is not None:
        _check_interval(order, interval, now=now)
    begun: list[Operation] = []
    if recipient is not None:
        kind = OperationType.ORDER_RECIPIENT_UPDATE
        begun.append(Operation(ids[len(begun)], kind, now + delay, recipient=recipient))
    if interval is not None:
        kind = OperationType.ORDER_DELIVERY_INTERVAL_UPDATE
        begun.append(Operation(ids[len(begun)], kind, now + delay, interval=interval))
    return _begun(order, begun, "UPDATE", now=now)


def start_cancellation(
    order: Order, substatus: Substatus | None = None, *, id: str, delay: timedelta, now: datetime
) -> Change:
    """Accept a LaaS seller's cancellation, to be applied after `delay` (updateOrderStatus).

    Refused like the move itself; IsBeingCancelled for a second one.
    """
    target = lifecycle.arrow(order, Status.CANCELLED, substatus, actor=Actor.SELLER).target
    _check_is_open(order)
    kind = OperationType.ORDER_STATUS_UPDATE
    return _begun(order, [Operation(id, kind, now + delay, substatus=target.substatus)], "CANCEL", now=now)


def finish(order: Order, *, now: datetime) -> Change:
    """End the first operation that is due: DONE with what it was to change, or FAILED if that is no longer possible.

    Operations end in the order of their moments, then as they were begun: of two new recipients the later stays.
    """
    due = soonest(order)
    if due is None or due.due_at > now:
        return Change(order, Actor.MARKET, "FINISH_OPERATION", now)
    return _over(order, due, granted=True, now=now)


def decide(order: Order, *, granted: bool, id: str | None = None, now: datetime) -> Change:
    """End an operation before its time for the Market, the one with this id or the next: granted it is DONE if that is
    still possible, else FAILED. Raises NothingBegun.
    """
    meant = soonest(order) if id is None else next((one for one in order.operations if one.id == id), None)
    if meant is None:
        raise NothingBegun(order_id=order.id)
    return _over(order, meant, granted=granted, now=now)


def soonest(order: Order) -> Operation | None:
    """The operation that ends next."""
    return min(order.operations, key=lambda one: one.due_at, default=None)


def available_intervals(order: Order, now: datetime) -> tuple[Interval, ...]:
    """The intervals on offer for a courier's visit (getOrderUpdateOptions): three on each of the next seven days.

    Others will do too, as long as a courier can come then: see `is_possible`.
    """
    if order.delivery.type is not DeliveryType.DELIVERY or order.status in lifecycle.FINAL:
        return ()
    today = day_of(now)
    days = [today + timedelta(days=ahead) for ahead in range(1, DAYS_AHEAD + 1)]
    return tuple(Interval(day, day, time(first), time(last)) for day in days for first, last in HOURS)


def is_possible(interval: Interval, now: datetime) -> bool:
    """Whether a courier can come then: from before to, not over yet, and not more than 30 days ahead."""
    last_on, last_at = interval.to_on or interval.from_on, interval.to_time or time.max
    is_near = last_on - day_of(now) <= timedelta(days=DAYS_AHEAD_MAX)
    return is_in_order(interval) and is_near and now < datetime.combine(last_on, last_at, MOSCOW)


def is_in_order(interval: Interval) -> bool:
    """Whether neither the days nor the hours end before they begin."""
    return interval.from_on <= (interval.to_on or interval.from_on) and (
        (interval.from_time or time.min) <= (interval.to_time or time.max)
    )


class NothingBegun(Refusal):
    """The order waits for no operation, or for none with this id."""

    template = "No operation of order {order_id} is in progress"


class OrderIsOver(Refusal):
    """Nothing can be updated once the order was delivered or cancelled."""

    template = "Order {order_id} is in terminal state"


class IsBeingCancelled(Refusal):
    """Somebody is cancelling the order."""

    template = "Order {order_id} is in cancellation state"


class NothingToUpdate(Refusal):
    """Neither a recipient nor an interval was given."""

    template = "Nothing to update for order {order_id}"


class NotForACourier(Refusal):
    """Only a courier comes at an agreed time."""

    template = "Delivery dates can't be updated for {type} order with id {order_id}"


class IntervalNotAvailable(Refusal):
    """No courier can come then: the interval is over, too far ahead, or ends before it begins."""

    template = "The requested delivery interval is not valid for order {order_id}"


def _check_is_open(order: Order) -> None:
    if order.status in lifecycle.FINAL:
        raise OrderIsOver(order_id=order.id, status=order.status)
    if any(one.type is OperationType.ORDER_STATUS_UPDATE for one in order.operations):
        raise IsBeingCancelled(order_id=order.id)


def _check_interval(order: Order, interval: Interval, *, now: datetime) -> None:
    if order.delivery.type is not DeliveryType.DELIVERY:
        raise NotForACourier(type=order.delivery.type, order_id=order.id)
    if not is_possible(interval, now):
        raise IntervalNotAvailable(order_id=order.id, interval=interval)


def _begun(order: Order, begun: Sequence[Operation], act: str, *, now: datetime) -> Change:
    running = replace(order, operations=(*order.operations, *begun), updated_at=now)
    events = tuple(OperationStarted(one.id, one.type) for one in begun)
    return Change(running, Actor.SELLER, act, now, events)


def _over(order: Order, ending: Operation, *, granted: bool, now: datetime) -> Change:
    without = replace(order, operations=tuple(one for one in order.operations if one is not ending), updated_at=now)
    done = _applied(without, ending, now=now) if granted else None
    if done is None:
        return Change(without, Actor.MARKET, "FINISH_OPERATION", now, (_ended(ending, OperationStatus.FAILED),))
    return replace(
        done, actor=Actor.MARKET, act="FINISH_OPERATION", events=(*done.events, _ended(ending, OperationStatus.DONE))
    )


def _applied(order: Order, operation: Operation, *, now: datetime) -> Change | None:
    """The order with the operation's wish fulfilled; None if that can't be done any more."""
    if order.status in lifecycle.FINAL:
        return None
    if operation.substatus is not None:
        return _cancelled(order, operation.substatus, now=now)
    event: Event
    if operation.interval is not None:
        if not is_possible(operation.interval, now):
            return None
        changed = replace(order, delivery=replace(order.delivery, interval=operation.interval))
        event = DeliveryChanged("DELIVERY_DATE_UPDATED")
    else:
        changed = _for_another(order, _renamed(order.buyer, operation.recipient or order.buyer))
        event = RecipientChanged()
    return Change(changed, Actor.MARKET, "FINISH_OPERATION", now, (event,))


def _cancelled(order: Order, substatus: Substatus, *, now: datetime) -> Change | None:
    try:
        return lifecycle.move(order, Status.CANCELLED, substatus, actor=Actor.SELLER, now=now)
    except Refusal:
        return None


def _for_another(order: Order, buyer: Buyer) -> Order:
    """The order for another recipient, whose name and phone also stand in the address."""
    address = order.delivery.address
    if address is None:
        return replace(order, buyer=buyer)
    named = replace(address, recipient=buyer.full_name, phone=buyer.phone)
    return replace(order, buyer=buyer, delivery=replace(order.delivery, address=named))


def _renamed(buyer: Buyer, recipient: Buyer) -> Buyer:
    """The buyer under the recipient's names and phone; what he is otherwise stays."""
    return replace(
        buyer,
        last_name=recipient.last_name,
        first_name=recipient.first_name,
        middle_name=recipient.middle_name,
        phone=recipient.phone,
    )


def _ended(operation: Operation, status: OperationStatus) -> OperationEnded:
    return OperationEnded(operation.id, operation.type, status)

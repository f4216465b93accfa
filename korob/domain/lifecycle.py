"""How an order moves: along the arrows of the table and no other way, and what follows from each move."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any, Final

from msgspec.structs import replace

from korob.domain import refunds, stock
from korob.domain.change import Change, Event, OperationEnded, OrderCancelled, StatusMoved
from korob.domain.moscow import day_of
from korob.domain.moves import (
    AT_THE_POINT,
    DELIVERED,
    MOVES,
    ON_THE_WAY,
    PARTIALLY_RETURNED,
    PENDING,
    PLACING,
    RESERVED,
    RETURNED,
    STARTED,
    UNPAID,
    Move,
    State,
)
from korob.domain.order import Order
from korob.domain.refusal import Refusal
from korob.domain.words import Actor, DispatchType, EacType, Model, OperationStatus, Status, Substatus

SELLERS_TARGETS: Final = frozenset(
    {Status.PROCESSING, Status.CANCELLED, Status.DELIVERY, Status.PICKUP, Status.DELIVERED}
)
"""The statuses a seller may ask for at all (updateOrderStatus)."""
FINAL: Final = frozenset({Status.CANCELLED, Status.DELIVERED, Status.PARTIALLY_RETURNED, Status.RETURNED})
"""Final for the seller; the Market still moves DELIVERED."""
USUAL: Final = dict(
    (PLACING, RESERVED, UNPAID, PENDING, STARTED, ON_THE_WAY, AT_THE_POINT, DELIVERED, PARTIALLY_RETURNED, RETURNED)
)
"""The substatus that is meant when only a status is named; of CANCELLED the table's first reason is."""
ROLES: Final = {Actor.SELLER: "SHOP", Actor.BUYER: "USER"}
"""The Market's words for who asks, in the texts of refusals; everybody else is SYSTEM."""
STORAGE_DAYS: Final = dict.fromkeys(DispatchType, 14) | {DispatchType.MARKET_BRANDED_OUTLET: 7}
"""How long a point keeps a parcel when nobody said."""


def move(
    order: Order,
    status: Status,
    substatus: Substatus | None = None,
    *,
    actor: Actor,
    now: datetime,
    real_delivery_on: date | None = None,
    cis_gate: bool = True,
) -> Change:
    """Move the order, with all that follows for refunds, stock, operations and an open request to cancel.

    `real_delivery_on` is the Moscow day a DBS order really arrived (updateOrderStatus), `cis_gate` the campaign's
    switch. Raises one of this module's refusals when there is no such arrow, or something is in its way.
    """
    target = arrow(order, status, substatus, actor=actor, cis_gate=cis_gate).target
    if real_delivery_on is not None:
        _check_real_delivery(order, status, real_delivery_on, now=now)
    moved, events = _arrived(order, target, now=now, real_on=real_delivery_on or day_of(now))
    gone = stock.released(order) if status is Status.CANCELLED else stock.shipped(order, moved)
    return Change(moved, actor, "CANCEL" if status is Status.CANCELLED else "MOVE", now, events, gone)


def arrow(
    order: Order, status: Status, substatus: Substatus | None = None, *, actor: Actor, cis_gate: bool = True
) -> Move:
    """The move that the actor would make; raises the refusal that says why there is none."""
    source = stands(order)
    target = State(status, substatus or _usual(order, status, actor))
    if actor is Actor.SELLER:
        _check_sellers_target(order, source, target)
    elif source == target:
        raise AlreadyThere(**_facts(order, source, target, actor))
    found = _ARROWS.get((order.model, source), {}).get(target, {}).get(actor)
    if found is None:
        raise _why_not(order, source, target, actor)
    if reason := "; ".join(_obstacles(found, order, cis_gate)):
        raise TransitionNotAllowed(**_facts(order, source, target, actor), reason=reason)
    return found


def stands(order: Order) -> State:
    """The state the order is in."""
    return State(order.status, order.substatus)


class StatusNotAllowed(Refusal):
    """A status that no seller may ask for."""

    template = "Status not allowed: {status}"


class RoleForbidden(Refusal):
    """Whoever asks moves no order of this model."""

    template = "Status change was forbidden for client role = {role}"


class NoTransition(Refusal):
    """There is no arrow, for anybody."""

    template = "No transition found: {source} -> {target}"


class NoPermission(Refusal):
    """The arrow is somebody else's."""

    template = "No permission to set status {target} for order {order_id} with status {source}"


class TransitionNotAllowed(Refusal):
    """The arrow is there, but its condition is not met."""

    template = "Transition {source} -> {target} is not allowed. Reason: {reason}"


class OrderIsFinal(Refusal):
    """For the seller the order is over."""

    template = "Transition {source} -> {target} is not allowed. Reason: order {order_id} is in terminal state"


class AlreadyThere(Refusal):
    """The order already has the status asked for; the Market refuses that."""

    template = "Transition {source} -> {target} is not allowed. Reason: order {order_id} already has this status"


class ReasonNotAvailable(Refusal):
    """The order could be cancelled, but not for this reason by whoever asks."""

    template = (
        "Cancellation request substatus {substatus} is not available for status {current} and role {role} "
        "for order {order_id}"
    )


class RealDeliveryInFuture(Refusal):
    """The day of the real delivery has not come yet."""

    template = "Delivery date {date} can't be in the future"


class RealDeliveryOutOfRange(Refusal):
    """The order was not even placed on the day of its real delivery."""

    template = "Real delivery date should be from order creation date to current date inclusively"


class RealDeliveryMisplaced(Refusal):
    """A real delivery date for a move that delivers nothing."""

    template = "Real delivery date can only be passed for a DBS order with status PICKUP or DELIVERED"


Arrows = dict[tuple[Model, State], dict[State, dict[Actor, Move]]]


def _by_source() -> Arrows:
    arrows: Arrows = {}
    for row in MOVES:
        for model in row.models:
            targets = arrows.setdefault((model, row.source), {})
            targets.setdefault(row.target, {}).update(dict.fromkeys(row.actors, row))
    return arrows


def _by_actor() -> dict[tuple[Model, State, Actor], list[Substatus]]:
    """What each actor may cancel an order for, in the table's order."""
    reasons: dict[tuple[Model, State, Actor], list[Substatus]] = {}
    for row in MOVES:
        if row.target.status is Status.CANCELLED:
            for model, actor in product(row.models, row.actors):
                reasons.setdefault((model, row.source, actor), []).append(row.target.substatus)
    return reasons


_ARROWS: Final = _by_source()
_REASONS: Final = _by_actor()
_MOVERS: Final = {(model, actor) for row in MOVES for model in row.models for actor in row.actors}
_JOINED: Final = {(model, row.source.status, row.target.status) for row in MOVES for model in row.models}


def _usual(order: Order, status: Status, actor: Actor) -> Substatus:
    if status is not Status.CANCELLED:
        return USUAL.get(status, Substatus.UNKNOWN)
    reasons = _reasons(order, actor)
    return reasons[0] if reasons else Substatus.SHOP_FAILED


def _reasons(order: Order, actor: Actor) -> Sequence[Substatus]:
    """The reasons for which the actor may cancel the order as it stands, in the table's order."""
    return _REASONS.get((order.model, stands(order), actor), ())


def _check_sellers_target(order: Order, source: State, target: State) -> None:
    if target.status not in SELLERS_TARGETS:
        raise StatusNotAllowed(status=target.status)
    if source == target:
        raise AlreadyThere(**_facts(order, source, target, Actor.SELLER))
    if source.status in FINAL:
        raise OrderIsFinal(**_facts(order, source, target, Actor.SELLER))


def _obstacles(found: Move, order: Order, cis_gate: bool) -> Iterator[str]:
    for condition in (found.only_if, found.cis_gate if cis_gate else None):
        if condition and (reason := condition(order)):
            yield reason


def _why_not(order: Order, source: State, target: State, actor: Actor) -> Refusal:
    facts = _facts(order, source, target, actor)
    if (order.model, actor) not in _MOVERS:
        return RoleForbidden(**facts)
    if target.status is Status.CANCELLED and _reasons(order, actor):
        return ReasonNotAvailable(**facts)
    ways = _ARROWS.get((order.model, source), {})
    if target in ways or (target.status is Status.CANCELLED and any(way.status is target.status for way in ways)):
        return NoPermission(**facts)
    if (order.model, source.status, target.status) in _JOINED:
        # The statuses alone would deny a transition that there is, between other substatuses.
        facts |= {"source": str(source), "target": str(target)}
    return NoTransition(**facts)


def _facts(order: Order, source: State, target: State, actor: Actor) -> dict[str, Any]:
    """Facts for every refusal; the texts name substatuses only where the status alone would say nothing."""
    in_full = source.status is target.status
    return {
        "order_id": order.id,
        "source": str(source) if in_full else str(source.status),
        "target": str(target) if in_full else str(target.status),
        "status": target.status,
        "substatus": target.substatus,
        "current": source.status,
        "role": ROLES.get(actor, "SYSTEM"),
    }


def _check_real_delivery(order: Order, status: Status, day: date, *, now: datetime) -> None:
    if order.model is not Model.DBS or status not in {Status.PICKUP, Status.DELIVERED}:
        raise RealDeliveryMisplaced(status=status)
    if day > day_of(now):
        raise RealDeliveryInFuture(date=day)
    if day < day_of(order.created_at):
        raise RealDeliveryOutOfRange(date=day)


def _arrived(order: Order, target: State, *, now: datetime, real_on: date) -> tuple[Order, tuple[Event, ...]]:
    """The order where it went, and what is to be told of it."""
    changes: dict[str, Any] = {}
    events: list[Event] = [
        OrderCancelled(target.substatus) if target.status is Status.CANCELLED else StatusMoved(*target)
    ]
    if target.status is Status.CANCELLED:
        changes["refunds"] = refunds.cancelled(order, now=now)
    elif _is_shipped(order, target):
        changes["refunds"] = refunds.shipped(order, now=now)
        changes["shipped_at"] = order.shipped_at or now
    if order.status is Status.UNPAID and target.status is not Status.CANCELLED:
        changes["paid"] = True
    if target.status in FINAL or target.substatus is Substatus.USER_RECEIVED:
        changes["cancellation"] = None
    if target.status in FINAL and order.operations:
        changes["operations"] = ()
        events += [OperationEnded(one.id, one.type, OperationStatus.FAILED) for one in order.operations]
    if delivery := _arrival(order, target, real_on, now=now):
        changes["delivery"] = replace(order.delivery, **delivery)
    moved = replace(order, status=target.status, substatus=target.substatus, since=now, updated_at=now, **changes)
    return moved, tuple(events)


def _is_shipped(order: Order, target: State) -> bool:
    """Whether the parcel is handed over by this move, told of as SHIPPED or by leaving PROCESSING."""
    return order.status is Status.PROCESSING and (
        target.substatus is Substatus.SHIPPED or target.status is not Status.PROCESSING
    )


def _arrival(order: Order, target: State, real_on: date, *, now: datetime) -> dict[str, Any]:
    """What a move writes on the delivery."""
    written: dict[str, Any] = {}
    if target.status is not order.status and target.status in {Status.PICKUP, Status.DELIVERED}:
        written["real_on"] = real_on
    if target.status is Status.PICKUP and order.delivery.outlet_storage_limit_on is None:
        days = order.delivery.storage_days
        if days is None:
            days = STORAGE_DAYS[order.delivery.dispatch or DispatchType.UNKNOWN]
        # Not from `real_on`: a parcel told of late would be over its time before anybody could fetch it.
        written["outlet_storage_limit_on"] = day_of(now) + timedelta(days=days)
    if (digital := order.delivery.digital) and target.status is order.status and digital.since is None:
        written["digital"] = replace(digital, since=order.since)
    if target.substatus is Substatus.COURIER_FOUND:
        written["eac_type"] = EacType.COURIER_TO_MERCHANT
    return written

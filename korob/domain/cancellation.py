"""Cancelling: for a buyer at once while the order is in work, by the seller's leave once a DBS order is under way."""

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from korob.domain import lifecycle
from korob.domain.change import CancellationDeclined, CancellationRequested, Change
from korob.domain.lifecycle import ROLES, ReasonNotAvailable
from korob.domain.moves import BUYERS_REASONS
from korob.domain.order import CancellationRequest, Order
from korob.domain.refusal import Refusal
from korob.domain.words import Actor, DeclineReason, Model, Status, Substatus

UNDER_WAY: Final = frozenset({Status.DELIVERY, Status.PICKUP})


def request(order: Order, substatus: Substatus | None = None, *, now: datetime) -> Change:
    """Cancel for the buyer, or, for a DBS order in DELIVERY or PICKUP, open a request that waits for the seller.

    In other models the Market cancels at once what is under way. Raises the refusals of `lifecycle`, and
    AlreadyRequested.
    """
    if order.cancellation is not None:
        raise AlreadyRequested(order_id=order.id)
    if order.status not in UNDER_WAY or order.model is Model.LAAS:
        return lifecycle.move(order, Status.CANCELLED, substatus, actor=Actor.BUYER, now=now)
    reason = substatus or Substatus.USER_CHANGED_MIND
    if reason not in BUYERS_REASONS:
        raise ReasonNotAvailable(order_id=order.id, substatus=reason, current=order.status, role=ROLES[Actor.BUYER])
    if order.model is not Model.DBS:
        return lifecycle.move(order, Status.CANCELLED, reason, actor=Actor.MARKET, now=now)
    asked = replace(order, cancellation=CancellationRequest(now, reason), updated_at=now)
    lifecycle.arrow(asked, Status.CANCELLED, reason, actor=Actor.BUYER)
    return Change(asked, Actor.BUYER, "REQUEST_CANCELLATION", now, (CancellationRequested(reason),))


def is_wished(order: Order) -> bool:
    """Whether the buyer wants the order cancelled, or it was cancelled for a buyer's reason (`cancelRequested`)."""
    if order.cancellation is not None:
        return True
    return order.status is Status.CANCELLED and order.substatus in BUYERS_REASONS


def answer(order: Order, *, accepted: bool, reason: DeclineReason | None = None, now: datetime) -> Change:
    """Decide the buyer's request for the seller (acceptOrderCancellation).

    Accepted, the order is cancelled with the buyer's own substatus; declined, it goes on as if nobody had asked, and
    `reason` tells the buyer why. Raises DeclineReasonMissing and NothingRequested, the latter for a second answer too.
    """
    if not accepted and reason is None:
        raise DeclineReasonMissing(order_id=order.id)
    wish = _wish(order)
    if accepted:
        cancelled = _granted(order, wish, actor=Actor.BUYER, now=now)
        return replace(cancelled, actor=Actor.SELLER, act="ACCEPT_CANCELLATION")
    declined = replace(order, cancellation=None, updated_at=now)
    return Change(declined, Actor.SELLER, "DECLINE_CANCELLATION", now, (CancellationDeclined(str(reason)),))


def lapse(order: Order, *, now: datetime) -> Change:
    """Cancel the order, because the seller has not answered the buyer's request in time."""
    return _granted(order, _wish(order), actor=Actor.CLOCK, now=now)


def cancel(order: Order, substatus: Substatus | None = None, *, actor: Actor, now: datetime) -> Change:
    """Cancel at once, for a reason that the actor may give; without one, for the actor's usual reason here."""
    return lifecycle.move(order, Status.CANCELLED, substatus, actor=actor, now=now)


class AlreadyRequested(Refusal):
    """The buyer has asked before, and the seller has not answered."""

    template = "Order {order_id} is in cancellation state"


class NothingRequested(Refusal):
    """There is no request to answer: none was made, or it was answered."""

    template = "Action is not allowed for order {order_id} with status {status} and substatus {substatus}"


class DeclineReasonMissing(Refusal):
    """A refusal needs a reason that the buyer can be told."""

    template = "reason must not be null (rejected value: null)"


def _wish(order: Order) -> CancellationRequest:
    if order.cancellation is None:
        raise NothingRequested(order_id=order.id, status=order.status, substatus=order.substatus)
    return order.cancellation


def _granted(order: Order, wish: CancellationRequest, *, actor: Actor, now: datetime) -> Change:
    return lifecycle.move(order, Status.CANCELLED, wish.substatus, actor=actor, now=now)

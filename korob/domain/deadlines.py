"""How long an order may wait for somebody, and what becomes of it after that."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from msgspec import Struct

from korob.domain import cancellation, codes, digital, lifecycle, operation, refunds
from korob.domain.change import Change
from korob.domain.moscow import end_of
from korob.domain.moves import (
    AT_THE_POINT,
    BUYER,
    DBS,
    DELIVERED,
    LAAS,
    LATE,
    MARKET,
    ON_THE_WAY,
    PENDING,
    PLACING,
    READY,
    RESERVED,
    SELLER,
    SHIPPED,
    SOLD,
    STAGES,
    STARTED,
    UNPAID,
    WITH_THE_BUYER,
    State,
    cancelled,
)
from korob.domain.order import Order
from korob.domain.value import Value
from korob.domain.words import Actor, Model, Status, Substatus

RESERVATION: Final = timedelta(minutes=10)
DRAFT: Final = timedelta(minutes=60)
PAYMENT: Final = timedelta(minutes=30)
CONFIRMATION: Final = timedelta(minutes=60)
RECEIPT: Final = timedelta(hours=1)
CANCELLATION_ANSWER: Final = timedelta(hours=48)


class Rule(Protocol):
    """A rule that does by itself what is due."""

    def __call__(self, order: Order, *, now: datetime) -> Change:
        """Decide; the order as it was if nothing is due."""


class Deadline(Struct, frozen=True):
    """A wait that the clock ends."""

    kind: str
    actor: Actor
    """Who could act before."""
    states: tuple[State, ...]
    """The states in which it runs; empty: in all, even after the end."""
    due_at: timedelta | Callable[[Order], datetime | None]
    """So long after the order came into the state, or a moment that the order itself tells, None if it has none.

    The docstring of such a function says on the page of deadlines when that is.
    """
    then: State | Rule
    """Where the order is moved, or what else is done."""
    outcome: str = ""
    """What is done, in words for people; of a move `then` says enough."""
    models: tuple[Model, ...] = tuple(Model)

    @property
    def mover(self) -> Actor:
        """Who moves the order when the wait is over: the Market if the wait is its own, else the clock."""
        return MARKET if self.actor is MARKET else Actor.CLOCK


class Running(Value, frozen=True):
    """A deadline of an order, running."""

    kind: str
    actor: Actor
    due_at: datetime
    outcome: str


def _refund_due_at(order: Order) -> datetime | None:
    """Two days after SHIPPED, after the removal with Apple Pay and Google Pay, or after the cancellation."""
    if not order.refunds:
        return None
    return min((one.due_at for one in order.refunds if one.due_at and not one.paid_at), default=None)


def _operation_due_at(order: Order) -> datetime | None:
    """A few seconds after it was accepted, as the program is set up."""
    ending = operation.soonest(order) if order.operations else None
    return ending.due_at if ending else None


def _code_due_at(order: Order) -> datetime | None:
    """Five seconds after the code was handed in, or when the rules of the world say."""
    return min((code.due_at for code in order.codes if code.due_at), default=None) if order.codes else None


def _mailing_due_at(order: Order) -> datetime | None:
    """Five seconds after the keys were handed in."""
    return order.mailing.due_at if order.mailing else None


def _answer_due_at(order: Order) -> datetime | None:
    """48 hours after the buyer asked."""
    return order.cancellation.requested_at + CANCELLATION_ANSWER if order.cancellation else None


def _storage_ends_at(order: Order) -> datetime | None:
    """When the last day of storage is over in Moscow (outletStorageLimitDate)."""
    last = order.delivery.outlet_storage_limit_on
    return end_of(last) if last else None


def _expires_at(order: Order) -> datetime | None:
    """The moment that the order names (expiryDate), if it does."""
    return order.expires_at


_RESERVATION_EXPIRED, _NOT_PAID, _PENDING_EXPIRED, _PROCESSING_EXPIRED, _PICKUP_EXPIRED = cancelled(
    Substatus.RESERVATION_EXPIRED,
    Substatus.USER_NOT_PAID,
    Substatus.PENDING_EXPIRED,
    Substatus.PROCESSING_EXPIRED,
    Substatus.PICKUP_EXPIRED,
)
_AT_WORK: Final = tuple({state: None for model in SOLD for state in STAGES[model] if state.status is Status.PROCESSING})
_ASKED: Final = (ON_THE_WAY, LATE, AT_THE_POINT)
_ANY: Final = ()
WISH_GRANTED: Final = "the buyer's wish is granted: the order moves to CANCELLED"
KEYS_MAILED: Final = "the buyer has the keys and the order moves to DELIVERED/DELIVERY_SERVICE_DELIVERED"
NOTED: Final = "the delay is noted in the history, nothing else is known to follow"

DEADLINES: Final = (
    Deadline("OPERATION", MARKET, _ANY, _operation_due_at, operation.finish, "the change is applied, or fails"),
    Deadline("CODE_CHECK", Actor.AUTHORITY, _ANY, _code_due_at, codes.answer, "the authority answers"),
    Deadline("MAILING", MARKET, (STARTED, READY, SHIPPED), _mailing_due_at, digital.mail, KEYS_MAILED, models=(DBS,)),
    Deadline("HANDOVER", SELLER, (STARTED, READY, SHIPPED), digital.handed_over_by, digital.miss, NOTED, models=(DBS,)),
    Deadline("RESERVATION", BUYER, (PLACING, RESERVED), RESERVATION, _RESERVATION_EXPIRED, models=SOLD),
    Deadline("DRAFT", SELLER, (RESERVED,), DRAFT, _RESERVATION_EXPIRED, models=(LAAS,)),
    Deadline("PAYMENT", BUYER, (UNPAID,), PAYMENT, _NOT_PAID),
    Deadline("CONFIRMATION", SELLER, (PENDING,), CONFIRMATION, _PENDING_EXPIRED),
    Deadline("PROCESSING", SELLER, _AT_WORK, _expires_at, _PROCESSING_EXPIRED, models=SOLD),
    Deadline("RECEIPT", MARKET, (WITH_THE_BUYER,), RECEIPT, DELIVERED),
    Deadline("CANCELLATION_ANSWER", SELLER, _ASKED, _answer_due_at, cancellation.lapse, WISH_GRANTED, models=(DBS,)),
    Deadline("PICKUP_STORAGE", BUYER, (AT_THE_POINT,), _storage_ends_at, _PICKUP_EXPIRED),
    Deadline("REFUND", MARKET, _ANY, _refund_due_at, refunds.pay, "the buyer gets the money back"),
)
"""Every wait there is. Of those over at the same moment the first here comes first."""


def running(order: Order) -> tuple[Running, ...]:
    """All that the order waits for, soonest first."""
    waits = [
        Running(row.kind, row.actor, due_at, row.outcome or f"the order moves to {row.then}")
        for row in _rows(order)
        if (due_at := _due_at(row, order))
    ]
    return tuple(sorted(waits, key=lambda wait: wait.due_at))


def look_at(order: Order) -> datetime | None:
    """The moment when the clock should look at the order; None if it waits for nothing."""
    soonest = None
    for row in _rows(order):
        due_at = _due_at(row, order)
        if due_at is not None and (soonest is None or due_at < soonest):
            soonest = due_at
    return soonest


def settle(order: Order, *, now: datetime) -> Change | None:
    """Decide what becomes of the order by the deadline that was over first, at that moment; None if none is due.

    Call it again with the outcome: one deadline may set the next. Of those over at the same moment the first in the
    table comes first. No moment is before the order's last change.
    """
    due = [(due_at, row) for row in _rows(order) if (due_at := _due_at(row, order)) is not None and due_at <= now]
    if not due:
        return None
    due_at, row = min(due, key=lambda pair: pair[0])
    moment = max(due_at, order.updated_at)
    if isinstance(row.then, State):
        return lifecycle.move(order, *row.then, actor=row.mover, now=moment)
    return row.then(order, now=moment)


def _by_state() -> dict[tuple[Model, Status, Substatus], tuple[Deadline, ...]]:
    return {
        (model, *state): tuple(
            row for row in DEADLINES if not row.states or (state in row.states and model in row.models)
        )
        for model in Model
        for state in STAGES[model]
    }


_BY_STATE: Final = _by_state()
_ANYWHERE: Final = tuple(row for row in DEADLINES if not row.states)


def _rows(order: Order) -> tuple[Deadline, ...]:
    """The deadlines that may run in the order's state."""
    return _BY_STATE.get((order.model, order.status, order.substatus), _ANYWHERE)


def _due_at(row: Deadline, order: Order) -> datetime | None:
    return order.since + row.due_at if isinstance(row.due_at, timedelta) else row.due_at(order)

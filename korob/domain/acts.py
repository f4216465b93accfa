"""What buyers, carriers, the Market and the code authority can do to an order, as a table of acts by name."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from korob.domain import cancellation, conditions, lifecycle, operation, verdicts
from korob.domain.change import Change
from korob.domain.moves import (
    AT_THE_POINT,
    BUYER,
    CARRIER,
    COURIER_COMING,
    COURIER_FOUND,
    COURIER_HERE,
    COURIER_SEARCH,
    DELIVERED,
    DISPUTED,
    LATE,
    MARKET,
    MOVES,
    ON_THE_WAY,
    PACKAGING,
    PARTIALLY_RETURNED,
    PENDING,
    READY,
    RESERVED,
    RETURNED,
    SHIPPED,
    STARTED,
    UNPAID,
    WITH_THE_BUYER,
    Move,
    State,
)
from korob.domain.order import Order
from korob.domain.refusal import Refusal
from korob.domain.words import Actor, CodeStatus, CodeSubstatus, Status, Substatus

Facts = Mapping[str, Any]
Word = TypeVar("Word", bound=StrEnum)


class Rule(Protocol):
    """What an act does with the facts that came with it."""

    def __call__(self, order: Order, facts: Facts, *, actor: Actor, now: datetime) -> Change:
        """Decide, or raise a Refusal."""


class Act(Struct, frozen=True):
    """Something that one actor can do."""

    actor: Actor
    name: str
    does: Rule | tuple[State, ...]
    """A rule, whose docstring says on the page of acts what happens; or states, the first that can be reached."""
    facts: tuple[str, ...] = ()
    """The facts that may be told with it, all optional."""


def perform(order: Order, actor: Actor, act: str, facts: Facts | None = None, *, now: datetime) -> Change:
    """Do the act, by the same rules as everything else, and name it in the Change.

    Raises ActNotPossible, with what is possible, and FactNotUnderstood.
    """
    row = _BY_NAME.get((actor, act))
    if row is None:
        raise ActNotPossible(**_situation(order, actor, act), reason="there is no such act", possible=possible(order))
    told = {name: fact for name, fact in (facts or {}).items() if fact is not None}
    for name, value in told.items():
        if name not in row.facts:
            raise FactNotUnderstood(fact=name, value=value, known=", ".join(row.facts) or "none")
    try:
        return _done(row, order, told, now=now)
    except FactNotUnderstood:
        raise
    except Refusal as refusal:
        reason = str(refusal)
        raise ActNotPossible(**_situation(order, actor, act), reason=reason, possible=possible(order)) from refusal


def possible(order: Order) -> tuple[tuple[Actor, str], ...]:
    """The acts that would not be refused now, without any facts told."""
    return tuple((row.actor, row.name) for row in ACTS if _is_possible(row, order))


def moves(row: Act) -> tuple[Move, ...]:
    """The moves that an act makes; a buyer's wish to cancel a DBS order under way makes none by itself."""
    targets = row.does if isinstance(row.does, tuple) else ()
    cancels = row.does in (_cancels, _asks_to_cancel)
    return tuple(
        move
        for move in MOVES
        if row.actor in move.actors
        and (move.target in targets or (cancels and move.target.status is Status.CANCELLED))
        and move.only_if is not conditions.cancellation_was_asked_for
    )


class ActNotPossible(Refusal):
    """Not now, or never; the fact `possible` holds what is, as pairs of actor and act."""

    template = "{actor} can't {act} order {order_id} with status {status} and substatus {substatus}. Reason: {reason}"


class FactNotUnderstood(Refusal):
    """A fact that the act does not know, or a value that is none of its words."""

    template = "{fact} is not understood (rejected value: {value}). Known: {known}"


def _cancels(order: Order, facts: Facts, *, actor: Actor, now: datetime) -> Change:
    """The order is cancelled."""
    return cancellation.cancel(order, _word(facts, "substatus", Substatus), actor=actor, now=now)


def _asks_to_cancel(order: Order, facts: Facts, *, actor: Actor, now: datetime) -> Change:
    """The order is cancelled, by the Market if it carries it; of a DBS order under way the seller is asked."""
    return cancellation.request(order, _word(facts, "substatus", Substatus), now=now)


def _answers(order: Order, facts: Facts, *, actor: Actor, now: datetime) -> Change:
    """Codes that are being checked have this answer; or the one of the value told, whatever was answered before."""
    status = _word(facts, "status", CodeStatus) or CodeStatus.OK
    substatus = _word(facts, "substatus", CodeSubstatus)
    return verdicts.answer(order, status, substatus, value=facts.get("value"), now=now)


def _grants(order: Order, facts: Facts, *, actor: Actor, now: datetime) -> Change:
    """The change that the seller asked for is applied at once: the next one, or the operation whose id is the value."""
    return operation.decide(order, granted=True, id=facts.get("value"), now=now)


def _fails(order: Order, facts: Facts, *, actor: Actor, now: datetime) -> Change:
    """The change that the seller asked for fails at once: the next one, or the operation whose id is the value."""
    return operation.decide(order, granted=False, id=facts.get("value"), now=now)


ACTS: Final = (
    Act(BUYER, "PAY", (STARTED,)),
    Act(BUYER, "CANCEL", _asks_to_cancel, ("substatus",)),
    Act(CARRIER, "SEARCH", (COURIER_SEARCH,)),
    Act(CARRIER, "FIND", (COURIER_FOUND,)),
    Act(CARRIER, "SET_OUT", (COURIER_COMING,)),
    Act(CARRIER, "REACH_SENDER", (COURIER_HERE,)),
    Act(CARRIER, "RECEIVE", (ON_THE_WAY,)),
    Act(CARRIER, "ARRIVE", (AT_THE_POINT,)),
    Act(CARRIER, "DELIVER", (WITH_THE_BUYER, DELIVERED)),
    Act(CARRIER, "FAIL", _cancels, ("substatus",)),
    Act(MARKET, "RESERVE", (RESERVED,)),
    Act(MARKET, "INVOICE", (UNPAID,)),
    Act(MARKET, "HOLD", (PENDING,)),
    Act(MARKET, "CONFIRM", (STARTED,)),
    Act(MARKET, "PACK", (PACKAGING,)),
    Act(MARKET, "ASSEMBLE", (READY,)),
    Act(MARKET, "SHIP", (SHIPPED,)),
    Act(MARKET, "DISPUTE", (LATE, DISPUTED)),
    Act(MARKET, "DELIVER", (DELIVERED,)),
    Act(MARKET, "RETURN_PART", (PARTIALLY_RETURNED,)),
    Act(MARKET, "RETURN", (RETURNED,)),
    Act(MARKET, "CANCEL", _cancels, ("substatus",)),
    Act(MARKET, "APPLY", _grants, ("value",)),
    Act(MARKET, "REJECT", _fails, ("value",)),
    Act(Actor.AUTHORITY, "ANSWER", _answers, ("status", "substatus", "value")),
)
"""Every act there is."""

_BY_NAME: Final = {(row.actor, row.name): row for row in ACTS}


def _done(row: Act, order: Order, facts: Facts, *, now: datetime) -> Change:
    if isinstance(row.does, tuple):
        change = _gone(order, row.does, actor=row.actor, now=now)
    else:
        change = row.does(order, facts, actor=row.actor, now=now)
    return replace(change, act=row.name)


def _gone(order: Order, targets: tuple[State, ...], *, actor: Actor, now: datetime) -> Change:
    """Move to the first target that is not refused; if all are, raise the last refusal."""
    for target in targets[:-1]:
        try:
            return lifecycle.move(order, *target, actor=actor, now=now)
        except Refusal:
            continue
    return lifecycle.move(order, *targets[-1], actor=actor, now=now)


def _is_possible(row: Act, order: Order) -> bool:
    try:
        _done(row, order, {}, now=order.updated_at)
    except Refusal:
        return False
    return True


def _word(facts: Facts, name: str, words: type[Word]) -> Word | None:
    value = facts.get(name)
    if value is None:
        return None
    try:
        return words(value)
    except ValueError as error:
        raise FactNotUnderstood(fact=name, value=value, known=words.__name__) from error


def _situation(order: Order, actor: Actor, act: str) -> dict[str, Any]:
    stage = {"status": order.status, "substatus": order.substatus}
    return {"actor": actor, "act": act, "order_id": order.id, **stage}

"""Why a request was refused, for its developer: the rule, the state it met, and what would succeed instead.

The header X-Korob-Why of refusals in a world: `rule="…"; because="…"; state="…"; instead="…"`, percent-encoded where
a header can't carry a character.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final
from urllib.parse import quote

from korob.api import refusals
from korob.api.call import Call
from korob.api.errors import AnswerError
from korob.api.faults import Fault
from korob.api.front_errors import ERRORS
from korob.domain import lifecycle
from korob.domain.moves import MOVES
from korob.domain.order import Order
from korob.domain.quota import QuotaExceeded, TooManyAtOnce
from korob.domain.refusal import Refusal
from korob.domain.words import Actor, Status
from korob.store.database import DatabaseGoneError
from korob.store.orders import ClockMovedError, OrderKey, OrderNotFound, TooBusyError

LENGTH_MAX: Final = 400
"""Characters of one part: the texts are short, what they quote may be long."""


async def of(trouble: Exception, call: Call) -> bytes:
    """The header's value for what went wrong with a call."""
    order = await _order(trouble, call) if isinstance(trouble, Refusal) else None
    parts = dict(_parts(trouble, call, order))
    return "; ".join(f'{name}="{_escaped(text)}"' for name, text in parts.items() if text).encode()


def rule(trouble: Exception) -> str:
    """The name of the rule that said no."""
    match trouble:
        case Refusal():
            kind = type(trouble)
            return f"{kind.__module__.rsplit('.', 1)[-1]}.{kind.__name__}"
        case AnswerError(rule=name) if name in ERRORS:
            return name
        case AnswerError() | Fault():
            return "unreadable"
        case _:
            return "trouble"


def moves_of(order: Order, *, cis_gate: bool) -> tuple[str, ...]:
    """Where its seller can move the order now: statuses, reasons to cancel with theirs."""
    found: dict[str, None] = {}
    for row in MOVES:
        if row.source == lifecycle.stands(order) and order.model in row.models and Actor.SELLER in row.actors:
            with suppress(Refusal):
                target = lifecycle.arrow(order, *row.target, actor=Actor.SELLER, cis_gate=cis_gate).target
                found[f"{target}" if target.status in {order.status, Status.CANCELLED} else target.status] = None
    return tuple(found)


def _parts(trouble: Exception, call: Call, order: Order | None) -> Iterator[tuple[str, str]]:
    if isinstance(trouble, DatabaseGoneError | TooBusyError):
        name = "unclear" if call.may_be_done else "unavailable"
        yield from (("rule", name), ("because", ERRORS[name].cause), ("instead", ERRORS[name].remedy))
        return
    yield "rule", rule(trouble)
    match trouble:
        case Refusal():
            yield "because", sentence(type(trouble))
            yield "state", _state(call, order)
            yield "instead", refusals.of(trouble).remedy
            if order is not None:
                yield "moves", ", ".join(moves_of(order, cis_gate=call.own_campaign.cis_gate)) or "none"
        case AnswerError(rule=name) if name in ERRORS:
            yield "because", ERRORS[name].cause
            yield "state", _state(call, order)
            yield "instead", _front_remedy(name, call)
        case AnswerError() | Fault():
            yield "because", "The request is not as the document of the API describes it"
            wanted = trouble.wanted if isinstance(trouble, Fault) else ()
            yield "instead", "; ".join([*wanted, f"see {call.name} in /docs or /openapi.json"])
        case _:
            yield "because", "The server could not do it, whoever asked"
            yield "instead", "Try again after a pause"


def sentence(kind: type) -> str:
    """The first line of a class's docstring."""
    return (kind.__doc__ or "").strip().partition("\n")[0]


def _front_remedy(name: str, call: Call) -> str:
    remedy = ERRORS[name].remedy
    if name == "wrong_model":
        fitting = [str(one.id) for one in call.campaigns.values() if one.model in call.method.models]
        remedy += f"; of this business: {', '.join(fitting) or 'none'}"
    return remedy


def _state(call: Call, order: Order | None) -> str:
    facts = []
    if call.campaign is not None:
        facts.append(f"campaign {call.campaign.id} {call.campaign.model} {call.campaign.availability}")
    if order is not None:
        facts.append(f"order {order.id} {lifecycle.stands(order)}")
        if order.cancellation is not None:
            facts.append("the buyer has asked to cancel")
    if call.found is not None:
        key = call.found.key
        facts.append(f"key {key.name}: {', '.join(sorted(key.scopes)) or 'every scope'}")
    return "; ".join(facts)


async def _order(refusal: Refusal, call: Call) -> Order | None:
    """The order that was refused to change, as it is."""
    order_id = call.order_id or refusal.facts.get("order_id")
    if call.found is None or call.campaign is None or not isinstance(order_id, int) or isinstance(refusal, _ABOUT_NONE):
        return None
    clock = call.found.clock
    with suppress(Refusal, ClockMovedError, TooBusyError, DatabaseGoneError):
        key = OrderKey(call.business_id, call.campaign.id, order_id, clock.epoch)
        return await call.services.orders.read(key, now=clock.now())
    return None


def _escaped(text: str) -> str:
    cut = text if len(text) <= LENGTH_MAX else f"{text[:LENGTH_MAX]}…"
    return _UNSAFE.sub(lambda found: quote(found[0], safe=""), cut)


_ABOUT_NONE: Final = (QuotaExceeded, TooManyAtOnce, OrderNotFound)
"""Refusals that no order's state has to do with."""
_UNSAFE: Final = re.compile(r"[^ !#$&-\[\]-~]")

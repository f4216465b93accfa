"""What the code authority can say of a code, and saying it at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from korob.domain.change import Change, CodesChecked
from korob.domain.order import CodeCheck, Order, Verdict
from korob.domain.refusal import Refusal
from korob.domain.words import Actor, CodeStatus, CodeSubstatus, InstanceType

ANSWERS: Final[dict[InstanceType, dict[CodeStatus, CodeSubstatus | None]]] = {
    InstanceType.CIS: {
        CodeStatus.NOT_ON_VALIDATION: None,
        CodeStatus.IN_PROGRESS: None,
        CodeStatus.OK: None,
        CodeStatus.FAILED: None,
        CodeStatus.INVALID: CodeSubstatus.CIS_NOT_FOUND_IN_GIS_MT,
    },
    InstanceType.UIN: {
        CodeStatus.NOT_ON_VALIDATION: None,
        CodeStatus.IN_PROGRESS: None,
        CodeStatus.OK: None,
        CodeStatus.FAILED: CodeSubstatus.UIN_NO_DATA,
    },
}
"""The answers about each type of code, with the substatus that is meant if none is named (CisDTO, UinDTO)."""


def answer(
    order: Order,
    status: CodeStatus = CodeStatus.OK,
    substatus: CodeSubstatus | None = None,
    *,
    value: str | None = None,
    now: datetime,
) -> Change:
    """Answer about the code with this value, whatever was answered before, or about all that were asked and are not.

    A code left IN_PROGRESS waits for the next answer. Raises NothingAsked if there is no such code, NoSuchAnswer if the
    authority never says that about such a code.
    """
    meant = [code for code in order.codes if _is_meant(code, value)]
    if not meant:
        raise NothingAsked(order_id=order.id, value=value)
    return answered(order, {id(code): verdict(code.type, status, substatus) for code in meant}, now=now)


def answered(order: Order, said: Mapping[int, Verdict], *, now: datetime) -> Change:
    """The order with these answers, by the identity of its checks; the very same order if there are none."""
    if not said:
        return Change(order, Actor.AUTHORITY, "CHECK_CODES", now)
    codes = tuple(_told(code, said[id(code)]) if id(code) in said else code for code in order.codes)
    events = (CodesChecked(len(said)),)
    return Change(replace(order, codes=codes, updated_at=now), Actor.AUTHORITY, "CHECK_CODES", now, events)


def verdict(type: InstanceType, status: CodeStatus, substatus: CodeSubstatus | None = None) -> Verdict:
    """The answer in full. Raises NoSuchAnswer if the authority never says that about such a code."""
    usual = ANSWERS[type]
    explained = usual.get(status) is not None
    if status not in usual or (substatus is not None and not (explained and _is_about(substatus, type))):
        raise NoSuchAnswer(status=status, substatus=f" {substatus}" if substatus else "", type=type)
    return Verdict(status, substatus or usual[status])


class NothingAsked(Refusal):
    """No code of the order waits for an answer, or it has no such code."""

    template = "No code of order {order_id} is being checked"


class NoSuchAnswer(Refusal):
    """The authority does not say that about this type of code."""

    template = "The authority never answers {status}{substatus} about a {type}"


def _is_meant(code: CodeCheck, value: str | None) -> bool:
    return code.value == value if value is not None else code.status is CodeStatus.IN_PROGRESS


def _told(code: CodeCheck, verdict: Verdict) -> CodeCheck:
    return replace(code, status=verdict.status, substatus=verdict.substatus, due_at=None, foretold=None)


def _is_about(substatus: CodeSubstatus, type: InstanceType) -> bool:
    return substatus.startswith("UIN_") == (type is InstanceType.UIN)

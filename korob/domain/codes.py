"""Marking codes at the authority: which of an order's codes are checked, what came out, what is still missing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from korob.domain import marking
from korob.domain.change import Change, CodesChecked
from korob.domain.order import CodeCheck, Item, Order
from korob.domain.value import Value
from korob.domain.words import Actor, BuyerType, CodeStatus, InstanceType, Model

CHECK_TAKES: Final = timedelta(seconds=5)
"""How long the authority thinks about a code; ours, nobody publishes it."""
CHESTNY_ZNAK: Final = frozenset({InstanceType.CIS, InstanceType.CIS_OPTIONAL})
CIS_UNCHECKED: Final = frozenset({Model.DBS})
"""Models whose CIS are stored but not checked in the state system; UINs always are."""


class Lack(StrEnum):
    """What is wrong with a code that an order needs."""

    NOT_GIVEN = "NOT_GIVEN"
    IN_PROGRESS = "IN_PROGRESS"
    FAILED = "FAILED"


class Missing(Value, frozen=True):
    """Units of a position whose codes, of this type, keep the order from READY_TO_SHIP."""

    item_id: int
    type: InstanceType
    lack: Lack
    count: int


_LACKS: Final = {
    CodeStatus.NOT_ON_VALIDATION: Lack.IN_PROGRESS,
    CodeStatus.IN_PROGRESS: Lack.IN_PROGRESS,
    CodeStatus.FAILED: Lack.FAILED,
    CodeStatus.INVALID: Lack.FAILED,
}


def given(order: Order, *, now: datetime) -> tuple[CodeCheck, ...]:
    """The checks that follow from the codes now on the order (getOrderIdentifiersStatus), each code once.

    An answer already had stays, as does a question already asked; a FAILED one is asked again. UINs are not asked
    about before every unit of jewellery in the order has one.
    """
    if not any(item.instances for item in order.items):
        return ()
    known = {(check.item_id, check.type, check.value): check for check in order.codes}
    asked = {InstanceType.CIS: order.model not in CIS_UNCHECKED, InstanceType.UIN: _has_every_uin(order)}
    checks = {}
    for code in _codes(order):
        check = known.get(code)
        if check is None or check.status in {CodeStatus.NOT_ON_VALIDATION, CodeStatus.FAILED}:
            check = _asked(*code, now=now) if asked[code[1]] else CodeCheck(*code, CodeStatus.NOT_ON_VALIDATION)
        checks[code] = check
    return tuple(checks.values())


def answer(order: Order, *, now: datetime) -> Change:
    """Let the authority answer what it was asked and is due; the very same order comes back if nothing is."""
    checks = tuple(_answered(check) if is_due(check, now=now) else check for check in order.codes)
    count = sum(before is not after for before, after in zip(order.codes, checks, strict=True))
    if not count:
        return Change(order, Actor.AUTHORITY, "CHECK_CODES", now)
    return Change(
        replace(order, codes=checks, updated_at=now), Actor.AUTHORITY, "CHECK_CODES", now, (CodesChecked(count),)
    )


def missing(order: Order) -> tuple[Missing, ...]:
    """What keeps the order from READY_TO_SHIP (setOrderBoxLayout); empty if nothing does.

    Needed are a UIN for each unit of jewellery, found good, and a CIS for each unit where it is mandatory, found good
    too unless the model's CIS are not checked.
    """
    statuses = {(check.item_id, check.type, check.value): check.status for check in order.codes}
    found: dict[tuple[int, InstanceType, Lack], int] = {}
    for item in order.items:
        for type in _needed(order, item):
            values = [value for of, value in _codes_of(item) if of is type]
            lacks = [Lack.NOT_GIVEN] * (item.count - len(values))
            if type is InstanceType.UIN or order.model not in CIS_UNCHECKED:
                lacks += [_LACKS[status] for value in values if (status := statuses[item.id, type, value]) in _LACKS]
            for lack in lacks:
                found[item.id, type, lack] = found.get((item.id, type, lack), 0) + 1
    return tuple(Missing(*key, count) for key, count in found.items())


def is_due(check: CodeCheck, *, now: datetime) -> bool:
    """Whether the authority should have answered by now."""
    return check.due_at is not None and check.due_at <= now


def are_required(order: Order, item: Item) -> bool:
    """Whether codes of Chestny ZNAK must come with every request: the buyer is a business and the goods are marked."""
    return order.buyer.type is BuyerType.BUSINESS and not CHESTNY_ZNAK.isdisjoint(item.required_instance_types)


def _needed(order: Order, item: Item) -> Iterator[InstanceType]:
    if InstanceType.UIN in item.required_instance_types:
        yield InstanceType.UIN
    if InstanceType.CIS in item.required_instance_types or are_required(order, item):
        yield InstanceType.CIS


def _has_every_uin(order: Order) -> bool:
    return all(
        sum(instance.uin is not None for instance in item.instances) >= item.count
        for item in order.items
        if InstanceType.UIN in item.required_instance_types
    )


def _codes(order: Order) -> Iterator[tuple[int, InstanceType, str]]:
    for item in order.items:
        for type, value in _codes_of(item):
            yield item.id, type, value


def _codes_of(item: Item) -> Iterator[tuple[InstanceType, str]]:
    for instance in item.instances:
        if instance.cis is not None:
            yield InstanceType.CIS, instance.cis
        if instance.uin is not None:
            yield InstanceType.UIN, instance.uin


def _asked(item_id: int, type: InstanceType, value: str, *, now: datetime) -> CodeCheck:
    return CodeCheck(item_id, type, value, CodeStatus.IN_PROGRESS, due_at=now + CHECK_TAKES, asked_at=now)


def _answered(check: CodeCheck) -> CodeCheck:
    judge = marking.verdict if check.type is InstanceType.CIS else marking.uin_verdict
    status, substatus = judge(check.value)
    return replace(check, status=status, substatus=substatus, due_at=None)

"""Marking codes at the authority: which of an order's codes are checked, what came out, what is still missing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import product
from typing import Final

from korob.domain import authority, verdicts
from korob.domain.authority import OWN, Authority
from korob.domain.change import Change, CodesAsked
from korob.domain.order import CodeCheck, Instance, Item, Order, Verdict
from korob.domain.value import Value
from korob.domain.words import BuyerType, CodeStatus, InstanceType, Model

CHESTNY_ZNAK: Final = frozenset({InstanceType.CIS, InstanceType.CIS_OPTIONAL})
CIS_UNCHECKED: Final = frozenset({Model.DBS})
"""Models whose CIS are stored but not checked in the state system; UINs always are."""


Code = tuple[int, InstanceType, str]
"""A position, the type of code, and the code."""


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


def given(order: Order, *, by: Authority = OWN, now: datetime) -> tuple[CodeCheck, ...]:
    """The checks that follow from the codes now on the order (getOrderIdentifiersStatus), each code once.

    An answer already had stays, as does a question already asked; a FAILED one is asked again. UINs are not asked
    about before every unit of jewellery in the order has one. `by` is who is asked. A code that stands on a position
    before is no good on the next.
    """
    if not any(item.instances for item in order.items):
        return ()
    known = {code_of(check): check for check in order.codes}
    are_asked = {InstanceType.CIS: order.model not in CIS_UNCHECKED, InstanceType.UIN: _has_every_uin(order)}
    checks = {}
    first: dict[str, int] = {}
    for item in order.items:
        for type, value in _codes_of(item):
            code = item.id, type, value
            on = first.setdefault(authority.compared(type, value), item.id)
            check = known.get(code)
            if check is not None and check.status not in {CodeStatus.NOT_ON_VALIDATION, CodeStatus.FAILED}:
                checks[code] = check
            elif are_asked[type]:
                checks[code] = authority.asked(by, item, type, value, is_repeated=on != item.id, now=now)
            else:
                checks[code] = CodeCheck(*code, CodeStatus.NOT_ON_VALIDATION)
    return tuple(checks.values())


def claimed(before: Order, checks: tuple[CodeCheck, ...]) -> tuple[str, ...]:
    """The codes, as they are compared, that are asked about anew and good only if no other order has them."""
    known = set(map(id, before.codes))
    return tuple(
        authority.compared(check.type, check.value)
        for check in checks
        if check.due_at is not None and check.foretold is None and id(check) not in known
    )


def asked(before: Order, checks: tuple[CodeCheck, ...], by: Authority) -> tuple[CodesAsked, ...]:
    """What is to be told of checks that an authority outside was not asked for before; an own one answers anyway."""
    if not by.outside:
        return ()
    known = set(map(id, before.codes))
    count = sum(is_asked_outside(check) and id(check) not in known for check in checks)
    return (CodesAsked(count),) if count else ()


def answer(order: Order, *, now: datetime) -> Change:
    """Let the authority answer what it was asked and is due; the very same order comes back if nothing is."""
    due = {id(check): authority.judged(check) for check in order.codes if is_due(check, now=now)}
    return verdicts.answered(order, due, now=now)


def hear(order: Order, said: Mapping[Code, Verdict], *, now: datetime) -> Change:
    """Take in what an authority outside said; the very same order comes back if nobody waits for any of it any more."""
    due = {
        id(check): said[code_of(check)] for check in order.codes if is_asked_outside(check) and code_of(check) in said
    }
    return verdicts.answered(order, due, now=now)


def code_of(check: CodeCheck) -> Code:
    """Which code of the order it is about."""
    return check.item_id, check.type, check.value


def compared(instance: Instance) -> Iterator[tuple[str, str]]:
    """The codes of a unit that are checked: each as it was given, and as it is told from others."""
    for type, value in _codes_of_unit(instance):
        yield value, authority.compared(type, value)


def missing(order: Order, types: Iterable[InstanceType] = authority.TYPES) -> tuple[Missing, ...]:
    """What codes of these types keep the order from READY_TO_SHIP (setOrderBoxLayout); empty if none does.

    Needed are a UIN for each unit of jewellery, found good, and a CIS for each unit where it is mandatory, found good
    too unless the model's CIS are not checked.
    """
    statuses = {code_of(check): check.status for check in order.codes}
    found: Counter[tuple[int, InstanceType, Lack]] = Counter()
    for type, item in product(types, order.items):
        if not _is_needed(type, order, item):
            continue
        values = [value for of, value in _codes_of(item) if of is type]
        found[item.id, type, Lack.NOT_GIVEN] += max(0, item.count - len(values))
        if type is InstanceType.UIN or order.model not in CIS_UNCHECKED:
            answers = [statuses[item.id, type, value] for value in values]
            found.update((item.id, type, _LACKS[status]) for status in answers if status in _LACKS)
    return tuple(Missing(*key, count) for key, count in found.items() if count)


def is_due(check: CodeCheck, *, now: datetime) -> bool:
    """Whether the authority should have answered by now."""
    return check.due_at is not None and check.due_at <= now


def is_asked_outside(check: CodeCheck) -> bool:
    """Whether the answer comes from elsewhere, or from nowhere: no moment of it is known."""
    return check.status is CodeStatus.IN_PROGRESS and check.due_at is None


def are_required(order: Order, item: Item) -> bool:
    """Whether codes of Chestny ZNAK must come with every request: the buyer is a business and the goods are marked."""
    return order.buyer.type is BuyerType.BUSINESS and not CHESTNY_ZNAK.isdisjoint(item.required_instance_types)


def _is_needed(type: InstanceType, order: Order, item: Item) -> bool:
    return type in item.required_instance_types or (type is InstanceType.CIS and are_required(order, item))


def _has_every_uin(order: Order) -> bool:
    return all(
        sum(instance.uin is not None for instance in item.instances) >= item.count
        for item in order.items
        if InstanceType.UIN in item.required_instance_types
    )


def _codes_of(item: Item) -> Iterator[tuple[InstanceType, str]]:
    for instance in item.instances:
        yield from _codes_of_unit(instance)


def _codes_of_unit(instance: Instance) -> Iterator[tuple[InstanceType, str]]:
    if instance.cis is not None:
        yield InstanceType.CIS, instance.cis
    if instance.uin is not None:
        yield InstanceType.UIN, instance.uin

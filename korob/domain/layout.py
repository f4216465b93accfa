"""A layout of boxes by itself, before it is held against an order: is it well made, and what does it amount to?"""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from korob.domain import marking
from korob.domain.order import BoxItem, Instance, Part
from korob.domain.refusal import Refusal
from korob.domain.value import Value


class WantedBox(Value, frozen=True):
    """A box as the seller wants it: whole units of any positions, or one part of one unit."""

    items: tuple[BoxItem, ...]


class Load(Struct):
    """What all boxes together hold of one position."""

    units: int = 0
    whole: tuple[Instance, ...] = ()
    """Instances of units that travel whole."""
    split: tuple[Instance, ...] = ()
    """Instances of units that travel in parts, one for each unit however many boxes repeat it."""
    parts: list[tuple[Part, tuple[Instance, ...]]] = field(default_factory=list)


class InvalidLayout(Refusal):
    """Boxes that can't be packed like this; all that is wrong, at once."""

    template = "Invalid order boxes layout request. Violations: {violations}"


def loads(wanted: Sequence[WantedBox]) -> dict[int, Load]:
    """What the boxes hold, by position id. Raises InvalidLayout, naming every violation."""
    violations: list[str] = []
    found: dict[int, Load] = {}
    for place, box in enumerate(wanted, 1):
        _look_into(box, place, found, violations)
    for item_id, load in found.items():
        if load.parts:
            _join_parts(item_id, load, violations)
    if not wanted:
        violations.append("there are no boxes")
    if violations:
        raise InvalidLayout(violations="; ".join(violations))
    return found


def distinct(given: Iterable[Instance]) -> tuple[Instance, ...]:
    """Each instance once: identical units that travel in parts may share a code."""
    return tuple({_key(instance): instance for instance in given}.values())


def _look_into(box: WantedBox, place: int, found: dict[int, Load], violations: list[str]) -> None:
    if not box.items:
        violations.append(f"box {place} is empty")
    seen = set()
    for entry in box.items:
        if entry.id in seen:
            violations.append(f"box {place} names item {entry.id} more than once")
        seen.add(entry.id)
        load = found.get(entry.id)
        if load is None:
            load = found[entry.id] = Load()
        if fault := _fault(entry):
            violations.append(f"box {place}, item {entry.id}: {fault}")
        elif entry.part:
            load.parts.append((entry.part, entry.instances))
        else:
            load.units += entry.full_count or 0
            load.whole += entry.instances
    if len(box.items) > 1 and any(entry.part for entry in box.items):
        mixed = any(entry.full_count for entry in box.items)
        violations.append(f"box {place} holds " + ("whole items and parts" if mixed else "parts of several items"))


def _fault(entry: BoxItem) -> str | None:
    if entry.part is None:
        if entry.full_count is None:
            return "fullCount or partialCount is required"
        return None if entry.full_count > 0 else "fullCount must be at least 1"
    if entry.full_count is not None:
        return "fullCount and partialCount exclude each other"
    if entry.part.total < 2:
        return "total must be at least 2"
    return None if 1 <= entry.part.current <= entry.part.total else "current must be between 1 and total"


def _join_parts(item_id: int, load: Load, violations: list[str]) -> None:
    """Put the parts of a position together to units, whose number and instances go to its load."""
    total = load.parts[0][0].total
    boxes: dict[int, int] = {}
    given: dict[int, tuple[Instance, ...]] = {}
    for part, instances in load.parts:
        if part.total != total:
            violations.append(f"item {item_id} is split into {total} and into {part.total} parts")
            return
        boxes[part.current] = boxes.get(part.current, 0) + 1
        given[part.current] = given.get(part.current, ()) + instances
    units = max(boxes.values())
    if len(boxes) < total or min(boxes.values()) < units:
        violations.append(f"item {item_id}: units split into {total} parts: {units}, some parts are in no box")
        return
    load.units += units
    load.split, *repeated = given.values()
    if any(Counter(map(_key, others)) != Counter(map(_key, load.split)) for others in repeated):
        violations.append(f"item {item_id}: each box with a part of a unit must repeat the unit's code")


def _key(instance: Instance) -> tuple[str | None, ...]:
    """What tells one unit from another."""
    cis = instance.cis and marking.short_cis(instance.cis)
    return cis, instance.uin, instance.rnpt, instance.gtd, instance.country_code

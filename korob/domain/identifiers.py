"""Codes by themselves: the seller says how units are marked, and the composition stays."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from korob.domain import codes, composition, instances
from korob.domain.authority import OWN, Authority
from korob.domain.change import Change
from korob.domain.composition import ActionNotAllowed, ItemNotFound
from korob.domain.items import ItemRepeated
from korob.domain.order import Instance, Item, Order
from korob.domain.value import Value


class Identified(Value, frozen=True):
    """The units of a position, as marked."""

    id: int
    instances: tuple[Instance, ...]


def give(order: Order, identified: Sequence[Identified], *, authority: Authority = OWN, now: datetime) -> Change:
    """Set the codes of these positions, replacing those before (provideOrderItemIdentifiers); others keep theirs.

    `authority` checks them. Raises ActionNotAllowed, ItemRepeated, ItemNotFound and the refusals of `instances`.
    """
    if not composition.is_open(order):
        raise ActionNotAllowed(order=order.id, status=order.status, substatus=order.substatus)
    given: dict[int, tuple[Instance, ...]] = {}
    for position in identified:
        if position.id in given:
            raise ItemRepeated(item=position.id)
        if not order.item(position.id):
            raise ItemNotFound(item=position.id, order=order.id)
        given[position.id] = position.instances
    items = tuple(_marked(order, item, given[item.id]) if item.id in given else item for item in order.items)
    anew = {after.id for before, after in zip(order.items, items, strict=True) if after is not before}
    boxes = composition.without_codes(order.boxes, anew)
    told = composition.codes_given(items, anew)
    return composition.changed(order, items, boxes, {}, act="GIVE_CODES", authority=authority, now=now, told=told)


def _marked(order: Order, item: Item, given: tuple[Instance, ...]) -> Item:
    """The position with these codes, the very same one if it has them."""
    instances.check(item.id, given, units=item.count)
    instances.must_differ(item.id, given)
    if codes.are_required(order, item):
        instances.require_cis(item.id, given, units=item.count)
    return item if given == item.instances else replace(item, instances=given)

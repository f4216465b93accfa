"""Taking units out of an order: the seller names the composition that is wanted."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from korob.domain import codes, composition, instances
from korob.domain.authority import OWN, Authority
from korob.domain.change import Change
from korob.domain.composition import ItemNotFound, ItemsAdded
from korob.domain.order import Instance, Item, Order
from korob.domain.refusal import Refusal
from korob.domain.value import Value
from korob.domain.words import RemovalReason


class Wanted(Value, frozen=True):
    """How many units of a position shall stay; `instances` replace those known, none leaves them as they are."""

    id: int
    count: int
    instances: tuple[Instance, ...] = ()


class ItemRepeated(Refusal):
    """A position stands in the list twice."""

    template = "Item with id = {item} is in the list more than once"


class CountBelowZero(Refusal):
    """Nobody can want fewer than no units."""

    template = "The count of item with id = {item} is below zero"


def reduce(
    order: Order,
    wanted: Sequence[Wanted],
    *,
    reason: RemovalReason | None,
    authority: Authority = OWN,
    now: datetime,
) -> Change:
    """Reduce an order to the wanted composition (updateOrderItems): a position left out goes, as does one of count 0.

    A position that went before may be wanted with 0 again, so that a request can be repeated. Known instances beyond
    the new count are dropped, the last first; a box layout is dropped when units go. Raises ActionNotAllowed,
    ChangeAfterReadyToShip, ItemRepeated, CountBelowZero, ItemNotFound, ItemsAdded, the bans of
    `composition.must_be_removable` and the refusals of `instances`.
    """
    composition.must_be_open(order)
    wishes = _by_id(order, wanted)
    items: list[Item] = []
    removed: dict[int, int] = {}
    anew: set[int] = set()
    for item in order.items:
        wish = wishes.get(item.id) or Wanted(item.id, 0)
        if wish.count > item.count:
            raise ItemsAdded(item=item.id, units=item.count, wanted=wish.count)
        if wish.count < item.count:
            removed[item.id] = item.count - wish.count
        if after := _reduced(order, item, wish):
            items.append(after)
            if wish.instances and wish.instances != item.instances:
                anew.add(item.id)
    composition.must_be_removable(order, removed)
    left = tuple(items)
    return composition.changed(
        order,
        left,
        () if removed else composition.without_codes(order.boxes, anew),
        removed,
        act="REMOVE_ITEMS" if removed else "GIVE_CODES",
        authority=authority,
        now=now,
        reason=reason,
        told=composition.codes_given(left, anew),
    )


def _by_id(order: Order, wanted: Sequence[Wanted]) -> dict[int, Wanted]:
    wishes: dict[int, Wanted] = {}
    for wish in wanted:
        if wish.id in wishes:
            raise ItemRepeated(item=wish.id)
        if wish.count < 0:
            raise CountBelowZero(item=wish.id)
        wishes[wish.id] = wish
    known = {item.id for item in order.items}
    for wish in wanted:
        if wish.id not in known and not (wish.count == 0 and any(gone.item_id == wish.id for gone in order.removed)):
            raise ItemNotFound(item=wish.id, order=order.id)
    return wishes


def _reduced(order: Order, item: Item, wish: Wanted) -> Item | None:
    """The position as wanted, the very same one if nothing changes, None if nothing is left of it."""
    if wish.instances:
        instances.check(item.id, wish.instances, units=wish.count)
        instances.must_differ(item.id, wish.instances)
    if not wish.count:
        return None
    if codes.are_required(order, item):
        instances.require_cis(item.id, wish.instances, units=wish.count)
    after = (wish.instances or item.instances)[: wish.count]
    if wish.count == item.count and after == item.instances:
        return item
    return replace(item, count=wish.count, instances=after)

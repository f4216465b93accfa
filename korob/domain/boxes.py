"""Packing: which units, or parts of units, travel in which box, and with which codes."""

from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest

from msgspec.structs import replace

from korob.domain import codes, composition, instances, layout, marking
from korob.domain.authority import OWN, Authority
from korob.domain.change import BoxesPacked, Change
from korob.domain.composition import ItemNotFound, ItemsAdded
from korob.domain.layout import InvalidLayout, Load, WantedBox
from korob.domain.order import Box, BoxItem, Item, Order, Part

__all__ = ["InvalidLayout", "WantedBox", "pack"]

Goods = dict[int, int | Part | None]
"""Whole units or a part, by position id."""


def pack(
    order: Order,
    wanted: Sequence[WantedBox],
    *,
    allow_remove: bool,
    box_ids: Sequence[int],
    authority: Authority = OWN,
    now: datetime,
) -> Change:
    """Set the layout of an order's boxes (setOrderBoxLayout); layout and codes replace those before.

    What is in no box leaves the order, if `allow_remove`. A box with the same goods at the same place keeps its id,
    codes aside; others take one of `box_ids`, of which there are at least as many as boxes. Raises ActionNotAllowed,
    ChangeAfterReadyToShip, InvalidLayout, ItemNotFound, ItemsAdded, the bans of `composition.must_be_removable` and
    the refusals of `instances`.
    """
    composition.must_be_open(order)
    loads = layout.loads(wanted)
    removed = _left_out(order, loads, allow_remove=allow_remove)
    _check_instances(order, wanted, loads)
    composition.must_be_removable(order, removed)
    items = tuple(_packed(item, loads[item.id]) for item in order.items if item.id in loads)
    boxes = _numbered(order, wanted, box_ids)
    before = {item.id: item.instances for item in order.items}
    anew = {item.id for item in items if item.instances != before[item.id]}
    told = (BoxesPacked(len(boxes)), *composition.codes_given(items, anew))
    uncounted = replace(order, counted_boxes=()) if order.counted_boxes else order
    return composition.changed(
        uncounted, items, boxes, removed, act="PACK_BOXES", authority=authority, now=now, told=told
    )


def _left_out(order: Order, loads: dict[int, Load], *, allow_remove: bool) -> dict[int, int]:
    """Units in no box, by position id."""
    counts = {item.id: item.count for item in order.items}
    for item_id, load in loads.items():
        if item_id not in counts:
            raise ItemNotFound(item=item_id, order=order.id)
        if load.units > counts[item_id]:
            raise ItemsAdded(item=item_id, units=counts[item_id], wanted=load.units)
        counts[item_id] -= load.units
    removed = {item_id: count for item_id, count in counts.items() if count}
    if removed and not allow_remove:
        raise InvalidLayout(
            violations="; ".join(
                f"item {item_id}: units in no box: {count}, and allowRemove is not set"
                for item_id, count in removed.items()
            )
        )
    return removed


def _check_instances(order: Order, wanted: Sequence[WantedBox], loads: dict[int, Load]) -> None:
    required = {item.id for item in order.items if codes.are_required(order, item)}
    for box in wanted:
        for entry in box.items:
            units = entry.full_count or 1
            if entry.instances:
                instances.check(entry.id, entry.instances, units=units, cis_fault=marking.gross_fault)
            if entry.id in required:
                instances.require_cis(entry.id, entry.instances, units=units)
    for item_id, load in loads.items():
        if len(load.whole) > 1 or (load.whole and load.split):
            instances.must_differ(item_id, (*load.whole, *layout.distinct(load.split)))


def _packed(item: Item, load: Load) -> Item:
    """The position as boxed, the very same one if nothing changes."""
    given = (*load.whole, *load.split)
    if load.units == item.count and given == item.instances:
        return item
    return replace(item, count=load.units, instances=given)


def _numbered(order: Order, wanted: Sequence[WantedBox], box_ids: Sequence[int]) -> tuple[Box, ...]:
    before = _boxes_before(order)
    fresh = iter(box_ids)
    return tuple(
        Box(known[0] if known and known[1] == _goods(box.items) else next(fresh), box.items)
        for box, known in zip_longest(wanted, before[: len(wanted)])
    )


def _boxes_before(order: Order) -> list[tuple[int, Goods]]:
    """Ids and goods of the boxes so far; before any layout the one box that an order shows holds everything."""
    if order.boxes:
        return [(box.id, _goods(box.items)) for box in order.boxes]
    if order.first_box_id is None:
        return []
    return [(order.first_box_id, {item.id: item.count for item in order.items})]


def _goods(entries: Sequence[BoxItem]) -> Goods:
    return {entry.id: entry.full_count or entry.part for entry in entries}

"""What every way to change an order's composition has in common: when it may change, what may go, what follows."""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from korob.domain import codes, refunds, stock
from korob.domain.authority import Authority
from korob.domain.change import Change, CodesGiven, Event, ItemsRemoved
from korob.domain.money import ZERO
from korob.domain.order import Box, BoxItem, Item, Order, Removed
from korob.domain.refusal import Refusal
from korob.domain.words import Actor, RemovalReason, Status, Substatus

THRESHOLD_PERCENT: Final = 99
_ASSEMBLED: Final = frozenset(
    {
        Substatus.READY_TO_SHIP,
        Substatus.SHIPPED,
        Substatus.COURIER_SEARCH,
        Substatus.COURIER_FOUND,
        Substatus.COURIER_IN_TRANSIT_TO_SENDER,
        Substatus.COURIER_ARRIVED_TO_SENDER,
    }
)
_SENT: Final = frozenset({Status.DELIVERY, Status.PICKUP, Status.DELIVERED, Status.PARTIALLY_RETURNED, Status.RETURNED})


class ChangeAfterReadyToShip(Refusal):
    """The parcel is assembled or on its way."""

    template = "Attempt to change order items or instances after READY_TO_SHIP"


class ActionNotAllowed(Refusal):
    """The order is not being worked on: not confirmed yet, or cancelled."""

    template = "Action is not allowed for order {order} with status {status} and substatus {substatus}"


class ItemNotFound(Refusal):
    """No such position in the order."""

    template = "Item with id = {item} is not in order {order}"


class ItemsAdded(Refusal):
    """An order only ever shrinks."""

    template = "Items can't be added to an order: item with id = {item} has {units} units, {wanted} wanted"


class PromoProhibitsRemoval(Refusal):
    """A position that a promotion added stays."""

    template = "Item with id = {item} was added by a special offer and can't go, cancel the order instead"


class OnlyProduct(Refusal):
    """An order's one position can't be reduced, let alone removed."""

    template = "Item with id = {item} is the only product of the order and can't go, cancel the order instead"


class NothingLeft(Refusal):
    """An order can't be emptied."""

    template = "All items of the order would be removed, cancel the order instead"


class RemovalAboveThreshold(Refusal):
    """What makes up nearly all of the order's value can't go, in one position or together."""

    template = "Items that make up 99% or more of the order value can't go, cancel the order instead"


def is_open(order: Order) -> bool:
    """Whether items, boxes and codes may still change: the order is in PROCESSING/STARTED."""
    return order.substatus is Substatus.STARTED and order.status is Status.PROCESSING


def must_be_open(order: Order) -> None:
    """Refuse unless the order is in PROCESSING/STARTED."""
    if is_open(order):
        return
    if order.status in _SENT or order.substatus in _ASSEMBLED:
        raise ChangeAfterReadyToShip
    raise ActionNotAllowed(order=order.id, status=order.status, substatus=order.substatus)


def must_be_removable(order: Order, removed: Mapping[int, int]) -> None:
    """Refuse to take these units (by position id) out of the order as it stands (updateOrderItems)."""
    if not removed:
        return
    touched = [item for item in order.items if item.id in removed]
    for item in touched:
        if item.promos:
            raise PromoProhibitsRemoval(item=item.id)
    if len(order.items) == 1:
        raise OnlyProduct(item=touched[0].id)
    if len(touched) == len(order.items) and all(removed[item.id] == item.count for item in touched):
        raise NothingLeft
    limit = sum((item.price * item.count for item in order.items), ZERO) * THRESHOLD_PERCENT
    gone = sum((item.price * removed[item.id] for item in touched), ZERO) * 100
    if limit and (gone >= limit or any(item.price * item.count * 100 >= limit for item in touched)):
        raise RemovalAboveThreshold


def changed(
    order: Order,
    items: tuple[Item, ...],
    boxes: tuple[Box, ...],
    removed: Mapping[int, int],
    *,
    act: str,
    authority: Authority,
    now: datetime,
    reason: RemovalReason | None = None,
    told: tuple[Event, ...] = (),
) -> Change:
    """The seller's change to these items and boxes, with all that follows from it: money back, stock, codes checked.

    `removed` says how many units of which position are gone, `authority` who checks codes, `told` what else is to be
    told. If all is as before, the very same order comes back and nothing is told.
    """
    after = replace(order, items=items, boxes=boxes)
    checks = codes.given(after, by=authority, now=now)
    if not removed and items == order.items and boxes == order.boxes and checks == order.codes:
        return Change(order, Actor.SELLER, act, now)
    told += codes.asked(order, checks, authority)
    gone = [(item, removed[item.id]) for item in order.items if item.id in removed]
    return Change(
        replace(
            after,
            codes=checks,
            refunds=refunds.removed(order, removed, now=now),
            removed=order.removed
            + tuple(
                Removed(item.id, item.offer_id, count, now, reason, item.offer_name, item.price) for item, count in gone
            ),
            updated_at=now,
        ),
        Actor.SELLER,
        act,
        now,
        events=(ItemsRemoved(dict(removed), reason), *told) if removed else told,
        stock=stock.released(order, removed),
        claims=codes.claimed(order, checks),
    )


def codes_given(items: tuple[Item, ...], anew: Set[int]) -> tuple[Event, ...]:
    """What is to be told of positions whose codes are known anew."""
    count = sum(len(item.instances) for item in items if item.id in anew)
    return (CodesGiven(count),) if count else ()


def without_codes(boxes: tuple[Box, ...], item_ids: Set[int]) -> tuple[Box, ...]:
    """The layout without the codes of positions whose codes are known anew: nobody said which box they are in."""
    if not item_ids:
        return boxes

    def cleared(entry: BoxItem) -> BoxItem:
        return replace(entry, instances=()) if entry.id in item_ids else entry

    return tuple(replace(box, items=tuple(cleared(entry) for entry in box.items)) for box in boxes)

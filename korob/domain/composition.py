"""What every way to change an order's composition has in common: when it may change, what may go, what follows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from korob.domain import codes, refunds
from korob.domain.change import BoxesPacked, Change, CodesGiven, Event, ItemsRemoved, Movement
from korob.domain.money import ZERO
from korob.domain.order import Box, Item, Order, Removed
from korob.domain.refusal import Refusal
from korob.domain.words import Actor, RemovalReason, Status, Substatus

THRESHOLD_PERCENT: Final = 99
_ASSEMBLED: Final = frozenset({Substatus.READY_TO_SHIP, Substatus.SHIPPED})
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


def must_be_open(order: Order) -> None:
    """Refuse unless the order is in PROCESSING/STARTED."""
    if order.substatus is Substatus.STARTED and order.status is Status.PROCESSING:
        return
    if order.status in _SENT or (order.status is Status.PROCESSING and order.substatus in _ASSEMBLED):
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
    now: datetime,
    reason: RemovalReason | None = None,
) -> Change:
    """The seller's change to these items and boxes, with all that follows from it: money back, stock, codes checked.

    `removed` says how many units of which position are gone. If all is as before, the very same order comes back.
    """
    after = replace(order, items=items, boxes=boxes)
    checks = codes.given(after, now=now)
    if not removed and items == order.items and boxes == order.boxes and checks == order.codes:
        return Change(order, Actor.SELLER, act, now)
    gone = [(item, removed[item.id]) for item in order.items if item.id in removed]
    return Change(
        replace(
            after,
            codes=checks,
            refunds=refunds.removed(order, removed, now=now),
            removed=order.removed + tuple(Removed(item.id, item.offer_id, count, now, reason) for item, count in gone),
            updated_at=now,
        ),
        Actor.SELLER,
        act,
        now,
        events=tuple(_events(order, after, removed, reason)),
        stock=tuple(Movement(item.offer_id, -count) for item, count in gone),
    )


def _events(order: Order, after: Order, removed: Mapping[int, int], reason: RemovalReason | None) -> list[Event]:
    told: list[Event] = []
    if removed:
        told.append(ItemsRemoved(dict(removed), reason))
    if after.boxes and after.boxes != order.boxes:
        told.append(BoxesPacked(len(after.boxes)))
    before = {item.id: item.instances for item in order.items}
    if given := sum(len(item.instances) for item in after.items if item.instances != before[item.id]):
        told.append(CodesGiven(given))
    return told

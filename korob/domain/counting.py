"""A bare number of boxes, for sellers who do not say what is in which (setOrderShipmentBoxes)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from korob.domain import composition
from korob.domain.change import BoxesPacked, Change
from korob.domain.order import Order
from korob.domain.refusal import Refusal
from korob.domain.words import Actor

BOXES_MAX: Final = 1000
"""More boxes than that nobody hands over for one order; ours."""


def count_boxes(order: Order, count: int, *, box_ids: Sequence[int], now: datetime) -> Change:
    """Set how many boxes the order has; boxes at their old places keep their ids, others take one of `box_ids`.

    A layout of as many boxes stays, another one gives way: it would say something else. Raises ClosedAlready and
    TooManyBoxes.
    """
    if not composition.is_open(order):
        raise ClosedAlready(order_id=order.id, status=order.status, substatus=order.substatus)
    if count > BOXES_MAX:
        raise TooManyBoxes(count=count, limit=BOXES_MAX)
    before = ids(order)
    if len(before) == count:
        return Change(order, Actor.SELLER, "COUNT_BOXES", now)
    counted = (*before, *box_ids)[:count]
    changed = replace(order, boxes=(), counted_boxes=counted, updated_at=now)
    return Change(changed, Actor.SELLER, "COUNT_BOXES", now, (BoxesPacked(count),))


def ids(order: Order) -> tuple[int, ...]:
    """The ids of the order's boxes by their places: of a layout, of a count, else of the box that it begins with."""
    if order.boxes:
        return tuple(box.id for box in order.boxes)
    return order.counted_boxes or (() if order.first_box_id is None else (order.first_box_id,))


class ClosedAlready(Refusal):
    """The parcel is closed, or not begun."""

    template = "You could not change boxes for order {order_id} in this status {status} ({substatus})"


class TooManyBoxes(Refusal):
    """A number that must be a mistake."""

    template = "An order can't have {count} boxes, the limit is {limit}"

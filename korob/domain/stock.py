"""What orders hold of the stock: held when placed, released when units leave the order before they were shipped.

When it is shipped, an order holds nothing any more, and its units have left the shelf.
"""

from collections.abc import Mapping

from korob.domain.change import Movement
from korob.domain.order import Order
from korob.domain.words import Status, Substatus

ON_THE_SHELF = frozenset({Status.PLACING, Status.RESERVED, Status.UNPAID, Status.PENDING, Status.PROCESSING})


def held(order: Order) -> tuple[Movement, ...]:
    """What a new order takes: every unit of every position; a test order takes nothing."""
    return () if order.fake else tuple(Movement(item.offer_id, item.count) for item in order.items)


def released(order: Order, counts: Mapping[int, int] | None = None) -> tuple[Movement, ...]:
    """What goes back when `counts` (units by position id; None: all) are taken out of the order as it stands.

    Nothing once the goods have left the shelf: what comes back from the road is a return, and counted by the seller.
    """
    if order.fake or not is_on_the_shelf(order):
        return ()
    leaving = {item.id: item.count for item in order.items} if counts is None else counts
    return tuple(Movement(item.offer_id, -leaving[item.id]) for item in order.items if leaving.get(item.id))


def shipped(order: Order, moved: Order) -> tuple[Movement, ...]:
    """What a move takes off the shelf for good: all units, when the order was there before it and is not after it."""
    if order.fake or not is_on_the_shelf(order) or is_on_the_shelf(moved):
        return ()
    return tuple(Movement(item.offer_id, -item.count, gone=item.count) for item in order.items)


def is_on_the_shelf(order: Order) -> bool:
    """Whether the goods are still at the warehouse."""
    return order.status in ON_THE_SHELF and order.substatus is not Substatus.SHIPPED

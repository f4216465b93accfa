"""Where the units of an order are, as far as its state tells."""

from typing import Final

from korob.contract.order_v1 import UnitStatus
from korob.domain.order import Order
from korob.domain.words import Status, Substatus

BY_STATUS: Final = {
    Status.PLACING: UnitStatus.CREATED,
    Status.RESERVED: UnitStatus.CREATED,
    Status.UNPAID: UnitStatus.CREATED,
    Status.PENDING: UnitStatus.CREATED,
    Status.PROCESSING: UnitStatus.CREATED,
    Status.DELIVERY: UnitStatus.SHIPPED,
    Status.PICKUP: UnitStatus.SHIPPED,
    Status.DELIVERED: UnitStatus.DELIVERED_TO_BUYER,
    Status.CANCELLED: UnitStatus.CANCELLED,
    Status.RETURNED: UnitStatus.RETURNED,
}
"""Where the units of an order in this status are. Which ones came back of a PARTIALLY_RETURNED one is not known."""

UNLESS: Final = {
    (Status.PROCESSING, Substatus.SHIPPED): UnitStatus.SHIPPED,
    (Status.CANCELLED, Substatus.LOST): UnitStatus.LOST,
    (Status.CANCELLED, Substatus.DELIVERY_SERVICE_LOST): UnitStatus.LOST,
    (Status.CANCELLED, Substatus.SORTING_CENTER_LOST): UnitStatus.LOST,
    (Status.CANCELLED, Substatus.DROPOFF_LOST): UnitStatus.LOST,
    (Status.CANCELLED, Substatus.PICKUP_EXPIRED): UnitStatus.REJECTED,
    (Status.CANCELLED, Substatus.DELIVERY_SERVICE_UNDELIVERED): UnitStatus.REJECTED,
}
"""Substatuses that tell more than their status does."""


def where(order: Order) -> UnitStatus | None:
    """Where the units are that the order has now; None if nobody knows. What was cancelled on its way is unredeemed."""
    if found := UNLESS.get((order.status, order.substatus)):
        return found
    if order.status is Status.CANCELLED and order.shipped_at is not None:
        return UnitStatus.REJECTED
    return BY_STATUS.get(order.status)

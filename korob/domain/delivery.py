"""What a DBS seller changes about a delivery: its date, its track codes, how long the point keeps the parcel."""

from datetime import date, datetime
from typing import Final

from msgspec.structs import replace

from korob.domain.change import Change, DeliveryChanged, Noted
from korob.domain.moscow import ONE_DAY, day_of
from korob.domain.order import Interval, Order, Shipment, Track
from korob.domain.refusal import Refusal
from korob.domain.words import Actor, DeliveryDateReason, DispatchType, Status

DATE_CHANGES_MAX: Final = 3
DATE_CHANGE_DAYS_MAX: Final = 30
"""How often, and how far at once, a delivery date may be put off; ours, the Market's limits are not published."""
STORAGE_EXTENSION_DAYS_MAX: Final = 30
DATED: Final = frozenset({Status.PROCESSING, Status.DELIVERY})
TRACKED: Final = frozenset({Status.PROCESSING, Status.DELIVERY, Status.PICKUP})
STORED: Final = frozenset({Status.PICKUP})


def move_date(order: Order, to_on: date, reason: DeliveryDateReason, *, now: datetime) -> Change:
    """Deliver by another day (setOrderDeliveryDate); the first day moves along with the last.

    With it the hand-over: a company's order has its day from now on, nobody's is after the delivery.
    An estimated date is thereby confirmed, also by naming it again. Raises the refusals below.
    """
    _must_be_in(DATED, order)
    delivery = order.delivery
    current = delivery.interval.to_on or delivery.interval.from_on
    if to_on == current and not delivery.estimated:
        raise SameDate(order_id=order.id, date=to_on)
    if to_on < day_of(now):
        raise DateInPast(date=to_on)
    if to_on - current > DATE_CHANGE_DAYS_MAX * ONE_DAY:
        raise DateTooFar(days=DATE_CHANGE_DAYS_MAX)
    if delivery.date_changes >= DATE_CHANGES_MAX:
        raise DateChangedTooOften(limit=DATE_CHANGES_MAX)
    interval = _shifted(delivery.interval, to_on, not_before=day_of(now))
    moved = replace(
        delivery,
        interval=interval,
        shipment=_handed_over(delivery.shipment, interval.from_on, to_on, not_before=day_of(now)),
        estimated=False,
        date_changes=delivery.date_changes + 1,
    )
    event = DeliveryChanged("DELIVERY_DATE_UPDATED", str(reason))
    return Change(replace(order, delivery=moved, updated_at=now), Actor.SELLER, "MOVE_DATE", now, (event,))


def give_track(order: Order, service_id: int, code: str, *, now: datetime) -> Change:
    """Tell the track code of a delivery service (setOrderDeliveryTrackCode); a new one of the same service replaces it.

    Raises ActionNotAllowed, and TrackCodeUsed when another service of the order has this code.
    """
    _must_be_in(TRACKED, order)
    tracks = order.delivery.tracks
    if any(track.code == code and track.service_id != service_id for track in tracks):
        raise TrackCodeUsed(order_id=order.id, code=code)
    track = Track(service_id, code)
    if any(known.service_id == service_id for known in tracks):
        tracks = tuple(track if known.service_id == service_id else known for known in tracks)
    else:
        tracks = (*tracks, track)
    tracked = replace(order, delivery=replace(order.delivery, tracks=tracks), updated_at=now)
    return Change(tracked, Actor.SELLER, "GIVE_TRACK", now, (Noted("TRACK_CODE"),))


def extend_storage(order: Order, until: date, *, now: datetime) -> Change:
    """Keep the parcel longer at the seller's own point, once, for thirty days at most (updateOrderStorageLimit)."""
    _must_be_in(STORED, order)
    delivery = order.delivery
    if delivery.dispatch is DispatchType.MARKET_BRANDED_OUTLET:
        raise PointOfTheMarket(order_id=order.id)
    if delivery.storage_extended:
        raise StorageExtendedBefore(order_id=order.id)
    current = delivery.outlet_storage_limit_on or day_of(now)
    if not current < until <= current + STORAGE_EXTENSION_DAYS_MAX * ONE_DAY:
        raise StorageLimitWrong(order_id=order.id, current=current, days=STORAGE_EXTENSION_DAYS_MAX)
    extended = replace(delivery, outlet_storage_limit_on=until, storage_extended=True)
    event = DeliveryChanged("UNKNOWN")
    return Change(replace(order, delivery=extended, updated_at=now), Actor.SELLER, "EXTEND_STORAGE", now, (event,))


class ActionNotAllowed(Refusal):
    """The order is not where this can be done."""

    template = "Action is not allowed for order {order_id} with status {status} and substatus {substatus}"


class SameDate(Refusal):
    """Nothing would change."""

    template = "New delivery dates are the same as the current!"


class DateInPast(Refusal):
    """That day is over."""

    template = "Delivery date {date} can't be in the past"


class DateTooFar(Refusal):
    """Put off by too many days at once."""

    template = "Exceeded the number of days to edit delivery dates! limit is: {days} days"


class DateChangedTooOften(Refusal):
    """Put off too often."""

    template = "Exceeded the number of edits of delivery dates! limit is: {limit}"


class TrackCodeUsed(Refusal):
    """The code is another parcel's."""

    template = "Track code {code} is already used for order {order_id}"


class PointOfTheMarket(Refusal):
    """Only the seller's own point keeps parcels at the seller's word."""

    template = "Storage limit can't be changed for order {order_id}: it is not at the shop's own outlet"


class StorageExtendedBefore(Refusal):
    """Storage is extended once."""

    template = "Storage limit was already changed for order {order_id}"


class StorageLimitWrong(Refusal):
    """No extension, or too long a one."""

    template = "Storage limit of order {order_id} can be moved from {current} by 1 to {days} days"


def _must_be_in(statuses: frozenset[Status], order: Order) -> None:
    if order.status not in statuses:
        raise ActionNotAllowed(order_id=order.id, status=order.status, substatus=order.substatus)


def _shifted(interval: Interval, to_on: date, *, not_before: date) -> Interval:
    """The interval moved to end on that day, as long as before, but not begun before today."""
    length = (interval.to_on or interval.from_on) - interval.from_on
    return replace(interval, from_on=max(to_on - length, not_before), to_on=to_on)


def _handed_over(shipment: Shipment | None, from_on: date, to_on: date, *, not_before: date) -> Shipment | None:
    """The hand-over as it was, pulled ahead of a delivery before it; the day before the delivery if it had no day."""
    if shipment is None:
        return None
    if shipment.ships_on is None:
        return replace(shipment, ships_on=max(from_on - ONE_DAY, not_before))
    return replace(shipment, ships_on=min(shipment.ships_on, to_on))

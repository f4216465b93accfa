"""Which orders a list is asked for: windows of time made definite, with the defaults and bounds of the two methods.

Days are Moscow's. The start of a window belongs to it, the end does not.
"""

from datetime import date, datetime, timedelta
from typing import Final

from korob.domain import moscow
from korob.domain.moscow import ONE_DAY
from korob.domain.refusal import Refusal
from korob.domain.value import Value
from korob.domain.words import BuyerType, DispatchType, Model, SourcePlatform, Status, Substatus

WINDOW_DAYS_MAX: Final = 30
SHOWN_AFTER_THE_END: Final = timedelta(days=30)
"""How long getOrders shows an order after it was delivered or cancelled."""
ENDED: Final = (Status.DELIVERED, Status.CANCELLED)

Moment = datetime | None

_WINDOW: Final = timedelta(days=WINDOW_DAYS_MAX)
_FIRST_DAY: Final = date(1970, 1, 1)
_LAST_DAY: Final = date(9000, 1, 1)


class WindowTooLong(Refusal):
    """A window spans more days than a list may."""

    template = "Invalid filters: interval between {start} and {end} is more than {days} days."


class WindowReversed(Refusal):
    """A window starts when it is over already."""

    template = "{what} is required to be less than end date"


class OrderFilter(Value, frozen=True):
    """What an order must be like to be listed; None and False ask for nothing."""

    order_ids: tuple[int, ...] | None = None
    external_ids: tuple[str, ...] | None = None
    models: tuple[Model, ...] | None = None
    statuses: tuple[Status, ...] | None = None
    substatuses: tuple[Substatus, ...] | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    ships_from: date | None = None
    ships_to: date | None = None
    updated_from: datetime | None = None
    updated_to: datetime | None = None
    dispatch: DispatchType | None = None
    buyer_type: BuyerType | None = None
    source_platforms: tuple[SourcePlatform, ...] | None = None
    fake: bool = False
    """Test orders instead of real ones."""
    has_cis: bool = False
    waiting: bool = False
    """On its way, and the buyer wants it cancelled."""
    estimated: bool = False
    ended_since: datetime | None = None
    """Not delivered or cancelled before this moment."""


def of_campaign(
    *,
    now: datetime,
    order_ids: tuple[int, ...] | None = None,
    statuses: tuple[Status, ...] | None = None,
    substatuses: tuple[Substatus, ...] | None = None,
    created_from: date | None = None,
    created_to: date | None = None,
    ships_from: date | None = None,
    ships_to: date | None = None,
    updated_from: datetime | None = None,
    updated_to: datetime | None = None,
    dispatch: DispatchType | None = None,
    buyer_type: BuyerType | None = None,
    fake: bool = False,
    has_cis: bool = False,
    waiting: bool = False,
    estimated: bool = False,
) -> OrderFilter:
    """The filter of getOrders: days end up at one day at least. Raises WindowTooLong, WindowReversed for moments."""
    created_since, created_until = _creation(created_from, created_to, now=now, always=bool(order_ids))
    first_ships, ships_until = _shipment(ships_from, ships_to)
    _check_update(updated_from, updated_to)
    return OrderFilter(
        order_ids=order_ids or None,
        statuses=statuses or None,
        substatuses=substatuses or None,
        created_from=created_since,
        created_to=created_until,
        ships_from=first_ships,
        ships_to=ships_until,
        updated_from=updated_from,
        updated_to=updated_to,
        dispatch=dispatch,
        buyer_type=buyer_type,
        fake=fake,
        has_cis=has_cis,
        waiting=waiting,
        estimated=estimated,
        ended_since=now - SHOWN_AFTER_THE_END,
    )


def of_business(
    *,
    now: datetime,
    order_ids: tuple[int, ...] | None = None,
    external_ids: tuple[str, ...] | None = None,
    models: tuple[Model, ...] | None = None,
    statuses: tuple[Status, ...] | None = None,
    substatuses: tuple[Substatus, ...] | None = None,
    created_from: date | None = None,
    created_to: date | None = None,
    ships_from: date | None = None,
    ships_to: date | None = None,
    updated_from: datetime | None = None,
    updated_to: datetime | None = None,
    source_platforms: tuple[SourcePlatform, ...] | None = None,
    fake: bool = False,
    waiting: bool = False,
) -> OrderFilter:
    """The filter of getBusinessOrders: the same day twice means that day. Raises WindowTooLong and WindowReversed."""
    _check_forward(created_from, created_to, "Order creation start date")
    created_since, created_until = _creation(created_from, created_to, now=now, always=bool(order_ids or external_ids))
    _check_forward(ships_from, ships_to, "Order shipment start date")
    first_ships, ships_until = _shipment(ships_from, ships_to)
    _check_update(updated_from, updated_to)
    return OrderFilter(
        order_ids=order_ids or None,
        external_ids=external_ids or None,
        models=models or None,
        statuses=statuses or None,
        substatuses=substatuses or None,
        created_from=created_since,
        created_to=created_until,
        ships_from=first_ships,
        ships_to=ships_until,
        updated_from=updated_from,
        updated_to=updated_to,
        source_platforms=source_platforms or None,
        fake=fake,
        waiting=waiting,
    )


def _creation(start: date | None, end: date | None, *, now: datetime, always: bool) -> tuple[Moment, Moment]:
    """When orders were placed: without an end until now, without anything the last thirty days, or `always`."""
    today = moscow.day_of(now)
    if end is not None:
        first, after = _days(start or _before(end), end)
        return _start_of(first), _start_of(after)
    if start is not None:
        return _start_of(_days(start, today)[0]), None
    return None if always else _start_of(today - _WINDOW), None


def _shipment(start: date | None, end: date | None) -> tuple[date | None, date | None]:
    """When orders are handed over: a window with one end known has the greatest length."""
    if end is not None:
        return _days(start or _before(end), end)
    if start is not None:
        start = _bounded(start)
        return start, start + _WINDOW
    return None, None


def _days(start: date, end: date) -> tuple[date, date]:
    """The window, at least of one day."""
    start, end = _bounded(start), _bounded(end)
    if end - start > _WINDOW:
        raise WindowTooLong(start=start, end=end, days=WINDOW_DAYS_MAX)
    return start, max(end, start + ONE_DAY)


def _check_forward(start: date | None, end: date | None, what: str) -> None:
    if start is not None and end is not None and end < start:
        raise WindowReversed(what=what)


def _check_update(start: Moment, end: Moment) -> None:
    if start is None or end is None:
        return
    if end <= start:
        raise WindowReversed(what="Order update start")
    if end - start > _WINDOW:
        raise WindowTooLong(start=start.isoformat(), end=end.isoformat(), days=WINDOW_DAYS_MAX)


def _before(end: date) -> date:
    return _bounded(end) - _WINDOW


def _bounded(day: date) -> date:
    """The day, or the nearest that there can be an order on: other days can't be reckoned with."""
    return min(max(day, _FIRST_DAY), _LAST_DAY)


def _start_of(day: date) -> datetime:
    return moscow.end_of(day - ONE_DAY)

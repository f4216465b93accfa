"""Which index leads to the orders of a filter, and the statement that goes there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from korob.domain.order_filter import ENDED, OrderFilter
from korob.domain.words import BuyerType, DispatchType, SourcePlatform
from korob.store.order_branches import Branches, statement

BY_THE_HOUR: Final = timedelta(hours=8)
"""The longest window of changes that is read hour by hour."""
BY_THE_DAY: Final = timedelta(days=8)
"""The longest that is read day by day; one longer still has its orders among the newest."""
LONG_AGO: Final = timedelta(days=1)
"""How much of a window may be too old for orders that have ended, before these are worth a way of their own."""


FEW_DAYS: Final = timedelta(days=3)
"""The longest window of shipments in which orders of any status are sought by day."""


class Path(NamedTuple):
    """A way to the orders of a filter."""

    leads: Callable[[OrderFilter, datetime], bool]
    """Whether it is worth going, at this moment."""
    statement: str


def to(filters: OrderFilter, *, now: datetime) -> str:
    """The statement of the best way."""
    return next(path.statement for path in PATHS if path.leads(filters, now))


def _long_ago(filters: OrderFilter, _: datetime) -> bool:
    since, start = filters.ended_since, filters.created_from
    ended = filters.statuses is None or not set(ENDED).isdisjoint(filters.statuses)
    return ended and since is not None and (start is None or start < since - LONG_AGO)


def _changed_for(longest: timedelta) -> Callable[[OrderFilter, datetime], bool]:
    """Whether changes of so long a time are wanted, at most."""

    def leads(filters: OrderFilter, now: datetime) -> bool:
        start, end = filters.updated_from, filters.updated_to
        return start is not None and (end or now) - start <= longest

    return leads


def _to_an_end(leads: Callable[[OrderFilter, datetime], bool]) -> Callable[[OrderFilter, datetime], bool]:
    """Most of what changes on a day was placed later than what ends on it, and would be passed first."""
    return lambda filters, now: (
        filters.statuses is not None and set(filters.statuses) <= set(ENDED) and leads(filters, now)
    )


def _to_a_status(leads: Callable[[OrderFilter, datetime], bool]) -> Callable[[OrderFilter, datetime], bool]:
    return lambda filters, now: filters.statuses is not None and leads(filters, now)


def _ships(filters: OrderFilter, _: datetime) -> bool:
    """Unless many days of shipments have few orders that are wanted: these are found by their state."""
    start, end, statuses = filters.ships_from, filters.ships_to, filters.statuses
    if start is None or end is None:
        return False
    return end - start <= FEW_DAYS or statuses is None or not set(ENDED).isdisjoint(statuses)


def _in_a_state(filters: OrderFilter, _: datetime) -> bool:
    return filters.statuses is not None or filters.substatuses is not None


def _to_an_outlet(filters: OrderFilter, _: datetime) -> bool:
    return filters.dispatch not in (None, DispatchType.BUYER)


def _from_elsewhere(filters: OrderFilter, _: datetime) -> bool:
    return filters.source_platforms is not None and SourcePlatform.MARKET not in filters.source_platforms


def _newest(trait: str = "true") -> Branches:
    return Branches("SELECT id AS campaign_id FROM mine", f"o.campaign_id = branch.campaign_id AND {trait}")


def _changed(unit: str, start: str, end: str, *, in_status: str = "") -> Branches:
    """By the hour or the day; of the status only what the index has of an order is looked at, not the order."""
    first, last = (f"date_trunc('{unit}', {moment} AT TIME ZONE '{_ZONES[unit]}')" for moment in (start, end))
    return Branches(
        f"""
        SELECT id AS campaign_id, {_UNITS[unit]} AS updated_in
        FROM mine
        CROSS JOIN generate_series({first}, {last}, interval '1 {unit}') AS units (began)
        """,
        f"o.campaign_id = branch.campaign_id AND {_UPDATED[unit]} {in_status}",
    )


def _ended() -> Branches:
    """By the day and the status."""
    changed = _changed("day", *_WINDOW)
    return Branches(
        f"SELECT days.*, status FROM ({changed.rows}) days CROSS JOIN unnest($8::text[]) AS wanted (status)",
        f"{changed.fixed} AND o.status = branch.status AND o.status IN ('DELIVERED', 'CANCELLED')",
    )


def _shipped(in_status: str = "") -> Branches:
    """By the day."""
    return Branches(
        """
        SELECT id AS campaign_id, $10::date + number AS ships_on
        FROM mine
        CROSS JOIN generate_series(0, $11::date - $10::date - 1) AS days (number)
        """,
        f"o.campaign_id = branch.campaign_id AND o.ships_on = branch.ships_on {in_status}",
    )


_ZONES: Final = {"hour": "UTC", "day": "Europe/Moscow"}
_UPDATED: Final = {
    "hour": "o.updated_hour = branch.updated_in",
    "day": "o.updated_day = branch.updated_in",
}
_UNITS: Final = {"hour": "began", "day": "began::date"}
_LATER: Final = "($23::timestamptz + interval '1 hour')"
# The end does not belong to a window: a day that begins with it would be read in vain.
_WINDOW: Final = ("$12::timestamptz", f"coalesce($13::timestamptz - interval '1 microsecond', {_LATER})")
# Which entries have one of several values an index tells from PostgreSQL 17 on, before that only the orders do;
# which lie between two values it always tells.
_IN_STATUS: Final = """
    o.status = ANY($8::text[])
    AND o.status >= (SELECT min(wanted) FROM unnest($8::text[]) AS wanted)
    AND o.status <= (SELECT max(wanted) FROM unnest($8::text[]) AS wanted)
"""
_HAS_ENDED: Final = "o.status IN ('DELIVERED', 'CANCELLED') AND o.status >= 'CANCELLED' AND o.status <= 'DELIVERED'"
_IN_STATE: Final = "o.campaign_id = branch.campaign_id AND o.status = branch.status AND o.substatus = branch.substatus"
_AT_WORK: Final = Branches("SELECT * FROM states WHERE status NOT IN ('DELIVERED', 'CANCELLED')", _IN_STATE)
_JUST_ENDED: Final = _changed("day", "$20::timestamptz", _LATER, in_status=f"AND {_HAS_ENDED}")
_OF_MINE: Final = "o.campaign_id IN (SELECT id FROM mine)"

PATHS: Final = (
    Path(
        lambda filters, _: filters.order_ids is not None,
        statement(
            Branches("SELECT unnest($21::bigint[]) AS wanted_id", f"o.order_id = branch.wanted_id AND {_OF_MINE}")
        ),
    ),
    Path(
        lambda filters, _: filters.external_ids is not None,
        statement(
            Branches("SELECT md5(unnest($22::text[])) AS digest", f"md5(o.external_id) = branch.digest AND {_OF_MINE}")
        ),
    ),
    Path(lambda filters, _: filters.waiting, statement(_newest("o.cancel_requested"))),
    Path(lambda filters, _: filters.estimated, statement(_newest("o.estimated"))),
    # What has ended since was changed since, and what has not ended is little.
    Path(_long_ago, statement(_AT_WORK, _JUST_ENDED)),
    Path(_to_a_status(_changed_for(BY_THE_HOUR)), statement(_changed("hour", *_WINDOW, in_status=f"AND {_IN_STATUS}"))),
    Path(_changed_for(BY_THE_HOUR), statement(_changed("hour", *_WINDOW))),
    Path(_to_an_end(_changed_for(BY_THE_DAY)), statement(_ended())),
    Path(_to_a_status(_changed_for(BY_THE_DAY)), statement(_changed("day", *_WINDOW, in_status=f"AND {_IN_STATUS}"))),
    Path(_changed_for(BY_THE_DAY), statement(_changed("day", *_WINDOW))),
    Path(_to_a_status(_ships), statement(_shipped(f"AND {_IN_STATUS}"))),
    Path(_ships, statement(_shipped())),
    Path(_in_a_state, statement(Branches("SELECT * FROM states", _IN_STATE))),
    Path(lambda filters, _: filters.has_cis, statement(_newest("o.has_cis"))),
    Path(lambda filters, _: filters.buyer_type is BuyerType.BUSINESS, statement(_newest("o.buyer_type = 'BUSINESS'"))),
    Path(_to_an_outlet, statement(_newest("o.dispatch = $14 AND o.dispatch <> 'BUYER'"))),
    Path(
        _from_elsewhere,
        statement(
            Branches(
                """
                SELECT id AS campaign_id, platform
                FROM mine
                CROSS JOIN unnest($16::text[]) AS wanted (platform)
                """,
                "o.campaign_id = branch.campaign_id AND o.source_platform = branch.platform "
                "AND o.source_platform <> 'MARKET'",
            )
        ),
    ),
    Path(lambda *_: True, statement(_newest())),
)
"""The first that leads is taken: the fewer orders it passes, the further up it stands."""

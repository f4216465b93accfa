"""Ways to the orders of a filter: which index leads to them, and the statement that goes there.

A page is merged from branches. A branch fixes the leading columns of an index (a campaign, a state, a day of shipment,
an hour of changes) and reads on in the order of the list; all other wishes are checked on the way. So a page costs the
same however many orders there are, as long as most orders that a branch meets are wanted.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from korob.domain.order_filter import ENDED, OrderFilter
from korob.domain.words import DispatchType, SourcePlatform

BY_THE_HOUR: Final = timedelta(hours=72)
"""The longest window of changes that is read hour by hour; a longer one has its orders among the newest."""
LONG_AGO: Final = timedelta(days=1)
"""How much of a window may be too old for orders that have ended before it is worth a way of its own."""


class Path(NamedTuple):
    """A way to the orders of a filter."""

    leads: Callable[[OrderFilter, datetime], bool]
    """Whether it is worth going at this moment."""
    statement: str


def to(filters: OrderFilter, *, now: datetime) -> str:
    """The statement of the best way."""
    return next(path.statement for path in PATHS if path.leads(filters, now))


def _changed_lately(filters: OrderFilter, now: datetime) -> bool:
    start, end = filters.updated_from, filters.updated_to
    return start is not None and (end or now) - start <= BY_THE_HOUR


def _long_ago(filters: OrderFilter, _: datetime) -> bool:
    since, start = filters.ended_since, filters.created_from
    ended = filters.statuses is None or not set(ENDED).isdisjoint(filters.statuses)
    return ended and since is not None and (start is None or start < since - LONG_AGO)


def _to_an_outlet(filters: OrderFilter, _: datetime) -> bool:
    return filters.dispatch not in (None, DispatchType.BUYER)


def _from_elsewhere(filters: OrderFilter, _: datetime) -> bool:
    return filters.source_platforms is not None and SourcePlatform.MARKET not in filters.source_platforms


# Every statement takes the same 26 parameters: 1 business, 2 campaigns, 3 models, 4 fake, 5 created from, 6 and 7 the
# position before which orders stand, 8 statuses, 9 substatuses, 10 and 11 days of shipment, 12 and 13 moments of the
# last change, 14 dispatch, 15 buyer type, 16 platforms, 17 has codes, 18 waits for an answer, 19 estimated,
# 20 ended since, 21 order ids, 22 external ids, 23 now, 24 how many are found, 25 skipped, 26 shown.
_MINE: Final = """
WITH RECURSIVE mine AS (
    SELECT id
    FROM campaigns
    WHERE business_id = $1 AND ($2::bigint[] IS NULL OR id = ANY($2)) AND ($3::text[] IS NULL OR model = ANY($3))
)
"""

# The states that orders of a campaign are in, each found by a jump of the index over all orders of the one before.
_STATES: Final = """
, states AS (
    SELECT mine.id AS campaign_id, wanted.status, first.substatus
    FROM mine
    CROSS JOIN unnest($8::text[]) AS wanted (status)
    CROSS JOIN LATERAL (
        SELECT o.substatus
        FROM orders o
        WHERE o.campaign_id = mine.id AND o.fake = $4 AND o.status = wanted.status
        ORDER BY o.substatus
        LIMIT 1
    ) first
    UNION ALL
    SELECT states.campaign_id, states.status, following.substatus
    FROM states
    CROSS JOIN LATERAL (
        SELECT o.substatus
        FROM orders o
        WHERE o.campaign_id = states.campaign_id AND o.fake = $4 AND o.status = states.status
          AND o.substatus > states.substatus
        ORDER BY o.substatus
        LIMIT 1
    ) following
), wanted_states AS (
    SELECT campaign_id, status, substatus
    FROM states
    WHERE $9::text[] IS NULL OR substatus = ANY($9)
)
"""

_BRANCHES: Final = """
SELECT branch.created_at, branch.order_id
FROM {source}
CROSS JOIN LATERAL (
    SELECT o.created_at, o.order_id
    FROM orders o
    WHERE {access}
      AND o.business_id = $1
      AND o.fake = $4
      AND o.created_at >= $5
      AND (o.created_at, o.order_id) < ($6, $7)
      AND o.status = ANY($8)
      AND ($9::text[] IS NULL OR o.substatus = ANY($9))
      AND ($10::date IS NULL OR o.ships_on >= $10 AND o.ships_on < $11::date)
      AND ($12::timestamptz IS NULL OR o.updated_at >= $12)
      AND ($13::timestamptz IS NULL OR o.updated_at < $13)
      AND ($14::text IS NULL OR o.dispatch = $14)
      AND ($15::text IS NULL OR o.buyer_type = $15)
      AND ($16::text[] IS NULL OR o.source_platform = ANY($16))
      AND (NOT $17::boolean OR o.has_cis)
      AND (NOT $18::boolean OR o.cancel_requested AND o.status IN ('DELIVERY', 'PICKUP'))
      AND (NOT $19::boolean OR o.estimated)
      AND (
          $20::timestamptz IS NULL
          OR o.created_at >= $20
          OR o.status NOT IN ('DELIVERED', 'CANCELLED')
          OR o.updated_at >= $20 AND (o.body->>'since')::timestamptz >= $20
      )
      AND ($21::bigint[] IS NULL OR o.order_id = ANY($21))
      AND ($22::text[] IS NULL OR o.external_id = ANY($22))
    ORDER BY o.created_at DESC, o.order_id DESC
    LIMIT $24
) branch
"""

_SHOWN: Final = """
SELECT shown.body, facts.total, facts.epoch, facts.due_campaigns, facts.due_orders
FROM (
    SELECT
        (SELECT count(*) FROM found) AS total,
        coalesce((SELECT epoch FROM worlds WHERE business_id = $1), 0) AS epoch,
        array_agg(due.campaign_id) AS due_campaigns,
        array_agg(due.order_id) AS due_orders
    FROM (
        SELECT campaign_id, order_id
        FROM orders
        WHERE business_id = $1 AND look_at <= $23::timestamptz
        ORDER BY look_at
        LIMIT 200
    ) due
) facts
LEFT JOIN (
    SELECT
        page.created_at,
        page.order_id,
        (SELECT o.body FROM orders o WHERE o.business_id = $1 AND o.order_id = page.order_id) AS body
    FROM (
        SELECT created_at, order_id
        FROM found
        ORDER BY created_at DESC, order_id DESC
        OFFSET $25
        LIMIT $26
    ) page
) shown ON true
ORDER BY shown.created_at DESC, shown.order_id DESC
"""


def _statement(*branches: tuple[str, str], states: bool = False) -> str:
    found = "UNION ALL".join(_BRANCHES.format(source=source, access=access) for source, access in branches)
    return (
        _MINE
        + (_STATES if states else "")
        + f", found AS MATERIALIZED ({found} ORDER BY created_at DESC, order_id DESC LIMIT $24)"
        + _SHOWN
    )


def _of_few(trait: str) -> str:
    return _statement(("mine", f"o.campaign_id = mine.id AND {trait}"))


def _hours(start: str, end: str) -> str:
    first, last = (f"date_trunc('hour', {moment} AT TIME ZONE 'UTC')" for moment in (start, end))
    return f"mine CROSS JOIN generate_series({first}, {last}, interval '1 hour') AS hours (hour)"


_IN_AN_HOUR: Final = "o.campaign_id = mine.id AND o.updated_hour = hours.hour"
_A_STATE: Final = "o.campaign_id = state.campaign_id AND o.status = state.status AND o.substatus = state.substatus"
_LATER: Final = "($23::timestamptz + interval '1 hour')"

PATHS: Final = (
    Path(
        lambda filters, _: filters.order_ids is not None,
        _statement(
            (
                "unnest($21::bigint[]) AS wanted (order_id)",
                "o.order_id = wanted.order_id AND o.campaign_id IN (SELECT id FROM mine)",
            )
        ),
    ),
    Path(
        lambda filters, _: filters.external_ids is not None,
        _statement(
            (
                "unnest($22::text[]) AS wanted (external_id)",
                "o.external_id = wanted.external_id AND o.campaign_id IN (SELECT id FROM mine)",
            )
        ),
    ),
    Path(lambda filters, _: filters.waiting, _of_few("o.cancel_requested")),
    Path(lambda filters, _: filters.estimated, _of_few("o.estimated")),
    # What has ended since a moment was changed since; what has not ended is few among orders of long ago.
    Path(
        _long_ago,
        _statement(
            ("(SELECT * FROM wanted_states WHERE status NOT IN ('DELIVERED', 'CANCELLED')) AS state", _A_STATE),
            (_hours("$20::timestamptz", _LATER), f"{_IN_AN_HOUR} AND o.status IN ('DELIVERED', 'CANCELLED')"),
            states=True,
        ),
    ),
    Path(
        _changed_lately,
        _statement((_hours("$12::timestamptz", f"coalesce($13::timestamptz, {_LATER})"), _IN_AN_HOUR)),
    ),
    Path(
        lambda filters, _: filters.ships_from is not None,
        _statement(
            (
                "mine "
                "CROSS JOIN generate_series(0, $11::date - $10::date - 1) AS days (number) "
                "CROSS JOIN unnest($8::text[]) AS wanted (status)",
                "o.campaign_id = mine.id AND o.ships_on = $10::date + days.number AND o.status = wanted.status",
            )
        ),
    ),
    Path(
        lambda filters, _: filters.statuses is not None or filters.substatuses is not None,
        _statement(("wanted_states AS state", _A_STATE), states=True),
    ),
    Path(lambda filters, _: filters.has_cis, _of_few("o.has_cis")),
    Path(
        lambda filters, _: filters.buyer_type is not None and filters.buyer_type == "BUSINESS",
        _of_few("o.buyer_type = 'BUSINESS'"),
    ),
    Path(_to_an_outlet, _of_few("o.dispatch = $14 AND o.dispatch <> 'BUYER'")),
    Path(
        _from_elsewhere,
        _statement(
            (
                "mine CROSS JOIN unnest($16::text[]) AS wanted (platform)",
                "o.campaign_id = mine.id AND o.source_platform = wanted.platform AND o.source_platform <> 'MARKET'",
            )
        ),
    ),
    Path(lambda *_: True, _statement(("mine", "o.campaign_id = mine.id"))),
)
"""The first that leads is taken: the fewer orders it passes, the further up it stands."""

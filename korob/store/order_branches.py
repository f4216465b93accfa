"""The statement that merges a page of orders from branches.

A branch fixes the leading columns of an index (a campaign, a state, a day of shipment, an hour of changes) and reads on
in the order of the list; all other wishes are checked on the way. So a page costs the same however many orders there
are, as long as most orders that a branch meets are wanted.

The newest order of each branch comes first. The branch with the newest of all may fill the page alone, so it is read
for a whole one. Nothing older than the last order wanted of those found by then, the ledge, can be on the page: only
branches with something above it are read on. The second of them is likely to fill half of the page, the third a third:
so far they are read, which seldom is much more than what is wanted, however the page is spread over the branches. The
last order wanted of those found by now is the floor; where a branch may have more above it, the rest is read. That
keeps a page of hundreds of branches cheap, and one of a month cheap that its last two days fill.

Every statement has the same 26 parameters: 1 business, 2 campaigns, 3 models, 4 fake, 5 created from, 6 and 7 the
position before which orders stand, 8 statuses, 9 substatuses, 10 and 11 days of shipment, 12 and 13 moments of the last
change, 14 dispatch, 15 buyer type, 16 platforms, 17 has codes, 18 waits for an answer, 19 estimated, 20 ended since,
21 order ids, 22 external ids, 23 now, 24 how many are wanted, 25 skipped, 26 shown.
"""

from typing import Final, NamedTuple

from korob.domain.words import Status

DEEP: Final = 16
"""Of so many branches more than one order is read before the floor is known."""


class Branches(NamedTuple):
    """Branches of one kind: a query for a row with the fixed columns of each, and the orders that have these values."""

    rows: str
    """None of its columns is called created_at, order_id, its_campaign, version, birth, among, rank or depth."""
    fixed: str
    """A condition on an order `o` of a branch."""


def statement(*kinds: Branches) -> str:
    """The statement of these branches."""
    numbers = range(len(kinds))
    return _PAGE.format(
        statuses=f"ARRAY{[status.value for status in Status]}",
        states=_STATES if any("states" in kind.rows for kind in kinds) else "",
        branches=" ".join(_BRANCHES.format(number=number, **_orders(kind)) for number, kind in enumerate(kinds)),
        first=" UNION ALL ".join(_FIRST.format(number=number) for number in numbers),
        deeper=" ".join(_DEEPER.format(number=number, **_orders(kind)) for number, kind in enumerate(kinds)),
        ledge=_LEVEL.format("first"),
        floor=_LEVEL.format("few"),
        few=" UNION ALL ".join(_FEW.format(number=number) for number in numbers),
        more=" UNION ALL ".join(_MORE.format(number=number, **_orders(kind)) for number, kind in enumerate(kinds)),
    )


def _orders(kind: Branches) -> dict[str, str]:
    """The rows of the branches, and the queries for what is read of each."""
    return {
        "rows": kind.rows,
        "deep": str(DEEP),
        "newest": _ORDERS.format(kind.fixed, "($6, $7)", _ALL, "1"),
        "page": _ORDERS.format(kind.fixed, _AFTER.format("branch"), _ALL, "$24"),
        "deeper": _ORDERS.format(kind.fixed, _AFTER.format("branch"), _ABOVE.format(level="ledge"), "branch.depth"),
        "above": _ORDERS.format(kind.fixed, _AFTER.format("reached"), _ABOVE.format(level="floor"), "$24"),
    }


# A quality that is looked for in a list must not be mistaken for one that an index is read by: the branch would come
# out of order. Hence array_position.
_ORDERS: Final = """
    SELECT o.created_at, o.order_id, o.campaign_id AS its_campaign, o.version, o.birth
    FROM orders o
    WHERE {}
      AND (o.created_at, o.order_id) < {}
      {}
      AND o.business_id = $1
      AND o.fake = $4
      AND ($8::text[] IS NULL OR array_position($8, o.status) IS NOT NULL)
      AND ($9::text[] IS NULL OR array_position($9, o.substatus) IS NOT NULL)
      AND ($10::date IS NULL OR o.ships_on >= $10 AND o.ships_on < $11::date)
      AND ($12::timestamptz IS NULL OR o.updated_at >= $12)
      AND ($13::timestamptz IS NULL OR o.updated_at < $13)
      AND ($14::text IS NULL OR o.dispatch = $14)
      AND ($15::text IS NULL OR o.buyer_type = $15)
      AND ($16::text[] IS NULL OR array_position($16, o.source_platform) IS NOT NULL)
      AND (NOT $17::boolean OR o.has_cis)
      AND (NOT $18::boolean OR o.cancel_requested AND o.status IN ('DELIVERY', 'PICKUP'))
      AND (NOT $19::boolean OR o.estimated)
      AND (
          $20::timestamptz IS NULL
          OR o.created_at >= $20
          OR o.status NOT IN ('DELIVERED', 'CANCELLED')
          OR o.updated_at >= $20 AND (o.body->>'since')::timestamptz >= $20
      )
      AND ($21::bigint[] IS NULL OR array_position($21, o.order_id) IS NOT NULL)
      AND ($22::text[] IS NULL OR array_position($22, o.external_id) IS NOT NULL)
    ORDER BY o.created_at DESC, o.order_id DESC
    LIMIT {}
"""

# OFFSET 0 has the columns of branches made before an index is looked at: making them in there would speak for an index
# that does without.
_BRANCHES: Final = """
, newest_{number} AS MATERIALIZED (
    SELECT ranked.*, greatest(1, $24 / rank, 2 * $24 / among) AS depth
    FROM (
        SELECT branch.*, newest.*, count(*) OVER () AS among,
               row_number() OVER (ORDER BY newest.created_at DESC, newest.order_id DESC) AS rank
        FROM ({rows} OFFSET 0) branch
        CROSS JOIN LATERAL ({newest}) newest
    ) ranked
), first_{number} AS MATERIALIZED (
    SELECT page.*
    FROM newest_{number} branch
    CROSS JOIN LATERAL ({page}) page
    WHERE branch.rank = 1
)
"""

_FIRST: Final = """
    SELECT created_at, order_id, its_campaign, version, birth FROM newest_{number}
    UNION ALL
    SELECT created_at, order_id, its_campaign, version, birth FROM first_{number}
"""

_DEEPER: Final = """
, deeper_{number} AS MATERIALIZED (
    SELECT branch.rank, deeper.*, deeper.place = branch.depth AS last
    FROM newest_{number} branch
    CROSS JOIN LATERAL (
        SELECT *, row_number() OVER (ORDER BY created_at DESC, order_id DESC) AS place
        FROM ({deeper}) deeper
    ) deeper
    WHERE branch.rank BETWEEN 2 AND {deep} AND branch.created_at >= coalesce((SELECT created_at FROM ledge), $5)
), reached_{number} AS MATERIALIZED (
    SELECT rank, created_at, order_id FROM deeper_{number} WHERE last
    UNION ALL
    SELECT rank, created_at, order_id FROM newest_{number} WHERE rank > {deep}
)
"""

_FEW: Final = """
    SELECT created_at, order_id, its_campaign, version, birth FROM deeper_{number}
"""

_MORE: Final = """
    SELECT above.*
    FROM reached_{number} reached
    JOIN newest_{number} branch USING (rank)
    CROSS JOIN LATERAL ({above}) above
    WHERE reached.created_at >= coalesce((SELECT created_at FROM floor), $5)
"""

_AFTER: Final = "({0}.created_at, {0}.order_id)"
_ALL: Final = "AND o.created_at >= $5"
# What may be on the page: nothing is below a level while there are not enough orders for one.
# Where it ends an index is told by a plain comparison only: by one of rows it is read to the end, each entry in vain.
_ABOVE: Final = """
    AND o.created_at >= coalesce((SELECT created_at FROM {level}), $5)
    AND (o.created_at, o.order_id) > (
        coalesce((SELECT created_at FROM {level}), $5), coalesce((SELECT order_id FROM {level}), 0)
    )
"""
_LEVEL: Final = """
    SELECT created_at, order_id
    FROM {}
    ORDER BY created_at DESC, order_id DESC
    OFFSET $24 - 1
    LIMIT 1
"""

# The states that a campaign's orders are in; each is found by a leap of the index over the orders of the one before.
_STATES: Final = """
, leaps AS (
    SELECT mine.id AS campaign_id, wanted.status, first.substatus
    FROM mine
    CROSS JOIN statuses wanted
    CROSS JOIN LATERAL (
        SELECT o.substatus
        FROM orders o
        WHERE o.campaign_id = mine.id AND o.fake = $4 AND o.status = wanted.status
        ORDER BY o.substatus
        LIMIT 1
    ) first
    UNION ALL
    SELECT leaps.campaign_id, leaps.status, following.substatus
    FROM leaps
    CROSS JOIN LATERAL (
        SELECT o.substatus
        FROM orders o
        WHERE o.campaign_id = leaps.campaign_id AND o.fake = $4 AND o.status = leaps.status
          AND o.substatus > leaps.substatus
        ORDER BY o.substatus
        LIMIT 1
    ) following
), states AS (
    SELECT campaign_id, status, substatus
    FROM leaps
    WHERE $9::text[] IS NULL OR substatus = ANY($9)
)
"""

_PAGE: Final = """
WITH RECURSIVE mine AS (
    SELECT id
    FROM campaigns
    WHERE business_id = $1 AND ($2::bigint[] IS NULL OR id = ANY($2)) AND ($3::text[] IS NULL OR model = ANY($3))
), statuses AS (
    SELECT unnest(coalesce($8::text[], {statuses})) AS status
)
{states}
{branches}
, first AS MATERIALIZED (
    {first}
), ledge AS MATERIALIZED ({ledge})
{deeper}
, few AS MATERIALIZED (
    SELECT * FROM first
    UNION ALL
    {few}
), floor AS MATERIALIZED ({floor}), found AS MATERIALIZED (
    SELECT * FROM few
    UNION ALL
    {more}
    ORDER BY created_at DESC, order_id DESC
    LIMIT $24
)
SELECT shown.order_id, shown.its_campaign, shown.version, shown.birth, facts.total, facts.epoch, facts.due_campaigns,
       facts.due_orders
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
    SELECT *
    FROM found
    ORDER BY created_at DESC, order_id DESC
    OFFSET $25
    LIMIT $26
) shown ON true
ORDER BY shown.created_at DESC, shown.order_id DESC
"""

"""The statement that merges a page of orders from branches.

A branch fixes the leading columns of an index (a campaign, a state, a day of shipment, an hour of changes) and reads on
in the order of the list; all other wishes are checked on the way. So a page costs the same however many orders there
are, as long as most orders that a branch meets are wanted.

Some orders of each branch come first, the fewer the more branches there are: together three times as many as wanted.
Once enough are found, nothing older than the last of these can be on the page; only branches that may have more above
it are read on from where they were left. That is what keeps a page of many branches cheap.

Every statement has the same 26 parameters: 1 business, 2 campaigns, 3 models, 4 fake, 5 created from, 6 and 7 the
position before which orders stand, 8 statuses, 9 substatuses, 10 and 11 days of shipment, 12 and 13 moments of the last
change, 14 dispatch, 15 buyer type, 16 platforms, 17 has codes, 18 waits for an answer, 19 estimated, 20 ended since,
21 order ids, 22 external ids, 23 now, 24 how many are wanted, 25 skipped, 26 shown.
"""

from typing import Final, NamedTuple

TIMES: Final = 3
"""How many times the orders wanted the first ones of all branches are together, if each has some."""


class Branches(NamedTuple):
    """Branches of one kind: a query for a row with the fixed columns of each, and the orders that have these values."""

    rows: str
    """None of its columns is called created_at, order_id or place."""
    fixed: str
    """A condition on an order `o` of a branch."""


def statement(*kinds: Branches) -> str:
    """The statement of these branches."""
    numbered = tuple(enumerate(kinds))
    return _PAGE.format(
        times=TIMES,
        states=_STATES if any("states" in kind.rows for kind in kinds) else "",
        branches=" ".join(f", branches_{number} AS MATERIALIZED ({kind.rows})" for number, kind in numbered),
        count=" + ".join(f"(SELECT count(*) FROM branches_{number})" for number, _ in numbered),
        firsts=" ".join(_FIRST.format(number=number, orders=_first(kind)) for number, kind in numbered),
        few=" UNION ALL ".join(f"SELECT created_at, order_id FROM first_{number}" for number, _ in numbered),
        more=" UNION ALL ".join(_MORE.format(number=number, orders=_more(kind), floor=_FLOOR) for number, kind in numbered),
    )


def _first(kind: Branches) -> str:
    return _ORDERS.format(kind.fixed, "", "($6, $7)", "(SELECT few FROM depth)")


def _more(kind: Branches) -> str:
    floor = f"AND (o.created_at, o.order_id) > {_FLOOR}"
    return _ORDERS.format(kind.fixed, floor, "(branch.created_at, branch.order_id)", "$24")


# A quality that is looked for in a list must not be mistaken for one that an index is read by: the branch would come
# out of order. Hence array_position.
_ORDERS: Final = """
    SELECT o.created_at, o.order_id
    FROM orders o
    WHERE {}
      {}
      AND (o.created_at, o.order_id) < {}
      AND o.created_at >= $5
      AND o.business_id = $1
      AND o.fake = $4
      AND array_position($8::text[], o.status) IS NOT NULL
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

_FIRST: Final = """
, first_{number} AS MATERIALIZED (
    SELECT branch.*, first.created_at, first.order_id, first.place
    FROM branches_{number} branch
    CROSS JOIN LATERAL (
        SELECT created_at, order_id, row_number() OVER (ORDER BY created_at DESC, order_id DESC) AS place
        FROM ({orders}) newest
    ) first
)
"""

_FLOOR: Final = """(
    coalesce((SELECT created_at FROM floor), '-infinity'), coalesce((SELECT order_id FROM floor), 0)
)"""

# Where fewer came than were asked for, there are no more.
_MORE: Final = """
    SELECT more.created_at, more.order_id
    FROM first_{number} branch
    CROSS JOIN LATERAL ({orders}) more
    WHERE branch.place = (SELECT few FROM depth) AND (branch.created_at, branch.order_id) > {floor}
"""

# The states that a campaign's orders are in; each is found by a leap of the index over the orders of the one before.
_STATES: Final = """
, leaps AS (
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
)
{states}
{branches}
, depth AS MATERIALIZED (
    SELECT least($24::bigint, greatest(1, {times} * $24::bigint / greatest(1, {count}))) AS few
)
{firsts}
, few AS MATERIALIZED (
    {few}
), floor AS MATERIALIZED (
    SELECT created_at, order_id
    FROM few
    ORDER BY created_at DESC, order_id DESC
    OFFSET $24 - 1
    LIMIT 1
), found AS MATERIALIZED (
    SELECT created_at, order_id FROM few
    UNION ALL
    {more}
    ORDER BY created_at DESC, order_id DESC
    LIMIT $24
)
SELECT shown.order_id, shown.campaign_id, shown.version, shown.birth, facts.total, facts.epoch, facts.due_campaigns,
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
    SELECT page.created_at, page.order_id, o.campaign_id, o.version, o.birth
    FROM (
        SELECT created_at, order_id
        FROM found
        ORDER BY created_at DESC, order_id DESC
        OFFSET $25
        LIMIT $26
    ) page
    -- Asked for one by one: a plain join might be planned as a walk over all orders.
    CROSS JOIN LATERAL (
        SELECT campaign_id, version, birth
        FROM orders
        WHERE business_id = $1 AND order_id = page.order_id
        LIMIT 1
    ) o
) shown ON true
ORDER BY shown.created_at DESC, shown.order_id DESC
"""

"""What sellers are still to be told, and who of them: from the outbox to deliveries."""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final, NamedTuple

from korob.domain.notification import Subscription
from korob.store import subscriptions
from korob.store.database import Database, as_json

TRACEPARENT: Final[ContextVar[bytes | None]] = ContextVar("traceparent", default=None)
"""The W3C traceparent of the call that is being served: what it changes is told under the same trace."""


PAGE: Final = 1_000
"""Notifications that are read in one go."""


class Fresh(NamedTuple):
    """A notification that nobody has looked at yet."""

    business_id: int
    id: int
    campaign_id: int
    type: str


class Addressed(NamedTuple):
    """A notification and a subscription that gets it."""

    business_id: int
    outbox_id: int
    subscription_id: int


def trace_id() -> str | None:
    """The id of the trace of the call that is being served; None outside of calls."""
    traceparent = TRACEPARENT.get()
    return traceparent[3:35].decode() if traceparent else None


async def fresh(
    database: Database, *, limit: int, business_id: int | None = None
) -> tuple[list[Fresh], dict[int, list[Subscription]]]:
    """Notifications that nobody has looked at yet, of one business or of all, and the subscriptions that listen."""
    async with database.connection() as connection:
        rows = await connection.fetch(_FRESH if business_id is None else _FRESH_OF_ONE, limit, *_given(business_id))
        found = [Fresh(*row) for row in rows]
        if not found:
            return [], {}
        return found, await subscriptions.listening(connection, sorted({row.business_id for row in found}))


async def dispatch(database: Database, looked_at: Sequence[Fresh], addressed: Sequence[Addressed]) -> int:
    """Mark notifications as looked at and queue them for those who get them, due at once; how many were queued.

    All in one statement: a second run over the same notifications queues nothing.
    """
    async with database.connection() as connection:
        queued: int = await connection.fetchval(
            """
            WITH addressed AS MATERIALIZED (
                SELECT *
                FROM jsonb_to_recordset($3) AS a(business_id bigint, outbox_id bigint, subscription_id bigint)
            ), listening AS MATERIALIZED (
                SELECT business_id, id
                FROM subscriptions
                WHERE (business_id, id) IN (SELECT business_id, subscription_id FROM addressed)
                  AND state IN ('ENABLED', 'PAUSED')
                -- Locked as those who deliver lock them.
                ORDER BY business_id, id
                FOR NO KEY UPDATE
            ), marked AS (
                UPDATE outbox o
                SET dispatched = true
                FROM unnest($1::bigint[], $2::bigint[]) AS f(business_id, id)
                WHERE o.business_id = f.business_id AND o.id = f.id AND NOT o.dispatched
                RETURNING o.business_id, o.id
            ), queued AS (
                INSERT INTO deliveries (business_id, outbox_id, subscription_id, due_at)
                SELECT a.business_id, a.outbox_id, a.subscription_id, clock.now
                FROM addressed a
                JOIN marked m ON m.business_id = a.business_id AND m.id = a.outbox_id
                JOIN listening s ON s.business_id = a.business_id AND s.id = a.subscription_id
                LEFT JOIN worlds w ON w.business_id = a.business_id
                CROSS JOIN LATERAL (
                    SELECT coalesce(w.frozen_at, now() + coalesce(w.clock_offset, interval '0')) AS now
                ) clock
                ON CONFLICT DO NOTHING
                RETURNING business_id, subscription_id, due_at
            ), woken AS (
                UPDATE subscriptions s
                SET look_at = least(s.look_at, q.due_at)
                FROM (
                    SELECT business_id, subscription_id, min(due_at) AS due_at
                    FROM queued
                    GROUP BY business_id, subscription_id
                ) q
                WHERE s.business_id = q.business_id AND s.id = q.subscription_id
            )
            SELECT count(*) FROM queued
            """,
            [row.business_id for row in looked_at],
            [row.id for row in looked_at],
            as_json([row._asdict() for row in addressed]),
        )
    return queued


async def since(
    database: Database, business_id: int, moment: datetime, *, campaign_id: int | None, after: int = 0
) -> list[Fresh]:
    """Notifications of a business, or of one campaign, from a moment of its clock on, looked at or not.

    They come by their ids, a page at a time: the next page is `after` the last id of this one.
    """
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT business_id, id, campaign_id, type
            FROM outbox
            WHERE business_id = $1 AND id > $4 AND at >= $2 AND ($3::bigint IS NULL OR campaign_id = $3)
            ORDER BY id
            LIMIT $5
            """,
            business_id,
            moment,
            campaign_id,
            after,
            PAGE,
        )
    return [Fresh(*row) for row in rows]


def _given(business_id: int | None) -> tuple[Any, ...]:
    return () if business_id is None else (business_id,)


_FRESH: Final = """
    SELECT business_id, id, campaign_id, type
    FROM outbox
    WHERE NOT dispatched
    ORDER BY business_id, id
    LIMIT $1
    """
_FRESH_OF_ONE: Final = """
    SELECT business_id, id, campaign_id, type
    FROM outbox
    WHERE NOT dispatched AND business_id = $2
    ORDER BY business_id, id
    LIMIT $1
    """

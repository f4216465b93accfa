"""What became of notifications: the log of attempts, deliveries one by one, sending again, and figures of all."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import asyncpg
from msgspec import Struct

from korob.domain.refusal import Refusal
from korob.store import subscriptions
from korob.store.database import Database

SWEPT_AT_ONCE: Final = 1_000


class NotificationNotFound(Refusal):
    """The subscription never had such a notification to get."""

    template = "Notification not found {notification_id}"


class AttemptOnFile(Struct, frozen=True):
    """A knock as it was written down. `outbox_id` is None for a check of the connection."""

    id: int
    outbox_id: int | None
    type: str
    at: datetime
    made_at: datetime
    seconds: float
    status: int | None
    error: str | None
    cause: str | None
    answer: str
    integration: str | None
    version: str | None
    traceparent: str


class DeliveryOnFile(Struct, frozen=True):
    """A notification on its way to a subscription, or at its end."""

    outbox_id: int
    type: str
    campaign_id: int
    order_id: int
    at: datetime
    state: str
    due_at: datetime
    attempts: int
    body: bytes


class Figures(Struct, frozen=True):
    """What is true of all subscriptions now. Ages are in seconds of each business's own time."""

    waiting: int
    oldest_seconds: float
    undispatched: int
    undispatched_seconds: float
    knocked: int
    failed: int
    subscriptions: dict[str, int]


async def attempts(
    database: Database,
    business_id: int,
    subscription_id: int,
    *,
    outbox_id: int | None = None,
    before: int | None = None,
    limit: int,
) -> tuple[AttemptOnFile, ...]:
    """Attempts for a subscription, the latest first; older ones than `before`, for one notification if given."""
    async with database.search() as connection:
        rows = await connection.fetch(
            """
            SELECT id, outbox_id, type, at, made_at, seconds, status, error, cause, answer, integration, version,
                   traceparent
            FROM attempts
            WHERE business_id = $1 AND subscription_id = $2
              AND ($3::bigint IS NULL OR outbox_id = $3)
              AND ($4::bigint IS NULL OR id < $4)
            ORDER BY id DESC
            LIMIT $5
            """,
            business_id,
            subscription_id,
            outbox_id,
            before,
            limit,
        )
    return tuple(AttemptOnFile(**row) for row in rows)


async def deliveries(
    database: Database,
    business_id: int,
    subscription_id: int,
    *,
    state: str | None = None,
    before: int | None = None,
    limit: int,
) -> tuple[DeliveryOnFile, ...]:
    """What a subscription got or is to get, the latest first; older than `before`, in one state if given."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT d.outbox_id, o.type, o.campaign_id, o.order_id, o.at, d.state, d.due_at, d.attempts, o.body
            FROM deliveries d
            JOIN outbox o ON o.business_id = d.business_id AND o.id = d.outbox_id
            WHERE d.business_id = $1 AND d.subscription_id = $2
              AND ($3::text IS NULL OR d.state = $3)
              AND ($4::bigint IS NULL OR d.outbox_id < $4)
            ORDER BY d.outbox_id DESC
            LIMIT $5
            """,
            business_id,
            subscription_id,
            state,
            before,
            limit,
        )
    return tuple(DeliveryOnFile(**row) for row in rows)


async def resend(
    database: Database, business_id: int, subscription_id: int, outbox_ids: Sequence[int], *, now: datetime
) -> int:
    """Have notifications sent to a subscription anew, the ladder from its first rung; how many."""
    async with database.transaction() as connection:
        # The subscription first: whoever writes down what came of its deliveries has it, and wants these.
        await connection.execute(
            "SELECT FROM subscriptions WHERE business_id = $1 AND id = $2 FOR NO KEY UPDATE",
            business_id,
            subscription_id,
        )
        rows = await connection.fetch(
            """
            INSERT INTO deliveries (business_id, outbox_id, subscription_id, due_at)
            SELECT o.business_id, o.id, $2, $4
            FROM outbox o
            WHERE o.business_id = $1 AND o.id = ANY($3::bigint[])
            ON CONFLICT (business_id, outbox_id, subscription_id)
            DO UPDATE SET state = 'WAITING', due_at = excluded.due_at, first_at = NULL
            RETURNING outbox_id
            """,
            business_id,
            subscription_id,
            outbox_ids,
            now,
        )
        await subscriptions.wake(connection, business_id, subscription_id)
    return len(rows)


async def check_known(database: Database, business_id: int, subscription_id: int, outbox_id: int) -> None:
    """Raises NotificationNotFound unless the subscription had that notification to get."""
    async with database.connection() as connection:
        known = await connection.fetchval(
            """
            SELECT true FROM deliveries
            WHERE business_id = $1 AND outbox_id = $2 AND subscription_id = $3
            """,
            business_id,
            outbox_id,
            subscription_id,
        )
    if not known:
        raise NotificationNotFound(notification_id=outbox_id)


async def forget_old(database: Database, *, before: datetime) -> int:
    """Forget older attempts, and older notifications with their deliveries, some at a time; how many of both.

    What still waits for somebody is kept, and so is all that a world told: its inbox ends with the world.
    """
    forgotten = 0
    while swept := await _sweep_attempts(database, before):
        forgotten += swept
    after: tuple[datetime, int, int] | None = _THE_BEGINNING
    while after is not None:
        try:
            swept, after = await _sweep_notifications(database, before, after)
        except asyncpg.ForeignKeyViolationError:
            # One of them is sent again at this very moment. There is another time.
            break
        forgotten += swept
    return forgotten


async def _sweep_attempts(database: Database, before: datetime) -> int:
    async with database.connection() as connection:
        swept: int = await connection.fetchval(
            """
            WITH old AS (
                SELECT business_id, id
                FROM attempts
                WHERE made_at < $1
                ORDER BY made_at
                LIMIT $2
            ), swept AS (
                DELETE FROM attempts USING old
                WHERE attempts.business_id = old.business_id AND attempts.id = old.id
                RETURNING 1
            )
            SELECT count(*) FROM swept
            """,
            before,
            SWEPT_AT_ONCE,
        )
    return swept


async def _sweep_notifications(
    database: Database, before: datetime, after: tuple[datetime, int, int]
) -> tuple[int, tuple[datetime, int, int] | None]:
    """Look at the next ones by age; how many were forgotten, and the last that was looked at, None if there is none."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            WITH looked_at AS MATERIALIZED (
                SELECT at, business_id, id
                FROM outbox
                WHERE dispatched AND at < $1 AND (at, business_id, id) > ($2, $3, $4)
                ORDER BY at, business_id, id
                LIMIT $5
            ), old AS MATERIALIZED (
                SELECT business_id, id
                FROM looked_at l
                WHERE NOT EXISTS (SELECT FROM worlds w WHERE w.business_id = l.business_id)
                  AND NOT EXISTS (
                      SELECT
                      FROM deliveries d
                      WHERE d.business_id = l.business_id AND d.outbox_id = l.id AND d.state = 'WAITING'
                  )
            ), ended AS (
                DELETE FROM deliveries USING old
                WHERE deliveries.business_id = old.business_id AND deliveries.outbox_id = old.id
            ), swept AS (
                DELETE FROM outbox USING old
                WHERE outbox.business_id = old.business_id AND outbox.id = old.id
                RETURNING 1
            )
            SELECT (SELECT count(*) FROM swept) AS swept, at, business_id, id
            FROM looked_at
            ORDER BY at DESC, business_id DESC, id DESC
            LIMIT 1
            """,
            before,
            *after,
            SWEPT_AT_ONCE,
        )
    return (row["swept"], (row["at"], row["business_id"], row["id"])) if row else (0, None)


async def figures(database: Database) -> Figures:
    """Counts and ages, over all businesses."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            SELECT count(*) AS waiting,
                   coalesce(
                       max(
                           extract(
                               epoch FROM
                               coalesce(w.frozen_at, now() + coalesce(w.clock_offset, interval '0'))
                               - coalesce(d.first_at, d.due_at)
                           )
                       ),
                       0
                   )::float AS oldest_seconds,
                   (SELECT count(*) FROM outbox WHERE NOT dispatched) AS undispatched,
                   (SELECT knocked FROM knocks_of_the_gone) AS knocked,
                   (SELECT failed FROM knocks_of_the_gone) AS failed,
                   (
                       SELECT coalesce(
                           max(
                               extract(
                                   epoch FROM
                                   coalesce(u.frozen_at, now() + coalesce(u.clock_offset, interval '0')) - o.at
                               )
                           ),
                           0
                       )::float
                       FROM outbox o
                       LEFT JOIN worlds u ON u.business_id = o.business_id
                       WHERE NOT o.dispatched
                   ) AS undispatched_seconds
            FROM deliveries d
            LEFT JOIN worlds w ON w.business_id = d.business_id
            WHERE d.state = 'WAITING'
            """
        )
        states = await connection.fetch(
            """
            SELECT state, count(*) AS count, sum(knocked)::bigint AS knocked, sum(failed)::bigint AS failed
            FROM subscriptions
            GROUP BY state
            """
        )
    return Figures(
        waiting=row["waiting"],
        oldest_seconds=max(0.0, row["oldest_seconds"]),
        undispatched=row["undispatched"],
        undispatched_seconds=max(0.0, row["undispatched_seconds"]),
        knocked=sum((state["knocked"] for state in states), row["knocked"]),
        failed=sum((state["failed"] for state in states), row["failed"]),
        subscriptions={state["state"]: state["count"] for state in states},
    )


_THE_BEGINNING: Final = datetime.min.replace(tzinfo=UTC), 0, 0

"""Deliveries: notifications on their way to subscriptions, leased by whoever knocks, and the log of the knocks.

Whoever has a subscription on lease has its deliveries on his list. `look_at` is never after the soonest due delivery
that nobody has on his list: leasing clears it, queueing and releasing bring it down.

Locks of subscriptions are taken in the order of their keys and before those of their deliveries, by everybody who takes
more than one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from korob.clock import Clock
from korob.domain.notification import Attempt, DeliveryState, NotificationType, Subscription
from korob.store import subscriptions
from korob.store.database import Database, as_json

LEASE: Final = timedelta(seconds=30)
"""After this a lease that was not renewed counts for nothing."""
JUMP: Final = -1
"""The lessee of subscriptions of a world whose clock jumps; one jump at a time goes through a world."""
HOLDERS: Final = 0x6B6E6F63
"""The class of the advisory locks that lessees hold on their numbers while they live."""

Place = tuple[int, int]
"""The business and the id of a subscription."""


class Taken(NamedTuple):
    """A delivery that is due, with what is to be told. `first_at` is None before the first attempt."""

    outbox_id: int
    type: NotificationType
    body: bytes
    trace: str
    due_at: datetime
    first_at: datetime | None
    attempts: int


class Due(NamedTuple):
    """A subscription and what is due for it, the first one first, by its business's clock."""

    subscription: Subscription
    clock: Clock
    taken: list[Taken]


class Knocked(NamedTuple):
    """An attempt that was made for a delivery, at a moment of the business's clock, and what becomes of it."""

    business_id: int
    outbox_id: int
    subscription_id: int
    type: NotificationType
    at: datetime
    was_due_at: datetime
    """When it was due as it was taken: a failure counts for nothing once somebody else has moved that."""
    attempt: Attempt
    state: DeliveryState
    due_at: datetime
    alive: bool


async def lease(database: Database, holder: int, *, limit: int, full: Sequence[Place] = ()) -> list[Place]:
    """Take subscriptions with something due that nobody else has, also again those that `holder` has already.

    Those of `full` are left alone, and so are worlds whose clock is jumping.
    """
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            WITH due AS (
                SELECT s.business_id, s.id
                FROM subscriptions s
                LEFT JOIN worlds w ON w.business_id = s.business_id
                WHERE s.look_at IS NOT NULL
                  AND s.state = 'ENABLED'
                  AND s.look_at <= coalesce(w.frozen_at, now() + coalesce(w.clock_offset, interval '0'))
                  AND w.jump_to IS NULL
                  AND (s.leased_by IS NULL OR s.leased_by = $1)
                  AND NOT EXISTS (
                      SELECT
                      FROM unnest($3::bigint[], $4::bigint[]) AS f(business_id, id)
                      WHERE f.business_id = s.business_id AND f.id = s.id
                  )
                ORDER BY s.look_at
                LIMIT $2
            ), free AS MATERIALIZED (
                SELECT s.business_id, s.id
                FROM subscriptions s
                JOIN due USING (business_id, id)
                WHERE s.state = 'ENABLED' AND (s.leased_by IS NULL OR s.leased_by = $1)
                ORDER BY s.business_id, s.id
                FOR NO KEY UPDATE OF s
            )
            UPDATE subscriptions s
            SET leased_by = $1, leased_until = now() + $5, look_at = NULL
            FROM free
            WHERE s.business_id = free.business_id AND s.id = free.id
            RETURNING s.business_id, s.id
            """,
            holder,
            limit,
            *_columns(full, 2),
            LEASE,
        )
    return [tuple(row) for row in rows]


async def due(database: Database, wanted: Iterable[tuple[int, int, int]], *, in_jump: bool = False) -> list[Due]:
    """What is due for subscriptions, each at most so many: triples of business, subscription and number.

    A subscription that is not enabled any more is left out, and so is, but for the jump itself, one of a world whose
    clock is jumping.
    """
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT s.*, w.epoch, w.clock_offset, w.frozen_at,
                   d.outbox_id, d.due_at, d.first_at, d.attempts, o.type, o.body, o.trace
            FROM unnest($1::bigint[], $2::bigint[], $3::int[]) WITH ORDINALITY AS k(business_id, id, most, place)
            JOIN subscriptions s ON s.business_id = k.business_id AND s.id = k.id AND s.state = 'ENABLED'
            LEFT JOIN worlds w ON w.business_id = k.business_id
            LEFT JOIN LATERAL (
                SELECT outbox_id, due_at, first_at, attempts
                FROM deliveries
                WHERE business_id = k.business_id AND subscription_id = k.id AND state = 'WAITING'
                  AND due_at <= coalesce(w.frozen_at, now() + coalesce(w.clock_offset, interval '0'))
                ORDER BY due_at, outbox_id
                LIMIT k.most
            ) d ON true
            LEFT JOIN LATERAL (
                SELECT type, body, trace FROM outbox WHERE business_id = k.business_id AND id = d.outbox_id LIMIT 1
            ) o ON true
            WHERE $4 OR w.jump_to IS NULL
            ORDER BY k.place, d.due_at, d.outbox_id
            """,
            *_columns(wanted, 3),
            in_jump,
        )
    found: dict[Place, Due] = {}
    for row in rows:
        place = row["business_id"], row["id"]
        if place not in found:
            clock = Clock(row["clock_offset"] or timedelta(), row["frozen_at"], row["epoch"] or 0)
            found[place] = Due(subscriptions.of_row(row), clock, [])
        if row["outbox_id"] is not None and row["type"] is not None:
            found[place].taken.append(
                Taken(
                    outbox_id=row["outbox_id"],
                    type=NotificationType(row["type"]),
                    body=row["body"],
                    trace=row["trace"].hex,
                    due_at=row["due_at"],
                    first_at=row["first_at"],
                    attempts=row["attempts"],
                )
            )
    return list(found.values())


async def settle(database: Database, knocked: Sequence[Knocked]) -> dict[Place, datetime | None]:
    """Write down what came of attempts, all at once; since when each of the targets fails, None if it does not.

    An acceptance counts whoever brings it. A failure is passed over if somebody else has tried since.
    """
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            WITH knocked AS MATERIALIZED (
                SELECT *
                FROM jsonb_to_recordset($1)
                     AS k(business_id bigint, outbox_id bigint, subscription_id bigint, type text, at timestamptz,
                          was_due_at timestamptz, state text, due_at timestamptz, alive boolean,
                          seconds double precision, status int, error text, cause text, answer text,
                          integration text, version text, traceparent text)
            ), settled AS (
                UPDATE deliveries d
                SET attempts = d.attempts + 1,
                    first_at = coalesce(d.first_at, k.at),
                    state = CASE WHEN d.state <> 'WAITING' THEN d.state
                                 WHEN d.due_at = k.was_due_at OR k.alive THEN k.state
                                 ELSE d.state END,
                    due_at = CASE WHEN d.state = 'WAITING' AND d.due_at = k.was_due_at THEN k.due_at ELSE d.due_at END
                FROM knocked k
                WHERE d.business_id = k.business_id AND d.outbox_id = k.outbox_id
                  AND d.subscription_id = k.subscription_id
            ), logged AS (
                INSERT INTO attempts (business_id, subscription_id, outbox_id, type, at, seconds, status, error, cause,
                                      answer, integration, version, traceparent)
                SELECT k.business_id, k.subscription_id, k.outbox_id, k.type, k.at, k.seconds, k.status, k.error,
                       k.cause, k.answer, k.integration, k.version, k.traceparent
                FROM knocked k
                JOIN subscriptions s ON s.business_id = k.business_id AND s.id = k.subscription_id
                ORDER BY k.at
            ), counted AS (
                SELECT business_id, subscription_id, count(*) AS knocked,
                       count(*) FILTER (WHERE error IS NOT NULL) AS failed,
                       max(at) FILTER (WHERE alive) AS alive_at,
                       min(at) AS first_at
                FROM knocked
                GROUP BY business_id, subscription_id
            ), locked AS MATERIALIZED (
                SELECT c.*
                FROM counted c
                JOIN subscriptions s ON s.business_id = c.business_id AND s.id = c.subscription_id
                ORDER BY s.business_id, s.id
                FOR NO KEY UPDATE OF s
            )
            UPDATE subscriptions s
            SET knocked = s.knocked + c.knocked,
                failed = s.failed + c.failed,
                failing_since = CASE WHEN c.alive_at IS NULL THEN coalesce(s.failing_since, c.first_at) END
            FROM locked c
            WHERE s.business_id = c.business_id AND s.id = c.subscription_id
            RETURNING s.business_id, s.id, s.failing_since
            """,
            as_json([_attempt_row(one) for one in knocked]),
        )
    return {(row["business_id"], row["id"]): row["failing_since"] for row in rows}


async def log_check(database: Database, subscription: Subscription, at: datetime, attempt: Attempt) -> None:
    """Write down a check of the connection."""
    async with database.connection() as connection:
        await connection.execute(
            """
            INSERT INTO attempts (business_id, subscription_id, type, at, seconds, status, error, cause, answer,
                                  integration, version, traceparent)
            VALUES ($1, $2, 'PING', $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            subscription.business_id,
            subscription.id,
            at,
            attempt.seconds,
            attempt.status,
            attempt.error and attempt.error.type,
            attempt.error,
            attempt.answer,
            attempt.integration,
            attempt.version,
            attempt.traceparent,
        )


async def release(database: Database, holder: int, places: Sequence[Place]) -> None:
    """Give subscriptions back that `holder` has; somebody looks at each when its next delivery is due."""
    async with database.connection() as connection:
        # The condition on the lessee is no index's: else each of his subscriptions would be compared with each place.
        await connection.execute(
            """
            WITH locked AS MATERIALIZED (
                SELECT s.business_id, s.id
                FROM unnest($2::bigint[], $3::bigint[]) AS named(business_id, id)
                JOIN subscriptions s USING (business_id, id)
                WHERE coalesce(s.leased_by, 0) = $1
                ORDER BY s.business_id, s.id
                FOR NO KEY UPDATE OF s
            )
            UPDATE subscriptions s
            SET leased_by = NULL, look_at = least(s.look_at, p.due_at)
            FROM (
                SELECT business_id, id,
                       (
                           SELECT min(due_at)
                           FROM deliveries d
                           WHERE d.business_id = locked.business_id AND d.subscription_id = locked.id
                             AND d.state = 'WAITING'
                       ) AS due_at
                FROM locked
            ) p
            WHERE s.business_id = p.business_id AND s.id = p.id
            """,
            holder,
            *_columns(places, 2),
        )


async def release_all(database: Database, holder: int) -> None:
    """Give all subscriptions back that `holder` has."""
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT business_id, id FROM subscriptions WHERE leased_by = $1", holder)
    if rows:
        await release(database, holder, [tuple(row) for row in rows])


async def renew(database: Database, holder: int) -> None:
    """Keep the leases of `holder` for another while."""
    async with database.connection() as connection:
        await connection.execute(
            """
            WITH locked AS MATERIALIZED (
                SELECT business_id, id
                FROM subscriptions
                WHERE leased_by = $1
                ORDER BY business_id, id
                FOR NO KEY UPDATE
            )
            UPDATE subscriptions s
            SET leased_until = now() + $2
            FROM locked
            WHERE s.business_id = locked.business_id AND s.id = locked.id
            """,
            holder,
            LEASE,
        )


async def recover(database: Database, holder: int) -> None:
    """Take back what others had on lease who are gone: their lock is free, or they did not renew."""
    async with database.connection() as connection:
        gone = await connection.fetch(
            """
            SELECT DISTINCT leased_by
            FROM subscriptions
            WHERE leased_by IS NOT NULL AND leased_by <> $1
              AND (leased_until < now() OR leased_by > 0 AND NOT EXISTS (
                  SELECT
                  FROM pg_locks
                  WHERE locktype = 'advisory' AND classid::bigint = $2 AND objid::bigint = leased_by AND objsubid = 2
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              ))
            """,
            holder,
            HOLDERS,
        )
    for row in gone:
        await release_all(database, row["leased_by"])


async def announce(connection: Any, holder: int) -> None:
    """Hold the lock by which others know that `holder` lives, as long as the connection does."""
    await connection.execute("SELECT pg_advisory_lock($1, $2)", HOLDERS, holder)


async def retract(connection: Any, holder: int) -> None:
    """Give the lock back."""
    await connection.execute("SELECT pg_advisory_unlock($1, $2)", HOLDERS, holder)


async def is_announced(connection: Any) -> None:
    """Raises what the driver does when the connection, and with it the lock, is lost."""
    await connection.fetchval("SELECT 1")


async def seize(database: Database, world_id: int, *, force: bool) -> bool:
    """Take all subscriptions of a world for its jump; False while somebody else still has one, unless by force."""
    async with database.connection() as connection:
        others: int = await connection.fetchval(
            """
            WITH seized AS (
                UPDATE subscriptions
                SET leased_by = $2, leased_until = now() + $3, look_at = NULL
                WHERE business_id = $1 AND (leased_by IS NULL OR leased_by = $2 OR leased_until < now() OR $4)
                RETURNING id
            )
            SELECT count(*)
            FROM subscriptions
            WHERE business_id = $1 AND id NOT IN (SELECT id FROM seized)
            """,
            world_id,
            JUMP,
            LEASE,
            force,
        )
    return not others


async def hand_back(database: Database, world_id: int) -> None:
    """End a jump's hold on the subscriptions of a world."""
    async with database.connection() as connection:
        ids = await connection.fetch(
            "SELECT id FROM subscriptions WHERE business_id = $1 AND leased_by = $2", world_id, JUMP
        )
    if ids:
        await release(database, JUMP, [(world_id, row["id"]) for row in ids])


async def soonest(database: Database, world_id: int, *, after: datetime) -> datetime | None:
    """The moment at which the soonest delivery of a world is due after another moment; None if none is."""
    async with database.connection() as connection:
        at: datetime | None = await connection.fetchval(
            """
            SELECT min(d.due_at)
            FROM subscriptions s
            JOIN deliveries d ON d.business_id = s.business_id AND d.subscription_id = s.id AND d.state = 'WAITING'
            WHERE s.business_id = $1 AND s.state = 'ENABLED' AND d.due_at > $2
            """,
            world_id,
            after,
        )
    return at


async def enabled(database: Database, business_id: int) -> list[Place]:
    """The subscriptions of a business that get what is due."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            "SELECT business_id, id FROM subscriptions WHERE business_id = $1 AND state = 'ENABLED' ORDER BY id",
            business_id,
        )
    return [tuple(row) for row in rows]


def _attempt_row(knocked: Knocked) -> dict[str, Any]:
    row = knocked._asdict()
    attempt: Attempt = row.pop("attempt")
    row |= msgspec.structs.asdict(attempt)
    row["error"], row["cause"] = (attempt.error.type, attempt.error) if attempt.error else (None, None)
    return row


def _columns(rows: Iterable[Sequence[int]], count: int) -> list[list[int]]:
    rows = list(rows)
    return [[row[column] for row in rows] for column in range(count)]

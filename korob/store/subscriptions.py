"""Subscriptions on file: who wants to be told of what, and where."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from korob.domain.notification import NotificationType, Subscription, SubscriptionState
from korob.domain.refusal import Refusal
from korob.store.database import Database


class SubscriptionNotFound(Refusal):
    """The business has no such subscription."""

    template = "Subscription not found {subscription_id}"


async def create(
    database: Database,
    *,
    business_id: int,
    campaign_id: int | None,
    name: str,
    url: str,
    types: frozenset[NotificationType],
    state: SubscriptionState,
    any_address: bool,
    checked: bool,
    secret: bytes | None,
) -> Subscription:
    """Make a subscription."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            INSERT INTO subscriptions (business_id, campaign_id, name, url, types, state, any_address, checked,
                                       secret)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            RETURNING *
            """,
            business_id,
            campaign_id,
            name,
            url,
            sorted(types),
            state,
            any_address,
            checked,
            secret,
        )
    return of_row(row)


async def get(database: Database, business_id: int, subscription_id: int) -> Subscription:
    """Read a subscription of a business. Raises SubscriptionNotFound."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            "SELECT * FROM subscriptions WHERE business_id = $1 AND id = $2", business_id, subscription_id
        )
    if row is None:
        raise SubscriptionNotFound(subscription_id=subscription_id)
    return of_row(row)


async def every(database: Database, business_id: int, *, campaign_id: int | None = None) -> tuple[Subscription, ...]:
    """The subscriptions of a business with those of its campaigns, or of one campaign, the oldest first."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT *
            FROM subscriptions
            WHERE business_id = $1 AND ($2::bigint IS NULL OR campaign_id = $2)
            ORDER BY id
            """,
            business_id,
            campaign_id,
        )
    return tuple(map(of_row, rows))


async def edit(database: Database, current: Subscription, changed: Subscription, *, anew: bool) -> Subscription:
    """Write what is another way, and nothing else: somebody may have written the rest since `current` was read.

    What waits is dropped when nothing is kept for it any more; with `anew` it climbs its ladder from the first rung
    again. Raises SubscriptionNotFound.
    """
    async with database.transaction() as connection:
        row = await connection.fetchrow(
            """
            UPDATE subscriptions
            SET name = coalesce($3, name), url = coalesce($4, url), types = coalesce($5, types),
                state = coalesce($6, state), checked = coalesce($7, checked),
                secret = CASE WHEN $8 THEN $9 ELSE secret END,
                failing_since = CASE WHEN coalesce($6, state) = state AND coalesce($4, url) = url THEN failing_since END
            WHERE business_id = $1 AND id = $2
            RETURNING *
            """,
            changed.business_id,
            changed.id,
            _other(current.name, changed.name),
            _other(current.url, changed.url),
            _other(sorted(current.types), sorted(changed.types)),
            _other(current.state, changed.state),
            _other(current.checked, changed.checked),
            current.secret != changed.secret,
            changed.secret,
        )
        if row is None:
            raise SubscriptionNotFound(subscription_id=changed.id)
        edited = of_row(row)
        if edited.state in _DEAF:
            await drop(connection, changed.business_id, changed.id)
        else:
            if anew:
                await _begin_anew(connection, changed.business_id, changed.id)
            await wake(connection, changed.business_id, changed.id)
    return edited


async def delete(database: Database, business_id: int, subscription_id: int) -> None:
    """Remove a subscription with its deliveries and its log. Raises SubscriptionNotFound."""
    async with database.connection() as connection:
        gone = await connection.fetchval(
            """
            WITH gone AS (
                DELETE FROM subscriptions WHERE business_id = $1 AND id = $2 RETURNING id, knocked, failed
            ), counted AS (
                UPDATE knocks_of_the_gone k
                SET knocked = k.knocked + gone.knocked, failed = k.failed + gone.failed
                FROM gone
            )
            SELECT id FROM gone
            """,
            business_id,
            subscription_id,
        )
    if gone is None:
        raise SubscriptionNotFound(subscription_id=subscription_id)


async def count_before_end(connection: Any, business_id: int) -> None:
    """Keep the counts of a business's subscriptions, which are about to end with it."""
    await connection.execute(
        """
        UPDATE knocks_of_the_gone k
        SET knocked = k.knocked + ending.knocked, failed = k.failed + ending.failed
        FROM (
            SELECT sum(knocked)::bigint AS knocked, sum(failed)::bigint AS failed
            FROM subscriptions
            WHERE business_id = $1
        ) ending
        WHERE ending.knocked > 0
        """,
        business_id,
    )


async def switch_off(database: Database, business_id: int, subscription_id: int, *, failing_since: datetime) -> None:
    """End a subscription that failed for too long, unless it has not failed since; what waits is dropped."""
    async with database.transaction() as connection:
        row = await connection.fetchrow(
            """
            UPDATE subscriptions
            SET state = $4
            WHERE business_id = $1 AND id = $2 AND failing_since <= $3 AND state = $5
            RETURNING id
            """,
            business_id,
            subscription_id,
            failing_since,
            SubscriptionState.SWITCHED_OFF,
            SubscriptionState.ENABLED,
        )
        if row:
            await drop(connection, business_id, subscription_id)


async def listening(connection: Any, business_ids: Sequence[int]) -> dict[int, list[Subscription]]:
    """The subscriptions of some businesses for which what happens is kept."""
    rows = await connection.fetch(
        """
        SELECT *
        FROM subscriptions
        WHERE business_id = ANY($1::bigint[]) AND state IN ('ENABLED', 'PAUSED')
        ORDER BY id
        """,
        business_ids,
    )
    found = defaultdict(list)
    for row in rows:
        found[row["business_id"]].append(of_row(row))
    return found


async def drop(connection: Any, business_id: int, subscription_id: int) -> None:
    """Give up all deliveries of a subscription that wait."""
    await connection.execute(
        """
        UPDATE deliveries
        SET state = 'DROPPED'
        WHERE business_id = $1 AND subscription_id = $2 AND state = 'WAITING'
        """,
        business_id,
        subscription_id,
    )


async def wake(connection: Any, business_id: int, subscription_id: int) -> None:
    """Have somebody look at a subscription when its soonest delivery is due."""
    await connection.execute(
        """
        UPDATE subscriptions s
        SET look_at = least(
            s.look_at,
            (
                SELECT min(due_at)
                FROM deliveries d
                WHERE d.business_id = s.business_id AND d.subscription_id = s.id AND d.state = 'WAITING'
            )
        )
        WHERE s.business_id = $1 AND s.id = $2
        """,
        business_id,
        subscription_id,
    )


def of_row(row: Any) -> Subscription:
    """The subscription that a row tells of."""
    return Subscription(
        id=row["id"],
        business_id=row["business_id"],
        campaign_id=row["campaign_id"],
        name=row["name"],
        url=row["url"],
        types=frozenset(map(NotificationType, row["types"])),
        state=SubscriptionState(row["state"]),
        created_at=row["created_at"],
        any_address=row["any_address"],
        checked=row["checked"],
        secret=row["secret"],
        failing_since=row["failing_since"],
    )


def _other(before: Any, after: Any) -> Any:
    return None if after == before else after


async def _begin_anew(connection: Any, business_id: int, subscription_id: int) -> None:
    await connection.execute(
        """
        UPDATE deliveries
        SET first_at = NULL
        WHERE business_id = $1 AND subscription_id = $2 AND state = 'WAITING' AND first_at IS NOT NULL
        """,
        business_id,
        subscription_id,
    )


_DEAF = (SubscriptionState.DISABLED, SubscriptionState.SWITCHED_OFF)

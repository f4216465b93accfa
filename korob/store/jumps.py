"""Jumps of worlds' clocks: where they go, how far they have come, and what is due on the next step."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from korob.clock import Clock
from korob.store import idempotency
from korob.store.database import Database
from korob.store.worlds import WorldNotFound, read_clock

GRAIN: Final = timedelta(seconds=1)
"""How close moments are to be acted on in one step of a jump. Each deadline is met at its own moment all the same."""


class Step(Struct, frozen=True):
    """A moment at which orders of a world are due, with the clock set to it; soonest due come first."""

    clock: Clock
    at: datetime
    orders: tuple[tuple[int, int], ...]
    """The campaign and the id of each order."""


async def begin(database: Database, world_id: int, *, to: datetime, key: str | None) -> None:
    """Write down where a jump goes, so that others can carry it on. Raises WorldNotFound."""
    async with database.connection() as connection:
        begun = await connection.fetchval(
            """
            UPDATE worlds SET jump_to = $2, jump_key = $3, jump_answer = '0'
            WHERE business_id = $1
            RETURNING business_id
            """,
            world_id,
            to,
            key,
        )
    if begun is None:
        raise WorldNotFound(world_id=world_id)


async def step(
    database: Database,
    world_id: int,
    *,
    until: datetime,
    ran: int,
    wall: datetime,
    without: Sequence[int] = (),
    knock_at: datetime | None = None,
) -> Step | None:
    """Set the clock to the next moment at which orders are due, never back; None if there is none any more.

    Moments within GRAIN of the first are one step, and the clock is set to the last of them. `ran` is written down as
    the progress of the jump; the orders of `without` are passed over. `knock_at` is a moment to stop at besides.
    """
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            WITH soonest AS (
                SELECT least(min(look_at), CASE WHEN $7::timestamptz <= $2 THEN $7 END) AS first
                FROM orders
                WHERE business_id = $1 AND look_at <= $2 AND order_id <> ALL($5)
            ), due AS (
                SELECT campaign_id, order_id, look_at
                FROM soonest
                JOIN orders ON business_id = $1 AND look_at BETWEEN first AND least(first + $6::interval, $2)
                           AND order_id <> ALL($5)
            ), stepped AS (
                UPDATE worlds
                SET clock_offset = CASE WHEN frozen_at IS NULL THEN greatest(clock_offset, last - $4)
                                        ELSE clock_offset END,
                    frozen_at = CASE WHEN frozen_at IS NOT NULL THEN greatest(frozen_at, last) END,
                    epoch = epoch + 1,
                    jump_answer = to_jsonb($3::bigint)
                FROM (SELECT greatest((SELECT max(look_at) FROM due), first) AS last FROM soonest) AS due
                WHERE business_id = $1 AND last IS NOT NULL
                RETURNING clock_offset, frozen_at, epoch, last
            )
            SELECT stepped.*, campaign_id, order_id
            FROM stepped
            LEFT JOIN due ON true
            ORDER BY look_at, order_id
            """,
            world_id,
            until,
            ran,
            wall,
            list(without),
            GRAIN,
            knock_at,
        )
    if not rows:
        return None
    clock, last = read_clock(rows[0]), rows[0]["last"]
    return Step(
        clock=clock,
        at=max(last, clock.frozen_at or wall + clock.offset),
        orders=tuple((row["campaign_id"], row["order_id"]) for row in rows if row["order_id"] is not None),
    )


async def end(database: Database, world_id: int, *, to: datetime, wall: datetime, answer: bytes) -> Clock:
    """Set the clock to the jump's target, never back, and write its answer down under its key; all at once.

    Raises WorldNotFound.
    """
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            WITH answered AS (
                UPDATE idempotency SET answer = $4
                FROM worlds
                WHERE idempotency.business_id = $1 AND worlds.business_id = $1 AND idempotency.key = jump_key
            )
            UPDATE worlds
            SET clock_offset = CASE WHEN frozen_at IS NULL THEN greatest(clock_offset, $2::timestamptz - $3)
                                    ELSE clock_offset END,
                frozen_at = CASE WHEN frozen_at IS NOT NULL THEN greatest(frozen_at, $2) END,
                epoch = epoch + 1,
                jump_to = NULL,
                jump_key = NULL,
                jump_answer = NULL
            WHERE business_id = $1
            RETURNING clock_offset, frozen_at, epoch
            """,
            world_id,
            to,
            wall,
            idempotency.answered(answer),
        )
    if row is None:
        raise WorldNotFound(world_id=world_id)
    return read_clock(row)


async def interrupted(database: Database) -> tuple[int, ...]:
    """The worlds with a jump that is under way, or that somebody has to carry on."""
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT business_id FROM worlds WHERE jump_to IS NOT NULL ORDER BY business_id")
    return tuple(row["business_id"] for row in rows)


def telling(world_id: int) -> str:
    """The name of the turn that a jump has while it waits for the answers of those who are told on its way."""
    return f"telling of {world_id}"

"""Limits that the operator set for one business, and whether a world has limits at all."""

from collections.abc import Mapping

from msgspec import Struct

from korob.domain.quota import Limit
from korob.domain.refusal import Refusal
from korob.store.campaigns import BusinessNotFound
from korob.store.database import Database


class LimitsStay(Refusal):
    """Only a world can do without limits."""

    template = "Business {business_id} is no world: its limits can be changed, not switched off"


class Limits(Struct, frozen=True):
    """The limits of a business by method, as far as they are not the usual ones; `on` is False where none hold."""

    on: bool
    by_method: dict[str, Limit]


async def of_business(database: Database, business_id: int) -> Limits:
    """Read them. Raises BusinessNotFound."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT coalesce(w.limits, true) AS "on", l.operation, l.amount, l.per, l.parallel
            FROM businesses b
            LEFT JOIN worlds w ON w.business_id = b.id
            LEFT JOIN quota_limits l ON l.business_id = b.id
            WHERE b.id = $1
            ORDER BY l.operation
            """,
            business_id,
        )
    if not rows:
        raise BusinessNotFound(business_id=business_id)
    limits = {row["operation"]: Limit(row["amount"], row["per"], row["parallel"]) for row in rows if row["operation"]}
    return Limits(rows[0]["on"], limits)


async def replace(database: Database, business_id: int, limits: Mapping[str, Limit], *, on: bool) -> None:
    """Have these limits hold, and the usual ones for every other method. Raises BusinessNotFound and LimitsStay."""
    async with database.transaction() as connection:
        known = await connection.fetchrow(
            """
            SELECT w.business_id IS NOT NULL AS in_world
            FROM businesses b
            LEFT JOIN worlds w ON w.business_id = b.id
            WHERE b.id = $1
            FOR NO KEY UPDATE OF b
            """,
            business_id,
        )
        if known is None:
            raise BusinessNotFound(business_id=business_id)
        if not on and not known["in_world"]:
            raise LimitsStay(business_id=business_id)
        await connection.execute("UPDATE worlds SET limits = $2 WHERE business_id = $1", business_id, on)
        await connection.execute("DELETE FROM quota_limits WHERE business_id = $1", business_id)
        await connection.executemany(
            "INSERT INTO quota_limits (business_id, operation, amount, per, parallel) VALUES ($1, $2, $3, $4, $5)",
            [(business_id, name, limit.amount, limit.per, limit.parallel) for name, limit in limits.items()],
        )

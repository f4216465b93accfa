"""What the code authority answers in a world: its rules, kept as they were set.

A setting of them counts as one of the world's clock: whoever still goes by the rules before is told to look again.
"""

from collections.abc import Sequence

from korob.domain.authority import Rule
from korob.store import campaign_rows
from korob.store.database import Database, as_json
from korob.store.worlds import WorldNotFound


async def of_world(database: Database, world_id: int) -> tuple[Rule, ...]:
    """The rules of a world, in the order in which they are tried. Raises WorldNotFound."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            SELECT rules
            FROM worlds
            LEFT JOIN code_rules USING (business_id)
            WHERE business_id = $1
            """,
            world_id,
        )
    if row is None:
        raise WorldNotFound(world_id=world_id)
    return campaign_rows.authority(row["rules"]).rules


async def set_rules(database: Database, world_id: int, rules: Sequence[Rule]) -> None:
    """Replace the rules of a world, by none too. Raises WorldNotFound."""
    async with database.connection() as connection:
        found = await connection.fetchval(
            """
            WITH world AS (
                UPDATE worlds SET epoch = epoch + 1 WHERE business_id = $1
                RETURNING business_id
            ), written AS (
                INSERT INTO code_rules (business_id, rules)
                SELECT business_id, $2 FROM world
                ON CONFLICT (business_id) DO UPDATE SET rules = excluded.rules
            )
            SELECT business_id FROM world
            """,
            world_id,
            as_json(rules),
        )
    if found is None:
        raise WorldNotFound(world_id=world_id)

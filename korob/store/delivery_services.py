"""The list of delivery services."""

from korob.domain import delivery_services
from korob.domain.delivery_services import DeliveryService
from korob.store.database import Database


async def fill(database: Database) -> None:
    """Write down every service that this version of the program knows; nothing changes where that was done before."""
    async with database.connection() as connection:
        await connection.execute(
            """
            INSERT INTO delivery_services AS known (id, name)
            SELECT * FROM unnest($1::bigint[], $2::text[])
            ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE known.name <> excluded.name
            """,
            *zip(*delivery_services.EVERY, strict=True),
        )


async def every(database: Database) -> tuple[DeliveryService, ...]:
    """All services, by number."""
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT id, name FROM delivery_services ORDER BY id")
    return tuple(DeliveryService(**row) for row in rows)

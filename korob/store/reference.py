"""What is the same for all businesses and comes with the program: written down when a database is made ready."""

from korob.store import delivery_services, regions
from korob.store.database import Database


async def fill(database: Database) -> None:
    """Bring regions and delivery services up to date."""
    await regions.fill(database)
    await delivery_services.fill(database)

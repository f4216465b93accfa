"""Unite warehouses of a business, so that they have one stock."""

from collections.abc import Collection

from korob.domain.warehouse import Group
from korob.store import warehouses
from korob.store.database import Database


async def unite_warehouses(database: Database, business_id: int, name: str, ids: Collection[int]) -> Group:
    """The group of these warehouses. Raises NotToBeUnited."""
    return await warehouses.unite(database, business_id, name, ids)

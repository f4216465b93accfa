"""The warehouses of a business: listed, switched, united."""

from collections.abc import Collection
from typing import Any

from korob.domain import warehouse
from korob.domain.order import Gps
from korob.domain.warehouse import Group, Warehouse, WarehouseAddress
from korob.domain.words import Model
from korob.store.campaigns import CampaignNotFound
from korob.store.database import Database


async def of_models(
    database: Database,
    business_id: int,
    models: Collection[Model],
    *,
    campaign_ids: Collection[int] | None = None,
    after: int = 0,
    limit: int | None = None,
) -> tuple[Warehouse, ...]:
    """Warehouses of campaigns in these models by their ids, later ones than `after`; in these campaigns, or in all."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT warehouses.*, campaigns.model, warehouse_groups.name AS group_name
            FROM warehouses
            JOIN campaigns ON campaigns.id = warehouses.campaign_id
            LEFT JOIN warehouse_groups
                ON warehouse_groups.business_id = warehouses.business_id AND warehouse_groups.id = group_id
            WHERE warehouses.business_id = $1
              AND campaigns.model = ANY($2::text[])
              AND ($3::bigint[] IS NULL OR warehouses.campaign_id = ANY($3))
              AND warehouses.id > $4
            ORDER BY warehouses.id
            LIMIT $5
            """,
            business_id,
            models,
            campaign_ids,
            after,
            limit,
        )
    return tuple(map(_warehouse, rows))


async def switch(database: Database, business_id: int, campaign_id: int, *, enabled: bool) -> Warehouse:
    """Switch the warehouse of a campaign on or off. Raises CampaignNotFound when the campaign is gone."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            UPDATE warehouses
            SET enabled = $3
            FROM campaigns
            WHERE warehouses.business_id = $1 AND campaign_id = $2 AND campaigns.id = campaign_id
            RETURNING warehouses.*, campaigns.model, NULL AS group_name
            """,
            business_id,
            campaign_id,
            enabled,
        )
    if row is None:
        raise CampaignNotFound(campaign_id=campaign_id)
    return _warehouse(row)


async def unite(database: Database, business_id: int, name: str, ids: Collection[int]) -> Group:
    """Make a group of warehouses, with one common stock from now on. Raises NotToBeUnited."""
    async with database.transaction() as connection:
        rows = await connection.fetch(
            """
            SELECT warehouses.*, campaigns.model, NULL AS group_name
            FROM warehouses JOIN campaigns ON campaigns.id = warehouses.campaign_id
            WHERE warehouses.business_id = $1 AND warehouses.id = ANY($2::bigint[])
            ORDER BY warehouses.id
            FOR UPDATE OF warehouses
            """,
            business_id,
            list(ids),
        )
        warehouse.check_united(ids, map(_warehouse, rows))
        group_id: int = await connection.fetchval(
            "INSERT INTO warehouse_groups (business_id, name) VALUES ($1, $2) RETURNING id", business_id, name
        )
        await connection.execute(
            "UPDATE warehouses SET group_id = $3 WHERE business_id = $1 AND id = ANY($2::bigint[])",
            business_id,
            list(ids),
            group_id,
        )
    return Group(group_id, name)


def _warehouse(row: Any) -> Warehouse:
    address = row["city"] and WarehouseAddress(
        row["city"], Gps(row["latitude"], row["longitude"]), row["street"], row["number"]
    )
    return Warehouse(
        id=row["id"],
        campaign_id=row["campaign_id"],
        name=row["name"],
        model=Model(row["model"]),
        address=address,
        group=None if row["group_id"] is None else Group(row["group_id"], row["group_name"] or ""),
        enabled=row["enabled"],
    )

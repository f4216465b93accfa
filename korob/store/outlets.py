"""The outlets of a campaign."""

from typing import Any, Final

import asyncpg
import msgspec

from korob.domain.order import Region
from korob.domain.outlet import CodeTaken, Outlet, OutletNotFound
from korob.domain.value import Value
from korob.store import regions
from korob.store.campaigns import CampaignNotFound
from korob.store.database import Database, as_json


class Placed(Value, frozen=True):
    """An outlet, and the region that it is in."""

    outlet: Outlet
    region: Region


async def add(database: Database, business_id: int, campaign_id: int, outlet: Outlet) -> None:
    """Write a new outlet down. Raises CodeTaken, and CampaignNotFound when the business is gone."""
    async with database.connection() as connection:
        try:
            await connection.execute(
                """
                INSERT INTO outlets (business_id, id, campaign_id, shop_outlet_code, region_id, body)
                VALUES ($1, $2, $3, $4, $5, $6)
                """,
                business_id,
                outlet.id,
                campaign_id,
                outlet.shop_outlet_code,
                outlet.address.region_id,
                as_json(outlet),
            )
        except asyncpg.UniqueViolationError:
            raise CodeTaken(code=outlet.shop_outlet_code, campaign_id=campaign_id) from None
        except asyncpg.ForeignKeyViolationError:
            raise CampaignNotFound(campaign_id=campaign_id) from None


async def replace(database: Database, business_id: int, campaign_id: int, outlet: Outlet) -> None:
    """Write an outlet down anew. Raises OutletNotFound, for another campaign's outlet too, and CodeTaken."""
    async with database.connection() as connection:
        try:
            replaced = await connection.fetchval(
                """
                UPDATE outlets
                SET shop_outlet_code = $4, region_id = $5, body = $6
                WHERE business_id = $1 AND id = $2 AND campaign_id = $3
                RETURNING id
                """,
                business_id,
                outlet.id,
                campaign_id,
                outlet.shop_outlet_code,
                outlet.address.region_id,
                as_json(outlet),
            )
        except asyncpg.UniqueViolationError:
            raise CodeTaken(code=outlet.shop_outlet_code, campaign_id=campaign_id) from None
    if replaced is None:
        raise OutletNotFound(outlet_id=outlet.id)


async def delete(database: Database, business_id: int, campaign_id: int, outlet_id: int) -> None:
    """Forget an outlet and its licences. Raises OutletNotFound, for another campaign's outlet too."""
    async with database.connection() as connection:
        deleted = await connection.fetchval(
            "DELETE FROM outlets WHERE business_id = $1 AND id = $2 AND campaign_id = $3 RETURNING id",
            business_id,
            outlet_id,
            campaign_id,
        )
    if deleted is None:
        raise OutletNotFound(outlet_id=outlet_id)


async def get(database: Database, business_id: int, campaign_id: int, outlet_id: int) -> Placed:
    """An outlet. Raises OutletNotFound, for another campaign's outlet too."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            """
            SELECT body, path, names, types
            FROM outlets JOIN regions_in_full ON regions_in_full.id = region_id
            WHERE business_id = $1 AND outlets.id = $2 AND campaign_id = $3
            """,
            business_id,
            outlet_id,
            campaign_id,
        )
    if row is None:
        raise OutletNotFound(outlet_id=outlet_id)
    return _placed(row)


async def of_campaign(
    database: Database,
    business_id: int,
    campaign_id: int,
    *,
    region_id: int | None = None,
    code: str | None = None,
    after: int = 0,
    limit: int,
) -> tuple[Placed, ...]:
    """A campaign's outlets by their ids, later ones than `after`; in a region or a part of it, of a code."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT body, path, names, types
            FROM outlets JOIN regions_in_full ON regions_in_full.id = region_id
            WHERE business_id = $1
              AND campaign_id = $2
              AND ($3::bigint IS NULL OR path @> ARRAY[$3])
              AND ($4::text IS NULL OR shop_outlet_code = $4)
              AND outlets.id > $5
            ORDER BY outlets.id
            LIMIT $6
            """,
            business_id,
            campaign_id,
            region_id,
            code,
            after,
            limit,
        )
    return tuple(map(_placed, rows))


async def of_code(database: Database, business_id: int, campaign_id: int, code: str) -> Outlet | None:
    """The outlet that a campaign calls by this code; None if there is none."""
    async with database.connection() as connection:
        # The index is of the codes' digests.
        body = await connection.fetchval(
            """
            SELECT body
            FROM outlets
            WHERE business_id = $1 AND campaign_id = $2 AND md5(shop_outlet_code) = md5($3) AND shop_outlet_code = $3
            """,
            business_id,
            campaign_id,
            code,
        )
    return None if body is None else _DECODER.decode(body)


def _placed(row: Any) -> Placed:
    return Placed(_DECODER.decode(row["body"]), regions.read(row["path"], row["names"], row["types"]))


_DECODER: Final = msgspec.json.Decoder(Outlet)

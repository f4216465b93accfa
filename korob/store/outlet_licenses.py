"""The licences of a campaign's outlets."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import asyncpg

from korob.domain.geography import MOSCOW_AHEAD
from korob.domain.outlet import OutletNotFound
from korob.domain.outlet_license import LicenseType, OutletLicense
from korob.domain.value import Value
from korob.store.database import Database


class Shown(Value, frozen=True):
    """A licence, and the hours that the clocks of its outlet are ahead of UTC."""

    license: OutletLicense
    ahead: int


async def ahead_of(
    database: Database, business_id: int, campaign_id: int, outlet_ids: Collection[int]
) -> Mapping[int, int]:
    """The hours that the clocks of these outlets are ahead of UTC. Raises OutletNotFound for the first unknown one."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT outlets.id, coalesce(ahead, $4) AS ahead
            FROM outlets JOIN regions ON regions.id = region_id
            WHERE business_id = $1 AND campaign_id = $2 AND outlets.id = ANY($3::bigint[])
            """,
            business_id,
            campaign_id,
            list(outlet_ids),
            MOSCOW_AHEAD,
        )
    found = {row["id"]: row["ahead"] for row in rows}
    if missing := sorted(set(outlet_ids) - found.keys()):
        raise OutletNotFound(outlet_id=missing[0])
    return found


async def of_campaign(
    database: Database,
    business_id: int,
    campaign_id: int,
    *,
    outlet_ids: Collection[int] | None = None,
    ids: Collection[int] | None = None,
) -> tuple[Shown, ...]:
    """Licences of these outlets, or with these ids, in the order of their ids; those of no outlet are left out."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT outlet_licenses.*, coalesce(ahead, $5) AS ahead
            FROM outlet_licenses
            JOIN outlets ON outlets.business_id = outlet_licenses.business_id AND outlets.id = outlet_id
            JOIN regions ON regions.id = region_id
            WHERE outlet_licenses.business_id = $1
              AND campaign_id = $2
              AND ($3::bigint[] IS NULL OR outlet_id = ANY($3))
              AND ($4::bigint[] IS NULL OR outlet_licenses.id = ANY($4))
            ORDER BY outlet_licenses.id
            """,
            business_id,
            campaign_id,
            outlet_ids,
            ids,
            MOSCOW_AHEAD,
        )
    return tuple(map(_shown, rows))


async def save(database: Database, business_id: int, licenses: Sequence[OutletLicense]) -> None:
    """Write licences down, new ones and known ones anew. Raises OutletNotFound when an outlet is gone."""
    async with database.connection() as connection:
        try:
            await connection.execute(
                """
                INSERT INTO outlet_licenses (business_id, id, outlet_id, type, number, issued_on, expires_on, told_at)
                SELECT $1, told.*
                FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::date[], $7::date[],
                            $8::timestamptz[]) AS told (id, outlet_id, type, number, issued_on, expires_on, told_at)
                ORDER BY id
                ON CONFLICT (business_id, id) DO UPDATE
                SET outlet_id = excluded.outlet_id, type = excluded.type, number = excluded.number,
                    issued_on = excluded.issued_on, expires_on = excluded.expires_on, told_at = excluded.told_at
                """,
                business_id,
                *zip(*(_row(license) for license in licenses), strict=True),
            )
        except asyncpg.ForeignKeyViolationError:
            raise OutletNotFound(outlet_id=licenses[0].outlet_id) from None


async def delete(database: Database, business_id: int, campaign_id: int, ids: Collection[int]) -> None:
    """Forget licences; those that the campaign does not have are none to forget."""
    async with database.connection() as connection:
        await connection.execute(
            """
            DELETE FROM outlet_licenses
            USING outlets
            WHERE outlet_licenses.business_id = $1
              AND outlet_licenses.id = ANY($3::bigint[])
              AND outlets.business_id = $1
              AND outlets.id = outlet_id
              AND campaign_id = $2
            """,
            business_id,
            campaign_id,
            list(ids),
        )


def _row(license: OutletLicense) -> tuple[Any, ...]:
    return (
        license.id,
        license.outlet_id,
        license.type,
        license.number,
        license.issued_on,
        license.expires_on,
        license.told_at,
    )


def _shown(row: Any) -> Shown:
    return Shown(
        OutletLicense(
            id=row["id"],
            outlet_id=row["outlet_id"],
            type=LicenseType(row["type"]),
            number=row["number"],
            issued_on=row["issued_on"],
            expires_on=row["expires_on"],
            told_at=row["told_at"],
        ),
        row["ahead"],
    )

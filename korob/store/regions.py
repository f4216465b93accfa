"""Regions: found by number or by name, with their chains of parents, or with their children."""

from collections.abc import Sequence
from typing import Any

from korob.domain import geography
from korob.domain.geography import Place
from korob.domain.order import Region
from korob.domain.refusal import Refusal
from korob.domain.value import Value
from korob.domain.words import RegionType
from korob.store.database import Database


class RegionNotFound(Refusal):
    """There is no such region."""

    template = "Region {region_id} not found."


class Found(Value, frozen=True):
    """Some regions of a list, and how many there are in all."""

    regions: tuple[Region, ...]
    total: int


class Country(Value, frozen=True):
    """A country with its code of two letters."""

    region: Region
    code: str


async def fill(database: Database) -> None:
    """Write down every region that this version of the program knows; nothing changes where that was done before."""
    columns = zip(*(_row(place) for place in geography.places().values()), strict=True)
    async with database.connection() as connection:
        await connection.execute(
            """
            INSERT INTO regions AS known (id, name, type, parent_id, path, country_code, ahead)
            SELECT id, name, type, parent_id, string_to_array(path, ' ')::bigint[], country_code, ahead
            FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::smallint[])
                 AS told (id, name, type, parent_id, path, country_code, ahead)
            ON CONFLICT (id) DO UPDATE
            SET name = excluded.name, type = excluded.type, parent_id = excluded.parent_id, path = excluded.path,
                country_code = excluded.country_code, ahead = excluded.ahead
            WHERE (known.name, known.type, known.parent_id, known.path, known.country_code, known.ahead)
                  IS DISTINCT FROM
                  (excluded.name, excluded.type, excluded.parent_id, excluded.path, excluded.country_code,
                   excluded.ahead)
            """,
            *columns,
        )


async def get(database: Database, region_id: int) -> Region:
    """A region with its chain of parents. Raises RegionNotFound."""
    async with database.connection() as connection:
        row = await connection.fetchrow("SELECT path, names, types FROM regions_in_full WHERE id = $1", region_id)
    if row is None:
        raise RegionNotFound(region_id=region_id)
    return _region(row)


async def named(database: Database, name: str, *, skipped: int, shown: int) -> Found:
    """Regions with a word in their name that begins like this, as it is spelt; those of exactly this name first."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            WITH found AS (
                SELECT id, name, cardinality(path) AS depth, count(*) OVER () AS total
                FROM regions
                WHERE starts_with(name, $1) OR position(' ' || $1 IN name) > 0
                ORDER BY name <> $1, depth, name, id
                OFFSET $2
                LIMIT $3
            )
            SELECT path, names, types, total
            FROM found JOIN regions_in_full AS whole USING (id)
            ORDER BY whole.name <> $1, depth, whole.name, id
            """,
            name,
            skipped,
            shown,
        )
    return Found(tuple(map(_region, rows)), rows[0]["total"] if rows else 0)


async def children(database: Database, region_id: int, *, skipped: int, shown: int) -> Found:
    """The regions right within one, without their chains."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT total, id, name, type
            FROM (SELECT count(*) AS total FROM regions WHERE parent_id = $1) AS counted
            LEFT JOIN (
                SELECT id, name, type FROM regions WHERE parent_id = $1 ORDER BY id OFFSET $2 LIMIT $3
            ) AS shown ON true
            ORDER BY id
            """,
            region_id,
            skipped,
            shown,
        )
    regions = tuple(Region(row["id"], row["name"], RegionType(row["type"])) for row in rows if row["id"] is not None)
    return Found(regions, rows[0]["total"])


async def countries(database: Database) -> tuple[Country, ...]:
    """All countries, by their codes."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT path, names, types, country_code
            FROM regions_in_full
            WHERE country_code IS NOT NULL
            ORDER BY country_code
            """
        )
    return tuple(Country(_region(row), row["country_code"]) for row in rows)


def read(ids: Sequence[int], names: Sequence[str], types: Sequence[str]) -> Region:
    """A region from its chain, which begins with the country."""
    region = None
    for id, name, type in zip(ids, names, types, strict=True):
        region = Region(id, name, RegionType(type), region)
    assert region is not None  # noqa: S101
    return region


def _region(row: Any) -> Region:
    return read(row["path"], row["names"], row["types"])


def _row(place: Place) -> tuple[Any, ...]:
    region = place.region
    path = [region.id]
    above = region.parent
    while above is not None:
        path.insert(0, above.id)
        above = above.parent
    parent_id = region.parent.id if region.parent else None
    # An array of arrays is no parameter of unnest, so the path travels as text.
    return region.id, region.name, region.type, parent_id, " ".join(map(str, path)), place.country_code, place.ahead

"""Regions and delivery services, as every start writes them down."""

from korob.domain import geography
from korob.domain.order import Region
from korob.domain.words import RegionType
from korob.store import delivery_services, reference, regions

ROWS = "SELECT id, xmin::text, name FROM regions ORDER BY id"


async def rows_of(database):
    async with database.connection() as connection:
        return await connection.fetch(ROWS)


async def test_every_region_is_written_down_with_its_chain(shared_database):
    for place in geography.places().values():
        if place.region.type is not RegionType.COUNTRY:
            assert await regions.get(shared_database, place.region.id) == place.region


async def test_a_second_start_touches_no_row(database):
    before = await rows_of(database)

    await reference.fill(database)

    assert await rows_of(database) == before
    assert len(before) == len(geography.places())


async def test_a_start_puts_right_what_another_version_wrote_and_keeps_what_it_does_not_know(database):
    async with database.connection() as connection:
        await connection.execute("UPDATE regions SET name = 'Мск', ahead = 9 WHERE id = 213")
        await connection.execute(
            "INSERT INTO regions (id, name, type, parent_id, path) VALUES (7777, 'Новая', 'CITY', 225, '{225,7777}')"
        )
        await connection.execute("UPDATE delivery_services SET name = 'Никто' WHERE id = 99")

    await reference.fill(database)

    assert await regions.get(database, 213) == geography.region(213)
    assert await regions.get(database, 7777) == Region(7777, "Новая", RegionType.CITY, geography.region(225))
    assert dict(await delivery_services.every(database))[99] == "Собственная служба доставки"


async def test_a_name_leads_to_the_wider_region_before_the_narrower(shared_database):
    found = await regions.named(shared_database, "Алтай", skipped=0, shown=20)

    assert [region.name for region in found.regions] == ["Алтайский край", "Республика Алтай"]
    beyond = await regions.named(shared_database, "Алтай", skipped=2, shown=20)
    assert beyond.regions == ()

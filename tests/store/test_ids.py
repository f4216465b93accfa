"""Ids are drawn beforehand: they grow, and no two are the same."""

import asyncio

import pytest

from korob.store import campaigns
from korob.store.database import Database
from korob.store.ids import BLOCK, Ids


@pytest.fixture
async def business(shared_database):
    return await campaigns.create_business(shared_database, "Лавка")


@pytest.fixture
def ids(shared_database):
    return Ids(shared_database)


async def test_ids_grow_have_more_than_nine_digits_and_fit_into_a_double(ids, business):
    drawn = [number for count in (1, 5, 2 * BLOCK, 1, BLOCK - 1, 3) for number in await ids.draw(business, count)]

    assert len(drawn) == 3 * BLOCK + 9
    assert drawn == sorted(set(drawn))
    assert all(10**9 < number < 2**53 for number in drawn)


async def test_ids_asked_for_together_are_consecutive(ids, business):
    await ids.draw(business, BLOCK - 2)

    drawn = list(await ids.draw(business, 5))

    assert drawn == list(range(drawn[0], drawn[0] + 5))


async def test_many_who_draw_at_once_in_two_processes_never_get_the_same_id(shared_url, ids, business):
    elsewhere = await Database.open(shared_url)
    others = Ids(elsewhere)

    drawn = await asyncio.gather(*(source.draw(business, 1 + n % 7) for n in range(300) for source in (ids, others)))
    await elsewhere.close()

    numbers = [number for block in drawn for number in block]
    assert len(set(numbers)) == len(numbers) == 2 * sum(1 + n % 7 for n in range(300))


async def test_two_businesses_never_get_the_same_id(ids, business, shared_database):
    neighbour = await campaigns.create_business(shared_database, "Другая лавка")

    mine, theirs = await ids.draw(business, 1000), await ids.draw(neighbour, 1000)

    assert not set(mine) & set(theirs)


async def test_one_block_is_leased_for_many_draws(ids, business, shared_database):
    await asyncio.gather(*(ids.draw(business) for _ in range(BLOCK)))

    async with shared_database.connection() as connection:
        leased = await connection.fetchval("SELECT next FROM ids WHERE business_id = $1", business)
    assert leased == business * campaigns.IDS_PER_BUSINESS + BLOCK


async def test_a_business_that_is_gone_has_no_ids(ids):
    with pytest.raises(campaigns.BusinessNotFound):
        await ids.draw(404)
    with pytest.raises(campaigns.BusinessNotFound):
        await ids.draw(404)

"""Worlds: how they come into being and go, and what their clocks show."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from korob.clock import WALL, Clock
from korob.domain.campaign import Scope
from korob.domain.words import Model
from korob.store import campaigns, worlds
from korob.store.database import Database
from korob.store.keys import Keys
from korob.store.worlds import WorldNotFound

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def a_world(database, *, seed=None, now=None, limits=True):
    return await worlds.create(database, seed=seed, now=now, wall=WALL.now(), limits=limits)


async def test_a_world_has_a_campaign_of_each_model_with_a_warehouse_each(database):
    world = await a_world(database)

    stored = await campaigns.campaigns_of(database, world.business_id)
    assert stored == world.campaigns
    assert [campaign.model for campaign in stored] == [Model.DBS, Model.FBS, Model.EXPRESS, Model.FBY, Model.LAAS]
    assert len({campaign.warehouse_id for campaign in stored} | {campaign.id for campaign in stored}) == 10


async def test_the_key_of_a_world_opens_all_its_campaigns(database):
    world = await a_world(database, limits=False)

    found = await Keys(database).find(world.api_key)

    assert (found.key.business_id, found.key.scopes, found.key.limits) == (world.id, {Scope.ALL_METHODS}, False)
    assert set(found.campaigns) == {campaign.id for campaign in world.campaigns}


async def test_the_same_seed_gives_the_same_ids_in_a_fresh_database_but_never_the_same_secrets(database):
    first = await a_world(database, seed=7)
    await worlds.delete(database, first.id)

    again = await a_world(database, seed=7)

    assert (again.id, again.campaigns) == (first.id, first.campaigns)
    assert again.api_key != first.api_key
    assert again.operator_token != first.operator_token


async def test_a_seed_that_is_taken_gives_the_next_free_ids(database):
    first = await a_world(database, seed=7)
    second = await a_world(database, seed=7)
    third = await a_world(database, seed=7)
    await worlds.delete(database, second.id)

    in_the_gap = await a_world(database, seed=7)

    assert [second.id, third.id] == [first.id + 1, first.id + 2]
    assert in_the_gap.id == second.id


@pytest.mark.parametrize("seed", [0, -1, 1, 2**63 - 1, -(2**63)])
async def test_any_seed_gives_ids_that_an_old_client_can_hold(shared_database, seed):
    world = await a_world(shared_database, seed=seed)

    numbers = [world.id, *(campaign.id for campaign in world.campaigns)]
    assert all(10**7 < number < 2**31 for number in numbers)
    await worlds.delete(shared_database, world.id)


async def test_orders_of_a_world_will_have_ids_of_eleven_digits(database):
    world = await a_world(database, seed=1)

    async with database.connection() as connection:
        first = await connection.fetchval("SELECT next FROM ids WHERE business_id = $1", world.id)

    assert first == 10_001_000_000


async def test_many_worlds_of_one_seed_at_once_get_an_id_each(database):
    made = await asyncio.gather(*(a_world(database, seed=3) for _ in range(20)))

    first = min(world.id for world in made)
    assert sorted(world.id for world in made) == list(range(first, first + 20))


async def test_a_world_is_made_quickly_which_is_with_one_statement(fresh_url):
    database = await Database.open(fresh_url, connections=1)
    statements = []
    async with database.connection() as connection:
        connection.add_query_logger(lambda record: statements.append(record.query))

    await a_world(database)
    # The secret is read once, and so is what the driver wants to know.
    statements.clear()

    await a_world(database)
    await database.close()

    assert len(statements) == 1, "how long they take is for the bench to say: here the machine may be busy"


async def test_a_world_s_clock_runs_from_the_moment_it_was_given(database):
    before = WALL.now()
    world = await a_world(database, now=MONDAY)

    clock = await worlds.clock_of(database, world.id)

    assert MONDAY <= clock.now() <= MONDAY + (WALL.now() - before)
    assert len({clock.now() for _ in range(10_000)}) > 1


async def test_a_business_that_is_no_world_lives_by_the_wall(database):
    business_id = await campaigns.create_business(database, "Лавка")

    assert await worlds.clock_of(database, business_id) == WALL
    with pytest.raises(WorldNotFound):
        await worlds.get(database, business_id)
    with pytest.raises(WorldNotFound):
        await worlds.delete(database, business_id)
    assert (await campaigns.business(database, business_id)).name == "Лавка"


async def test_each_setting_of_a_clock_is_a_new_epoch(database):
    world = await a_world(database)
    before = await worlds.clock_of(database, world.id)

    frozen = await worlds.set_clock(database, world.id, frozen_at=MONDAY)

    assert (before.epoch, frozen) == (1, Clock(frozen_at=MONDAY, epoch=2))
    assert await worlds.clock_of(database, world.id) == frozen


async def test_an_operator_token_opens_its_world_and_no_other(database):
    ours, theirs = await a_world(database), await a_world(database)

    assert await worlds.opened_by(database, ours.operator_token) == ours.id
    assert await worlds.opened_by(database, theirs.operator_token) == theirs.id
    assert await worlds.opened_by(database, ours.operator_token + "x") is None
    assert await worlds.opened_by(database, ours.api_key) is None


async def test_of_a_deleted_world_no_row_stays_anywhere(database):
    bystander = await a_world(database)
    rows_before = await rows_by_table(database)
    world = await a_world(database)
    await campaigns.create_campaign(database, world.id, "Ещё одна", Model.DBS)

    await worlds.delete(database, world.id)

    assert await rows_by_table(database) == rows_before
    assert (await worlds.get(database, bystander.id)).id == bystander.id
    with pytest.raises(WorldNotFound):
        await worlds.get(database, world.id)


async def test_no_table_that_knows_businesses_escapes_a_deletion(database):
    world = await a_world(database)
    async with database.connection() as connection:
        await connection.execute("CREATE TABLE made_later (business_id bigint, what text)")
        await connection.execute("INSERT INTO made_later VALUES ($1, 'ours'), ($1 + 1, 'theirs')", world.id)

    await worlds.delete(database, world.id)

    async with database.connection() as connection:
        assert await connection.fetchval("SELECT string_agg(what, ',') FROM made_later") == "theirs"


async def rows_by_table(database):
    async with database.connection() as connection:
        tables = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        return {
            name: await connection.fetchval(f'SELECT count(*) FROM "{name}"')  # noqa: S608
            for (name,) in tables
        }


async def test_notices_come_in_the_order_of_their_moments_those_of_one_moment_as_they_were_written(database):
    world = await a_world(database)
    minutes = (2, 1, 2, 0)
    async with database.connection() as connection:
        for minute in minutes:
            await connection.execute(
                "INSERT INTO outbox (business_id, campaign_id, order_id, version, type, at, body) "
                "VALUES ($1, 1, 1, 1, 'ORDER_CREATED', $2, '{}')",
                world.id,
                MONDAY + timedelta(minutes=minute),
            )

    told = await worlds.notices(database, world.id)

    assert [notice.at - MONDAY for notice in told] == [timedelta(minutes=minute) for minute in sorted(minutes)]
    assert told[2].id < told[3].id

"""Worlds through the sandbox's API."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from korob.sandbox.worlds import create_world
from tests.operator import playground

WORLDS = "/sandbox/v1/worlds"


@pytest.fixture
async def services(database):
    """These tests count worlds, so they have a database of their own."""
    async with playground.services_on(database) as services:
        yield services


async def test_a_world_is_made_with_all_that_a_test_needs(client):
    answer = await client.post(WORLDS, json={"seed": 7, "now": "2026-03-02T09:00:00Z", "limits": False})

    world = answer.json()
    assert answer.status_code == 200
    assert world["id"] == world["businessId"]
    assert world["apiKey"].startswith("ACMA:")
    assert world["operatorToken"]
    assert world["now"] == "2026-03-02T09:00:00Z"
    assert [(one["placementType"], one["express"]) for one in world["campaigns"]] == [
        ("DBS", False),
        ("FBS", False),
        ("FBS", True),
        ("FBY", False),
        ("LAAS", False),
    ]


async def test_a_world_needs_no_body_s_fields(client):
    before = datetime.now(UTC)
    world = (await client.post(WORLDS, json={})).json()

    second = timedelta(seconds=1)
    assert before - second <= datetime.fromisoformat(world["now"]) <= datetime.now(UTC) + second


async def test_the_same_seed_makes_the_same_world_in_a_fresh_database(client):
    first = (await client.post(WORLDS, json={"seed": 7})).json()
    await client.delete(f"{WORLDS}/{first['id']}")

    again = (await client.post(WORLDS, json={"seed": 7})).json()

    assert (again["id"], again["campaigns"]) == (first["id"], first["campaigns"])


async def test_worlds_are_listed_and_shown(client):
    made = [(await client.post(WORLDS, json={"seed": seed})).json() for seed in (1, 2)]

    listed = (await client.get(WORLDS)).json()["worlds"]
    shown = (await client.get(f"{WORLDS}/{made[0]['id']}")).json()

    assert [world["id"] for world in listed] == [world["id"] for world in made]
    assert (shown["seed"], shown["limits"], shown["frozen"]) == (1, True, False)
    assert shown["campaigns"] == made[0]["campaigns"]
    assert "apiKey" not in shown


async def test_a_deleted_world_is_gone(client, services):
    world = (await client.post(WORLDS, json={})).json()
    assert await services.keys.find(world["apiKey"])

    deleted = await client.delete(f"{WORLDS}/{world['id']}")

    assert (deleted.status_code, deleted.content) == (200, b"")
    assert (await client.get(f"{WORLDS}/{world['id']}")).status_code == 404
    assert (await client.delete(f"{WORLDS}/{world['id']}")).status_code == 404
    assert await services.keys.find(world["apiKey"]) is None


@pytest.mark.parametrize(
    "body",
    [
        {"seed": "7"},
        {"seed": 2**63},
        {"seed": 1.5},
        {"now": "2026-03-02T09:00:00"},
        {"now": "0001-01-01T00:00:00Z"},
        {"now": "2200-01-01T00:00:00Z"},
        {"limits": "no"},
        [],
    ],
)
async def test_a_world_that_makes_no_sense_is_not_made(client, body):
    answer = await client.post(WORLDS, json=body)

    assert answer.status_code == 400
    assert answer.json()["status"] == "ERROR"
    assert answer.json()["errors"][0]["code"] == "BAD_REQUEST"
    assert (await client.get(WORLDS)).json() == {"worlds": []}


async def test_many_worlds_at_once_are_all_different(client):
    answers = await asyncio.gather(*(client.post(WORLDS, json={"seed": 5}) for _ in range(10)))

    assert len({answer.json()["id"] for answer in answers}) == 10


async def test_the_command_line_makes_worlds_too(services):
    world = await create_world(services.database, 7, datetime(2026, 3, 2, tzinfo=UTC), limits=False)

    assert (world.seed, world.now) == (7, datetime(2026, 3, 2, tzinfo=UTC))


async def test_a_world_s_own_token_reaches_this_world_only(services, client):
    ours, theirs = [(await client.post(WORLDS, json={})).json() for _ in range(2)]

    async with playground.client_of(services, token=ours["operatorToken"]) as us:
        listed = (await us.get(WORLDS)).json()["worlds"]
        own = await us.get(f"{WORLDS}/{ours['id']}")
        other = await us.get(f"{WORLDS}/{theirs['id']}")
        nobody_s = await us.get(f"{WORLDS}/404")
        made = await us.post(WORLDS, json={})
        killed = await us.delete(f"{WORLDS}/{theirs['id']}")

    assert [world["id"] for world in listed] == [ours["id"]]
    assert own.status_code == 200
    assert [answer.status_code for answer in (other, nobody_s, made, killed)] == [403, 403, 403, 403]
    assert (await client.get(f"{WORLDS}/{theirs['id']}")).status_code == 200


async def test_in_production_there_is_no_sandbox(database):
    async with (
        playground.services_on(database, mode="production") as services,
        playground.client_of(services, token=playground.TOKEN) as client,
    ):
        assert (await client.post(WORLDS, json={})).status_code == 404

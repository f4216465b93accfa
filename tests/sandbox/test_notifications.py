"""What a world has told its seller, and waiting for it."""

import asyncio
import time
from types import SimpleNamespace

import pytest

from korob.sandbox import worlds
from tests.operator import playground
from tests.patience import enough

MUGS = {"items": [{"offerId": "MUG", "price": 500, "count": 2}], "paymentType": "PREPAID"}


@pytest.fixture
async def place(services, world):
    async with playground.client_of(services, token=playground.TOKEN) as operator:

        async def place():
            path = f"/operator/v1/campaigns/{world['campaigns'][0]['id']}/orders"
            return (await operator.post(path, json=MUGS)).json()["order"]["id"]

        yield place


@pytest.fixture
def told(client, world):
    async def told(**query):
        answer = await client.get(f"/sandbox/v1/worlds/{world['id']}/notifications", params=query)
        return [(one["type"], one["body"]["orderId"]) for one in answer.json()["notifications"]]

    return told


async def test_nothing_was_told_yet(client, world):
    answer = await client.get(f"/sandbox/v1/worlds/{world['id']}/notifications")

    assert answer.json() == {"notifications": []}


async def test_notifications_are_narrowed_down(client, world, place, told):
    first, second = await place(), await place()
    everything = (await client.get(f"/sandbox/v1/worlds/{world['id']}/notifications")).json()["notifications"]
    await client.post(f"/sandbox/v1/worlds/{world['id']}/clock", json={"next": True})

    assert await told() == [
        ("ORDER_CREATED", first),
        ("ORDER_CREATED", second),
        ("ORDER_CANCELLED", first),
        ("ORDER_CANCELLED", second),
    ]
    assert await told(type="ORDER_CANCELLED") == [("ORDER_CANCELLED", first), ("ORDER_CANCELLED", second)]
    assert await told(orderId=first) == [("ORDER_CREATED", first), ("ORDER_CANCELLED", first)]
    assert await told(after=everything[-1]["id"], orderId=second) == [("ORDER_CANCELLED", second)]
    assert everything[0]["at"] == "2026-03-02T09:00:00Z"
    assert everything[0]["body"]["notificationType"] == "ORDER_CREATED"


async def test_who_waits_is_answered_as_soon_as_it_is_told(client, world, place, told, monkeypatch):
    order_id = await place()
    # The end of the wait never comes.
    monkeypatch.setattr(worlds, "time", SimpleNamespace(monotonic=lambda: 0.0))
    waiting = asyncio.create_task(told(waitFor="ORDER_CANCELLED", waitSeconds=20))
    await asyncio.sleep(0.1)
    assert not waiting.done()

    await client.post(f"/sandbox/v1/worlds/{world['id']}/clock", json={"advance": "PT30M"})

    async with enough():
        assert await waiting == [("ORDER_CREATED", order_id), ("ORDER_CANCELLED", order_id)]


async def test_who_waits_for_anything_gets_what_is_there(place, told):
    order_id = await place()

    assert await told(waitSeconds=20) == [("ORDER_CREATED", order_id)]


async def test_waiting_has_an_end(place, told):
    order_id = await place()
    start = time.monotonic()

    assert await told(waitFor="ORDER_CANCELLED", waitSeconds=0.2) == [("ORDER_CREATED", order_id)]
    assert time.monotonic() - start >= 0.2


@pytest.mark.parametrize(
    "query",
    [
        {"waitSeconds": 31},
        {"waitSeconds": -1},
        {"type": "\0"},
        {"type": "ORDER_CANCELED"},
        {"waitFor": "order"},
        {"after": "x"},
        {"orderId": "x"},
    ],
)
async def test_a_question_that_makes_no_sense_is_a_bad_request(client, world, query):
    answer = await client.get(f"/sandbox/v1/worlds/{world['id']}/notifications", params=query)

    assert answer.status_code == 400

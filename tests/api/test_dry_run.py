"""A write that is only rehearsed: every check runs, the answer is as if it were done, and nothing has changed."""

import pytest

from korob.contract.methods import METHODS
from korob.domain.campaign import READ_ONLY
from tests.api.test_tenants import Tenant, Visitor, every, state
from tests.world import World, an_item

DRY = {"X-Korob-Dry-Run": "true"}


@pytest.fixture(scope="module")
async def tenant(http):
    return await (await Tenant.make(http, limits=False)).settle_in()


@every(lambda method: method.scopes.isdisjoint(READ_ONLY))
async def test_no_method_leaves_a_trace(method, http, tenant, shared_database):
    before = await state(shared_database, tenant.id)

    answer = await Visitor(http).call(method, tenant.place_of(method), {"Api-Key": tenant.api_key} | DRY)

    assert answer.status_code in {200, 400}
    assert answer.headers["X-Korob-Dry-Run"] == "true"
    assert await state(shared_database, tenant.id) == before


async def test_a_rehearsed_change_answers_as_the_change_will(world):
    order = await world.place("DBS", an_item("TEAPOT", id=1, count=2), an_item("CUP", id=2))
    boxes = {"boxes": [{"items": [{"id": 1, "fullCount": 2}]}, {"items": [{"id": 2, "fullCount": 1}]}]}
    path = world.path(order, "/boxes")

    rehearsed = await world.seller("PUT", path, boxes, headers=DRY)
    unchanged = await world.read(order)
    packed = await world.seller("PUT", path, boxes)

    assert rehearsed.json() == packed.json()
    assert unchanged["items"] == order["items"]
    assert "X-Korob-Dry-Run" not in packed.headers


async def test_a_rehearsed_refusal_is_the_refusal(world):
    order = await world.place("DBS", an_item("TEAPOT", id=1, count=2), an_item("CUP", id=2))
    wish = {"items": [{"id": 1, "count": 3}]}

    rehearsed = await world.seller("PUT", world.path(order, "/items"), wish, headers=DRY)
    refused = await world.seller("PUT", world.path(order, "/items"), wish)

    assert (rehearsed.status_code, rehearsed.text) == (refused.status_code, refused.text)
    assert rehearsed.status_code == 400


async def test_what_a_rehearsal_shows_under_an_id_is_nowhere_until_it_is_real(world):
    order = await world.place("LAAS")
    wish = {"order": {"id": order["id"], "customer": {"firstName": "Анна", "lastName": "Ли", "phone": "+79990000000"}}}
    path = f"/v1/campaigns/{order['campaignId']}/orders/update"

    async def operations_known(answer):
        ids = [one["id"] for one in answer.json()["result"]["operations"]]
        asked = {"operationType": "ORDER_RECIPIENT_UPDATE", "operationIds": ids}
        found = await world.seller("POST", f"/v1/businesses/{world.id}/operations", asked)
        return found.json()["result"].get("operations", [])

    rehearsed = await world.seller("POST", path, wish, headers=DRY)
    known_after_rehearsal = await operations_known(rehearsed)
    started = await world.seller("POST", path, wish)

    assert known_after_rehearsal == []
    assert rehearsed.json() == started.json()
    assert len(await operations_known(started)) == 1


async def test_rehearsed_steps_of_one_request_build_on_each_other(world):
    order = await world.place("DBS")
    steps = {"orders": [{"id": order["id"], "status": status} for status in ("DELIVERY", "PICKUP", "DELIVERY")]}
    path = f"/v2/campaigns/{order['campaignId']}/orders/status-update"

    rehearsed = await world.seller("POST", path, steps, headers=DRY)
    status = (await world.read(order))["status"]
    done = await world.seller("POST", path, steps)

    assert rehearsed.json() == done.json()
    assert status == "PROCESSING"


@pytest.mark.parametrize(("asked", "is_rehearsed"), [("1", True), ("TRUE", True), ("false", False), ("0", False)])
async def test_whoever_asks_for_a_rehearsal_in_other_words_gets_one(world, asked, is_rehearsed):
    path = f"/v2/campaigns/{world.campaigns['FBS']}/offers/stocks"
    count = {"skus": [{"sku": "TEAPOT", "items": [{"count": 3}]}]}

    await world.seller("PUT", path, count, headers={"X-Korob-Dry-Run": asked})

    told = (await world.seller("POST", path)).json()["result"]["warehouses"]
    assert (told == []) is is_rehearsed


async def test_nobody_is_told_of_a_rehearsal(world):
    order = await world.place("DBS")
    told = await world.notifications(order)

    answer = await world.seller("PUT", world.path(order, "/status"), {"order": {"status": "CANCELLED"}}, headers=DRY)

    assert answer.json()["order"]["status"] == "CANCELLED"
    assert await world.notifications(order) == told
    assert (await world.know(order))["history"] == (await world.know(order))["history"][:1]


async def test_a_read_has_nothing_to_rehearse(world: World):
    answer = await world.seller("GET", "/v2/campaigns", headers=DRY)

    assert answer.status_code == 200
    assert "X-Korob-Dry-Run" not in answer.headers


def test_there_are_methods_to_rehearse():
    assert sum(method.scopes.isdisjoint(READ_ONLY) for method in METHODS) > 5

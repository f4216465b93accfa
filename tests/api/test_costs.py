"""What calls cost of a quota that did not go well."""

import pytest

from korob.store.orders import Orders
from tests.world import World

LEFT = "X-RateLimit-Resource-Remaining"
A_DAY = 86_400
"""Seconds: a window that hardly ends within a test."""


@pytest.fixture
async def world(http):
    """A world with a little of everything."""
    world = await World.make(http)
    names = ("getOrder", "getOutlets", "updateStocks")
    quotas = [{"operation": name, "amount": 10, "seconds": A_DAY} for name in names]
    (await world.operator("PUT", f"/businesses/{world.id}/quotas", {"quotas": quotas})).raise_for_status()
    return world


def told(answer):
    return answer.status_code, int(answer.headers[LEFT])


async def tell(world, *skus):
    body = {"skus": [{"sku": sku, "items": [{"count": 1}]} for sku in skus]}
    return await world.seller("PUT", f"/v2/campaigns/{world.campaigns['DBS']}/offers/stocks", body)


async def test_a_refusal_costs_a_unit_and_a_fault_of_ours_none(world, monkeypatch):
    path = f"/v2/campaigns/{world.campaigns['DBS']}/orders/1"

    refused = await world.seller("GET", path)
    with monkeypatch.context() as broken:
        broken.setattr(Orders, "read", None)
        failed = await world.seller("GET", path)
    again = await world.seller("GET", path)

    assert (told(refused), failed.status_code, told(again)) == ((404, 9), 500, (404, 8))


async def test_an_id_of_the_path_that_is_none_costs_a_unit_like_any_other_fault(world):
    orders = f"/v2/campaigns/{world.campaigns['DBS']}/orders"

    assert told(await world.seller("GET", f"{orders}/first")) == (400, 9)
    assert told(await world.seller("GET", f"{orders}/{2**63}")) == (400, 8)


async def test_a_refusal_costs_one_unit_where_the_answer_or_the_body_is_counted(world):
    outlets = await world.seller("GET", f"/v2/campaigns/{world.campaigns['DBS']}/outlets?limit=51")
    stocks = await tell(world, "TEA", "TEA")

    assert told(outlets) == (400, 9)
    assert told(stocks) == (400, 8)
    assert told(await tell(world)) == (400, 7)


async def test_who_asks_for_more_than_is_left_gets_nothing_and_loses_nothing(world):
    spent = await tell(world, *map(str, range(9)))

    refused = await tell(world, "TEA", "CUP")
    passed = await tell(world, "TEA")

    assert [told(spent), told(refused), told(passed)] == [(200, 1), (420, 1), (200, 0)]

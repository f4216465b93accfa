"""A seller who leafs through his orders by tokens, in both lists."""

import pytest


@pytest.fixture
async def five(world):
    """Ids of five orders, newest first."""
    placed = [await world.place() for _ in range(5)]
    return [order["id"] for order in reversed(placed)]


async def a_page(world, which, query):
    if which == "getOrders":
        return await world.seller("GET", f"/v2/campaigns/{world.campaigns['DBS']}/orders?{query}")
    return await world.seller("POST", f"/v1/businesses/{world.id}/orders?{query}")


def ids_of(answer):
    return [order.get("orderId") or order["id"] for order in answer.json()["orders"]]


BOTH = pytest.mark.parametrize("which", ["getOrders", "getBusinessOrders"])


@BOTH
async def test_a_token_of_a_page_goes_on_with_other_filters_too(world, five, which):
    first = await a_page(world, "getOrders", "limit=2&status=PROCESSING")
    token = first.json()["paging"]["nextPageToken"]

    following = await a_page(world, which, f"limit=50&page_token={token}")

    assert ids_of(first) == five[:2]
    assert ids_of(following) == five[2:]
    assert following.json()["paging"] == {}


@BOTH
async def test_a_token_with_one_character_changed_is_none(world, five, which):
    token = (await a_page(world, which, "limit=2")).json()["paging"]["nextPageToken"]

    for place, character in enumerate(token):
        other = "A" if character != "A" else "B"
        answer = await a_page(world, which, f"limit=2&pageToken={token[:place]}{other}{token[place + 1 :]}")
        assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, "Bad page token")

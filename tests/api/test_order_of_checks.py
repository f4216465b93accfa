"""A request with several faults is told the first of them, in one order for all methods."""

import pytest

from tests.world import World, errors_of

TRACK = {"trackCode": "RR1", "deliveryServiceId": 50}


async def track(world, campaign, order_id, body=TRACK, key=None):
    path = f"/v2/campaigns/{campaign}/orders/{order_id}/delivery/track"
    return await world.seller("POST", path, body, headers={"Api-Key": key} if key else {})


@pytest.fixture
async def other(http):
    return await World.make(http)


async def test_the_key_is_looked_at_before_the_campaign_the_fields_the_model_and_the_order(world, other):
    unknown = f"{world.api_key[:-1]}{'0' if world.api_key[-1] != '0' else '1'}"

    told = [
        await track(world, other.campaigns["FBS"], 404, {}, key=unknown),
        await track(world, other.campaigns["FBS"], 404, {}),
        await track(world, world.campaigns["FBS"], 404, {}),
        await track(world, world.campaigns["FBS"], 404),
        await track(world, world.campaigns["DBS"], 404),
    ]

    assert [(answer.status_code, errors_of(answer)[0][0]) for answer in told] == [
        (401, "UNAUTHORIZED"),
        (403, "FORBIDDEN"),
        (400, "BAD_REQUEST"),
        (400, "CAMPAIGN_TYPE_NOT_SUPPORTED"),
        (404, "NOT_FOUND"),
    ]


async def test_nobody_learns_whether_a_campaign_is_another_s_or_nobody_s(world, other):
    anothers = await track(world, other.campaigns["DBS"], 1)
    nobodys = await track(world, 1, 1)

    assert (anothers.status_code, anothers.json()) == (403, nobodys.json())
    assert errors_of(anothers) == [("FORBIDDEN", "Access denied")]


async def test_an_unknown_order_is_a_bad_request_where_the_contract_has_no_404(world):
    path = f"/v1/campaigns/{world.campaigns['LAAS']}/orders/update-options"

    answer = await world.seller("POST", path, {"id": 404})

    assert answer.status_code == 400
    assert errors_of(answer) == [
        ("BAD_REQUEST", f"Order not found: partnerId = {world.campaigns['LAAS']}, orderId = 404")
    ]


async def test_nobody_is_told_what_the_seller_does_to_items_boxes_codes_and_ids(world):
    order = await world.place()
    first, second = (item["id"] for item in order["items"])
    ways = [
        await world.keep(order, {first: 1, second: 1}),
        await world.pack(order, [{"id": first, "fullCount": 1}], [{"id": second, "fullCount": 1}]),
        await world.seller("PUT", world.path(order, "/delivery/shipments/1/boxes"), {"boxes": [{}, {}, {}]}),
        await world.seller("POST", world.path(order, "/external-id"), {"externalOrderId": "A-17"}),
        await world.seller("POST", world.path(order, "/delivery/track"), TRACK),
    ]

    assert [answer.status_code for answer in ways] == [200] * 5
    assert [one["type"] for one in await world.notifications(order)] == ["ORDER_CREATED"]


async def test_a_cancellation_is_told_once(world):
    order = await world.place()

    await world.move(order, "CANCELLED", "SHOP_FAILED")

    assert [one["type"] for one in await world.notifications(order)] == ["ORDER_CREATED", "ORDER_CANCELLED"]

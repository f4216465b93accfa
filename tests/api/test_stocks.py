"""What sellers count on their shelves, and what orders leave of it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.world import MONDAY, an_item, errors_of

NOW = datetime.fromisoformat(MONDAY)


def path(world, model="DBS"):
    return f"/v2/campaigns/{world.campaigns[model]}/offers/stocks"


async def tell(world, counts, *, model="DBS", at=None):
    moment = {} if at is None else {"updatedAt": at.isoformat()}
    skus = [{"sku": sku, "items": [{"count": count} | moment]} for sku, count in counts]
    return await world.seller("PUT", path(world, model), {"skus": skus})


async def read(world, body=None, *, model="DBS", **query):
    answer = await world.seller("POST", path(world, model), body, params=query)
    return answer.raise_for_status().json()["result"]


async def offers(world, body=None, *, model="DBS", **query):
    """Stocks by offer: what is fit, frozen, available."""
    found = (await read(world, body, model=model, **query))["warehouses"]
    return {offer["offerId"]: of(offer) for warehouse in found for offer in warehouse["offers"]}


def of(offer):
    assert [stock["type"] for stock in offer["stocks"]] == ["FIT", "FREEZE", "AVAILABLE"]
    return tuple(stock["count"] for stock in offer["stocks"])


async def test_a_count_that_was_told_is_shown_with_the_moment_it_holds_for(world):
    answer = await tell(world, [("TEA", 10), ("CUP", 0)], at=NOW - timedelta(hours=1))

    assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
    warehouse = await warehouse_of(world, "DBS")
    assert await read(world) == {
        "warehouses": [
            {
                "warehouseId": warehouse,
                "offers": [
                    {
                        "offerId": sku,
                        "stocks": [
                            {"type": "FIT", "count": count},
                            {"type": "FREEZE", "count": 0},
                            {"type": "AVAILABLE", "count": count},
                        ],
                        "updatedAt": "2026-03-02T11:00:00+03:00",
                    }
                    for sku, count in [("CUP", 0), ("TEA", 10)]
                ],
            }
        ],
        "paging": {},
    }


async def warehouse_of(world, model):
    campaign = (await world.operator("GET", f"/campaigns/{world.campaigns[model]}")).json()
    return campaign["warehouseId"]


async def test_an_order_holds_what_it_takes_and_gives_back_what_leaves_it(world):
    await tell(world, [("TEA", 10)])

    order = await world.place("DBS", an_item("TEA", count=3), an_item("CUP", price=700))
    held = await offers(world, {"offerIds": ["TEA"]})
    await world.keep(order, {order["items"][0]["id"]: 1})
    reduced = await offers(world, {"offerIds": ["TEA"]})
    await world.move(order, "CANCELLED", "SHOP_FAILED")

    assert (held, reduced) == ({"TEA": (10, 3, 7)}, {"TEA": (10, 1, 9)})
    assert await offers(world, {"offerIds": ["TEA"]}) == {"TEA": (10, 0, 10)}


async def test_what_is_shipped_leaves_the_shelf_and_what_is_counted_afterwards_holds_again(world):
    await tell(world, [("TEA", 10)])
    order = await world.place("DBS", an_item("TEA", count=3))

    await world.move(order, "DELIVERY")

    assert await offers(world) == {"TEA": (7, 0, 7)}
    await tell(world, [("TEA", 7)])
    assert await offers(world) == {"TEA": (7, 0, 7)}
    await world.move(order, "DELIVERED")
    assert await offers(world) == {"TEA": (7, 0, 7)}


async def test_a_count_for_a_moment_before_the_parcel_left_knows_nothing_of_it(world):
    await tell(world, [("TEA", 10)])
    order = await world.place("DBS", an_item("TEA", count=3))
    await world.clock(advance="PT2H")
    await world.move(order, "DELIVERY")

    await tell(world, [("TEA", 20)], at=NOW + timedelta(hours=1))

    assert await offers(world) == {"TEA": (17, 0, 17)}


async def test_a_count_for_an_earlier_moment_than_the_last_one_comes_too_late(world):
    await tell(world, [("TEA", 10)])

    answer = await tell(world, [("TEA", 99)], at=NOW - timedelta(hours=1))

    assert answer.status_code == 200
    assert await offers(world) == {"TEA": (10, 0, 10)}


async def test_orders_may_hold_more_than_is_there_but_nothing_less_than_nothing_is_left(world):
    await tell(world, [("TEA", 5)])
    await world.place("DBS", an_item("TEA", count=5))

    await tell(world, [("TEA", 2)])

    assert await offers(world) == {"TEA": (2, 5, 0)}


async def test_a_shelf_without_end_stays_as_full_as_can_be(world):
    await world.place("FBY", an_item("TEA", count=3))

    found = await read(world, model="FBY")

    assert await offers(world, model="FBY") == {"TEA": (2_000_000_000, 3, 1_999_999_997)}
    assert "updatedAt" not in found["warehouses"][0]["offers"][0]


async def test_a_test_order_holds_nothing(world):
    await tell(world, [("TEA", 10)])
    await world.place("DBS", an_item("TEA", count=3), fake=True)

    assert await offers(world) == {"TEA": (10, 0, 10)}


async def test_spaces_around_an_sku_do_not_count(world):
    await tell(world, [(" TEA ", 10)])

    assert await offers(world, {"offerIds": ["  TEA"]}) == {"TEA": (10, 0, 10)}


async def test_an_offer_is_counted_once_in_a_request(world):
    answer = await tell(world, [("TEA", 1), ("CUP", 1), ("TEA ", 2)])

    warehouse = await warehouse_of(world, "DBS")
    assert answer.status_code == 400
    assert errors_of(answer) == [("DUPLICATE_SHOP_SKU", f"Duplicate shop-sku TEA for warehouse {warehouse}")]
    assert await offers(world) == {}


async def test_a_count_is_of_the_last_day_and_not_of_the_future(world):
    day = timedelta(hours=24)
    early = await tell(world, [("TEA", 1), ("CUP", 2)], at=NOW + timedelta(seconds=1))
    late = await tell(world, [("TEA", 1)], at=NOW - day - timedelta(seconds=1))
    assert (early.status_code, late.status_code) == (400, 400)
    assert errors_of(early) == [
        ("BAD_REQUEST", "Stock for TEA should not be in the future"),
        ("BAD_REQUEST", "Stock for CUP should not be in the future"),
    ]
    assert errors_of(late) == [("BAD_REQUEST", "Stock for TEA should not be older than a day")]
    assert await offers(world) == {}

    just_in_time = await tell(world, [("TEA", 1)], at=NOW - day)

    assert just_in_time.status_code == 200


@pytest.mark.parametrize(
    ("sku", "message"),
    [
        ({"sku": "A", "items": []}, "skus[0].items size must be between 1 and 1 (rejected size: 0)"),
        (
            {"sku": "A", "items": [{"count": -1}]},
            "skus[0].items[0].count must be greater than or equal to 0 (rejected value: -1)",
        ),
        ({"sku": "A", "items": [{}]}, "skus[0].items[0].count must not be null (rejected value: null)"),
        (
            {"sku": "A", "items": [{"count": 1, "updatedAt": "2026-03-02"}]},
            "Illegal input at skus[0].items[0].updatedAt",
        ),
    ],
)
async def test_what_is_no_count_is_refused(world, sku, message):
    answer = await world.seller("PUT", path(world), {"skus": [sku]})

    assert (answer.status_code, errors_of(answer)) == (400, [("BAD_REQUEST", message)])


async def test_offers_come_in_pages_by_their_ids(world):
    await tell(world, [(f"SKU-{number:03}", number) for number in range(250)])

    first = await read(world, limit=200)
    rest = await read(world, limit=200, pageToken=first["paging"]["nextPageToken"])

    listed = [offer["offerId"] for page in (first, rest) for offer in page["warehouses"][0]["offers"]]
    assert listed == [f"SKU-{number:03}" for number in range(250)]
    assert rest["paging"] == {}
    assert len((await read(world))["warehouses"][0]["offers"]) == 100


async def test_a_page_has_at_most_two_hundred(world):
    answer = await world.seller("POST", path(world), params={"limit": 201})

    assert errors_of(answer) == [
        ("BAD_REQUEST", "Parameter limit must be less than or equal to 200 (rejected value: 201)")
    ]


async def test_offers_asked_for_by_name_come_all_at_once(world):
    await tell(world, [("TEA", 1), ("CUP", 2), ("POT", 3)])

    found = await read(world, {"offerIds": ["CUP", "TEA", "NONE"], "archived": True}, limit=1)

    assert [offer["offerId"] for offer in found["warehouses"][0]["offers"]] == ["CUP", "TEA"]
    assert found["paging"] == {}


async def test_another_warehouse_and_the_archive_have_nothing(world):
    await tell(world, [("TEA", 1)])

    for body in ({"archived": True}, {"stocksWarehouseId": 1}):
        assert await read(world, body) == {"warehouses": [], "paging": {}}
    own = {"stocksWarehouseId": await warehouse_of(world, "DBS"), "archived": False}
    assert await offers(world, own) == {"TEA": (1, 0, 1)}


async def test_campaigns_have_shelves_of_their_own(world):
    await tell(world, [("TEA", 1)])
    await tell(world, [("TEA", 2)], model="FBS")

    assert await offers(world) == {"TEA": (1, 0, 1)}
    assert await offers(world, model="FBS") == {"TEA": (2, 0, 2)}


async def test_the_market_counts_its_own_shelves(world):
    answer = await tell(world, [("TEA", 1)], model="FBY")

    assert errors_of(answer) == [
        ("CAMPAIGN_TYPE_NOT_SUPPORTED", "Campaign type is not allowed. Allowed campaign types: DBS, EXPRESS, FBS")
    ]


async def test_a_request_costs_as_many_units_as_it_has_offers_and_an_answer_too(world):
    await tell(world, [("TEA", 1), ("CUP", 1), ("POT", 1)])

    assert await cost(lambda: tell(world, [(f"SKU-{number}", 1) for number in range(30)])) == 30
    assert await cost(lambda: world.seller("POST", path(world), params={"limit": 20})) == 20
    assert await cost(lambda: world.seller("POST", path(world), {"offerIds": ["TEA"]})) == 1
    assert await cost(lambda: world.seller("POST", path(world), {"offerIds": ["NONE"]})) == 1


async def cost(ask):
    """What asking costs; asked twice within one minute of the wall's clock, the quota's window."""
    while True:
        before, after = await ask(), await ask()
        until, left = "X-RateLimit-Resource-Until", "X-RateLimit-Resource-Remaining"
        if before.headers[until] == after.headers[until]:
            return int(before.headers[left]) - int(after.headers[left])


async def test_the_moment_of_a_count_is_shown_in_moscow_time(world):
    await tell(world, [("TEA", 1)], at=NOW.astimezone(UTC))

    assert (await read(world))["warehouses"][0]["offers"][0]["updatedAt"] == "2026-03-02T12:00:00+03:00"

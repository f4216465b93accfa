"""Warehouses: the seller's own, alone and in groups, and the Market's."""

import pytest

from tests.world import an_item, errors_of


async def listed(world, body=None, **query):
    path = f"/v2/businesses/{world.id}/warehouses"
    answer = await world.seller("POST", path, body, params=query)
    return answer.raise_for_status().json()["result"]


async def warehouse_of(world, model):
    return (await world.operator("GET", f"/campaigns/{world.campaigns[model]}")).json()["warehouseId"]


async def brief(world, model):
    return {
        "id": await warehouse_of(world, model),
        "name": f"Склад {model}",
        "campaignId": world.campaigns[model],
        "express": model == "EXPRESS",
    }


async def test_the_seller_s_warehouses_are_those_of_campaigns_whose_goods_lie_with_the_seller(world):
    found = await listed(world)

    assert found == {"warehouses": [await brief(world, model) for model in ("DBS", "FBS", "EXPRESS")], "paging": {}}


async def test_address_and_status_come_when_they_are_asked_for(world):
    found = (await listed(world, {"components": ["STATUS", "ADDRESS"]}))["warehouses"][0]

    address = found.pop("address")
    assert found == await brief(world, "DBS") | {"status": {"status": "OTHER"}}
    assert (address["city"], address.keys()) == ("Москва", {"city", "street", "number", "gps"})
    assert abs(address["gps"]["latitude"] - 55.7558) <= 0.02


async def test_warehouses_come_in_pages_and_of_some_campaigns(world):
    first = await listed(world, limit=2)
    rest = await listed(world, limit=2, pageToken=first["paging"]["nextPageToken"])
    some = await listed(world, {"campaignIds": [world.campaigns["FBS"], world.campaigns["FBY"]]})

    assert [len(page["warehouses"]) for page in (first, rest)] == [2, 1]
    assert rest["paging"] == {}
    assert some["warehouses"] == [await brief(world, "FBS")]


async def test_a_page_of_warehouses_has_at_most_thirty(world):
    answer = await world.seller("POST", f"/v2/businesses/{world.id}/warehouses", params={"limit": 31})

    assert errors_of(answer) == [
        ("BAD_REQUEST", "Parameter limit must be less than or equal to 30 (rejected value: 31)")
    ]


async def test_campaigns_of_others_have_no_warehouses_here(world):
    body = {"campaignIds": [world.campaigns["DBS"], 7]}
    for answer in (
        await world.seller("POST", f"/v2/businesses/{world.id}/warehouses", body),
        await world.seller("GET", "/v2/warehouses?campaignId=7"),
    ):
        assert (answer.status_code, errors_of(answer)) == (403, [("FORBIDDEN", "No access to campaigns: 7")])


async def test_a_warehouse_that_was_switched_off_says_so_until_it_is_on_again(world):
    async def switch(enabled):
        path = f"/v2/campaigns/{world.campaigns['FBS']}/warehouse/status"
        return (await world.seller("POST", path, {"enabled": enabled})).raise_for_status().json()

    async def statuses():
        found = await listed(world, {"components": ["STATUS"]})
        return [each["status"]["status"] for each in found["warehouses"]]

    assert await switch(False) == {"status": "OK", "result": {"status": "DISABLED_MANUALLY"}}
    assert await switch(False) == {"status": "OK", "result": {"status": "DISABLED_MANUALLY"}}
    assert await statuses() == ["OTHER", "DISABLED_MANUALLY", "OTHER"]
    assert await switch(True) == {"status": "OK", "result": {"status": "OTHER"}}
    assert await statuses() == ["OTHER"] * 3


async def test_the_market_s_warehouses_are_not_the_seller_s_to_switch(world):
    answer = await world.seller("POST", f"/v2/campaigns/{world.campaigns['FBY']}/warehouse/status", {"enabled": False})

    assert errors_of(answer)[0][0] == "CAMPAIGN_TYPE_NOT_SUPPORTED"


async def test_the_market_s_warehouses_have_the_goods_of_fby_and_laas(world):
    everywhere = (await world.seller("GET", "/v2/warehouses")).json()["result"]["warehouses"]
    one = await world.seller("GET", "/v2/warehouses", params={"campaignId": world.campaigns["LAAS"]})
    wrong = await world.seller("GET", "/v2/warehouses", params={"campaignId": world.campaigns["DBS"]})

    assert [(each["id"], each["name"]) for each in everywhere] == [
        (await warehouse_of(world, "FBY"), "Склад Маркета FBY"),
        (await warehouse_of(world, "LAAS"), "Склад Маркета LAAS"),
    ]
    assert one.json()["result"]["warehouses"] == everywhere[1:]
    assert errors_of(wrong) == [
        ("CAMPAIGN_TYPE_NOT_SUPPORTED", "Campaign type is not allowed. Allowed campaign types: FBY, LAAS")
    ]


async def unite(world, *models, name="Общий"):
    body = {"name": name, "warehouseIds": [await warehouse_of(world, model) for model in models]}
    return await world.operator("POST", f"/businesses/{world.id}/warehouse-groups", body)


async def test_warehouses_in_a_group_are_shown_together_and_those_outside_by_themselves(world):
    group = (await unite(world, "FBS", "EXPRESS")).raise_for_status().json()

    old = (await world.seller("GET", f"/v2/businesses/{world.id}/warehouses")).json()["result"]

    assert group == {"id": group["id"], "name": "Общий"}
    found = (await listed(world))["warehouses"]
    assert [each.get("groupInfo") for each in found] == [None, group, group]
    without = [{name: value for name, value in each.items() if name != "address"} for each in old["warehouses"]]
    assert without == [await brief(world, "DBS")]
    (shown,) = old["warehouseGroups"]
    assert (shown["name"], shown["mainWarehouse"]["id"]) == ("Общий", await warehouse_of(world, "FBS"))
    assert [each["campaignId"] for each in shown["warehouses"]] == [
        world.campaigns["FBS"],
        world.campaigns["EXPRESS"],
    ]


@pytest.mark.parametrize("models", [["FBS"], ["FBS", "FBS"], ["FBS", "FBY"]])
async def test_a_group_takes_two_warehouses_of_the_seller_s(world, models):
    answer = await unite(world, *models)

    assert (answer.status_code, errors_of(answer)[0][0]) == (400, "GROUPED_WAREHOUSE")
    assert all("groupInfo" not in each for each in (await listed(world))["warehouses"])


async def test_a_warehouse_is_in_one_group_only(world):
    await unite(world, "FBS", "DBS")

    answer = await unite(world, "EXPRESS", "DBS")

    dbs, express = await warehouse_of(world, "DBS"), await warehouse_of(world, "EXPRESS")
    assert errors_of(answer) == [("GROUPED_WAREHOUSE", f"Warehouses {dbs}, {express} can not form a group")]


async def test_a_business_without_groups_has_an_empty_list_of_them(world):
    result = (await world.seller("GET", f"/v2/businesses/{world.id}/warehouses")).json()["result"]

    assert (len(result["warehouses"]), result["warehouseGroups"]) == (3, [])


async def test_warehouses_in_a_group_have_one_stock(world):
    await unite(world, "FBS", "DBS")
    path = f"/v2/campaigns/{world.campaigns['FBS']}/offers/stocks"
    await world.seller("PUT", path, {"skus": [{"sku": "TEA", "items": [{"count": 10}]}]})

    await world.place("DBS", an_item("TEA", count=3))

    for model in ("FBS", "DBS"):
        answer = await world.seller("POST", f"/v2/campaigns/{world.campaigns[model]}/offers/stocks")
        (warehouse,) = answer.json()["result"]["warehouses"]
        (offer,) = warehouse["offers"]
        assert warehouse["warehouseId"] == await warehouse_of(world, model)
        assert [stock["count"] for stock in offer["stocks"]] == [10, 3, 7]


async def test_the_operator_counts_the_market_s_shelves_and_turnover_is_reckoned_from_what_was_sold(world):
    campaign_id = world.campaigns["FBY"]
    told = await world.operator(
        "PUT",
        f"/campaigns/{campaign_id}/stocks",
        {"stocks": [{"offerId": "TEA", "count": 10}, {"offerId": "CUP", "count": 0}, {"offerId": "POT"}]},
    )
    order = await world.place("FBY", an_item("TEA", count=4))
    shelf = {"stocksWarehouseId": await warehouse_of(world, "FBY"), "withTurnover": True}

    async def listed_stocks(**more):
        path = f"/v2/campaigns/{campaign_id}/offers/stocks"
        answer = await world.seller("POST", path, shelf | more)
        return [
            (offer["offerId"], offer["turnoverSummary"])
            for each in answer.json()["result"]["warehouses"]
            for offer in each["offers"]
        ]

    assert (told.status_code, told.content) == (200, b"")
    before = await listed_stocks()
    (await world.act(order, "CARRIER", "RECEIVE")).raise_for_status()
    cup, pot, tea = await listed_stocks()
    assert before == [cup, pot, ("TEA", {"turnover": "NO_SALES"})]
    assert (cup, pot) == (("CUP", {"turnover": "NO_SALES"}), ("POT", {"turnover": "FREE_STORE"}))
    assert tea == ("TEA", {"turnover": "LOW", "turnoverDays": 180.0})
    assert [sku for sku, _ in await listed_stocks(hasStocks=True)] == ["POT", "TEA"]
    assert [sku for sku, _ in await listed_stocks(hasStocks=False)] == ["CUP"]

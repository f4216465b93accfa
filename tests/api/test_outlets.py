"""Outlets of a DBS campaign: opened, described anew, listed, closed."""

import pytest

from tests.world import a_long_name, errors_of

HOURS = [{"startDay": "MONDAY", "endDay": "FRIDAY", "startTime": "10:00", "endTime": "20:00"}]
RULE = {
    "minDeliveryDays": 1,
    "maxDeliveryDays": 3,
    "deliveryServiceId": 99,
    "orderBefore": 15,
    "priceFreePickup": 500.5,
}
OUTLET = {
    "name": "На углу",
    "type": "DEPOT",
    "coords": "37.6173, 55.7558",
    "isMain": True,
    "shopOutletCode": "corner",
    "visibility": "VISIBLE",
    "address": {"regionId": 213, "street": "улица Лесная", "number": "5", "km": 2},
    "phones": ["+7 (999) 000-00-01#12", "+7 999 000-00-02"],
    "workingSchedule": {"workInHoliday": True, "scheduleItems": HOURS},
    "deliveryRules": [RULE],
    "storagePeriod": 7,
}
LITTLE = {
    "name": "Лавка",
    "type": "RETAIL",
    "address": {"regionId": 54},
    "phones": ["+79990000003"],
    "workingSchedule": {"scheduleItems": HOURS},
}


def path(world, what="", model="DBS"):
    return f"/v2/campaigns/{world.campaigns[model]}/outlets{what}"


async def create(world, outlet=OUTLET, **more):
    return await world.seller("POST", path(world), outlet | more)


async def created(world, outlet=OUTLET, **more):
    answer = await create(world, outlet, **more)
    body = answer.raise_for_status().json()
    assert body == {"status": "OK", "result": {"id": body["result"]["id"]}}
    return body["result"]["id"]


async def read(world, outlet_id):
    return (await world.seller("GET", path(world, f"/{outlet_id}"))).raise_for_status().json()["outlet"]


async def listed(world, **query):
    answer = await world.seller("GET", path(world), params=query)
    return [outlet["id"] for outlet in answer.raise_for_status().json()["outlets"]]


async def test_an_outlet_is_shown_as_it_was_described(world):
    outlet_id = await created(world)

    found = await read(world, outlet_id)

    assert found["region"]["name"] == "Москва"
    assert found == OUTLET | {"id": outlet_id, "status": "AT_MODERATION", "region": found["region"]}


async def test_what_was_not_told_of_an_outlet_is_not_shown_but_for_the_last_hour_of_orders(world):
    outlet_id = await created(world, LITTLE, type="DEPOT", deliveryRules=[{"unspecifiedDeliveryInterval": True}])

    found = await read(world, outlet_id)

    assert found.keys() == LITTLE.keys() | {"id", "status", "region", "deliveryRules"}
    assert found["deliveryRules"] == [{"orderBefore": 24, "unspecifiedDeliveryInterval": True}]


async def test_the_market_looks_at_an_outlet_for_a_while_and_again_after_each_change(world):
    outlet_id = await created(world)
    await world.clock(advance="PT9M59S")
    assert (await read(world, outlet_id))["status"] == "AT_MODERATION"
    await world.clock(advance="PT1S")
    assert (await read(world, outlet_id))["status"] == "MODERATED"

    answer = await world.seller("PUT", path(world, f"/{outlet_id}"), LITTLE)

    assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
    found = await read(world, outlet_id)
    assert (found["name"], found["region"]["id"], found["status"]) == ("Лавка", 54, "AT_MODERATION")
    assert "coords" not in found


async def test_a_closed_outlet_is_gone(world):
    outlet_id = await created(world)

    answer = await world.seller("DELETE", path(world, f"/{outlet_id}"))

    assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
    assert await listed(world) == []


@pytest.mark.parametrize(("verb", "body"), [("GET", None), ("PUT", OUTLET), ("DELETE", None)])
@pytest.mark.parametrize("outlet_id", [0, 1, 999_999_999_999])
async def test_an_outlet_that_is_not_there_is_not_found(world, verb, body, outlet_id):
    answer = await world.seller(verb, path(world, f"/{outlet_id}"), body)

    assert (answer.status_code, errors_of(answer)) == (404, [("NOT_FOUND", f"Outlet not found: {outlet_id}")])


async def test_a_campaign_calls_one_outlet_by_one_code(world):
    outlet_id = await created(world)
    other_id = await created(world, shopOutletCode="other")
    taken = f"Outlet with code corner already exists for campaign {world.campaigns['DBS']}"

    for answer in (await create(world), await world.seller("PUT", path(world, f"/{other_id}"), OUTLET)):
        assert (answer.status_code, errors_of(answer)) == (400, [("DUPLICATE_OUTLET_CODE", taken)])

    assert await listed(world) == [outlet_id, other_id]
    assert (await world.seller("PUT", path(world, f"/{outlet_id}"), OUTLET)).status_code == 200
    assert len({await created(world, LITTLE), await created(world, LITTLE)}) == 2


async def test_a_code_may_be_longer_than_an_entry_of_an_index(world):
    code = a_long_name()

    outlet_id = await created(world, shopOutletCode=code)

    again = await create(world, shopOutletCode=code)
    assert (again.status_code, errors_of(again)[0][0]) == (400, "DUPLICATE_OUTLET_CODE")
    assert await listed(world) == [outlet_id]


async def test_outlets_are_found_by_region_and_all_that_it_lies_in_or_by_code(world):
    moscow = await created(world)
    urals = await created(world, LITTLE, shopOutletCode="urals")

    assert await listed(world) == [moscow, urals]
    for region_id in (213, 1, 3):
        assert await listed(world, region_id=region_id) == await listed(world, regionId=region_id) == [moscow]
    assert await listed(world, region_id=225) == [moscow, urals]
    assert await listed(world, region_id=2, regionId=213) == []
    assert await listed(world, shop_outlet_code="urals") == [urals]
    assert await listed(world, region_id=213, shop_outlet_code="urals") == []


async def test_outlets_come_in_pages(world):
    made = [await created(world, LITTLE) for _ in range(5)]

    first = (await world.seller("GET", path(world), params={"limit": 3})).json()
    token = first["paging"]["nextPageToken"]
    rest = (await world.seller("GET", path(world), params={"limit": 3, "page_token": token})).json()

    assert [outlet["id"] for outlet in first["outlets"] + rest["outlets"]] == made
    assert rest["paging"] == {}
    too_many = await world.seller("GET", path(world), params={"limit": 51})
    assert errors_of(too_many) == [
        ("BAD_REQUEST", "Parameter limit must be less than or equal to 50 (rejected value: 51)")
    ]


@pytest.mark.parametrize("token", ["abc", "AQAAAAAB", "%00"])
async def test_a_made_up_token_of_a_page_is_refused(world, token):
    answer = await world.seller("GET", path(world, f"?pageToken={token}"))

    assert (answer.status_code, errors_of(answer)[0][0]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("wrong", "code", "message"),
    [
        ({"address": {"regionId": 225}}, "WRONG_REGION", "Region Россия cannot be used as outlet region"),
        ({"address": {"regionId": 999}}, "UNKNOWN_REGION", "Unknown region 999"),
        ({"coords": "55.7558"}, "WRONG_OUTLET_GPS_COORDINATES", "Wrong outlet gps coordinates"),
        (
            {"phones": ["112"]},
            "INVALID_PHONE_FORMAT",
            "Invalid phone format: phones[0] 112",
        ),
        (
            {"deliveryRules": None},
            "INVALID_OUTLET_INFO",
            "Not valid outlet info: deliveryRules are required for an outlet of type DEPOT",
        ),
        (
            {"deliveryRules": [{"minDeliveryDays": 1, "maxDeliveryDays": 4}]},
            "BAD_REQUEST",
            "datediff-is-to-big-local",
        ),
        ({"name": None}, "BAD_REQUEST", "name must not be null (rejected value: null)"),
        (
            {"workingSchedule": {"scheduleItems": [HOURS[0] | {"endTime": "24:00"}]}},
            "BAD_REQUEST",
            "workingSchedule.scheduleItems[0].endTime must match ^([0-1][0-9]|2[0-3]):[0-5][0-9]$ "
            "(rejected value: 24:00)",
        ),
        (
            {"deliveryRules": [RULE | {"priceFreePickup": "free"}]},
            "BAD_REQUEST",
            "Illegal input at deliveryRules[0].priceFreePickup",
        ),
        (
            {"deliveryRules": [RULE | {"maxDeliveryDays": 61}]},
            "BAD_REQUEST",
            "deliveryRules[0].maxDeliveryDays must be less than or equal to 60 (rejected value: 61)",
        ),
        (
            {"phones": ["+79990000001", "+79990000001"]},
            "BAD_REQUEST",
            "phones elements must be unique (rejected value: +79990000001)",
        ),
    ],
)
async def test_an_outlet_that_can_not_be_is_not_opened(world, wrong, code, message):
    answer = await create(world, **wrong)

    assert (answer.status_code, errors_of(answer)) == (400, [(code, message)])
    assert await listed(world) == []


async def test_outlets_are_for_dbs_campaigns(world):
    answer = await world.seller("POST", path(world, model="FBS"), OUTLET)

    assert errors_of(answer) == [
        ("CAMPAIGN_TYPE_NOT_SUPPORTED", "Campaign type is not allowed. Allowed campaign types: DBS")
    ]


async def test_a_list_costs_as_many_units_as_it_shows(world):
    for _ in range(3):
        await created(world, LITTLE)

    async def left():
        answer = await world.seller("GET", path(world))
        return int(answer.headers["X-RateLimit-Resource-Remaining"])

    assert await left() - await left() == 3


async def test_null_for_the_hour_of_a_rule_is_the_same_as_none(world):
    outlet_id = await created(world, deliveryRules=[RULE | {"orderBefore": None}])

    (rule,) = (await read(world, outlet_id))["deliveryRules"]

    assert rule == RULE | {"orderBefore": 24}


async def test_an_empty_code_is_no_code(world):
    outlet_ids = [await created(world, LITTLE, shopOutletCode="") for _ in range(2)]

    assert await listed(world) == outlet_ids
    assert "shopOutletCode" not in await read(world, outlet_ids[1])


@pytest.mark.parametrize(("period", "day"), [(5, "07-03-2026"), (2**63 - 1, "28-02-2036"), (None, "16-03-2026")])
async def test_a_parcel_is_kept_as_long_as_its_outlet_says(world, period, day):
    await created(world, storagePeriod=period)
    order = await world.place("DBS", delivery={"type": "PICKUP", "outletCode": "corner"})
    await world.move(order, "DELIVERY")
    await world.move(order, "PICKUP")

    assert (await world.read(order))["delivery"]["outletStorageLimitDate"] == day

"""A LaaS seller changes who gets a parcel, and when (updateOrder): the operation ends later, and once."""

import asyncio

import pytest

from tests.world import errors_of, why_not

OLGA = {"firstName": "Ольга", "lastName": "Белова", "middleName": "Игоревна", "phone": "+79990000002"}
RECIPIENT, INTERVAL = "ORDER_RECIPIENT_UPDATE", "ORDER_DELIVERY_INTERVAL_UPDATE"
TAKES = "PT3S"


@pytest.fixture
async def parcel(world):
    return await world.place("LAAS")


async def offered(world, parcel):
    """An interval that is on offer."""
    path = f"/v1/campaigns/{parcel['campaignId']}/orders/update-options"
    options = (await world.seller("POST", path, {"id": parcel["id"]})).raise_for_status().json()
    return options["result"]["deliveryIntervals"]["availableDeliveryIntervals"][4]


async def update(world, parcel, **wanted):
    path = f"/v1/campaigns/{parcel['campaignId']}/orders/update"
    return await world.seller("POST", path, {"order": {"id": parcel["id"]} | wanted})


async def status_of(world, *operations):
    """Status by operation, as the seller asks for it, kind by kind."""
    found = {}
    for kind in (RECIPIENT, INTERVAL, "ORDER_STATUS_UPDATE"):
        answer = await world.seller(
            "POST",
            f"/v1/businesses/{world.id}/operations",
            {"operationType": kind, "operationIds": [one["id"] for one in operations]},
        )
        found |= {one["id"]: one["status"] for one in answer.raise_for_status().json()["result"]["operations"]}
    return [found[one["id"]] for one in operations]


def recipient_of(order):
    return order["delivery"]["address"]["recipient"], order["delivery"]["address"]["phone"]


async def test_another_recipient_gets_the_parcel_a_little_later(world, parcel):
    answer = await update(world, parcel, customer=OLGA)
    [operation] = answer.json()["result"]["operations"]
    at_once = await status_of(world, operation), recipient_of(await world.read(parcel))

    await world.clock(advance=TAKES)

    assert operation["type"] == RECIPIENT
    assert at_once == (["IN_PROGRESS"], recipient_of(parcel))
    assert await status_of(world, operation) == ["DONE"]
    assert recipient_of(await world.read(parcel)) == ("Белова Ольга Игоревна", "+79990000002")


async def test_the_courier_comes_at_another_time(world, parcel):
    interval = await offered(world, parcel)

    [operation] = (await update(world, parcel, deliveryInterval=interval)).json()["result"]["operations"]
    await world.clock(advance=TAKES)

    assert await status_of(world, operation) == ["DONE"]
    dates = (await world.read(parcel))["delivery"]["dates"]
    year, month, day = interval["deliveryDateInterval"]["fromDate"].split("-")
    assert (dates["fromDate"], dates["fromTime"][:5]) == (
        f"{day}-{month}-{year}",
        interval["deliveryTimeInterval"]["fromTime"],
    )
    assert (await world.notifications(parcel))[-1]["type"] == "ORDER_UPDATED"


async def test_both_at_once_are_two_operations(world, parcel):
    interval = await offered(world, parcel)

    operations = (await update(world, parcel, customer=OLGA, deliveryInterval=interval)).json()["result"]["operations"]
    await world.clock(advance=TAKES)

    assert [one["type"] for one in operations] == [RECIPIENT, INTERVAL]
    assert len({one["id"] for one in operations}) == 2
    assert await status_of(world, *operations) == ["DONE", "DONE"]
    assert recipient_of(await world.read(parcel))[0] == "Белова Ольга Игоревна"


async def test_an_operation_whose_order_ends_meanwhile_fails_and_stays_so(world, parcel):
    [operation] = (await update(world, parcel, customer=OLGA)).json()["result"]["operations"]

    await world.act(parcel, "MARKET", "CANCEL", substatus="LOST")
    failed = await status_of(world, operation)
    await world.clock(advance="PT1H")

    assert failed == await status_of(world, operation) == ["FAILED"]
    assert recipient_of(await world.read(parcel)) == recipient_of(parcel)


async def test_the_market_may_apply_or_refuse_a_change_before_its_time(world, parcel):
    first, second = [
        (await update(world, parcel, customer=OLGA | {"lastName": name})).json()["result"]["operations"][0]
        for name in ("Белова", "Чернова")
    ]

    refused = await world.act(parcel, "MARKET", "REJECT", value=first["id"])
    after_one = await status_of(world, first, second), recipient_of(await world.read(parcel))
    applied = await world.act(parcel, "MARKET", "APPLY")
    await world.clock(advance="PT1H")

    assert (refused.status_code, applied.status_code) == (200, 200)
    assert after_one == (["FAILED", "IN_PROGRESS"], recipient_of(parcel))
    assert await status_of(world, first, second) == ["FAILED", "DONE"]
    assert recipient_of(await world.read(parcel))[0] == "Чернова Ольга Игоревна"
    row = (await world.know(parcel))["history"][-1]
    assert (row["actor"], row["act"], row["at"]) == ("MARKET", "APPLY", "2026-03-02T09:00:00Z")


@pytest.mark.parametrize("act", ["APPLY", "REJECT"])
@pytest.mark.parametrize("value", [None, "another"])
async def test_the_market_ends_nothing_that_was_not_begun(world, parcel, act, value):
    if value:
        await update(world, parcel, customer=OLGA)
    before = await world.know(parcel)

    answer = await world.act(parcel, "MARKET", act, **({"value": value} if value else {}))

    assert answer.status_code == 400
    assert why_not(answer).endswith(f"No operation of order {parcel['id']} is in progress")
    assert (("MARKET", act) in {(one["actor"], one["act"]) for one in answer.json()["possible"]}) == bool(value)
    assert await world.know(parcel) == before


async def test_a_seller_whose_cancellation_is_refused_goes_on(world, parcel):
    operation = (await world.move(parcel, "CANCELLED", "SHOP_FAILED")).json()["operation"]

    await world.act(parcel, "MARKET", "REJECT")

    assert await status_of(world, operation) == ["FAILED"]
    assert (await world.read(parcel))["status"] == "PROCESSING"
    assert (await world.move(parcel, "CANCELLED", "SHOP_FAILED")).status_code == 200


async def test_a_seller_who_cancels_waits_for_the_market_as_well(world, parcel):
    answer = await world.move(parcel, "CANCELLED", "SHOP_FAILED")
    operation = answer.json()["operation"]
    meanwhile = await status_of(world, operation), (await world.read(parcel))["status"]

    refused = await update(world, parcel, customer=OLGA)
    await world.clock(advance=TAKES)

    assert meanwhile == (["IN_PROGRESS"], "PROCESSING")
    assert errors_of(refused) == [("CANCELLATION_REQUESTED", f"Order {parcel['id']} is in cancellation state")]
    assert await status_of(world, operation) == ["DONE"]
    assert (await world.read(parcel))["status"] == "CANCELLED"


async def test_every_operation_ends_once_however_many_there_are_and_whoever_asks(world, parcel):
    begun = await asyncio.gather(*(update(world, parcel, customer=OLGA) for _ in range(8)))
    operations = [one for answer in begun for one in answer.json()["result"]["operations"]]
    await world.clock(advance="PT2.999S")

    _, *asked = await asyncio.gather(
        world.clock(advance="PT0.001S"), *(status_of(world, *operations) for _ in range(5))
    )

    assert all(status in {"IN_PROGRESS", "DONE"} for statuses in asked for status in statuses)
    assert await status_of(world, *operations) == ["DONE"] * 8
    ends = [
        event["id"]
        for row in (await world.know(parcel))["history"]
        for event in row["events"]
        if event["event"] == "OperationEnded"
    ]
    assert sorted(ends) == sorted(one["id"] for one in operations)


async def test_an_order_that_is_over_changes_no_more(world, parcel):
    for actor, act in (("MARKET", "PACK"), ("MARKET", "ASSEMBLE"), ("MARKET", "SHIP"), ("CARRIER", "RECEIVE")):
        await world.act(parcel, actor, act)
    on_its_way = await update(world, parcel, customer=OLGA)
    await world.act(parcel, "CARRIER", "DELIVER")

    delivered = await update(world, parcel, customer=OLGA)

    assert on_its_way.status_code == 200
    assert errors_of(delivered) == [("ORDER_IN_TERMINAL_STATE", f"Order {parcel['id']} is in terminal state")]


async def test_a_parcel_for_a_pickup_point_has_no_courier(world):
    parcel = await world.place("LAAS", delivery={"type": "PICKUP"})
    courier = await world.place("LAAS")

    answer = await update(world, parcel, deliveryInterval=await offered(world, courier))

    assert errors_of(answer) == [
        ("INVALID_DELIVERY_TYPE", f"Delivery dates can't be updated for PICKUP order with id {parcel['id']}")
    ]


async def test_yesterday_is_no_interval(world, parcel):
    interval = await offered(world, parcel)
    yesterday = {"fromDate": "2026-03-01", "toDate": "2026-03-01"}

    answer = await update(world, parcel, deliveryInterval=interval | {"deliveryDateInterval": yesterday})

    assert (answer.status_code, errors_of(answer)[0][0]) == (400, "INVALID_DELIVERY_OPTION")
    assert (await world.know(parcel))["operations"] == []


async def test_nothing_to_change_is_nothing_to_do(world, parcel):
    answer = await update(world, parcel)

    assert answer.status_code == 400
    assert len((await world.know(parcel))["history"]) == 1

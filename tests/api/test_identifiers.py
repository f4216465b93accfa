"""Marking codes by themselves, as sellers' programs send and read them."""

from uuid import UUID

from tests.examples import a_cis, a_uin
from tests.world import an_item, errors_of

RING = an_item("RING", price=15000, id=1, count=2, requiredInstanceTypes=["UIN"])
BOOTS = an_item("BOOTS", price=4000, id=2, requiredInstanceTypes=["CIS"])


def without_tail(cis):
    return cis.partition("\x1d")[0]


async def identify(world, order, *items):
    return await world.seller("PUT", world.path(order, "/identifiers"), {"items": list(items)})


async def checks(world, order, **more):
    answer = await world.seller("POST", world.path(order, "/identifiers/status"), **more)
    return answer.raise_for_status().json()["result"]["items"]


async def pack(world, order):
    rings = [{"uin": a_uin(1)}, {"uin": a_uin(2)}]
    boots = [{"cis": a_cis(1)}]
    layout = [{"id": 1, "fullCount": 2, "instances": rings}, {"id": 2, "fullCount": 1, "instances": boots}]
    return (await world.pack(order, layout)).raise_for_status()


async def test_codes_are_handed_in_and_come_back_with_their_position(world):
    order = await world.place("DBS", RING, BOOTS)

    answer = await identify(world, order, {"id": 2, "instances": [{"cis": a_cis(7)}]})

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "OK",
        "result": {
            "items": [
                {
                    "id": 2,
                    "vat": "VAT_22",
                    "count": 1,
                    "price": 4000.0,
                    "offerName": "Товар BOOTS",
                    "offerId": "BOOTS",
                    "instances": [{"cis": without_tail(a_cis(7)), "cisFull": a_cis(7)}],
                }
            ]
        },
    }
    items = (await world.read(order))["items"]
    assert "instances" not in items[0]
    assert items[1]["instances"] == [{"cis": without_tail(a_cis(7)), "cisFull": a_cis(7)}]


async def test_a_bad_code_is_refused_and_nothing_is_kept(world):
    order = await world.place("DBS", RING, BOOTS)

    answer = await identify(
        world, order, {"id": 1, "instances": [{"uin": a_uin(1)}]}, {"id": 2, "instances": [{"cis": "01bad"}]}
    )

    assert answer.status_code == 400
    ((code, message),) = errors_of(answer)
    assert code == "INVALID_CIS"
    assert message.startswith("Invalid incoming cis for item with id = 2 for reason: ")
    assert all("instances" not in item for item in (await world.read(order))["items"])


async def test_codes_are_handed_in_while_the_order_is_packed_only(world):
    order = await world.place("DBS", BOOTS)
    await world.move(order, "PROCESSING", "READY_TO_SHIP")

    answer = await identify(world, order, {"id": 2, "instances": [{"cis": a_cis(7)}]})

    assert answer.status_code == 400
    assert errors_of(answer) == [
        (
            "ACTION_FORBIDDEN",
            f"Action is not allowed for order {order['id']} with status PROCESSING and substatus READY_TO_SHIP",
        )
    ]


async def test_an_unknown_order_has_no_codes(world):
    order = await world.place("DBS", BOOTS) | {"id": 404}

    answer = await identify(world, order, {"id": 2, "instances": [{"cis": a_cis(7)}]})

    assert answer.status_code == 404
    assert errors_of(answer) == [("NOT_FOUND", f"Order not found: partnerId = {world.campaigns['DBS']}, orderId = 404")]


async def test_only_those_who_deliver_themselves_hand_in_codes_this_way(world):
    order = await world.place("FBS", BOOTS)

    answer = await identify(world, order, {"id": 2, "instances": [{"cis": a_cis(7)}]})

    assert answer.status_code == 400
    assert errors_of(answer)[0][0] == "CAMPAIGN_TYPE_NOT_SUPPORTED"


async def test_checks_are_under_way_and_five_seconds_later_they_are_done(world):
    order = await world.place("FBS", RING, BOOTS)
    before = await checks(world, order)
    await pack(world, order)

    asked = await checks(world, order)
    await world.clock(advance="PT5S")
    answered = await checks(world, order)

    assert before == []
    assert asked == [
        {"id": 1, "uin": [{"value": a_uin(n), "status": "IN_PROGRESS"} for n in (1, 2)]},
        {"id": 2, "cis": [{"value": a_cis(1), "status": "IN_PROGRESS"}]},
    ]
    assert answered == [
        {"id": 1, "uin": [{"value": a_uin(n), "status": "OK"} for n in (1, 2)]},
        {"id": 2, "cis": [{"value": a_cis(1), "status": "OK"}]},
    ]


async def test_a_check_says_why_a_code_did_not_pass(world):
    order = await world.place("EXPRESS", RING, BOOTS)
    await pack(world, order)
    await world.act(order, "AUTHORITY", "ANSWER", status="INVALID", substatus="ITEM_SOLD", value=a_cis(1))
    await world.act(order, "AUTHORITY", "ANSWER", status="FAILED", value=a_uin(2))

    rings, boots = await checks(world, order)

    assert rings["uin"][1] == {"value": a_uin(2), "status": "FAILED", "substatus": "UIN_NO_DATA"}
    assert boots["cis"] == [{"value": a_cis(1), "status": "INVALID", "substatus": "ITEM_SOLD"}]


async def test_goods_in_the_markets_warehouse_are_marked_there_and_the_request_to_the_authority_is_told(world):
    boots = BOOTS | {"instances": [{"cis": a_cis(3)}]}
    order = await world.place("LAAS", boots)
    await world.clock(advance="PT5S")

    ((position),) = await checks(world, order)

    (check,) = position["cis"]
    assert (check["value"], check["status"]) == (a_cis(3), "OK")
    assert UUID(check["crptRequestId"])
    assert check["crptRequestDateTime"] == "2026-03-02T12:00:00+03:00"
    assert await checks(world, order) == [position]


async def test_the_question_needs_no_body_and_minds_none(world):
    order = await world.place("FBS", BOOTS)

    for more in ({}, {"body": {}}, {"body": ""}, {"headers": {"Content-Type": "application/json"}}):
        assert await checks(world, order, **more) == []

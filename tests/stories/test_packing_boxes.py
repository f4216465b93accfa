"""A seller packs an order (setOrderBoxLayout): the three layouts of its page, codes, and what is missing."""

import pytest

from tests.world import an_item, errors_of

SEPARATOR = "\x1d"
CODE = f"0102150053861221218hTq?wA{SEPARATOR}93Lm4x"
"""Like the page's own: a serial of seven characters, and a tail."""
BAD_CODES = [f"010215005386hKpV24680135?{SEPARATOR}mZt935", f"010215005386qYe77zz53ss?{SEPARATOR}nbw410"]
"""Like the page's own, again: these can't be codes, but they are taken and found out later."""
MODELS = ["FBS", "EXPRESS", "DBS"]
PATHS = ["/v2", ""]


def whole(item_id, count, *codes):
    entry = {"id": item_id, "fullCount": count}
    return entry | ({"instances": [{"cis": code} for code in codes]} if codes else {})


def part(item_id, current, total, *codes):
    entry = {"id": item_id, "partialCount": {"current": current, "total": total}}
    return entry | ({"instances": [{"cis": code} for code in codes]} if codes else {})


async def pack(world, order, boxes, *, version="/v2", **more):
    body = {"boxes": [{"items": items} for items in boxes]} | more
    return await world.seller("PUT", world.path(order, "/boxes", version=version), body)


@pytest.mark.parametrize("version", PATHS)
@pytest.mark.parametrize("model", MODELS)
async def test_everything_goes_into_one_box(world, model, version):
    order = await world.place(model, an_item("BOOTS", count=3, requiredInstanceTypes=["CIS"]), an_item("LACES"))
    boots, laces = (item["id"] for item in order["items"])
    box = [whole(boots, 3, CODE, *BAD_CODES), whole(laces, 1)]

    answer = await pack(world, order, [box], version=version)

    assert answer.status_code == 200
    [packed] = answer.json()["result"]["boxes"]
    assert packed == {"items": box, "boxId": packed["boxId"]}
    read = await world.read(order)
    assert boxes_of(read) == [(packed["boxId"], f"{order['id']}-1")]
    shown = read["items"][0]["instances"]
    assert [one["cis"] for one in shown] == [code.partition(SEPARATOR)[0] for code in (CODE, *BAD_CODES)]
    assert shown[0]["cisFull"] == CODE


@pytest.mark.parametrize("version", PATHS)
@pytest.mark.parametrize("model", MODELS)
async def test_one_large_thing_goes_into_two_boxes(world, model, version):
    order = await world.place(model, an_item("AIR", price=40_000, requiredInstanceTypes=["CIS"]))
    [air] = (item["id"] for item in order["items"])

    answer = await pack(world, order, [[part(air, 1, 2, CODE)], [part(air, 2, 2, CODE)]], version=version)

    assert answer.status_code == 200
    packed = answer.json()["result"]["boxes"]
    assert boxes_of(await world.read(order)) == [
        (box["boxId"], f"{order['id']}-{place}") for place, box in enumerate(packed, 1)
    ]
    assert (await world.read(order))["items"][0]["count"] == 1


@pytest.mark.parametrize("version", PATHS)
@pytest.mark.parametrize("model", MODELS)
async def test_two_large_things_go_into_two_boxes_each(world, model, version):
    order = await world.place(model, an_item("AIR", price=40_000, count=2, requiredInstanceTypes=["CIS"]))
    [air] = (item["id"] for item in order["items"])
    layout = [[part(air, current, 2, CODE)] for current in (1, 2, 1, 2)]

    answer = await pack(world, order, layout, version=version)

    assert answer.status_code == 200
    assert len({box["boxId"] for box in answer.json()["result"]["boxes"]}) == 4
    assert [name for _, name in boxes_of(await world.read(order))] == [f"{order['id']}-{n}" for n in (1, 2, 3, 4)]


async def test_codes_are_checked_after_they_were_taken(world):
    order = await world.place("FBS", an_item("BOOTS", count=3, requiredInstanceTypes=["CIS"]), an_item("LACES"))
    boots, laces = (item["id"] for item in order["items"])
    await pack(world, order, [[whole(boots, 3, CODE, *BAD_CODES), whole(laces, 1)]])
    at_once = [code["status"] for code in (await world.know(order))["codes"]]

    await world.clock(advance="PT1H")

    codes = {code["value"]: code["status"] for code in (await world.know(order))["codes"]}
    assert at_once == ["IN_PROGRESS"] * 3
    assert codes == {CODE: "OK", BAD_CODES[0]: "INVALID", BAD_CODES[1]: "INVALID"}


def boxes_of(order):
    return [(box["id"], box["fulfilmentId"]) for box in order["delivery"]["shipments"][0]["boxes"]]


async def test_the_same_layout_again_keeps_the_boxes_and_another_one_makes_others(world):
    order = await world.place("FBS")
    first, second = (item["id"] for item in order["items"])
    apart = [[whole(first, 2)], [whole(second, 1)]]

    before = (await pack(world, order, apart)).json()["result"]["boxes"]
    again = (await pack(world, order, apart)).json()["result"]["boxes"]
    other = (await pack(world, order, [[whole(first, 1)], [whole(second, 1)], [whole(first, 1)]])).json()

    assert again == before
    kept = [box["boxId"] for box in other["result"]["boxes"]]
    assert kept[1] == before[1]["boxId"]
    assert kept[0] != before[0]["boxId"]


async def test_before_any_layout_an_order_shows_one_box(world):
    order = await world.place("FBS")

    assert [name for _, name in boxes_of(order)] == [f"{order['id']}-1"]


async def test_what_is_in_no_box_goes_only_if_that_is_said(world):
    order = await world.place("FBS")
    first, second = (item["id"] for item in order["items"])

    refused = await pack(world, order, [[whole(first, 2)]])
    still = await world.read(order)
    removed = await pack(world, order, [[whole(first, 1)]], allowRemove=True)

    assert refused.status_code == 400
    assert errors_of(refused)[0][1].startswith("Invalid order boxes layout request. Violations: ")
    assert still == order
    assert removed.status_code == 200
    read = await world.read(order)
    assert [(item["id"], item["count"]) for item in read["items"]] == [(first, 1)]
    assert read["itemsTotal"] == 500
    assert second not in [item["id"] for item in read["items"]]


@pytest.mark.parametrize(
    "boxes",
    [
        lambda first, second: [[part(first, 1, 2), whole(second, 1)], [part(first, 2, 2)]],
        lambda first, second: [[part(first, 1, 2)], [whole(second, 1)]],
        lambda first, second: [[whole(first, 1), whole(first, 1)], [whole(second, 1)]],
        lambda first, second: [[whole(first, 2), part(second, 1, 2)], [part(second, 2, 2)]],
        lambda first, second: [[{"id": first}], [whole(second, 1)]],
    ],
    ids=["part and whole", "half of it missing", "named twice", "whole and part", "neither whole nor part"],
)
async def test_what_cannot_be_packed_like_this_is_said(world, boxes):
    order = await world.place("FBS")
    first, second = (item["id"] for item in order["items"])

    answer = await pack(world, order, boxes(first, second))

    assert answer.status_code == 400
    assert errors_of(answer)[0][1].startswith("Invalid order boxes layout request. Violations: ")
    assert await world.read(order) == order
    assert len((await world.know(order))["history"]) == 1


async def test_after_ready_to_ship_the_boxes_are_closed(world):
    order = await world.place("FBS")
    first, second = (item["id"] for item in order["items"])
    await world.move(order, "PROCESSING", "READY_TO_SHIP")

    answer = await pack(world, order, [[whole(first, 2), whole(second, 1)]])

    assert errors_of(answer) == [("BAD_REQUEST", "Attempt to change order items or instances after READY_TO_SHIP")]


async def test_jewellery_is_ready_to_ship_once_the_uin_of_every_piece_is_verified(world):
    order = await world.place("FBS", an_item("RING", count=2, requiredInstanceTypes=["UIN"]), an_item("BOX"))
    ring, box = (item["id"] for item in order["items"])

    async def give(*uins):
        entry = whole(ring, 2) | ({"instances": [{"uin": uin} for uin in uins]} if uins else {})
        return await pack(world, order, [[entry, whole(box, 1)]])

    without = await world.move(order, "PROCESSING", "READY_TO_SHIP")
    await give("6430000000000011", "6430000000000012")
    unverified = await world.move(order, "PROCESSING", "READY_TO_SHIP")
    await world.act(order, "AUTHORITY", "ANSWER", status="OK")
    ready = await world.move(order, "PROCESSING", "READY_TO_SHIP")

    assert [answer.status_code for answer in (without, unverified, ready)] == [400, 400, 200]
    assert errors_of(without)[0][0] == errors_of(unverified)[0][0]
    assert (await world.read(order))["substatus"] == "READY_TO_SHIP"


async def test_jewellery_whose_uin_is_found_wanting_does_not_ship(world):
    order = await world.place("FBS", an_item("RING", requiredInstanceTypes=["UIN"]), an_item("BOX"))
    ring, box = (item["id"] for item in order["items"])
    given = whole(ring, 1) | {"instances": [{"uin": "6430000000000011"}]}
    await pack(world, order, [[given, whole(box, 1)]])

    await world.act(order, "AUTHORITY", "ANSWER", status="FAILED")

    refused = await world.move(order, "PROCESSING", "READY_TO_SHIP")
    assert refused.status_code == 400
    assert (await world.read(order))["substatus"] == "STARTED"

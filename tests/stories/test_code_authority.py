"""Codes at the authority: the integrator chooses what it answers and when, and the order waits for that."""

import pytest

from tests.examples import a_cis, a_uin
from tests.world import World, an_application, an_item, errors_of


async def rule(world, *rules):
    """Choose ahead what the authority answers."""
    path = f"/sandbox/v1/worlds/{world.id}/authority"
    (await world.http.put(path, json={"rules": list(rules)})).raise_for_status()


async def pack(world, order, field, *codes):
    """Everything in one box, each unit with a code."""
    [item] = order["items"]
    units = [{field: code} for code in codes]
    packed = await world.pack(order, [{"id": item["id"], "fullCount": item["count"], "instances": units}])
    assert packed.status_code == 200, packed.text


async def statuses(world, order, field="cis"):
    """What the seller sees of the checks: status and substatus by code."""
    answer = await world.seller("POST", world.path(order, "/identifiers/status"))
    [item] = answer.raise_for_status().json()["result"]["items"]
    return {code["value"]: (code["status"], code.get("substatus")) for code in item[field]}


def boots(**more):
    return an_item("BOOTS", requiredInstanceTypes=["CIS"], **more)


def ring(**more):
    return an_item("RING", requiredInstanceTypes=["UIN"], **more)


@pytest.mark.parametrize("model", ["FBS", "EXPRESS"])
async def test_a_bad_code_is_replaced_by_another_one_and_the_order_ships(world, model):
    await rule(
        world,
        {"value": a_cis(1), "type": "CIS", "status": "INVALID", "substatus": "ITEM_SOLD", "delay": "PT10M"},
        {"offerId": "BOOTS", "status": "OK", "delay": "PT1M"},
    )
    order = await world.place(model, boots())
    await pack(world, order, "cis", a_cis(1))

    await world.clock(advance="PT9M59.999S")
    waiting = await statuses(world, order)
    early = await world.move(order, "PROCESSING", "READY_TO_SHIP")
    await world.clock(advance="PT0.001S")
    bad = await statuses(world, order)
    refused = await world.move(order, "PROCESSING", "READY_TO_SHIP")
    await pack(world, order, "cis", a_cis(2))
    await world.clock(advance="PT1M")
    good = await statuses(world, order)
    moved = await world.move(order, "PROCESSING", "READY_TO_SHIP")

    assert waiting == {a_cis(1): ("IN_PROGRESS", None)}
    assert bad == {a_cis(1): ("INVALID", "ITEM_SOLD")}
    assert good == {a_cis(2): ("OK", None)}
    assert "not verified yet" in errors_of(early)[0][1]
    assert "the check failed" in errors_of(refused)[0][1]
    assert [answer.status_code for answer in (early, refused, moved)] == [400, 400, 200]


@pytest.mark.parametrize("substatus", ["UIN_MERCHANT_MISMATCH", "UIN_MERCHANT_UNREGISTERED", "UIN_NO_DATA"])
async def test_jewellery_of_somebody_else_stays_until_its_own_number_is_given(world, substatus):
    await rule(world, {"prefix": a_uin(1), "type": "UIN", "status": "FAILED", "substatus": substatus, "delay": "PT0S"})
    order = await world.place("FBS", ring())
    await pack(world, order, "uin", a_uin(1))

    bad = await statuses(world, order, "uin")
    refused = await world.move(order, "PROCESSING", "READY_TO_SHIP")
    await pack(world, order, "uin", a_uin(2))
    asked = await statuses(world, order, "uin")
    await world.clock(advance="PT5S")
    moved = await world.move(order, "PROCESSING", "READY_TO_SHIP")

    assert bad == {a_uin(1): ("FAILED", substatus)}
    assert asked == {a_uin(2): ("IN_PROGRESS", None)}
    assert refused.status_code == 400
    assert moved.status_code == 200


async def test_a_code_that_another_order_has_is_that_of_goods_sold_already(world):
    first = await world.place("DBS", boots())
    await pack(world, first, "cis", a_cis(1))
    second = await world.place("FBS", boots())
    await pack(world, second, "cis", a_cis(1, tail=""))
    await world.clock(advance="PT5S")

    found = await statuses(world, second)
    refused = await world.move(second, "PROCESSING", "READY_TO_SHIP")

    assert found == {a_cis(1, tail=""): ("INVALID", "ITEM_SOLD")}
    assert refused.status_code == 400


async def test_a_number_of_jewellery_that_another_order_has_is_no_good(world):
    first, second = await world.place("FBS", ring()), await world.place("EXPRESS", ring())
    await pack(world, first, "uin", a_uin(1))
    await pack(world, second, "uin", a_uin(1))
    await world.clock(advance="PT5S")

    assert await statuses(world, first, "uin") == {a_uin(1): ("OK", None)}
    assert await statuses(world, second, "uin") == {a_uin(1): ("FAILED", "UIN_NO_DATA")}


async def test_a_code_is_good_again_when_the_order_that_had_it_does_without(world):
    cancelled, corrected = await world.place("FBS", boots()), await world.place("FBS", boots())
    tested = await world.place("FBS", boots(), fake=True)
    for number, order in enumerate((cancelled, corrected, tested)):
        await pack(world, order, "cis", a_cis(number))
    await world.move(cancelled, "CANCELLED", "SHOP_FAILED")
    await pack(world, corrected, "cis", a_cis(9))
    last = await world.place("FBS", an_item("BOOTS", count=3, requiredInstanceTypes=["CIS"]))

    await pack(world, last, "cis", *map(a_cis, range(3)))
    await world.clock(advance="PT5S")

    assert {answer for answer, _ in (await statuses(world, last)).values()} == {"OK"}


async def test_a_rule_says_more_about_a_code_than_the_orders_that_have_it(world):
    await rule(world, {"value": a_cis(1), "status": "OK"}, {"value": a_cis(2), "delay": "PT1M"})
    for _ in range(2):
        order = await world.place("FBS", an_item("BOOTS", count=2, requiredInstanceTypes=["CIS"]))
        await pack(world, order, "cis", a_cis(1), a_cis(2))
    await world.clock(advance="PT1M")

    assert await statuses(world, order) == {a_cis(1): ("OK", None), a_cis(2): ("INVALID", "ITEM_SOLD")}


async def test_another_business_may_have_the_same_code(world, korob):
    order = await world.place("FBS", boots())
    await pack(world, order, "cis", a_cis(1))
    other = await World.make(korob)
    theirs = await other.place("FBS", boots())

    await pack(other, theirs, "cis", a_cis(1))
    await other.clock(advance="PT5S")

    assert await statuses(other, theirs) == {a_cis(1): ("OK", None)}


async def test_an_authority_that_never_answers_holds_the_order_until_it_is_made_to(world):
    await rule(world, {"delay": "never"})
    order = await world.place("FBS", boots())
    await pack(world, order, "cis", a_cis())

    await world.clock(advance="P30D")
    waiting = await statuses(world, order)
    deadlines = (await world.know(order))["deadlines"]
    answered = await world.act(order, "AUTHORITY", "ANSWER", status="OK")
    moved = await world.move(order, "PROCESSING", "READY_TO_SHIP")

    assert waiting == {a_cis(): ("IN_PROGRESS", None)}
    assert [one["kind"] for one in deadlines if one["kind"] == "CODE_CHECK"] == []
    assert (answered.status_code, moved.status_code) == (200, 200)


async def test_the_moment_of_the_answer_is_among_the_deadlines(world):
    await rule(world, {"delay": "PT2H"})
    order = await world.place("FBS", boots())
    await pack(world, order, "cis", a_cis())

    assert [(one["kind"], one["dueAt"]) for one in await world.deadlines()] == [("CODE_CHECK", "2026-03-02T11:00:00Z")]


@pytest.mark.parametrize("status", ["NOT_ON_VALIDATION", "IN_PROGRESS", "OK", "FAILED", "INVALID"])
async def test_each_of_the_five_outcomes_of_a_cis_can_be_had_by_an_act(world, status):
    order = await world.place("FBS", boots())
    await pack(world, order, "cis", a_cis())

    await world.act(order, "AUTHORITY", "ANSWER", status=status, value=a_cis())
    await world.clock(advance="PT1H")

    assert await statuses(world, order) == {
        a_cis(): (status, "CIS_NOT_FOUND_IN_GIS_MT" if status == "INVALID" else None)
    }


@pytest.mark.parametrize("status", ["NOT_ON_VALIDATION", "IN_PROGRESS", "OK", "FAILED"])
async def test_each_of_the_four_outcomes_of_a_uin_can_be_had_by_an_act(world, status):
    order = await world.place("FBS", ring())
    await pack(world, order, "uin", a_uin())

    await world.act(order, "AUTHORITY", "ANSWER", status=status)
    await world.clock(advance="PT1H")

    assert await statuses(world, order, "uin") == {a_uin(): (status, "UIN_NO_DATA" if status == "FAILED" else None)}


async def test_a_rule_holds_for_codes_that_are_handed_in_after_it_was_set(world):
    order = await world.place("FBS", boots(count=2))
    await pack(world, order, "cis", a_cis(1), a_cis(2))

    await rule(world, {"status": "FAILED", "delay": "PT0S"})
    under_way = await statuses(world, order)
    await pack(world, order, "cis", a_cis(1), a_cis(3))
    after = await statuses(world, order)
    await rule(world)
    await world.clock(advance="PT5S")

    assert under_way == {a_cis(1): ("IN_PROGRESS", None), a_cis(2): ("IN_PROGRESS", None)}
    assert after == {a_cis(1): ("IN_PROGRESS", None), a_cis(3): ("FAILED", None)}
    assert await statuses(world, order) == {a_cis(1): ("OK", None), a_cis(3): ("FAILED", None)}


@pytest.mark.parametrize("way", ["/items", "/identifiers"])
async def test_codes_without_boxes_keep_to_the_rules_too(world, way):
    await rule(world, {"type": "UIN", "status": "FAILED", "substatus": "UIN_MERCHANT_MISMATCH", "delay": "PT0S"})
    order = await world.place("DBS", ring())
    [item] = order["items"]
    given = {"id": item["id"], "count": 1, "instances": [{"uin": a_uin()}]}

    answer = await world.seller("PUT", world.path(order, way), {"items": [given]})

    assert answer.status_code == 200
    assert [(code["status"], code["substatus"]) for code in (await world.know(order))["codes"]] == [
        ("FAILED", "UIN_MERCHANT_MISMATCH")
    ]


async def test_goods_marked_in_the_markets_warehouse_keep_to_the_rules_too(world):
    await rule(world, {"type": "CIS", "status": "INVALID", "substatus": "EXPIRED_ITEM", "delay": "PT0S"})

    order = await world.place("LAAS", boots(instances=[{"cis": a_cis()}]))

    assert await statuses(world, order) == {a_cis(): ("INVALID", "EXPIRED_ITEM")}


async def test_rules_set_through_one_process_hold_in_the_other_at_once(shared_url, korob):
    world = await World.make(korob, limits=False)
    order = await world.place("FBS", boots())
    async with an_application(shared_url) as other:
        world.http = other
        await world.read(order)
        world.http = korob
        await rule(world, {"status": "FAILED", "delay": "PT0S"})

        world.http = other
        await pack(world, order, "cis", a_cis())

        assert await statuses(world, order) == {a_cis(): ("FAILED", None)}


async def test_rules_set_through_one_process_outlast_the_other_ones_clock(shared_url, korob):
    world = await World.make(korob, limits=False)
    order = await world.place("FBS", boots())
    async with an_application(shared_url) as other:
        world.http = other
        await world.read(order)
        world.http = korob
        await rule(world, {"status": "FAILED", "delay": "PT0S"})

        world.http = other
        await world.clock(advance="PT1M")
        await pack(world, order, "cis", a_cis())

        assert await statuses(world, order) == {a_cis(): ("FAILED", None)}


async def test_a_campaign_without_the_gate_ships_without_codes(world):
    order = await world.place("FBS", boots())
    path = f"/campaigns/{world.campaigns['FBS']}"
    refused = await world.move(order, "PROCESSING", "READY_TO_SHIP")

    off = await world.operator("PATCH", path, {"cisGate": False})
    moved = await world.move(order, "PROCESSING", "READY_TO_SHIP")

    assert (off.status_code, off.json()["cisGate"], off.json()["apiAvailability"]) == (200, False, "AVAILABLE")
    assert "1 CIS of item" in errors_of(refused)[0][1]
    assert moved.status_code == 200


async def test_a_gate_closed_again_holds_orders_that_are_there(world):
    path = f"/campaigns/{world.campaigns['FBS']}"
    await world.operator("PATCH", path, {"cisGate": False})
    order = await world.place("FBS", boots())

    await world.operator("PATCH", path, {"cisGate": True})
    body = {"orders": [{"id": order["id"], "status": "PROCESSING", "substatus": "READY_TO_SHIP"}]}
    answer = await world.seller("POST", f"/v2/campaigns/{world.campaigns['FBS']}/orders/status-update", body)

    [outcome] = answer.json()["result"]["orders"]
    assert (outcome["updateStatus"], "1 CIS of item" in outcome["errorDetails"]) == ("ERROR", True)


async def test_jewellery_waits_for_its_numbers_gate_or_no_gate(world):
    await world.operator("PATCH", f"/campaigns/{world.campaigns['FBS']}", {"cisGate": False})
    order = await world.place("FBS", ring())

    refused = await world.move(order, "PROCESSING", "READY_TO_SHIP")

    assert (refused.status_code, "1 UIN of item" in errors_of(refused)[0][1]) == (400, True)

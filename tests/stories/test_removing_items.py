"""A DBS seller takes out what is not there (updateOrderItems)."""

import asyncio

import pytest

from tests.world import an_item, errors_of

GIFT = {"type": "CHEAPEST_AS_GIFT", "subsidy": 0, "discount": 100}
COMPANY = {"type": "BUSINESS", "company": {"inn": "7700000016", "organizationName": "Ромашка"}}


def counts_of(order):
    return {item["id"]: item["count"] for item in order["items"]}


async def test_fewer_units_make_the_order_smaller_and_cheaper(world):
    order = await world.place("DBS", an_item("CUP", price=500, count=3), an_item("TEAPOT", price=900, count=1))
    cup, teapot = counts_of(order)

    answer = await world.keep(order, {cup: 1, teapot: 1}, reason="USER_REQUESTED_REMOVE")

    assert (answer.status_code, answer.content) == (200, b"")
    smaller = await world.read(order)
    assert counts_of(smaller) == {cup: 1, teapot: 1}
    assert (smaller["itemsTotal"], smaller["buyerItemsTotal"]) == (1400, 1400)


@pytest.mark.parametrize("how", ["with count 0", "left out"])
async def test_a_position_goes_when_it_is_wanted_no_more(world, how):
    order = await world.place()
    kept, gone = counts_of(order)

    await world.keep(order, {kept: 2, gone: 0} if how == "with count 0" else {kept: 2})

    assert counts_of(await world.read(order)) == {kept: 2}
    known = await world.know(order)
    assert known["history"][-1]["events"] == [{"event": "ItemsRemoved", "counts": {str(gone): 1}}]


async def test_the_same_request_again_changes_nothing_more(world):
    order = await world.place()
    first, second = counts_of(order)

    answers = [await world.keep(order, {first: 1, second: 1}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len((await world.know(order))["history"]) == 2


@pytest.mark.parametrize(
    ("items", "wanted", "code"),
    [
        ([an_item("CUP", count=2), an_item("GIFT", promos=[GIFT])], {0: 2}, "PROMO_PROHIBITS_DELETE"),
        ([an_item("CUP", price=500, count=2)], {0: 1}, "CANNOT_REMOVE_LAST_ITEM"),
        ([an_item("RING", price=9900), an_item("BOX", price=100)], {1: 1}, "DELETED_ITEMS_EXCEEDS_THRESHOLD"),
        ([an_item("CUP", count=2), an_item("POT")], {0: 3, 1: 1}, "ITEMS_ADDITION_NOT_SUPPORTED"),
        ([an_item("CUP", count=2), an_item("POT")], {0: 0, 1: 0}, "CANNOT_REMOVE_LAST_ITEM"),
    ],
    ids=["a gift", "the only product", "99 % of the value", "more than ordered", "everything"],
)
async def test_what_must_not_go_stays(world, items, wanted, code):
    order = await world.place("DBS", *items)
    ids = list(counts_of(order))

    answer = await world.keep(order, {ids[place]: count for place, count in wanted.items()})

    assert (answer.status_code, errors_of(answer)[0][0]) == (400, code)
    assert await world.read(order) == order
    assert len((await world.know(order))["history"]) == 1


async def test_a_little_under_99_percent_may_go(world):
    order = await world.place("DBS", an_item("RING", price=9899), an_item("BOX", price=101))
    _, box = counts_of(order)

    answer = await world.keep(order, {box: 1})

    assert answer.status_code == 200


async def test_what_stands_in_the_list_twice_is_refused(world):
    order = await world.place()
    first, second = counts_of(order)

    answer = await world.seller(
        "PUT", world.path(order, "/items"), {"items": [{"id": i, "count": 1} for i in (first, second, first)]}
    )

    assert (answer.status_code, errors_of(answer)[0][0]) == (400, "ITEM_DUPLICATE")


async def test_once_the_order_is_ready_to_ship_nothing_goes_any_more(world):
    order = await world.place()
    first, second = counts_of(order)
    await world.move(order, "PROCESSING", "READY_TO_SHIP")

    answer = await world.keep(order, {first: 1, second: 1})

    assert answer.status_code == 400
    assert counts_of(await world.read(order)) == {first: 2, second: 1}


async def test_a_card_gets_its_money_back_two_days_after_the_order_shipped(world):
    order = await world.place("DBS", paymentType="PREPAID", paid=True, paymentMethod="YANDEX")
    first, second = counts_of(order)
    await world.keep(order, {first: 1, second: 1})
    waiting = (await world.know(order))["refunds"]
    await world.clock(advance="PT5H")

    await world.move(order, "PROCESSING", "READY_TO_SHIP")
    await world.move(order, "PROCESSING", "SHIPPED")

    [scheduled] = (await world.know(order))["refunds"]
    assert waiting == [
        {"itemId": first, "count": 1, "amount": 500, "currency": "RUR", "reason": "REMOVED", "state": "WAITING"}
    ]
    assert (scheduled["state"], scheduled["dueAt"]) == ("SCHEDULED", "2026-03-04T14:00:00Z")
    await world.clock(advance="PT47H59M59.999S")
    assert (await world.know(order))["refunds"][0]["state"] == "SCHEDULED"
    await world.clock(advance="PT0.001S")
    assert (await world.know(order))["refunds"][0]["state"] == "PAID"


async def test_a_wallet_gets_its_money_back_two_days_after_the_removal(world):
    order = await world.place("DBS", paymentType="PREPAID", paid=True, paymentMethod="APPLE_PAY")
    first, second = counts_of(order)

    await world.keep(order, {first: 1, second: 1})

    assert (await world.know(order))["refunds"][0]["dueAt"] == "2026-03-04T09:00:00Z"
    assert await world.clock(next=True) == {"now": "2026-03-04T09:00:00Z", "frozen": True, "ran": 1}
    assert (await world.know(order))["refunds"][0]["state"] == "PAID"


async def test_nobody_gets_back_what_was_never_paid(world):
    order = await world.place()
    first, second = counts_of(order)

    await world.keep(order, {first: 1, second: 1})

    assert (await world.know(order))["refunds"] == []


async def test_a_company_gets_no_marked_goods_without_their_codes(world):
    items = an_item("BOOTS", count=2, requiredInstanceTypes=["CIS"]), an_item("LACES", price=90)
    order = await world.place("DBS", *items, buyer=COMPANY)
    boots, laces = counts_of(order)
    code = {"cis": "010460700000000221mT7zQx"}

    without = await world.keep(order, {boots: 1, laces: 1})
    answer = await world.seller(
        "PUT",
        world.path(order, "/items"),
        {"items": [{"id": boots, "count": 1, "instances": [code]}, {"id": laces, "count": 1}]},
    )

    assert without.status_code == 400
    assert answer.status_code == 200
    assert counts_of(await world.read(order)) == {boots: 1, laces: 1}


async def test_two_removals_at_once_are_both_done_one_after_the_other(world):
    order = await world.place("DBS", an_item("CUP", count=5), an_item("POT", count=5))
    cup, pot = counts_of(order)

    answers = await asyncio.gather(world.keep(order, {cup: 3, pot: 3}), world.keep(order, {cup: 3, pot: 2}))

    # Whoever came second either takes more out or, wanting more than is left, is refused.
    history = (await world.know(order))["history"]
    assert counts_of(await world.read(order)) == {cup: 3, pot: 2}
    assert len(history) == 1 + sum(answer.status_code == 200 for answer in answers)

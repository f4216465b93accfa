"""Codes are checked by a server outside: asked in the background, patiently, and never forgotten."""

import asyncio
from base64 import b64encode
from datetime import timedelta

import pytest

from korob import config
from korob.authority.asking import AT_ONCE, CODES, ORDERS, Asker
from korob.authority.ends import Accepting, Remote
from korob.clock import WALL
from korob.domain.authority import WAITS, wait_after
from korob.domain.words import Model
from korob.store import code_questions, offers, worlds
from korob.timers import runner
from tests.authority.conftest import Shop
from tests.examples import a_cis, a_uin
from tests.patience import enough

CHECKING = ("IN_PROGRESS", None)
GOOD = ("OK", None)


async def test_codes_are_asked_about_and_the_answers_written_on_the_order(shop, authority, asker, questions):
    authority.says[a_cis(2)] = {"status": "INVALID", "substatus": "ITEM_SOLD"}
    order = await shop.place(a_cis(1), a_cis(2))
    before = await shop.statuses(order)

    await asker.turn()

    assert before == [CHECKING, CHECKING]
    assert await shop.statuses(order) == [GOOD, ("INVALID", "ITEM_SOLD")]
    whose = {
        "kind": "CIS",
        "offerId": "MUG",
        "itemId": order["items"][0]["id"],
        "orderId": order["id"],
        "campaignId": shop.campaign["id"],
        "businessId": shop.campaign["businessId"],
    }
    assert authority.asked == [[{"id": str(n), "value": a_cis(n + 1)} | whose for n in (0, 1)]]
    last = (await shop.know(order))["history"][-1]
    assert (last["actor"], last["act"], last["events"]) == (
        "AUTHORITY",
        "CHECK_CODES",
        [{"event": "CodesChecked", "codes": 2}],
    )
    assert await questions() == {}


async def test_jewellery_is_asked_about_when_its_numbers_are_complete(shop, authority, asker):
    authority.says[a_uin(1)] = {"status": "FAILED", "substatus": "UIN_MERCHANT_MISMATCH"}
    order = await shop.place(a_uin(1), kind="UIN")

    await asker.turn()

    assert [check["kind"] for check in authority.asked[0]] == ["UIN"]
    assert await shop.statuses(order, "UIN") == [("FAILED", "UIN_MERCHANT_MISMATCH")]


async def test_goods_that_are_marked_from_the_beginning_are_asked_about_too(
    shop, authority, asker, database, questions
):
    business = shop.campaign["businessId"]
    laas = await shop.operator("POST", f"/businesses/{business}/campaigns", {"name": "Л", "placementType": "LAAS"})
    await offers.make_endless(database, business, laas["id"], {"MUG"})
    item = {"offerId": "MUG", "price": 500, "count": 1, "instances": [{"cis": a_cis()}]}
    order = (await shop.operator("POST", f"/campaigns/{laas['id']}/orders", {"items": [item]}))["order"]
    shop.campaign = laas
    waiting = await questions()

    await asker.turn()

    assert waiting == {order["id"]: (0, None)}
    assert await shop.statuses(order) == [GOOD]


async def test_no_request_of_a_seller_waits_for_the_authority(shop, authority):
    await authority.stop()

    order = await shop.place(a_cis())

    assert await shop.statuses(order) == [CHECKING]
    assert authority.asked == []


async def test_nothing_is_asked_when_nothing_was_given(shop, authority, asker):
    await shop.place()

    assert await asker.turn() == 0
    assert authority.asked == []


async def test_an_authority_that_was_dead_for_a_while_is_asked_again(shop, authority, asker, questions, hurry):
    await authority.stop()
    order = await shop.place(a_cis())

    await asker.turn()
    in_vain = await questions()
    waiting = await shop.statuses(order)
    await authority.start()
    await hurry()
    await asker.turn()

    [(attempts, trouble)] = in_vain.values()
    assert (attempts, "Cannot connect" in trouble) == (1, True)
    assert waiting == [CHECKING]
    assert await shop.statuses(order) == [GOOD]
    assert await questions() == {}


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (500, "{}", "it answers 500"),
        (503, "", "it answers 503"),
        (404, "{}", "it answers 404"),
        (302, "", "it answers 302"),
        (200, "", "its answer can't be read"),
        (200, "<html>", "its answer can't be read"),
        (200, '{"answers": []}', "its answer can't be read"),
        (200, "[" * 5_000, "its answer can't be read"),
        (200, '{"checks": ["' + "x" * 2**20 + '"]}', "its answer is longer than"),
    ],
)
async def test_an_answer_that_is_none_is_asked_for_again(shop, authority, asker, questions, hurry, status, body, why):
    order = await shop.place(a_cis())
    authority.instead = status, body

    await asker.turn()
    [(attempts, trouble)] = (await questions()).values()
    authority.instead = None
    await hurry()
    await asker.turn()

    assert (attempts, trouble.startswith(why)) == (1, True)
    assert await shop.statuses(order) == [GOOD]


@pytest.mark.parametrize(
    "nonsense",
    [
        {"status": "MAYBE"},
        {"status": "OK", "substatus": "ITEM_SOLD"},
        {"status": "FAILED", "substatus": "UIN_NO_DATA"},
        {"status": "INVALID", "substatus": "TOO_OLD"},
        {"status": None},
        {"id": "2", "status": "INVALID"},
        {"id": "-1", "status": "INVALID"},
        {"id": "x", "status": "INVALID"},
        "what?",
        None,
    ],
)
async def test_one_answer_that_makes_no_sense_leaves_the_others_be(shop, authority, asker, hurry, nonsense):
    authority.says[a_cis(1)] = nonsense
    order = await shop.place(a_cis(1), a_cis(2))

    await asker.turn()
    before = await shop.statuses(order)
    del authority.says[a_cis(1)]
    await hurry()
    await asker.turn()

    assert before == [CHECKING, GOOD]
    assert await shop.statuses(order) == [GOOD, GOOD]
    assert authority.values == [a_cis(1), a_cis(2), a_cis(1)]


@pytest.mark.parametrize("status", ["IN_PROGRESS", "NOT_ON_VALIDATION"])
async def test_an_authority_may_ask_for_time(shop, authority, asker, questions, hurry, status):
    authority.says[a_cis()] = {"status": status}
    order = await shop.place(a_cis())

    await asker.turn()
    waiting = await shop.statuses(order)
    [told] = (await questions()).values()
    authority.says.clear()
    await hurry()
    await asker.turn()

    assert (waiting, told) == ([CHECKING], (1, None))
    assert await shop.statuses(order) == [GOOD]


async def test_a_slow_authority_is_not_waited_for_longer_than_the_limit(shop, authority, asker, database, questions):
    impatient = Remote(authority.url, time_limit=timedelta(seconds=0.5))
    order = await shop.place(a_cis())
    authority.answers.clear()

    await Asker(database, asker._orders, impatient, wall=WALL.now).turn()
    await impatient.close()

    assert await questions() == {order["id"]: (1, "no answer within 0.5 s")}


async def test_the_waits_grow_up_to_five_minutes(shop, authority, asker, database, hurry):
    await authority.stop()
    await shop.place(a_cis())
    expected = [wait_after(attempts) for attempts in range(7)]

    for wait in expected:
        await hurry()
        async with database.connection() as connection:
            before = await connection.fetchval("SELECT now()")
            await asker.turn()
            after, next_at = await connection.fetchrow("SELECT now(), next_at FROM code_questions")
        assert before <= next_at - wait <= after

    assert expected == [*WAITS, WAITS[-1], WAITS[-1]]
    assert list(WAITS) == sorted(WAITS)


async def test_another_code_is_asked_about_at_once_however_long_the_one_before_was_to_wait(
    shop, authority, asker, questions
):
    authority.says[a_cis(1)] = {"status": "IN_PROGRESS"}
    order = await shop.place(a_cis(1))
    await asker.turn()

    await shop.pack(order, a_cis(2))
    asked_anew = await questions()
    await asker.turn()

    assert asked_anew == {order["id"]: (0, None)}
    assert await shop.statuses(order) == [GOOD]


async def test_a_code_given_while_another_one_is_asked_about_is_not_forgotten(shop, authority, asker, questions):
    order = await shop.place(a_cis(1))
    authority.answers.clear()
    turn = asyncio.create_task(asker.turn())
    await authority.until_asked(1)

    await shop.pack(order, a_cis(2))
    authority.answers.set()
    await turn

    assert await shop.statuses(order) == [CHECKING]
    assert await questions() == {order["id"]: (0, None)}
    await asker.turn()
    assert await shop.statuses(order) == [GOOD]


async def test_what_the_operator_said_meanwhile_stays(shop, authority, asker, questions):
    order = await shop.place(a_cis())
    authority.answers.clear()
    turn = asyncio.create_task(asker.turn())
    await authority.until_asked(1)

    await shop.answer(order, status="INVALID", substatus="ITEM_SOLD")
    authority.answers.set()
    await turn

    assert await shop.statuses(order) == [("INVALID", "ITEM_SOLD")]
    assert await questions() == {}


async def test_a_code_taken_back_is_not_asked_about(shop, authority, asker, questions):
    order = await shop.place(a_cis())
    item = {"id": order["items"][0]["id"], "fullCount": 1}
    await shop.seller("PUT", order, "/boxes", {"boxes": [{"items": [item]}]})

    await asker.turn()

    assert (authority.asked, await questions()) == ([], {})


async def test_many_codes_go_in_several_requests(shop, authority, asker):
    order = await shop.place(*[a_cis(number) for number in range(CODES + 1)])

    await asker.turn()

    assert [len(checks) for checks in authority.asked] == [CODES, 1]
    assert await shop.statuses(order) == [GOOD] * (CODES + 1)


async def test_codes_of_many_orders_go_together(shop, authority, asker):
    orders = [await shop.place(a_cis(number)) for number in range(3)]

    await asker.turn()

    assert [len(checks) for checks in authority.asked] == [3]
    assert [await shop.statuses(order) for order in orders] == [[GOOD]] * 3


async def test_an_order_that_is_gone_is_not_asked_about(shop, authority, asker, database, questions):
    await shop.place(a_cis())
    async with database.connection() as connection:
        await connection.execute("DELETE FROM orders")

    await asker.turn()

    assert (authority.asked, await questions()) == ([], {})


async def test_two_who_ask_do_not_ask_about_the_same_order(shop, database):
    orders = [await shop.place(a_cis(number)) for number in range(2)]

    taken = await asyncio.gather(
        *(code_questions.lease(database, limit=ORDERS, lasts=timedelta(seconds=30)) for _ in range(4))
    )

    assert sorted(one.key.order_id for some in taken for one in some) == [order["id"] for order in orders]


async def test_not_more_requests_are_under_way_than_agreed(shop, authority, asker, questions, monkeypatch):
    monkeypatch.setattr("korob.authority.asking.ORDERS", 1)
    orders = [await shop.place(a_cis(number)) for number in range(2 * AT_ONCE)]
    authority.answers.clear()

    running = asyncio.create_task(asker.run())
    await authority.until_asked(AT_ONCE)
    await asyncio.sleep(0.1)
    authority.answers.set()
    async with enough():
        while await questions():
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert authority.at_once_most == AT_ONCE
    assert [await shop.statuses(order) for order in orders] == [[GOOD]] * len(orders)


async def test_who_is_asked_to_stop_gives_back_what_was_not_answered(shop, authority, asker, database):
    await shop.place(a_cis())
    authority.answers.clear()
    running = asyncio.create_task(asker.run())
    await authority.until_asked(1)

    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert len(await code_questions.lease(database, limit=ORDERS, lasts=timedelta(seconds=1))) == 1


async def test_when_no_authority_is_asked_any_more_what_waits_for_it_is_judged_by_its_form(shop, asker, database):
    order = await shop.place(a_cis(), "01bad")

    await Asker(database, asker._orders, Accepting(), wall=WALL.now).turn()

    assert await shop.statuses(order) == [GOOD, ("INVALID", "CIS_GTIN_NOT_FOUND")]


async def test_the_worker_asks(shop, authority, fresh_url):
    order = await shop.place(a_cis())
    settings = config.read({"KOROB_DATABASE_URL": fresh_url, "KOROB_CODE_AUTHORITY": authority.url})
    worker = asyncio.create_task(runner.run(settings))

    async with enough():
        while await shop.statuses(order) != [GOOD]:
            await asyncio.sleep(0.05)

    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


async def test_what_waits_and_what_fails_is_counted(shop, authority, asker, korob):
    await authority.stop()
    await shop.place(a_cis(1))
    await asker.turn()
    await shop.place(a_cis(2))

    told = (await korob.get("/metrics")).text

    figures = dict(line.split() for line in told.splitlines() if line.startswith("korob_code_questions"))
    assert float(figures["korob_code_questions_waiting"]) == 2
    assert float(figures["korob_code_questions_failing"]) == 1
    assert 0 < float(figures["korob_code_questions_oldest_seconds"]) < 60


async def test_a_password_in_the_url_is_sent_and_not_shown(shop, authority, database, asker, questions, caplog):
    port = Remote(f"http://korob:s3cret@127.0.0.1:{authority.port}/checks")
    with_password = Asker(database, asker._orders, port, wall=WALL.now)
    order = await shop.place(a_cis(1))
    await with_password.turn()
    await authority.stop()
    await shop.place(a_cis(2))
    await with_password.turn()
    await port.close()

    assert await shop.statuses(order) == [GOOD]
    assert authority.headers["authorization"] == f"Basic {b64encode(b'korob:s3cret').decode()}"
    assert "s3cret" not in caplog.text + str(await questions())


async def test_a_world_never_asks_outside(korob, shop, authority, asker, database):
    world = await worlds.create(database, seed=1, now=None, wall=WALL.now(), frozen=True)
    [fbs] = [one.id for one in world.campaigns if one.model is Model.FBS]
    in_world = Shop(korob, {"id": fbs}, world.api_key)

    order = await in_world.place(a_cis())

    assert await asker.turn() == 0
    assert [one["kind"] for one in (await in_world.know(order))["deadlines"]] == ["CODE_CHECK"]


async def test_trouble_is_a_warning(shop, authority, asker, caplog):
    await authority.stop()
    await shop.place(a_cis())

    await asker.turn()

    [warning] = [record for record in caplog.records if record.name == "korob.authority"]
    assert (warning.levelname, "1 codes can't be checked" in warning.getMessage()) == ("WARNING", True)

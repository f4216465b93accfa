"""A buyer wants to cancel (acceptOrderCancellation): at once, by the seller's leave, or because nobody answered."""

import asyncio
from datetime import datetime

import pytest

from tests.world import MONDAY, errors_of

UNDER_WAY = ["DELIVERY", "PICKUP"]
IN_TIME, TOO_LATE = datetime.fromisoformat("2026-03-04T08:59:59.999Z"), datetime.fromisoformat("2026-03-04T09:00:00Z")
"""The buyer asks on Monday at nine; the seller has 48 hours."""


@pytest.fixture
def ask(world):
    """An order under way that its buyer wants to cancel since Monday at nine."""

    async def ask(status="DELIVERY"):
        order = await world.place("DBS", delivery={"outletStorageLimitDate": "31-12-2026"})
        await world.move(order, "DELIVERY")
        if status == "PICKUP":
            await world.move(order, "PICKUP")
        asked = await world.act(order, "BUYER", "CANCEL", substatus="USER_REFUSED_DELIVERY")
        assert asked.status_code == 200
        return order

    return ask


async def state_of(world, order):
    read = await world.read(order)
    return read["status"], read["substatus"], read["cancelRequested"]


async def test_an_order_in_work_is_cancelled_at_once_and_nobody_is_asked(world):
    order = await world.place()

    await world.act(order, "BUYER", "CANCEL")

    assert await state_of(world, order) == ("CANCELLED", "USER_CHANGED_MIND", True)
    assert [one["type"] for one in await world.notifications(order)] == ["ORDER_CREATED", "ORDER_CANCELLED"]
    refused = await world.answer_cancellation(order, accepted=True)
    assert refused.status_code == 400


@pytest.mark.parametrize("status", UNDER_WAY)
async def test_the_seller_learns_of_the_wish_by_notice_and_by_list(world, ask, status):
    order = await ask(status)
    await world.place()

    waiting = await world.seller(
        "GET", f"/v2/campaigns/{order['campaignId']}/orders?onlyWaitingForCancellationApprove=true"
    )

    assert [one["id"] for one in waiting.json()["orders"]] == [order["id"]]
    assert (await world.notifications(order))[-1]["type"] == "ORDER_CANCELLATION_REQUEST"
    [deadline] = [one for one in await world.deadlines() if one["kind"] == "CANCELLATION_ANSWER"]
    assert (deadline["orderId"], deadline["dueAt"]) == (order["id"], "2026-03-04T09:00:00Z")


@pytest.mark.parametrize("status", UNDER_WAY)
async def test_a_yes_cancels_for_the_buyers_own_reason(world, ask, status):
    order = await ask(status)

    answer = await world.answer_cancellation(order, accepted=True)

    assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
    assert await state_of(world, order) == ("CANCELLED", "USER_REFUSED_DELIVERY", True)
    assert (await world.notifications(order))[-1]["type"] == "ORDER_CANCELLED"


@pytest.mark.parametrize("reason", ["ORDER_DELIVERED", "ORDER_IN_DELIVERY"])
@pytest.mark.parametrize("status", UNDER_WAY)
async def test_a_no_lets_the_order_go_on_as_if_nobody_had_asked(world, ask, status, reason):
    order = await ask(status)
    before = await world.notifications(order)

    answer = await world.answer_cancellation(order, accepted=False, reason=reason)

    assert answer.status_code == 200
    read = await world.read(order)
    assert (read["status"], read["cancelRequested"]) == (status, False)
    assert await world.notifications(order) == before
    assert [one for one in await world.deadlines() if one["kind"] == "CANCELLATION_ANSWER"] == []


async def test_a_no_without_a_reason_is_none(world, ask):
    order = await ask()

    answer = await world.answer_cancellation(order, accepted=False)

    assert answer.status_code == 400
    assert (await world.read(order))["cancelRequested"] is True


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("status", UNDER_WAY)
async def test_an_answer_in_the_last_millisecond_counts(world, ask, set_clock, status, accepted):
    order = await ask(status)
    await set_clock(IN_TIME)

    answer = await world.answer_cancellation(order, accepted=accepted, reason=None if accepted else "ORDER_DELIVERED")

    assert answer.status_code == 200
    assert (await world.read(order))["status"] == ("CANCELLED" if accepted else status)
    row = (await world.know(order))["history"][-1]
    assert (row["actor"], row["at"]) == ("SELLER", "2026-03-04T08:59:59.999000Z")


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("status", UNDER_WAY)
async def test_an_answer_after_48_hours_is_too_late_also_when_no_timer_has_run(world, ask, set_clock, status, accepted):
    order = await ask(status)
    await set_clock(TOO_LATE)

    answer = await world.answer_cancellation(order, accepted=accepted, reason=None if accepted else "ORDER_DELIVERED")

    assert answer.status_code == 400
    assert await state_of(world, order) == ("CANCELLED", "USER_REFUSED_DELIVERY", True)
    row = (await world.know(order))["history"][-1]
    assert (row["actor"], row["at"]) == ("CLOCK", "2026-03-04T09:00:00Z")


@pytest.mark.parametrize("status", UNDER_WAY)
async def test_when_nobody_answers_the_order_is_cancelled_by_itself(world, ask, status):
    order = await ask(status)

    await world.clock(advance="PT47H59M59.999S")
    still = await state_of(world, order)
    ran = (await world.clock(advance="PT0.001S"))["ran"]

    assert (still[0], still[2]) == (status, True)
    assert ran == 1
    assert await state_of(world, order) == ("CANCELLED", "USER_REFUSED_DELIVERY", True)
    assert [one["type"] for one in await world.notifications(order)].count("ORDER_CANCELLED") == 1


async def test_of_two_answers_at_once_one_counts(world, ask):
    order = await ask()

    answers = await asyncio.gather(
        *(world.answer_cancellation(order, accepted=True) for _ in range(3)),
        *(world.answer_cancellation(order, accepted=False, reason="ORDER_IN_DELIVERY") for _ in range(3)),
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 5
    took_place = answers.index(next(answer for answer in answers if answer.status_code == 200))
    assert (await world.read(order))["status"] == ("CANCELLED" if took_place < 3 else "DELIVERY")
    acts = [row["act"] for row in (await world.know(order))["history"]]
    assert sum(act.endswith("_CANCELLATION") and not act.startswith("REQUEST") for act in acts) == 1


async def test_a_second_answer_is_refused(world, ask):
    order = await ask()
    await world.answer_cancellation(order, accepted=False, reason="ORDER_IN_DELIVERY")

    again = await world.answer_cancellation(order, accepted=True)

    assert (again.status_code, errors_of(again)[0][0]) == (400, "ACTION_FORBIDDEN")
    assert (await world.read(order))["status"] == "DELIVERY"


async def test_an_answer_while_the_clock_jumps_past_the_deadline_is_given_once(world, ask):
    orders = [await ask() for _ in range(10)]

    _, *answers = await asyncio.gather(
        world.clock(advance="PT48H"),
        *(world.answer_cancellation(order, accepted=False, reason="ORDER_DELIVERED") for order in orders),
    )

    for order, answer in zip(orders, answers, strict=True):
        status = (await world.read(order))["status"]
        assert (answer.status_code, status) in {(200, "DELIVERY"), (400, "CANCELLED")}
        assert [one["type"] for one in await world.notifications(order)].count("ORDER_CANCELLED") == (
            status == "CANCELLED"
        )


async def test_a_delivered_order_needs_no_answer_any_more(world, ask):
    order = await ask()

    await world.move(order, "DELIVERED")

    assert (await state_of(world, order))[::2] == ("DELIVERED", False)
    await world.clock(advance="PT48H")
    assert (await world.read(order))["status"] == "DELIVERED"
    assert datetime.fromisoformat(MONDAY) < datetime.fromisoformat((await world.clock(next=True))["now"])

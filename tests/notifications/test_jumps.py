"""Notifications while a world's clock jumps: at their own moments, once, and nobody waits for the clock."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from korob.notifications import jumps, knock
from korob.notifications.dispatch import dispatch
from korob.notifications.sender import Sender
from korob.store import deliveries
from tests.notifications import receiver as receivers

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
UNPAID = {"paymentType": "PREPAID"}
A_SECOND = jumps.ATTEMPT_SECONDS


async def test_a_jump_answers_when_everything_on_the_way_was_told(subscribe, place, receiver, advance):
    await subscribe()
    order_id = await place(**UNPAID)

    await advance("PT30M")

    assert [(one.type, one.body["orderId"]) for one in receiver.told] == [
        ("ORDER_CREATED", order_id),
        ("ORDER_CANCELLED", order_id),
    ]
    assert receiver.told[-1].body["cancelledAt"] == "2026-03-02T09:30:00Z"


async def test_a_clock_that_hardly_moves_tells_what_waits(subscribe, place, receiver, advance):
    await subscribe()
    await place()

    await advance("PT0S")

    assert len(receiver.told) == 1


async def test_it_makes_no_difference_who_is_delivering_at_the_moment(
    subscribe, place, receiver, advance, deliverer, inbox
):
    await subscribe()
    receiver.always = receivers.late(0.01)
    running = asyncio.create_task(deliverer.run())
    placed = []
    for number in range(30):
        placed.append(await place())
        await asyncio.sleep(number % 5 * 0.03)
        await advance("PT1S")

        assert [one.body["orderId"] for one in receiver.told] == placed

    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert {one["attempts"] for one in await inbox()} == {1}


async def test_a_target_that_hangs_costs_a_jump_a_second_an_attempt(
    subscribe, place, receiver, advance, attempts, monkeypatch
):
    assert A_SECOND == 1
    monkeypatch.setattr(jumps, "ATTEMPT_SECONDS", A_SECOND)
    subscription = await subscribe()
    receiver.always = receivers.held(asyncio.Event())
    await place()

    await advance("PT2M")

    assert [(one["at"], one["error"]["subtype"]) for one in (await attempts(subscription))[1:]] == [
        ("2026-03-02T09:00:00Z", "READ_TIMED_OUT"),
        ("2026-03-02T09:01:00Z", "READ_TIMED_OUT"),
        ("2026-03-02T09:02:00Z", "READ_TIMED_OUT"),
    ]


async def test_what_is_heard_late_of_an_attempt_before_the_jump_does_not_repeat_one_of_the_jump(
    database, subscribe, place, receiver, advance, attempts
):
    subscription = await subscribe()
    receiver.always = receivers.answer(500)
    await place()
    await dispatch(database)
    (due,) = await deliveries.due(database, [(subscription["businessId"], subscription["id"], 1)])
    async with Sender() as sender:
        before = await knock.deliver(sender, due.subscription, due.taken[0], at=NINE, wall=lambda: NINE)

    async def hear_of_it(told):
        if len(receiver.told) == 3:
            await deliveries.settle(database, [before])

    receiver.when_told = hear_of_it
    await advance("PT2M")

    moments = sorted(one["at"][11:19] for one in (await attempts(subscription))[1:])
    assert moments == ["09:00:00", "09:00:00", "09:01:00", "09:02:00"]


async def test_who_is_told_may_call_back_and_sees_the_time_of_the_news(
    subscribe, place, receiver, advance, operator, client, world, dbs
):
    await subscribe()
    seen = []

    async def call_back(told):
        if told.type == "ORDER_CANCELLED":
            clock = (await client.get(f"/sandbox/v1/worlds/{world['id']}/clock")).json()["now"]
            path = f"/operator/v1/campaigns/{dbs}/orders/{told.body['orderId']}"
            order = (await operator.get(path)).json()["order"]
            seen.append((clock, order["status"]))

    receiver.when_told = call_back
    await place(**UNPAID)

    await advance("PT3H")

    assert seen == [("2026-03-02T09:30:00Z", "CANCELLED")]
    assert len(receiver.told) == 2


async def test_what_is_set_off_by_being_told_is_told_on_the_same_way(subscribe, place, receiver, advance):
    await subscribe()

    async def place_another(told):
        if len(receiver.told) < 4:
            await place()

    receiver.when_told = place_another
    await place()

    await advance("PT1S")

    assert [one.body["createdAt"] for one in receiver.told] == ["2026-03-02T09:00:00Z"] * 4


@pytest.fixture
def set_clock(client, world):
    async def set_clock(wish, **headers):
        return await client.post(f"/sandbox/v1/worlds/{world['id']}/clock", json=wish, headers=headers)

    return set_clock


async def test_who_sets_the_clock_while_being_told_is_answered_at_once_that_it_is_on_its_way(
    subscribe, place, receiver, advance, set_clock, attempts
):
    subscription = await subscribe("ORDER_CREATED")
    answers = []

    async def jump_too(told):
        if told.type == "ORDER_CREATED":
            answers.append(await set_clock({"advance": "PT1H"}))

    receiver.when_told = jump_too
    await place()

    jumped = await advance("PT30S")

    assert [(one.status_code, one.json()["errors"][0]["message"]) for one in answers] == [
        (
            409,
            "The clock is on its way to 2026-03-02T09:00:30+00:00 and waits for an answer to a notification: "
            "set it after that",
        )
    ]
    assert jumped["now"] == "2026-03-02T09:00:30Z"
    assert [one.get("status") for one in (await attempts(subscription))[1:]] == [200]
    assert (await set_clock({"advance": "PT1H"})).json()["now"] == "2026-03-02T10:00:30Z"


async def test_who_asks_for_the_same_jump_again_while_somebody_is_told_gets_its_answer(
    subscribe, place, receiver, set_clock
):
    await subscribe("ORDER_CREATED")
    let = asyncio.Event()
    receiver.next = [receivers.held(let)]
    await place()
    first = asyncio.create_task(set_clock({"advance": "PT1M"}, **{"Idempotency-Key": "one"}))
    await receiver.until(1)

    asyncio.get_running_loop().call_later(0.3, let.set)
    again = await set_clock({"advance": "PT1M"}, **{"Idempotency-Key": "one"})

    assert again.status_code == 200
    assert again.content == (await first).content


async def test_an_interrupted_jump_is_carried_on_with_its_notifications(
    subscribe, place, receiver, client, world, advance, attempts
):
    subscription = await subscribe()
    receiver.next = [receivers.held(asyncio.Event()), *[receivers.answer(500)] * 10]
    await place()
    path = f"/sandbox/v1/worlds/{world['id']}/clock"
    jump = asyncio.create_task(client.post(path, json={"advance": "PT5M"}))
    await receiver.until(1)
    jump.cancel()
    with suppress(asyncio.CancelledError):
        await jump

    await advance("PT1S")

    log = (await attempts(subscription))[1:]
    assert [one["at"] for one in log if one.get("status") == 500] == [
        f"2026-03-02T09:0{minute}:00Z" for minute in range(6)
    ]

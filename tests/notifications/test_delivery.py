"""Notifications on their way: once when all is well, again when it is not, and nobody waits for a stranger."""

import asyncio

from tests.notifications import receiver as receivers


async def test_what_happens_is_told_once(subscribe, place, deliverer, receiver, inbox, dbs):
    await subscribe()
    order_id = await place()

    await deliverer.drain()
    await deliverer.drain()

    assert receiver.types == ["PING", "ORDER_CREATED"]
    (told,) = receiver.told
    assert told.method, told.path == ("POST", "/shop/notification")
    assert told.headers["content-type"] == "application/json"
    assert list(told.body) == ["notificationType", "orderId", "campaignId", "items", "createdAt"]
    assert told.body == {
        "notificationType": "ORDER_CREATED",
        "orderId": order_id,
        "campaignId": dbs,
        "items": [{"offerId": "MUG", "count": 2}],
        "createdAt": "2026-03-02T09:00:00Z",
    }
    assert [one["attempts"] for one in await inbox()] == [1]


async def test_one_after_another_in_the_order_of_events(subscribe, place, deliverer, receiver):
    await subscribe()
    orders = [await place() for _ in range(20)]

    await deliverer.drain()

    assert [one.body["orderId"] for one in receiver.told] == orders


async def test_a_slow_answer_holds_the_next_one_up_for_a_moment_only(subscribe, place, deliverer, receiver):
    await subscribe()
    receiver.next = [receivers.late(3)]
    orders = [await place() for _ in range(3)]

    running = asyncio.create_task(deliverer.drain())
    await receiver.until(3, seconds=2)
    await running

    assert [one.body["orderId"] for one in receiver.told] == orders


async def test_what_was_not_accepted_is_told_again_after_a_minute(
    subscribe, place, deliverer, receiver, advance, inbox, attempts
):
    subscription = await subscribe()
    receiver.next = [receivers.answer(500, {"error": {"type": "UNKNOWN"}}), receivers.reset, receivers.cut_off]
    await place()

    await deliverer.drain()
    await advance("PT1M")
    await advance("PT59S")
    assert len(receiver.told) == 2
    await advance("PT1S")
    await advance("PT1M")
    await advance("PT1H")

    assert [(one.get("status"), one.get("error", {}).get("subtype")) for one in (await attempts(subscription))[1:]] == [
        (500, "HTTP"),
        (None, "CONNECTION_REFUSED"),
        (None, "CANT_PARSE_RESPONSE"),
        (200, None),
    ]
    assert len({one.raw for one in receiver.told}) == 1
    assert [one["attempts"] for one in await inbox()] == [4]

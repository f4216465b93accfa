"""Notifications on their way: once when all is well, again when it is not, and nobody waits for a stranger."""

import asyncio

from korob.api import metrics
from korob.clock import WALL
from korob.notifications import delivery
from korob.notifications.delivery import Deliverer
from korob.notifications.sender import Sender
from tests.notifications import receiver as receivers
from tests.notifications.conftest import ORDER


async def test_what_happens_is_told_once(subscribe, place, deliverer, receiver, inbox, dbs):
    await subscribe()
    order_id = await place()

    await deliverer.drain()
    await deliverer.drain()

    assert receiver.types == ["PING", "ORDER_CREATED"]
    (told,) = receiver.told
    assert (told.method, told.path) == ("POST", "/shop/notification")
    assert told.headers["content-type"] == "application/json"
    assert list(told.body) == ["notificationType", "orderId", "campaignId", "items", "createdAt"]
    assert list(told.body["items"][0]) == ["offerId", "count"]
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


async def test_a_slow_answer_holds_the_next_one_up_for_a_moment_only(
    subscribe, place, deliverer, receiver, monkeypatch
):
    monkeypatch.setattr(delivery, "NEXT_SECONDS", 0.5)
    await subscribe()
    let = asyncio.Event()
    receiver.next = [receivers.held(let)]
    orders = [await place() for _ in range(3)]

    running = asyncio.create_task(deliverer.drain())
    await receiver.until(3)
    let.set()
    await running

    assert sorted(one.body["orderId"] for one in receiver.told) == orders


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


async def test_400_is_final(subscribe, place, deliverer, receiver, advance, attempts, operator):
    subscription = await subscribe("ORDER_CREATED")
    receiver.next = [receivers.answer(400, {"error": {"type": "DUPLICATED_EVENT", "message": "known"}})]
    await place()

    await deliverer.drain()
    await advance("P2D")

    assert len(receiver.told) == 1
    (attempt,) = (await attempts(subscription))[1:]
    assert attempt["status"] == 400
    assert "DUPLICATED_EVENT" in attempt["answer"]
    path = f"/operator/v1/businesses/{subscription['businessId']}/subscriptions/{subscription['id']}"
    assert (await operator.get(f"{path}/deliveries?state=REFUSED")).json()["deliveries"][0]["attempts"] == 1
    assert "failingSince" not in (await operator.get(path)).json()


async def test_one_that_fails_holds_nobody_back(subscribe, place, deliverer, receiver, advance):
    await subscribe()
    receiver.next = [receivers.answer(500)]
    failing, *others = [await place() for _ in range(5)]

    await deliverer.drain()
    assert [one.body["orderId"] for one in receiver.told] == [failing, *others]
    await advance("PT1M")

    assert [one.body["orderId"] for one in receiver.told] == [failing, *others, failing]


async def test_a_seller_who_hangs_delays_no_other(subscribe, place, deliverer, receiver, world, monkeypatch):
    monkeypatch.setattr(delivery, "NEXT_SECONDS", 0.5)
    let = asyncio.Event()
    async with receivers.listening() as hanging:
        other_campaign = world["campaigns"][1]["id"]
        await subscribe("ORDER_CREATED", campaign_id=other_campaign, url=hanging.url)
        await subscribe("ORDER_CREATED")
        hanging.always = receivers.held(let)
        await asyncio.gather(*(place(other_campaign) for _ in range(10)))
        running = asyncio.create_task(deliverer.run())
        await hanging.until(2)

        for number in range(1, 11):
            await place()
            await receiver.until(number)

        assert len(hanging.told) <= 8, "attempts under way at one target are bounded"
        let.set()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_two_who_deliver_share_the_work(database, subscribe, place, receiver, world):
    async with Sender() as sender, receivers.listening() as store:
        await subscribe("ORDER_CREATED")
        await subscribe("ORDER_CREATED", campaign_id=world["campaigns"][1]["id"], url=store.url)
        both = [asyncio.create_task(Deliverer(database, sender, wall=WALL.now).run()) for _ in range(2)]
        for _ in range(15):
            await asyncio.gather(place(), place(world["campaigns"][1]["id"]))

        await receiver.until(15)
        await store.until(15)
        await asyncio.sleep(0.3)
        for one in both:
            one.cancel()
        await asyncio.gather(*both, return_exceptions=True)

        for told in (receiver.told, store.told):
            ids = [one.body["orderId"] for one in told]
            assert len(ids) == 15
            assert ids == sorted(ids)


async def test_who_stops_lets_a_knock_come_to_its_end(subscribe, place, deliverer, receiver, database, attempts):
    subscription = await subscribe()
    let = asyncio.Event()
    receiver.always = receivers.held(let)
    await place()
    running = asyncio.create_task(deliverer.run())
    await receiver.until(1)

    running.cancel()
    asyncio.get_running_loop().call_later(0.3, let.set)
    await asyncio.gather(running, return_exceptions=True)

    assert [one.get("status") for one in await attempts(subscription)] == [200, 200]
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM subscriptions WHERE leased_by IS NOT NULL") == 0


async def test_a_subscription_of_somebody_who_is_gone_is_taken_over(subscribe, place, deliverer, receiver, database):
    await subscribe()
    await place()
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE subscriptions SET leased_by = 77, leased_until = now() + interval '1 day', look_at = NULL"
        )

    running = asyncio.create_task(deliverer.run())
    await receiver.until(1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert len(receiver.told) == 1


async def test_an_answer_after_the_subscription_ended_harms_nobody(
    subscribe, place, deliverer, receiver, operator, database
):
    subscription = await subscribe()
    let = asyncio.Event()
    receiver.always = receivers.held(let)
    await place()
    running = asyncio.create_task(deliverer.drain())
    await receiver.until(1)

    path = f"/operator/v1/businesses/{subscription['businessId']}/subscriptions/{subscription['id']}"
    assert (await operator.delete(path)).status_code == 200
    let.set()
    await running

    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM attempts") == 0


async def test_a_world_that_ends_meanwhile_harms_nobody(subscribe, place, deliverer, receiver, client, world, database):
    await subscribe()
    let = asyncio.Event()
    receiver.always = receivers.held(let)
    await place()
    running = asyncio.create_task(deliverer.drain())
    await receiver.until(1)

    assert (await client.delete(f"/sandbox/v1/worlds/{world['id']}")).status_code == 200
    let.set()
    await running

    async with database.connection() as connection:
        for table in ("subscriptions", "deliveries", "attempts", "outbox"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0, table  # noqa: S608


async def test_a_call_and_what_is_told_of_it_share_a_trace(
    services, subscribe, place, deliverer, receiver, operator, dbs
):
    await subscribe()
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    path = f"/operator/v1/campaigns/{dbs}/orders"

    answer = await operator.post(path, json=ORDER, headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    await place()
    receiver.next = [receivers.answer(500)]
    await deliverer.drain()

    assert answer.headers["traceparent"].split("-")[1] == trace
    first, second = (one.headers["traceparent"].split("-") for one in receiver.told)
    assert first[1] == trace
    assert second[1] != trace
    assert len({first[2], second[2], "00f067aa0ba902b7", answer.headers["traceparent"].split("-")[2]}) == 4


async def test_figures_tell_of_what_waits(subscribe, place, deliverer, receiver, database, advance):
    await subscribe("ORDER_CREATED")
    receiver.always = receivers.answer(503)
    await place()
    async with database.connection() as connection:
        await connection.execute("UPDATE outbox SET at = at - interval '30 seconds'")
    before = (await metrics.of_database(database)).decode()
    await deliverer.drain()
    await advance("PT1M30S")

    after = (await metrics.of_database(database)).decode()

    assert "korob_notifications_undispatched 1.0" in before
    assert "korob_notifications_undispatched_seconds 30.0" in before
    assert "korob_notifications_waiting 1.0" in after
    assert "korob_notifications_oldest_seconds 90.0" in after
    assert 'korob_notification_attempts_total{outcome="failed"} 2.0' in after
    assert 'korob_subscriptions{state="ENABLED"} 1.0' in after


async def test_counts_of_attempts_never_shrink(
    subscribe, place, deliverer, receiver, database, operator, client, world
):
    first, _ = await subscribe("ORDER_CREATED"), await subscribe("ORDER_CREATED")
    receiver.next = [receivers.answer(503)]
    await place()
    await deliverer.drain()
    path = f"/operator/v1/businesses/{first['businessId']}/subscriptions/{first['id']}"

    counts = [await _counts(database)]
    await operator.delete(path)
    counts.append(await _counts(database))
    await client.delete(f"/sandbox/v1/worlds/{world['id']}")
    counts.append(await _counts(database))

    assert counts == [{"accepted": 1.0, "failed": 1.0}] * 3


async def _counts(database):
    text = (await metrics.of_database(database)).decode()
    return {
        outcome: float(text.partition(f'attempts_total{{outcome="{outcome}"}} ')[2].partition("\n")[0])
        for outcome in ("accepted", "failed")
    }

"""Subscriptions through the operator's API: made, checked, overridden, paused, switched off and on, told again."""

import asyncio
import base64
import hashlib
import hmac

import pytest

from korob.notifications import knock
from korob.store import outbox
from tests.notifications import receiver as receivers
from tests.operator import playground

A_SECOND = knock.PING_SECONDS


@pytest.fixture
def ask(operator):
    """Ask something of a subscription; the answer's body, None for an empty one."""

    async def ask(subscription, verb="GET", path="", *, status=200, json=None, **query):
        place = f"/operator/v1/businesses/{subscription['businessId']}/subscriptions/{subscription['id']}{path}"
        answer = await operator.request(verb, place, json=json, params=query)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    return ask


@pytest.fixture
def orders(receiver):
    """The orders that were told of."""
    return lambda: [one.body["orderId"] for one in receiver.told]


async def test_a_subscription_is_enabled_after_a_ping(subscribe, receiver, world, attempts):
    made = await subscribe("ORDER_CREATED", "CHAT_CREATED", "ORDER_CREATED")

    assert made == {
        "id": made["id"],
        "businessId": world["businessId"],
        "name": "Shop",
        "url": receiver.url,
        "types": ["CHAT_CREATED", "ORDER_CREATED"],
        "state": "ENABLED",
        "signed": False,
        "createdAt": made["createdAt"],
    }
    (ping,) = receiver.received
    assert ping.body == {"notificationType": "PING", "time": "2026-03-02T09:00:00Z"}
    (logged,) = await attempts(made)
    assert (logged["type"], logged["status"], logged["at"]) == ("PING", 200, "2026-03-02T09:00:00Z")
    assert logged["traceparent"] == ping.headers["traceparent"]


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (receivers.answer(500), "CANT_GET_RESPONSE HTTP (status 500"),
        (
            receivers.answer(200, {"name": "shop"}),
            "INVALID_RESPONSE INVALID_DATA (status 200: Object missing required field `version`: {",
        ),
    ],
)
async def test_without_an_answer_to_the_ping_there_is_no_subscription(operator, receiver, world, behaviour, said):
    path = f"/operator/v1/businesses/{world['businessId']}/subscriptions"
    receiver.always = behaviour

    answer = await operator.post(path, json={"name": "Shop", "url": receiver.url, "types": ["ORDER_CREATED"]})

    assert answer.status_code == 400
    assert said in answer.json()["errors"][0]["message"]
    assert (await operator.get(path)).json() == {"subscriptions": []}


async def test_an_answer_to_the_ping_is_not_waited_for_longer_than_a_second(operator, receiver, world, monkeypatch):
    assert A_SECOND == 1
    monkeypatch.setattr(knock, "PING_SECONDS", A_SECOND)
    path = f"/operator/v1/businesses/{world['businessId']}/subscriptions"
    receiver.always = receivers.held(asyncio.Event())

    answer = await operator.post(path, json={"name": "Shop", "url": receiver.url, "types": ["ORDER_CREATED"]})

    assert answer.status_code == 400
    assert "CANT_GET_RESPONSE READ_TIMED_OUT" in answer.json()["errors"][0]["message"]
    assert (await operator.get(path)).json() == {"subscriptions": []}


@pytest.mark.parametrize(
    "wrong",
    [
        {"types": []},
        {"types": ["PING"]},
        {"types": ["ORDER_SANG"]},
        {"url": "ftp://localhost"},
        {"url": "http://me:secret@localhost"},
        {"name": ""},
    ],
)
async def test_what_can_not_be_a_subscription(operator, receiver, world, wrong):
    path = f"/operator/v1/businesses/{world['businessId']}/subscriptions"
    body = {"name": "Shop", "url": receiver.url, "types": ["ORDER_CREATED"]}

    answer = await operator.post(path, json=body | wrong)

    assert answer.status_code == 400
    assert receiver.received == []


async def test_in_production_only_the_open_network_is_told(database):
    async with (
        playground.services_on(database, mode="production") as services,
        playground.client_of(services, token=playground.TOKEN) as operator,
        receivers.listening() as receiver,
    ):
        business = (await operator.post("/operator/v1/businesses", json={"name": "Лавка"})).json()
        path = f"/operator/v1/businesses/{business['id']}/subscriptions"
        for url in (receiver.url, f"https://127.0.0.1:{receiver.port}", f"https://localhost.:{receiver.port}"):
            answer = await operator.post(path, json={"name": "Shop", "url": url, "types": ["ORDER_CREATED"]})

            assert answer.status_code == 400, url
        assert receiver.connections == 0


async def test_a_campaign_is_told_instead_of_its_business(subscribe, place, deliverer, receiver, dbs, world):
    async with receivers.listening() as store:
        await subscribe("ORDER_CREATED", "ORDER_CANCELLED")
        await subscribe("ORDER_CREATED", campaign_id=dbs, url=store.url)
        in_store, elsewhere = await place(), await place(world["campaigns"][1]["id"])

        await deliverer.drain()

        assert [one.body["orderId"] for one in store.told] == [in_store]
        assert [one.body["orderId"] for one in receiver.told] == [elsewhere]


async def test_a_campaign_can_not_be_told_of_chats(operator, receiver, dbs):
    body = {"name": "Shop", "url": receiver.url, "types": ["CHAT_CREATED"]}

    answer = await operator.post(f"/operator/v1/campaigns/{dbs}/subscriptions", json=body)

    assert answer.status_code == 400


async def test_subscriptions_are_listed_by_level(operator, subscribe, world, dbs):
    whole, part = await subscribe(), await subscribe(campaign_id=dbs)

    async def ids(place):
        answer = (await operator.get(f"/operator/v1/{place}/subscriptions")).json()
        return [one["id"] for one in answer["subscriptions"]]

    assert await ids(f"businesses/{world['businessId']}") == [whole["id"], part["id"]]
    assert await ids(f"campaigns/{dbs}") == [part["id"]]


async def test_what_happens_in_a_pause_is_told_after_it(subscribe, place, deliverer, ask, orders):
    subscription = await subscribe()
    await ask(subscription, "POST", "/pause")
    placed = [await place() for _ in range(3)]
    await deliverer.drain()
    assert orders() == []

    resumed = await ask(subscription, "POST", "/resume")
    await deliverer.drain()

    assert resumed["state"] == "ENABLED"
    assert orders() == placed


async def test_what_happens_while_it_is_off_is_not_told(subscribe, place, deliverer, ask, orders, receiver):
    subscription = await subscribe()
    receiver.next = [receivers.answer(500)]
    await place()
    await deliverer.drain()
    await ask(subscription, "POST", "/disable")
    await place()
    await deliverer.drain()

    await ask(subscription, "POST", "/enable")
    later = await place()
    await deliverer.drain()

    assert orders()[1:] == [later]
    states = [one["state"] for one in (await ask(subscription, path="/deliveries"))["deliveries"]]
    assert states == ["DELIVERED", "DROPPED"]


async def test_one_that_was_switched_off_needs_a_ping_to_come_back(
    subscribe, place, ask, receiver, advance, orders, deliverer
):
    subscription = await subscribe()
    await receiver.stop()
    await place()
    await advance("P14D")
    await ask(subscription, "POST", "/enable", status=400)
    assert (await ask(subscription))["state"] == "SWITCHED_OFF"

    await receiver.start()
    enabled = await ask(subscription, "POST", "/enable")
    order_id = await place()
    await deliverer.drain()

    assert enabled["state"] == "ENABLED"
    assert "failingSince" not in enabled
    assert receiver.types == ["PING", "PING", "ORDER_CREATED"]
    assert orders() == [order_id]


@pytest.mark.parametrize("around", ["/disable", "/pause"])
async def test_there_is_no_way_around_the_ping_of_one_that_was_switched_off(
    subscribe, place, ask, receiver, advance, around
):
    subscription = await subscribe()
    await receiver.stop()
    await place()
    await advance("P14D")

    await ask(subscription, "POST", around, status=200 if around == "/disable" else 400)
    await ask(subscription, "POST", "/enable", status=400)

    assert (await ask(subscription))["state"] == "SWITCHED_OFF"


async def test_what_was_made_in_a_sandbox_leads_nowhere_inside_in_production(database, subscribe, receiver):
    subscription = await subscribe()
    async with (
        playground.services_on(database, mode="production") as production,
        playground.client_of(production, token=playground.TOKEN) as operator,
    ):
        path = f"/operator/v1/businesses/{subscription['businessId']}/subscriptions/{subscription['id']}/ping"

        ping = (await operator.post(path)).json()

    assert ping["error"] == {"type": "CANT_GET_RESPONSE", "subtype": "CONNECTION_REFUSED"}
    assert receiver.types == ["PING"]


async def test_one_is_sent_again(subscribe, place, deliverer, ask, orders):
    subscription = await subscribe()
    order_id = await place()
    await deliverer.drain()
    (delivery,) = (await ask(subscription, path="/deliveries"))["deliveries"]

    resent = await ask(subscription, "POST", f"/deliveries/{delivery['notificationId']}/resend")
    await deliverer.drain()

    assert resent == {"resent": 1}
    assert orders() == [order_id, order_id]
    (delivery,) = (await ask(subscription, path="/deliveries"))["deliveries"]
    assert (delivery["state"], delivery["attempts"]) == ("DELIVERED", 2)


async def test_what_it_never_had_can_not_be_sent_again(subscribe, ask):
    await ask(await subscribe(), "POST", "/deliveries/987654321/resend", status=404)


async def test_all_since_a_moment_is_sent_again_even_what_was_missed(
    subscribe, place, deliverer, ask, orders, advance, monkeypatch
):
    monkeypatch.setattr(outbox, "PAGE", 1)
    await place()
    await advance("PT1H")
    subscription = await subscribe("ORDER_CREATED")
    await ask(subscription, "POST", "/disable")
    missed = await place()
    await ask(subscription, "POST", "/resend", json={"since": "2026-03-02T10:00:00Z"}, status=400)
    await ask(subscription, "POST", "/enable")
    told = await place()
    await deliverer.drain()

    resent = await ask(subscription, "POST", "/resend", json={"since": "2026-03-02T10:00:00Z"})
    await deliverer.drain()

    assert resent == {"resent": 2}
    assert orders() == [told, missed, told]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_nothing_is_sent_again_since_the_ends_of_time(subscribe, ask, moment):
    await ask(await subscribe(), "POST", "/resend", json={"since": moment}, status=400)


async def test_what_a_campaign_is_told_is_not_sent_to_its_business_again(subscribe, place, deliverer, ask, orders, dbs):
    async with receivers.listening() as store:
        business = await subscribe("ORDER_CREATED")
        await subscribe("ORDER_CREATED", campaign_id=dbs, url=store.url)
        await place()
        await deliverer.drain()

        resent = await ask(business, "POST", "/resend", json={"since": "2026-03-02T00:00:00Z"})

        assert resent == {"resent": 0}


async def test_a_new_target_must_accept_a_ping(subscribe, ask, receiver):
    subscription = await subscribe()
    async with receivers.listening() as other:
        other.always = receivers.answer(503)
        await ask(subscription, "PATCH", json={"url": other.url}, status=400)
        assert (await ask(subscription))["url"] == receiver.url

        other.always = receivers.answer()
        changed = await ask(subscription, "PATCH", json={"url": other.url, "name": "Other"})

        assert (changed["url"], changed["name"], changed["types"]) == (other.url, "Other", subscription["types"])


async def test_a_ping_that_was_not_accepted_is_in_the_log_too(subscribe, ask, receiver, attempts):
    subscription = await subscribe()
    async with receivers.listening() as other:
        other.always = receivers.answer(503)
        await ask(subscription, "PATCH", json={"url": other.url}, status=400)

    assert [(one["type"], one["status"]) for one in await attempts(subscription)] == [("PING", 200), ("PING", 503)]


@pytest.mark.parametrize("state", ["DISABLED", "PAUSED"])
async def test_a_target_that_nobody_has_checked_must_accept_a_ping_once(subscribe, ask, receiver, state):
    receiver.always = receivers.answer(503)
    subscription = await subscribe(state=state)
    assert receiver.types == []

    await ask(subscription, "POST", "/enable", status=400)
    assert (await ask(subscription))["state"] == state

    receiver.always = receivers.answer()
    await ask(subscription, "POST", "/enable")
    await ask(subscription, "POST", "/disable")
    await ask(subscription, "POST", "/enable")
    assert receiver.types == ["PING", "PING"]


async def test_a_target_that_moved_in_a_pause_is_checked_after_it(subscribe, ask, receiver):
    subscription = await subscribe()
    async with receivers.listening() as other:
        other.always = receivers.answer(503)
        await ask(subscription, "PATCH", json={"state": "PAUSED", "url": other.url})

        await ask(subscription, "POST", "/resume", status=400)
        await ask(subscription, "PATCH", json={"state": "ENABLED", "check": False})

        assert (await ask(subscription))["state"] == "ENABLED"
        assert other.types == ["PING"]


async def test_what_failed_before_a_long_pause_is_tried_as_often_after_it(
    subscribe, place, ask, receiver, advance, orders
):
    subscription = await subscribe()
    receiver.always = receivers.answer(500)
    order_id = await place()
    await advance("PT0S")
    await ask(subscription, "POST", "/pause")
    await advance("P15D")
    await ask(subscription, "POST", "/resume")

    await advance("PT3M")
    receiver.always = receivers.answer()
    await advance("PT1M")

    assert orders() == [order_id] * 6
    (delivery,) = (await ask(subscription, path="/deliveries"))["deliveries"]
    assert (delivery["state"], delivery["attempts"]) == ("DELIVERED", 6)


async def test_who_pauses_it_while_a_new_target_is_checked_is_not_overruled(subscribe, ask, receiver):
    subscription = await subscribe()
    async with receivers.listening() as other:

        async def pause(told):
            await ask(subscription, "POST", "/pause")

        other.when_told = pause
        await ask(subscription, "PATCH", json={"url": other.url})

        changed = await ask(subscription)
        assert (changed["url"], changed["state"]) == (other.url, "PAUSED")


async def test_a_check_can_be_asked_for(subscribe, ask, receiver, attempts):
    subscription = await subscribe()
    receiver.next = [receivers.answer(502)]

    ping = await ask(subscription, "POST", "/ping")

    assert (ping["status"], ping["error"]) == (502, {"type": "CANT_GET_RESPONSE", "subtype": "HTTP"})
    assert [one["status"] for one in await attempts(subscription)] == [200, 502]


async def test_a_deleted_subscription_is_gone(subscribe, place, deliverer, ask, orders):
    subscription = await subscribe()
    await place()
    await ask(subscription, "DELETE")

    await deliverer.drain()

    assert orders() == []
    await ask(subscription, status=404)


async def test_signed_notifications_can_be_verified_and_the_secret_is_shown_once(
    subscribe, place, deliverer, receiver, ask
):
    subscription = await subscribe(signed=True)
    key = base64.b64decode(subscription["secret"].removeprefix("whsec_"))
    receiver.next = [receivers.answer(500)]
    await place()
    await deliverer.drain()

    assert "secret" not in await ask(subscription)
    assert "secret" not in await ask(subscription, "PATCH", json={"name": "Still signed"})
    for told in receiver.received:
        signed = f"{told.headers['webhook-id']}.{told.headers['webhook-timestamp']}.".encode() + told.raw
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert told.headers["webhook-signature"] == f"v1,{expected}"


async def test_nothing_is_signed_unless_asked_for(subscribe, receiver, ask):
    subscription = await subscribe(signed=True)
    await ask(subscription, "PATCH", json={"signed": False})

    await ask(subscription, "POST", "/ping")

    first, last = receiver.received
    assert "webhook-signature" in first.headers
    assert {name for name in last.headers if name.startswith("webhook")} == set()


async def test_another_business_s_subscription_is_out_of_reach(services, subscribe, client):
    subscription = await subscribe()
    stranger = (await client.post("/sandbox/v1/worlds", json={})).json()
    async with playground.client_of(services, token=stranger["operatorToken"]) as other:
        path = f"/operator/v1/businesses/{subscription['businessId']}/subscriptions/{subscription['id']}"
        assert (await other.get(path)).status_code == 403
        own = path.replace(str(subscription["businessId"]), str(stranger["businessId"]))
        assert (await other.get(own)).status_code == 404

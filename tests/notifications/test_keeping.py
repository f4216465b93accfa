"""How long it is kept what sellers were told: for some days, in a world for as long as there is one."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from korob.store import delivery_log
from tests.store.door import waiting

MUG = {"items": [{"offerId": "MUG", "price": 500, "count": 2}]}


@pytest.fixture
async def shop(operator):
    """A business outside of worlds, with one campaign."""
    business = (await operator.post("/operator/v1/businesses", json={"name": "Лавка"})).json()
    path = f"/operator/v1/businesses/{business['id']}/campaigns"
    campaign = (await operator.post(path, json={"name": "Лавка", "placementType": "DBS"})).json()
    return {"businessId": business["id"], "campaignId": campaign["id"]}


@pytest.fixture
def told(operator, services, shop, receiver, deliverer, database):
    """Have the shop told of an order, so many days ago."""
    subscriptions = []

    async def told(*, days, paused=False):
        path = f"/operator/v1/businesses/{shop['businessId']}/subscriptions"
        if not subscriptions:
            body = {"name": "Shop", "url": receiver.url, "types": ["ORDER_CREATED"]}
            subscriptions.append((await operator.post(path, json=body)).json())
        one = f"{path}/{subscriptions[0]['id']}"
        await operator.post(f"{one}/{'pause' if paused else 'resume'}")
        await _stock(database, shop)
        answer = await operator.post(f"/operator/v1/campaigns/{shop['campaignId']}/orders", json=MUG)
        assert answer.status_code == 200, answer.text
        await deliverer.drain()
        (newest, *_) = (await operator.get(f"{one}/deliveries")).json()["deliveries"]
        async with database.connection() as connection:
            await connection.execute(
                "UPDATE outbox SET at = now() - $2::interval WHERE id = $1",
                newest["notificationId"],
                timedelta(days=days),
            )
            await connection.execute("UPDATE attempts SET made_at = now() - $1::interval", timedelta(days=days))
        return newest["notificationId"], one

    return told


async def _stock(database, shop):
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO stock (business_id, campaign_id, offer_id, count) VALUES ($1, $2, 'MUG', NULL) "
            "ON CONFLICT DO NOTHING",
            shop["businessId"],
            shop["campaignId"],
        )


@pytest.fixture
def forget(database):
    """Forget what is thirty days old."""
    return lambda: delivery_log.forget_old(database, before=datetime.now(UTC) - timedelta(days=30))


async def _kept(operator, one):
    deliveries = (await operator.get(f"{one}/deliveries")).json()["deliveries"]
    attempts = (await operator.get(f"{one}/attempts")).json()["attempts"]
    return [row["notificationId"] for row in deliveries], len(attempts)


async def test_what_was_told_is_forgotten_after_thirty_days_with_the_attempts(told, forget, operator, database):
    _, one = await told(days=31)
    forgotten = await forget()

    assert forgotten == 3, "a PING, an attempt, and what it was made for"
    assert await _kept(operator, one) == ([], 0)
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM outbox") == 0


async def test_what_is_younger_is_kept(told, forget, operator):
    number, one = await told(days=29)

    assert await forget() == 0
    assert await _kept(operator, one) == ([number], 2)


async def test_what_still_waits_is_kept_however_old_it_is(told, forget, operator, receiver, deliverer):
    number, one = await told(days=40, paused=True)

    await forget()
    assert await _kept(operator, one) == ([number], 0)
    await operator.post(f"{one}/resume")
    await deliverer.drain()

    assert len(receiver.told) == 1


async def test_much_is_forgotten_a_little_at_a_time(told, forget, operator, monkeypatch):
    monkeypatch.setattr(delivery_log, "SWEPT_AT_ONCE", 2)
    for days in (33, 32, 31, 31, 31):
        await told(days=days)
    waiting = [(await told(days=days, paused=True))[0] for days in (50, 50, 50)]
    _, one = await told(days=32, paused=True)

    await forget()

    kept, attempts = await _kept(operator, one)
    assert (kept[1:], attempts) == (waiting[::-1], 0)


async def test_a_world_s_inbox_is_kept_and_its_log_is_not(
    subscribe, place, deliverer, inbox, attempts, forget, database
):
    subscription = await subscribe()
    await place()
    await deliverer.drain()
    async with database.connection() as connection:
        await connection.execute("UPDATE attempts SET made_at = now() - interval '31 days'")
        await connection.execute("UPDATE outbox SET at = now() - interval '31 days'")

    await forget()

    assert [one["attempts"] for one in await inbox()] == [1]
    assert await attempts(subscription) == []


async def test_what_is_sent_again_at_that_very_moment_is_kept(told, forget, operator, database):
    number, one = await told(days=31)
    async with database.connection() as connection:
        await connection.execute("DELETE FROM deliveries")
        sending = connection.transaction()
        await sending.start()
        await connection.execute(
            "INSERT INTO deliveries (business_id, outbox_id, subscription_id, due_at) "
            "SELECT o.business_id, o.id, s.id, now() FROM outbox o, subscriptions s"
        )
        forgetting = asyncio.create_task(forget())
        await waiting(database, 1)
        await sending.commit()
    await forgetting

    assert (await _kept(operator, one))[0] == [number]

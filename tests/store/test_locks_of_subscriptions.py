"""Whoever has to do with several subscriptions locks them in the order of their keys: nobody waits crosswise."""

import asyncio
from datetime import UTC, datetime

import pytest

from korob.domain.notification import Attempt, DeliveryState, NotificationType
from korob.store import deliveries, delivery_log, outbox
from korob.store.deliveries import Knocked
from korob.store.outbox import Addressed
from tests.store.door import a_business, table, waiting

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOLDER = 7
MANY = 16


@pytest.fixture
async def business(database):
    """A business with one notification, on its way to each of its subscriptions, all of which `HOLDER` has on lease."""
    number = a_business()
    async with database.connection() as connection:
        await connection.execute("INSERT INTO businesses (id, name) VALUES ($1, 'Лавка')", number)
        await connection.execute(
            """
            INSERT INTO outbox (business_id, campaign_id, order_id, version, type, at, body)
            VALUES ($1, 1, 1, 1, 'ORDER_CREATED', $2, '{}')
            """,
            number,
            NOW,
        )
        # The last one lies first, where whoever goes through the table as it lies begins.
        await connection.execute(
            """
            INSERT INTO subscriptions (business_id, id, name, url, types, state, any_address, leased_by, look_at)
            OVERRIDING SYSTEM VALUE
            SELECT $1, id, 'Shop', 'https://shop.example', '{ORDER_CREATED}', 'ENABLED', false, $2, $3
            FROM generate_series($4::int, 1, -1) AS id
            """,
            number,
            HOLDER,
            NOW,
            MANY,
        )
        await connection.execute(
            """
            INSERT INTO deliveries (business_id, outbox_id, subscription_id, due_at)
            SELECT o.business_id, o.id, s.id, $2
            FROM outbox o JOIN subscriptions s USING (business_id)
            WHERE business_id = $1
            """,
            number,
            NOW,
        )
    return number


async def lease(database, business, outbox_id):
    await deliveries.lease(database, HOLDER, limit=MANY)


async def renew(database, business, outbox_id):
    await deliveries.renew(database, HOLDER)


async def release(database, business, outbox_id):
    await deliveries.release(database, HOLDER, [(business, number) for number in range(MANY, 0, -1)])


async def settle(database, business, outbox_id):
    attempt = Attempt(seconds=0.1, traceparent="", answer="")
    await deliveries.settle(
        database,
        [
            Knocked(
                business_id=business,
                outbox_id=outbox_id,
                subscription_id=number,
                type=NotificationType.ORDER_CREATED,
                at=NOW,
                was_due_at=NOW,
                attempt=attempt,
                state=DeliveryState.DELIVERED,
                due_at=NOW,
                alive=True,
            )
            for number in range(MANY, 0, -1)
        ],
    )


async def dispatch(database, business, outbox_id):
    fresh, _ = await outbox.fresh(database, limit=1)
    async with database.connection() as connection:
        await connection.execute("DELETE FROM deliveries")
    await outbox.dispatch(database, fresh, [Addressed(business, outbox_id, number) for number in range(MANY, 0, -1)])


async def resend(database, business, outbox_id):
    await delivery_log.resend(database, business, 1, [outbox_id], now=NOW)


@pytest.mark.parametrize("work", [lease, renew, release, settle, dispatch])
async def test_who_waits_for_the_first_subscription_has_none_of_the_others(database, business, work):
    ((outbox_id,),) = await table(database, "SELECT id FROM outbox")
    async with database.transaction() as rival:
        await rival.execute("SELECT FROM subscriptions WHERE id = 1 FOR NO KEY UPDATE")
        working = asyncio.create_task(work(database, business, outbox_id))
        await waiting(database, 1)

        free = await rival.fetch("SELECT id FROM subscriptions WHERE id > 1 FOR NO KEY UPDATE NOWAIT")

    await working
    assert len(free) == MANY - 1


@pytest.mark.parametrize("work", [settle, resend])
async def test_who_waits_for_a_subscription_has_none_of_its_deliveries(database, business, work):
    ((outbox_id,),) = await table(database, "SELECT id FROM outbox")

    async with database.transaction() as rival:
        await rival.execute("SELECT FROM subscriptions WHERE id = 1 FOR NO KEY UPDATE")
        working = asyncio.create_task(work(database, business, outbox_id))
        await waiting(database, 1)

        free = await rival.fetch("SELECT FROM deliveries FOR NO KEY UPDATE NOWAIT")

    await working
    assert len(free) == MANY

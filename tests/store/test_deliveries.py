"""What is written down of deliveries by those who come late, or never again."""

from datetime import UTC, datetime, timedelta

import pytest

from korob.domain.notification import Attempt, DeliveryState, ErrorSubtype, NotificationType
from korob.store import deliveries, subscriptions
from korob.store.deliveries import JUMP, Knocked
from tests.store.door import a_business, column, table

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def business(database):
    """A business with one notification on its way to its one subscription, due now."""
    number = a_business()
    await table(database, "INSERT INTO businesses (id, name) VALUES ($1, 'Лавка')", number)
    await table(
        database,
        """
        WITH told AS (
            INSERT INTO outbox (business_id, campaign_id, order_id, version, type, at, body)
            VALUES ($1, 1, 1, 1, 'ORDER_CREATED', $2, '{}')
            RETURNING id
        ), subscription AS (
            INSERT INTO subscriptions (business_id, name, url, types, state, any_address)
            VALUES ($1, 'Shop', 'https://shop.example', '{ORDER_CREATED}', 'ENABLED', false)
            RETURNING id
        )
        INSERT INTO deliveries (business_id, outbox_id, subscription_id, due_at)
        SELECT $1, told.id, subscription.id, $2 FROM told, subscription
        """,
        number,
        NOW,
    )
    return number


@pytest.mark.parametrize(("was_due_at", "state"), [(NOW, "DROPPED"), (NOW - HOUR, "WAITING")])
async def test_a_failure_counts_only_if_nobody_has_moved_the_delivery_since(database, business, was_due_at, state):
    ((outbox_id, subscription_id),) = await table(database, "SELECT outbox_id, subscription_id FROM deliveries")
    failed = Knocked(
        business_id=business,
        outbox_id=outbox_id,
        subscription_id=subscription_id,
        type=NotificationType.ORDER_CREATED,
        at=NOW,
        was_due_at=was_due_at,
        attempt=Attempt(seconds=0.1, traceparent="", answer="", error=ErrorSubtype.READ_TIMED_OUT),
        state=DeliveryState.DROPPED,
        due_at=NOW + HOUR,
        alive=False,
    )

    await deliveries.settle(database, [failed])

    assert await column(database, "SELECT state FROM deliveries") == [state]


@pytest.mark.parametrize(("since", "lessee"), [(HOUR, None), (-HOUR, JUMP)])
async def test_a_lease_that_was_not_renewed_counts_for_nothing(database, business, since, lessee):
    await table(database, "UPDATE subscriptions SET leased_by = $1, leased_until = now() - $2::interval", JUMP, since)

    await deliveries.recover(database, holder=7)

    assert await column(database, "SELECT leased_by FROM subscriptions") == [lessee]


@pytest.mark.parametrize(("failing_since", "state"), [(NOW, "SWITCHED_OFF"), (NOW + HOUR, "ENABLED")])
async def test_a_subscription_that_was_alive_since_is_not_switched_off(database, business, failing_since, state):
    ((number,),) = await table(database, "UPDATE subscriptions SET failing_since = $1 RETURNING id", failing_since)

    await subscriptions.switch_off(database, business, number, failing_since=NOW)

    assert await column(database, "SELECT state FROM subscriptions") == [state]

"""A search costs what it finds, not what there is: it goes by the index of what is wished for."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from korob.store import delivery_log, request_log, stocks, waiting
from korob.store.database import Database
from korob.store.request_log import Search
from tests.store.door import a_business, column, table

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MANY = 2_000
FEW = 20


@pytest.fixture
async def alone(fresh_url):
    """The only connection to a database: what it has read is known exactly."""
    opened = await Database.open(fresh_url, connections=1)
    yield opened
    await opened.close()


@pytest.fixture
async def business(alone):
    number = a_business()
    await table(alone, "INSERT INTO businesses (id, name) VALUES ($1, 'Лавка')", number)
    return number


@pytest.fixture
def read_of(alone):
    """How many entries were read of each index of a table since the last look; nothing of one that was not read."""
    seen = {}

    async def read_of(name):
        await column(alone, "SELECT pg_stat_force_next_flush()")
        found = dict(
            await table(alone, "SELECT indexrelname, idx_tup_read FROM pg_stat_user_indexes WHERE relname = $1", name)
        )
        read = {index: entries - seen.get(index, 0) for index, entries in found.items()}
        seen.update(found)
        return {index: entries for index, entries in read.items() if entries}

    return read_of


@pytest.fixture
async def calls(alone, business):
    """Calls of a seller's program, one a minute, each about an order of its own and in a trace of its own."""
    await table(
        alone,
        """
        INSERT INTO request_log (business_id, at, order_id, operation, verb, path, status, milliseconds, trace,
                                 key_name, rehearsed, request, answer)
        SELECT $1, $2::timestamptz - number * interval '1 minute', number, 'getOrder', 'GET', '/', 200, 1,
               lpad(number::text, 32, '0')::uuid, 'key', false, '', ''
        FROM generate_series(1, $3::int) AS number
        """,
        business,
        NOW,
        MANY,
    )
    await table(alone, "ANALYZE request_log")


@pytest.mark.parametrize(
    ("wish", "index"),
    [
        (Search(order_id=70), "request_log_of_an_order"),
        (Search(trace=UUID(int=0x70)), "request_log_by_trace"),
    ],
)
async def test_a_call_is_found_by_its_order_or_its_trace(alone, business, calls, read_of, wish, index):
    await read_of("request_log")

    (call,) = await request_log.search(alone, business, wish)

    assert call.order_id == 70
    assert await read_of("request_log") == {index: 1}


async def test_of_calls_only_those_that_are_forgotten_are_looked_at(alone, calls, read_of):
    await read_of("request_log")

    assert await request_log.forget_old(alone, before=NOW - timedelta(minutes=MANY - FEW)) == FEW

    read = await read_of("request_log")
    assert read.keys() == {"request_log_by_age", "request_log_pkey"}
    assert read["request_log_by_age"] <= 2 * FEW


async def test_attempts_for_one_notification_are_found_among_many(alone, business, read_of):
    (subscription_id,) = await column(
        alone,
        """
        INSERT INTO subscriptions (business_id, name, url, types, state, any_address)
        VALUES ($1, 'Shop', 'https://shop.example', '{ORDER_CREATED}', 'ENABLED', false)
        RETURNING id
        """,
        business,
    )
    await table(
        alone,
        """
        INSERT INTO attempts (business_id, subscription_id, outbox_id, type, at, seconds, answer, traceparent)
        SELECT $1, $2, number, 'ORDER_CREATED', $3, 1, '', '' FROM generate_series(1, $4::int) AS number
        """,
        business,
        subscription_id,
        NOW,
        MANY,
    )
    await table(alone, "ANALYZE attempts")
    await read_of("attempts")

    (attempt,) = await delivery_log.attempts(alone, business, subscription_id, outbox_id=70, limit=50)

    assert attempt.outbox_id == 70
    assert await read_of("attempts") == {"attempts_of_a_notification": 1}


async def test_the_stock_of_an_offer_is_found_among_that_of_many(alone, business, read_of):
    await table(
        alone,
        """
        INSERT INTO stock (business_id, campaign_id, offer_id, count, updated_at)
        SELECT $1, 1, 'TEA-' || number, 1, $2 FROM generate_series(1, $3::int) AS number
        """,
        business,
        NOW,
        MANY,
    )
    await table(alone, "ANALYZE stock")
    await read_of("stock")

    (level,) = await stocks.levels(alone, business, 1, now=NOW, offer_ids=["TEA-70"])

    assert level.offer_id == "TEA-70"
    assert sum((await read_of("stock")).values()) <= FEW


async def test_orders_that_wait_longer_are_not_looked_at(alone, business, read_of):
    await table(
        alone,
        """
        INSERT INTO orders (business_id, order_id, campaign_id, version, format, model, status, substatus, created_at,
                            updated_at, look_at, buyer_type, source_platform, fake, has_cis, cancel_requested,
                            estimated, body)
        SELECT $1, number, 1, 1, 1, 'DBS', 'UNPAID', '', $2, $2, $2::timestamptz + number * interval '1 hour',
               'PERSON', 'MARKET', false, false, false, false, '{}'
        FROM generate_series(1, $3::int) AS number
        """,
        business,
        NOW,
        MANY,
    )
    await read_of("orders")

    assert await waiting.of_campaign(alone, business, 1, until=NOW, limit=50) == ()

    assert await read_of("orders") == {}

"""The bench has statements of its own beside Korob's: a table that changes must not leave them behind."""

import re

import pytest

from bench import pgbench
from korob.store.orders import Orders
from tests.store import door


@pytest.fixture
async def orders(database):
    """The door of one process."""
    opened = Orders(database, news=lambda _: ())
    yield opened
    await opened.close()


async def test_bare_postgresql_reads_the_order_that_korob_wrote(orders):
    key = await door.place(orders)

    rows = await run(orders, key, pgbench.READ)

    assert b'"id": %d' % key.order_id in rows[0]["body"]


@pytest.mark.parametrize(("beside", "movements"), [(pgbench.HELD, 1), ("", 0)], ids=["remove items", "boxes"])
async def test_bare_postgresql_writes_the_rows_that_korob_writes(orders, beside, movements):
    key = await door.place(orders)

    rows = await run(orders, key, pgbench.WRITE.format(beside=beside))

    async with orders.database.connection() as connection:
        history = await connection.fetchval("SELECT count(*) FROM history WHERE order_id = $1", key.order_id)
        moved = await connection.fetchval("SELECT count(*) FROM stock_movements WHERE order_id = $1", key.order_id)
    assert rows[0]["version"] == 2
    assert (history, moved) == (2, movements)


async def run(orders, key, script):
    """Run a statement as pgbench does: what has a colon before it is filled in."""
    values = {
        "business": key.business_id,
        "campaign": key.campaign_id,
        "n": key.order_id,
        "body": b"{}",
        "act": "REMOVE_ITEMS",
        "events": b"[]",
    }
    named = [name for name in values if re.search(rf":{name}\b", script)]
    for place, name in enumerate(named, 1):
        script = re.sub(rf":{name}\b", f"${place}", script)
    async with orders.database.connection() as connection:
        return await connection.fetch(script, *(values[name] for name in named))

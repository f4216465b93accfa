"""Two processes write to the same sixty orders: nothing is lost, nobody sees a deadlock, and nobody waits long.

`KOROB_RACE_SECONDS=60` runs it for a minute and measures; it is a few seconds otherwise, on a machine that has other
things to do.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from korob.domain.change import Change, OrderPlaced
from korob.domain.words import Actor, Model
from tests.examples import PLACED_AT, an_order
from tests.races.rival import CAMPAIGN, FIRST, ITEMS, ORDERS
from tests.store.door import a_business, a_process

MEASURED = "KOROB_RACE_SECONDS" in os.environ
SECONDS = float(os.environ.get("KOROB_RACE_SECONDS", "4"))
WAIT_MS_MAX = 100
"""What 99 of 100 requests take at most, if it is measured."""
REFUSED = {"refused"}
EXPECTED = REFUSED | {
    "read",
    "take_one_unit_out",
    "pack_each_position_by_itself",
    "pack_all_together",
    "finish_or_begin_again",
}


@pytest.fixture
async def business(database):
    """A business with sixty orders, half of them DBS and half FBS."""
    number = a_business()
    async with database.connection() as connection:
        await connection.execute("INSERT INTO businesses (id, name) VALUES ($1, 'Лавка')", number)
    return number


async def place_orders(url, business):
    async with a_process(url) as orders:
        for number in range(ORDERS):
            order = an_order(
                id=FIRST + number,
                business_id=business,
                campaign_id=CAMPAIGN,
                model=(Model.DBS, Model.FBS)[number % 2],
                items=ITEMS,
            )
            await orders.place(Change(order, Actor.BUYER, "PLACE", PLACED_AT, (OrderPlaced(),)))


async def race(url, business, *, rivals):
    """Let them go at the same moment; what each of them says it did."""
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.races.rival", url, str(business), str(SECONDS), str(seed)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=Path(__file__).parent.parent.parent,
            limit=2**26,
        )
        for seed in range(rivals)
    ]
    for process in processes:
        assert await process.stdout.readline() == b"ready\n"
    for process in processes:
        process.stdin.write(b"go\n")
    told = [json.loads(await process.stdout.readline()) for process in processes]
    assert [await process.wait() for process in processes] == [0] * rivals
    return told


async def test_two_processes_at_the_same_sixty_orders(fresh_url, database, business, capsys):
    await place_orders(fresh_url, business)

    told = await race(fresh_url, business, rivals=2)

    outcomes = sum((Counter(one["outcomes"]) for one in told), Counter())
    writes = sorted(ms for one in told for ms in one["write_ms"])
    reads = sorted(ms for one in told for ms in one["read_ms"])
    with capsys.disabled():
        print(f"\n{SECONDS:g} s, two processes, {ORDERS} orders: {dict(outcomes)}")
        for name, taken in (("writes", writes), ("reads", reads)):
            print(
                f"{name}: {len(taken) / SECONDS:.0f}/s, p50 {at(taken, 0.5):.1f} ms, "
                f"p99 {at(taken, 0.99):.1f} ms, longest {taken[-1]:.1f} ms"
            )
    assert set(outcomes) <= EXPECTED, "no deadlock and no lost race reaches a caller"
    assert all(outcomes[name] for name in EXPECTED - REFUSED)
    acknowledged = sum((Counter(one["writes"]) for one in told), Counter())
    assert await history_of(database, business) == {
        FIRST + number: list(range(1, 2 + acknowledged[str(FIRST + number)])) for number in range(ORDERS)
    }
    assert await deadlocks_in(database) == 0, "who meets one waits for a second, and nobody sees it but PostgreSQL"
    if MEASURED:
        assert at(writes, 0.99) < WAIT_MS_MAX
        assert at(reads, 0.99) < WAIT_MS_MAX


async def deadlocks_in(database):
    """How many PostgreSQL has met in this database; those who worked there have told, since they have gone."""
    async with database.connection() as connection:
        return await connection.fetchval("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


def at(taken, share):
    return taken[int(len(taken) * share)]


async def history_of(database, business):
    """The versions of every order, as its history has them; the last is that of the order's own row."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT o.order_id, array_agg(h.version ORDER BY h.version) AS versions, o.version
            FROM orders o JOIN history h USING (business_id, order_id)
            WHERE o.business_id = $1
            GROUP BY o.order_id, o.version
            """,
            business,
        )
    assert all(row["versions"][-1] == row["version"] for row in rows)
    return {row["order_id"]: row["versions"] for row in rows}

"""What falls due is settled unasked, a turn at a time."""

from datetime import UTC, datetime, timedelta

import pytest

from korob.domain.words import PaymentType, Status
from korob.store import jumps, worlds
from korob.timers import runner
from korob.timers.runner import Timers
from tests.store.door import a_process, column, place


@pytest.fixture
async def orders(fresh_url):
    async with a_process(fresh_url) as opened:
        yield opened


@pytest.fixture
def timers(orders):
    return Timers(orders.database, orders)


async def place_unpaid(orders, business_id=None, *, hours_ago):
    """An order that nobody has paid for since then: half an hour is what it waits."""
    since = datetime.now(UTC) - timedelta(hours=hours_ago)
    times = {"since": since, "created_at": since, "updated_at": since}
    return await place(orders, business_id, status=Status.UNPAID, payment_type=PaymentType.PREPAID, **times)


async def status_of(orders, key):
    (status,) = await column(
        orders.database, "SELECT status FROM orders WHERE business_id = $1 AND order_id = $2", key[0], key[2]
    )
    return status


async def test_a_turn_settles_what_is_due_and_nothing_else(orders, timers):
    due, waits = await place_unpaid(orders, hours_ago=1), await place_unpaid(orders, hours_ago=0)

    assert [await timers.turn(), await timers.turn()] == [1, 0]

    assert (await status_of(orders, due), await status_of(orders, waits)) == ("CANCELLED", "UNPAID")


async def test_an_order_that_trips_over_a_bug_is_left_alone_for_a_while_and_holds_up_nobody(
    orders, timers, monkeypatch
):
    bad, good = await place_unpaid(orders, hours_ago=2), await place_unpaid(orders, hours_ago=1)
    settle = orders.settle

    async def stumble(key, *, now):
        if key == bad:
            raise KeyError("bug")
        return await settle(key, now=now)

    monkeypatch.setattr(orders, "settle", stumble)
    monkeypatch.setattr(runner, "AT_ONCE", 1)

    assert [await timers.turn() for _ in range(3)] == [1, 1, 0]

    assert (await status_of(orders, bad), await status_of(orders, good)) == ("UNPAID", "CANCELLED")


async def test_a_world_whose_clock_is_jumping_is_left_to_the_jump(orders, timers):
    wall = datetime.now(UTC)
    world = await worlds.create(orders.database, seed=1, now=wall, wall=wall)
    key = await place_unpaid(orders, world.id, hours_ago=1)
    await jumps.begin(orders.database, world.id, to=wall, key=None)

    during = await timers.turn()
    await jumps.end(orders.database, world.id, to=wall, wall=wall, answer=b"{}")

    assert (during, await timers.turn()) == (0, 1)
    assert await status_of(orders, key) == "CANCELLED"

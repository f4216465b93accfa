"""A jump goes from deadline to deadline, never back and never beyond its target."""

from datetime import UTC, datetime, timedelta

import pytest

from korob.domain.words import PaymentType, Status
from korob.store import jumps, worlds
from korob.store.orders import Orders
from tests.store.door import place

WALL = datetime(2026, 3, 2, 12, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
"""How long an order waits to be paid."""


@pytest.fixture
async def orders(shared_database):
    opened = Orders(shared_database, news=lambda _: ())
    yield opened
    await opened.close()


async def a_world(database, *, frozen):
    return await worlds.create(database, seed=None, now=WALL, wall=WALL, frozen=frozen)


async def place_unpaid(orders, world, *, due_at, number=1):
    since = due_at - HALF_AN_HOUR
    facts = {"since": since, "created_at": since, "updated_at": since, "id": 50_000_000_000 + number}
    key = await place(orders, world.id, status=Status.UNPAID, payment_type=PaymentType.PREPAID, **facts)
    return key.campaign_id, key.order_id


async def step(database, world, *, until):
    return await jumps.step(database, world.id, until=until, ran=0, wall=WALL)


@pytest.mark.parametrize("frozen", [False, True])
async def test_what_was_due_before_the_jump_does_not_set_the_clock_back(shared_database, orders, frozen):
    world = await a_world(shared_database, frozen=frozen)
    order = await place_unpaid(orders, world, due_at=WALL - timedelta(hours=1))

    met = await step(shared_database, world, until=WALL + timedelta(hours=1))

    assert (met.orders, met.at) == ((order,), WALL)
    assert (met.clock.frozen_at or WALL + met.clock.offset) == WALL


@pytest.mark.parametrize("frozen", [False, True])
async def test_a_target_that_is_past_by_now_does_not_set_the_clock_back(shared_database, frozen):
    world = await a_world(shared_database, frozen=frozen)

    clock = await jumps.end(shared_database, world.id, to=WALL - timedelta(hours=1), wall=WALL, answer=b"{}")

    assert (clock.frozen_at or WALL + clock.offset) == WALL


async def test_a_deadline_right_after_the_target_is_not_met(shared_database, orders):
    world = await a_world(shared_database, frozen=True)
    until = WALL + timedelta(hours=1)
    order = await place_unpaid(orders, world, due_at=until)
    await place_unpaid(orders, world, due_at=until + jumps.GRAIN / 2, number=2)

    met = await step(shared_database, world, until=until)

    assert (met.orders, met.at) == ((order,), until)

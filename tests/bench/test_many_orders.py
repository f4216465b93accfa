"""Orders written by the thousand are those that the store would have written one change at a time."""

import random
from datetime import date, timedelta

import msgspec
import pytest

from bench import many_orders
from bench.many_orders import Copy
from korob.domain import deadlines
from korob.domain.moscow import ONE_DAY
from korob.notifications import bodies
from korob.store import order_rows, worlds
from korob.store.orders import OrderKey, Orders
from tests.bench.shop import NOW, a_year

SIDES = {
    "orders": "birth",
    "history": "change_id",
    "outbox": "id, trace, dispatched",
    "stock_movements": "id",
    "operations": "",
    "code_questions": "asked_at, next_at",
    "given_codes": "",
}
"""The tables that an order has rows in, and what is drawn anew for each row."""


@pytest.fixture
async def world(database):
    return await worlds.create(database, seed=1, now=NOW, wall=NOW, frozen=True)


@pytest.fixture
async def orders(database):
    door = Orders(database, news=bodies.news)
    yield door
    await door.close()


async def written(orders):
    """All that is written of orders; then it is as if there never were any."""
    content = {}
    async with orders.database.connection() as connection:
        for table, drawn in SIDES.items():
            found = await connection.fetch(
                f"SELECT (to_jsonb(t) - string_to_array('{drawn}', ', '))::text FROM {table} t"  # noqa: S608
            )
            content[table] = sorted(row[0] for row in found)
            await connection.execute(f"DELETE FROM {table}")  # noqa: S608
    orders._known.clear()
    return content


async def live(orders, life):
    """Lead a life through the door, one change after the other."""
    placed, *others = life.changes
    before = await orders.place(placed)
    key = OrderKey(before.business_id, before.campaign_id, before.id)
    for change in others:
        if deadlines.settle(before, now=change.at) == change:
            await orders.settle(key, now=change.at)
        else:
            await orders.change(key, lambda order, now, change=change: change, now=change.at)
        before = change.order


async def test_what_is_written_at_once_is_what_the_door_writes_in_time(world, orders):
    led = many_orders._led(world.campaigns, 40, NOW - timedelta(days=70), random.Random(1))  # noqa: S311

    for life in led:
        await live(orders, life)
        by_the_door = await written(orders)
        await many_orders.write(orders.database, iter([Copy(life, 0, many_orders._IDS[0])]), now=NOW)

        assert await written(orders) == by_the_door
        assert len(by_the_door["history"]) == len(life.changes)


def moved(value, copy):
    """The value with its days and ids as the copy has them."""
    if isinstance(value, msgspec.Struct):
        names = value.__struct_fields__
        return msgspec.structs.replace(value, **{name: moved(getattr(value, name), copy) for name in names})
    if isinstance(value, tuple):
        return tuple(moved(one, copy) for one in value)
    if isinstance(value, date):
        return value + ONE_DAY * copy.later
    if type(value) is int and value in many_orders._IDS:
        return copy.first_id + many_orders._IDS.index(value)
    if type(value) is str:
        return value.replace(str(many_orders._IDS[0]), str(copy.first_id))
    return value


async def test_a_copy_is_the_same_life_on_another_day_cut_at_the_moment_that_is_now(world, orders):
    led = many_orders._led(world.campaigns, 30, NOW, random.Random(2))  # noqa: S311

    for number, life in enumerate(led):
        copy = Copy(life, -(number % 10) - 1, 5_000_000 + number * 64)
        await many_orders.write(orders.database, iter([copy]), now=NOW)
        happened = life.until(NOW - ONE_DAY * copy.later)
        expected = moved(happened[-1].order, copy)

        key = OrderKey(world.id, expected.campaign_id, copy.first_id)
        assert await orders.read(key, now=NOW) == expected
        async with orders.database.connection() as connection:
            row = await connection.fetchrow("SELECT * FROM orders WHERE order_id = $1", copy.first_id)
            versions = await connection.fetch(
                "SELECT version, at, act FROM history WHERE order_id = $1 ORDER BY version", copy.first_id
            )
        beside = msgspec.structs.asdict(order_rows.new_row(expected, len(happened)))
        assert {name: row[name] for name in beside.keys() & set(row.keys()) - {"body"}} == {
            name: value for name, value in beside.items() if name not in {"expected", "body"}
        }
        assert [tuple(version) for version in versions] == [
            (place, change.at + ONE_DAY * copy.later, change.act) for place, change in enumerate(happened, 1)
        ]


async def test_a_year_of_orders_is_of_all_kinds_and_none_of_them_waits_for_what_is_over(database, monkeypatch):
    world = await a_year(database, monkeypatch, count=1_500)

    async with database.connection() as connection:
        rows = await connection.fetch("SELECT * FROM orders ORDER BY created_at, order_id")
    assert len(rows) == 1_500
    assert {row["campaign_id"] for row in rows} == {campaign.id for campaign in world.campaigns}
    assert {"PROCESSING", "DELIVERY", "PICKUP", "DELIVERED", "CANCELLED"} <= {row["status"] for row in rows}
    assert rows[0]["created_at"] < NOW - timedelta(days=363)
    assert NOW - timedelta(days=1) < rows[-1]["created_at"] <= max(row["updated_at"] for row in rows) <= NOW
    assert sorted(row["order_id"] for row in rows) == [row["order_id"] for row in rows]
    assert all(row["look_at"] > NOW for row in rows if row["look_at"])
    ended = sum(row["status"] in {"DELIVERED", "CANCELLED"} for row in rows)
    assert 0.85 < ended / len(rows) < 0.99

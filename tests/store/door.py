"""What stories about the door share: somebody who opens it, something to do behind it, and a look at what is kept."""

import itertools
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from msgspec.structs import replace

from korob.domain.change import Change, Noted, OrderPlaced
from korob.domain.order import Order
from korob.domain.words import Actor
from korob.store.database import Database
from korob.store.order_saves import News
from korob.store.orders import OrderKey, Orders
from tests.examples import PLACED_AT, an_order
from tests.patience import enough


def tell_everything(change: Change) -> Sequence[News]:
    """Every event is worth a notice."""
    return [News(type(event).__name__, change.at, b'{"told":true}') for event in change.events]


@asynccontextmanager
async def a_process(url: str, *, news: Callable[[Change], Sequence[News]] = tell_everything):
    """The door as one process has it: connections and memory of its own."""
    database = await Database.open(url)
    orders = Orders(database, news=news)
    try:
        yield orders
    finally:
        await orders.close()
        await database.close()


def a_business() -> int:
    """The id of a business that no other test has."""
    return next(_BUSINESSES)


async def place(orders: Orders, business_id: int | None = None, **more) -> OrderKey:
    """Place an order, of a business of its own unless said otherwise; its key."""
    order = an_order(business_id=business_id or a_business(), **more)
    async with orders.database.connection() as connection:
        await connection.execute(
            "INSERT INTO businesses (id, name) VALUES ($1, 'Лавка') ON CONFLICT DO NOTHING", order.business_id
        )
    await orders.place(Change(order, Actor.BUYER, "PLACE", PLACED_AT, (OrderPlaced(),)))
    return OrderKey(order.business_id, order.campaign_id, order.id)


def note(text: str) -> Callable[[Order, datetime], Change]:
    """Write something more behind the notes of an order: what was done twice would stand there twice."""

    def decide(order: Order, now: datetime) -> Change:
        changed = replace(order, notes=(order.notes or "") + text, updated_at=now)
        return Change(changed, Actor.SELLER, "NOTE", now, (Noted(text),))

    return decide


async def column(database: Database, statement: str, *arguments) -> list:
    return [row[0] for row in await table(database, statement, *arguments)]


async def table(database: Database, statement: str, *arguments) -> list[tuple]:
    async with database.connection() as connection:
        return [tuple(row) for row in await connection.fetch(statement, *arguments)]


async def waiting(database: Database, count: int) -> None:
    """Until so many statements wait for a lock."""
    async with enough():
        while await column(database, _WAITING) != [count]:
            pass


async def versions(database: Database, key: OrderKey) -> list[int]:
    """The versions in the order's history, the first one first."""
    return await column(
        database,
        "SELECT version FROM history WHERE business_id = $1 AND order_id = $2 ORDER BY version",
        key.business_id,
        key.order_id,
    )


async def told(database: Database, key: OrderKey) -> list[tuple[int, str]]:
    """Version and type of every notice, in the order of the versions."""
    return await table(
        database,
        "SELECT version, type FROM outbox WHERE business_id = $1 AND order_id = $2 ORDER BY version, id",
        key.business_id,
        key.order_id,
    )


_WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()
"""
_BUSINESSES = itertools.count(9_000_000)

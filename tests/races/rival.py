"""One of several processes that work on the same orders: started by `test_races`, tells what it did as JSON.

python -m tests.races.rival DATABASE_URL BUSINESS SECONDS SEED
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from datetime import UTC, datetime

from msgspec.structs import replace

from korob.domain import boxes, items, lifecycle
from korob.domain.boxes import WantedBox
from korob.domain.change import Change, Noted
from korob.domain.items import Wanted
from korob.domain.order import BoxItem, Order
from korob.domain.refusal import Refusal
from korob.domain.words import Actor, Status, Substatus
from korob.notifications import bodies
from korob.store import orders as door
from korob.store.database import Database
from korob.store.orders import OrderKey, Orders
from tests.examples import an_item

ORDERS = 60
WORKERS = 8
CAMPAIGN = 1001
FIRST = 50_000_000_001
ITEMS = (an_item(1, count=40, price=500), an_item(2, count=60, price=900), an_item(3, count=50, price=120))


def take_one_unit_out(order: Order, now: datetime) -> Change:
    largest = max(order.items, key=lambda item: item.count)
    wanted = [Wanted(item.id, item.count - (item is largest)) for item in order.items]
    return items.reduce(order, wanted, reason=None, now=now)


def pack_each_position_by_itself(order: Order, now: datetime) -> Change:
    wanted = [WantedBox((BoxItem(item.id, full_count=item.count),)) for item in order.items]
    return boxes.pack(order, wanted, allow_remove=False, box_ids=range(1, 9), now=now)


def pack_all_together(order: Order, now: datetime) -> Change:
    wanted = [WantedBox(tuple(BoxItem(item.id, full_count=item.count) for item in order.items))]
    return boxes.pack(order, wanted, allow_remove=False, box_ids=range(1, 9), now=now)


def finish_or_begin_again(order: Order, now: datetime) -> Change:
    """The seller is ready; and so that there is always something to do, the same order then begins as it was."""
    if order.substatus is Substatus.STARTED:
        return lifecycle.move(order, Status.PROCESSING, Substatus.READY_TO_SHIP, actor=Actor.SELLER, now=now)
    anew = replace(order, substatus=Substatus.STARTED, items=ITEMS, boxes=(), removed=(), since=now, updated_at=now)
    return Change(anew, Actor.MARKET, "BEGIN_AGAIN", now, (Noted("again"),))


ACTS = [
    *[take_one_unit_out] * 5,
    *[pack_each_position_by_itself] * 2,
    *[pack_all_together] * 2,
    *[finish_or_begin_again] * 2,
    *[None] * 4,
]
"""What is done how often; None is reading."""


class Rival:
    """Works on all orders with several hands at once."""

    def __init__(self, orders: Orders, business_id: int, seed: int) -> None:
        self.orders = orders
        self.keys = [OrderKey(business_id, CAMPAIGN, FIRST + number) for number in range(ORDERS)]
        self.chance = random.Random(seed)  # noqa: S311
        self.writes: Counter[int] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.write_ms: list[float] = []
        self.read_ms: list[float] = []

    async def work(self, until: float) -> None:
        while time.monotonic() < until:
            key, act = self.chance.choice(self.keys), self.chance.choice(ACTS)
            began = time.perf_counter()
            try:
                await (self.read(key) if act is None else self.change(key, act))
            except Refusal:
                self.outcomes["refused"] += 1
            except Exception as trouble:
                self.outcomes[f"{type(trouble).__name__}: {trouble}"] += 1
            (self.read_ms if act is None else self.write_ms).append((time.perf_counter() - began) * 1000)

    async def read(self, key: OrderKey) -> None:
        order = await self.orders.read(key, now=datetime.now(UTC))
        assert order.id == key.order_id
        self.outcomes["read"] += 1

    async def change(self, key: OrderKey, act) -> None:
        written = False

        def decide(order: Order, now: datetime) -> Change:
            nonlocal written
            change = act(order, now)
            written = change.order is not order
            return change

        await self.orders.change(key, decide, now=datetime.now(UTC))
        self.outcomes[act.__name__] += 1
        self.writes[key.order_id] += written


async def main(url: str, business_id: int, seconds: float, seed: int) -> None:
    # A process that gets less of the machine than the other loses each race for a while; that is no news of the door.
    door.ATTEMPTS = 1_000
    database = await Database.open(url)
    orders = Orders(database, news=bodies.news)
    rival = Rival(orders, business_id, seed)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    until = time.monotonic() + seconds
    await asyncio.gather(*(rival.work(until) for _ in range(WORKERS)))
    await orders.close()
    await database.close()
    print(
        json.dumps(
            {
                "writes": rival.writes,
                "outcomes": rival.outcomes,
                "write_ms": rival.write_ms,
                "read_ms": rival.read_ms,
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])))

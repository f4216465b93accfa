"""`python -m bench.notifications`: do the living get their news in time when some targets are dead?

A thousand sellers, ten of them dead (half refuse connections, half accept them and never answer); orders are placed
at a steady pace, each is told of; the real `korob worker` delivers. The lag of a notification is the time from the
change to its arrival, the commit included.
"""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import click
import uvloop
from msgspec.structs import replace
from rich.console import Console

from bench.measure import ProcessorTime, machine_seconds
from bench.postgres import Postgres
from bench.report import DISTURBED
from korob.domain.change import Change, OrderPlaced
from korob.domain.order import Buyer, Delivery, Interval, Item, Order
from korob.domain.words import (
    Actor,
    DeliveryPartner,
    DeliveryType,
    Model,
    PaymentMethod,
    PaymentType,
    Status,
    Substatus,
)
from korob.notifications import bodies
from korob.store.database import Database, migrate
from korob.store.orders import Orders

DATABASE: Final = "told"
FIRST: Final = 2_000_001
WANTED_P99: Final = 2.0
TOLD_SECONDS_MAX: Final = 120
RESULTS: Final = Path(__file__).parent / "results"
DATA_DIR: Final = "/var/tmp"  # noqa: S108 - a folder of its own is made in it


@click.command()
@click.option("--targets", default=1000, show_default=True, help="How many sellers are told.")
@click.option("--dead", default=10, show_default=True, help="How many of them are dead.")
@click.option("--rate", default=200, show_default=True, help="Orders placed a second.")
@click.option("--seconds", default=30.0, show_default=True, help="For how long.")
@click.option("--data-dir", default=DATA_DIR, show_default=True, help="Where the database is made; a real disk.")
def main(*, targets: int, dead: int, rate: int, seconds: float, data_dir: str) -> None:
    """Measure how late notifications arrive."""
    console = Console(width=None if sys.stdout.isatty() else 140)
    folder = Path(tempfile.mkdtemp(prefix="korob-bench-", dir=data_dir))
    folder.chmod(0o755)
    try:
        found = _measure(folder, targets=targets, dead=dead, rate=rate, seconds=seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    console.print(
        f"{found['events']} notifications for {targets - dead} living of {targets} targets, {found['per_second']:.0f} "
        f"a second: lag p50 {found['p50'] * 1000:.0f} ms, p99 {found['p99'] * 1000:.0f} ms, at most "
        f"{found['most'] * 1000:.0f} ms; processor time per notification: {found['us_worker']:.0f} µs worker, "
        f"{found['us_postgres']:.0f} µs PostgreSQL (with the orders placed); "
        f"twice: {found['twice']}, lost: {found['lost']}"
    )
    if found["others"] > DISTURBED:
        console.print(f"[yellow]disturbed[/] Other programs took {found['others']:.0%} of the processors meanwhile.")
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"notifications-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(found | {"targets": targets, "dead": dead, "rate": rate}, indent=2))
    if found["lost"] or found["p99"] > WANTED_P99:
        console.print(f"[red]short[/] p99 is to be under {WANTED_P99:g} s, and nothing may be lost")
        sys.exit(1)


def _measure(folder: Path, *, targets: int, dead: int, rate: int, seconds: float) -> dict[str, Any]:
    postgres = Postgres(folder / "data")
    worker = receiver = None
    try:
        postgres.create(DATABASE)
        arrived = folder / "arrived"
        receiver = subprocess.Popen(
            [sys.executable, "-m", "bench.notifications_receiver", str(targets - dead), str(dead // 2), str(arrived)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert receiver.stdout is not None
        ports: list[int] = json.loads(receiver.stdout.readline())
        ports += [1] * (targets - len(ports))
        uvloop.run(_prepare(postgres.url(DATABASE), ports))
        worker = subprocess.Popen(
            [sys.executable, "-m", "korob", "worker", "--database-url", postgres.url(DATABASE)],
            env=os.environ | {"KOROB_DATA_DIR": str(folder)},
        )
        time.sleep(2)
        times = ProcessorTime(worker.pid), ProcessorTime(postgres.pid), ProcessorTime(receiver.pid, os.getpid())
        before, busy_before, there_was_before = [one.seconds() for one in times], *machine_seconds()
        placed = uvloop.run(_place(postgres.url(DATABASE), targets, rate=rate, seconds=seconds))
        _wait_until_told(postgres, FIRST + targets - dead)
        took = [one.seconds() - earlier for one, earlier in zip(times, before, strict=True)]
        busy, there_was = machine_seconds()
        others = (busy - busy_before - sum(took)) / (there_was - there_was_before)
        receiver.terminate()
        receiver.wait(20)
        return _found(placed, arrived, living=targets - dead, took=took, seconds=seconds) | {"others": max(0.0, others)}
    finally:
        for process in (worker, receiver):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
        postgres.stop()


def _wait_until_told(postgres: Postgres, dead_from: int) -> None:
    """Until nothing waits for the living any more; for a while, in case something is lost."""
    until = time.monotonic() + TOLD_SECONDS_MAX
    waits = "SELECT FROM outbox WHERE NOT dispatched UNION ALL SELECT FROM deliveries WHERE state = 'WAITING'"
    while time.monotonic() < until and postgres.fetch(
        DATABASE, f"SELECT 1 WHERE EXISTS ({waits} AND business_id < $1)", dead_from
    ):
        time.sleep(0.5)


async def _prepare(url: str, ports: list[int]) -> None:
    database = await Database.open(url)
    await migrate(database)
    async with database.connection() as connection:
        numbers = [FIRST + number for number in range(len(ports))]
        await connection.execute(
            "INSERT INTO businesses (id, name) SELECT id, 'Seller' FROM unnest($1::bigint[]) AS id", numbers
        )
        await connection.execute(
            """
            INSERT INTO campaigns (id, business_id, name, model)
            SELECT id * 10, id, 'Store', 'DBS' FROM unnest($1::bigint[]) AS id
            """,
            numbers,
        )
        await connection.execute(
            """
            INSERT INTO subscriptions (business_id, name, url, types, state, any_address)
            SELECT id, 'Shop', 'http://127.0.0.1:' || port, ARRAY['ORDER_CREATED'], 'ENABLED', true
            FROM unnest($1::bigint[], $2::int[]) AS t(id, port)
            """,
            numbers,
            ports,
        )
    await database.close()


async def _place(url: str, targets: int, *, rate: int, seconds: float) -> list[int]:
    """Place orders at a steady pace, each seller's in turn; the place of the seller of each."""
    database = await Database.open(url)
    orders = Orders(database, news=bodies.news)
    loop = asyncio.get_running_loop()
    began = loop.time()
    tasks, sellers = [], []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
        seller = number * 7919 % targets
        sellers.append(seller)
        tasks.append(asyncio.create_task(orders.place(_change(seller, 50_000_000_001 + number))))
    await asyncio.gather(*tasks)
    await orders.close()
    await database.close()
    return sellers


def _change(seller: int, order_id: int) -> Change:
    now = datetime.now(UTC)
    order = replace(
        _ORDER,
        id=order_id,
        business_id=FIRST + seller,
        campaign_id=(FIRST + seller) * 10,
        since=now,
        created_at=now,
        updated_at=now,
        delivery=replace(_ORDER.delivery, interval=Interval(now.date())),
    )
    return Change(order, Actor.BUYER, "PLACE", now, (OrderPlaced(),))


def _found(placed: list[int], arrived: Path, *, living: int, took: list[float], seconds: float) -> dict[str, Any]:
    lags: dict[int, float] = {}
    twice = 0
    for line in arrived.read_text().splitlines():
        order_id, lag = json.loads(line)
        twice += order_id in lags
        lags.setdefault(order_id, lag)
    wanted = {50_000_000_001 + number for number, seller in enumerate(placed) if seller < living}
    measured = sorted(lags[order_id] for order_id in wanted & lags.keys())
    return {
        "events": len(wanted),
        "per_second": len(placed) / seconds,
        "p50": statistics.median(measured),
        "p99": measured[int(len(measured) * 0.99)],
        "most": measured[-1],
        "us_worker": took[0] / len(placed) * 1e6,
        "us_postgres": took[1] / len(placed) * 1e6,
        "twice": twice,
        "lost": len(wanted - lags.keys()),
    }


_ORDER: Final = Order(
    id=1,
    business_id=1,
    campaign_id=1,
    model=Model.DBS,
    status=Status.PROCESSING,
    substatus=Substatus.STARTED,
    since=datetime(2026, 1, 1, tzinfo=UTC),
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    updated_at=datetime(2026, 1, 1, tzinfo=UTC),
    items=tuple(
        Item(
            id=number,
            offer_id=f"SKU-{number}",
            offer_name=f"Offer {number}",
            count=2,
            ordered=2,
            price=Decimal(500),
            buyer_price_before_discount=Decimal(500),
        )
        for number in (1, 2, 3)
    ),
    delivery=Delivery(
        type=DeliveryType.DELIVERY,
        service_id=99,
        service_name="Courier",
        partner=DeliveryPartner.SHOP,
        interval=Interval(datetime(2026, 1, 5, tzinfo=UTC).date()),
    ),
    buyer=Buyer(id="1", last_name="Buyer", first_name="Some"),
    payment_type=PaymentType.POSTPAID,
    payment_method=PaymentMethod.CASH_ON_DELIVERY,
    first_box_id=1,
)


if __name__ == "__main__":
    main()

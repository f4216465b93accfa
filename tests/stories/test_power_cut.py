"""The program is killed while sellers write: whatever was acknowledged is there afterwards."""

import asyncio
import tempfile
from pathlib import Path

import httpx
import pytest

from korob.store import embedded
from tests.patience import ENOUGH_SECONDS
from tests.running.installation import Installation
from tests.world import World, an_item

ORDERS = 12
UNITS = 10_000
BEFORE_THE_CUT = 100
"""Writes that are acknowledged before somebody pulls the plug."""


@pytest.fixture
def start():
    """Starts Korob, always on the same data."""
    started: list[Installation] = []
    with tempfile.TemporaryDirectory(prefix="korob-cut-") as folder:
        yield lambda: started.append(Installation(Path(folder) / "data")) or started[-1].ready()
        for installation in started:
            installation.stop()
        embedded.stop(Path(folder) / "data")


@pytest.mark.parametrize("everything", [True, False], ids=["with its database", "without its database"])
async def test_what_was_acknowledged_before_a_kill_is_there_after_the_restart(start, everything):
    running = await asyncio.to_thread(start)
    async with httpx.AsyncClient(base_url=running.base, timeout=ENOUGH_SECONDS, trust_env=False) as http:
        world = await World.make(http, limits=False)
        orders = [
            await world.place("DBS", an_item("CUP", count=UNITS), an_item("POT", count=UNITS)) for _ in range(ORDERS)
        ]
        acknowledged = dict.fromkeys((order["id"] for order in orders), UNITS)
        enough = asyncio.Event()

        async def sell(order):
            """Take a cup out, again and again, until nobody answers."""
            cup, pot = (item["id"] for item in order["items"])
            while True:
                left = acknowledged[order["id"]] - 1
                try:
                    answer = await world.keep(order, {cup: left, pot: UNITS})
                except httpx.TransportError:
                    return
                if answer.status_code != 200:
                    assert answer.status_code in {500, 503}
                    return
                acknowledged[order["id"]] = left
                if ORDERS * UNITS - sum(acknowledged.values()) >= BEFORE_THE_CUT:
                    enough.set()

        async with enough(), asyncio.TaskGroup() as sellers:
            for order in orders:
                sellers.create_task(sell(order))
            await enough.wait()
            running.kill(everything=everything)

    again = await asyncio.to_thread(start)
    async with httpx.AsyncClient(base_url=again.base, timeout=ENOUGH_SECONDS, trust_env=False) as http:
        world.http = http
        for order in orders:
            left = (await world.read(order))["items"][0]["count"]
            # The one write that nobody answered may have gone in or not.
            assert left in {acknowledged[order["id"]], acknowledged[order["id"]] - 1}
            history = (await world.know(order))["history"]
            assert [row["version"] for row in history] == list(range(1, UNITS - left + 2))
    assert await asyncio.to_thread(again.stop) == 0

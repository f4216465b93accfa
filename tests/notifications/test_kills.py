"""A process that is killed takes nothing with it: what was to be told is told by the next one."""

import asyncio
import multiprocessing
import random

import uvloop

from korob import config
from korob.timers import runner
from tests.notifications import receiver as receivers
from tests.patience import enough

KILLS = 60


def deliver(url: str) -> None:
    """What a worker does."""
    uvloop.run(runner.run(config.read({"KOROB_DATABASE_URL": url})))


async def test_nothing_is_lost_however_often_the_worker_is_killed(fresh_url, subscribe, place, receiver):
    await subscribe()
    moments = random.Random(7)  # noqa: S311
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.notifications.test_kills"])
    soon = receivers.late(0.05)
    orders = []
    killed_knocking = 0

    def start():
        worker = processes.Process(target=deliver, args=(fresh_url,), daemon=True)
        worker.start()
        return worker

    for kill in range(KILLS):
        let = asyncio.Event()
        receiver.always = soon if kill % 2 else receivers.held(let)
        worker = start()
        orders += await asyncio.gather(*(place() for _ in range(3)))
        if kill % 2:
            # Somewhere between the commit and the end of the first knock.
            await asyncio.sleep(moments.uniform(0, 0.4))
        else:
            # In the middle of a knock, before the answer is there.
            await receiver.until(len(receiver.told) + 1)
            await asyncio.sleep(moments.uniform(0, 0.05))
        worker.kill()
        killed_knocking += len(receiver.told) > receiver.answered
        worker.join()
        let.set()
    receiver.always = soon
    last = start()
    async with enough():
        while {one.body["orderId"] for one in receiver.told} != set(orders):
            await asyncio.sleep(0.02)
    last.kill()
    last.join()

    assert len(orders) == 3 * KILLS
    assert killed_knocking >= KILLS / 2
    assert len(receiver.told) <= len(orders) + 2 * KILLS, "only what was under way is told again"

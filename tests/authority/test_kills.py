"""A worker that is killed while it asks takes no check with it."""

import asyncio
import multiprocessing
from datetime import timedelta

import uvloop

from korob.authority.asking import Asker
from korob.authority.ends import Remote
from korob.clock import WALL
from korob.notifications import bodies
from korob.store.database import Database
from korob.store.orders import Orders
from tests.examples import a_cis
from tests.patience import enough

KILLS = 8
LEASE = timedelta(seconds=0.3)


async def ask(database_url: str, authority_url: str) -> None:
    database = await Database.open(database_url)
    await Asker(database, Orders(database, news=bodies.news), Remote(authority_url), wall=WALL.now, lease=LEASE).run()


def work(database_url: str, authority_url: str) -> None:
    uvloop.run(ask(database_url, authority_url))


async def test_no_check_is_lost_however_often_the_worker_is_killed(fresh_url, shop, authority):
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.authority.test_kills"])
    authority.slow_seconds = 0.1
    orders = []

    def start():
        worker = processes.Process(target=work, args=(fresh_url, authority.url), daemon=True)
        worker.start()
        return worker

    for kill in range(KILLS):
        orders += [await shop.place(a_cis(10 * kill + number)) for number in range(3)]
        asked = len(authority.asked)
        if kill % 2:
            authority.answers.clear()
        worker = start()
        await authority.until_asked(asked + 1)
        # Before the answer, or about when it is written on the order.
        await asyncio.sleep(0.02 * kill)
        worker.kill()
        worker.join()
        authority.answers.set()
    last = start()
    async with enough():
        while any([await shop.statuses(order) != [("OK", None)] for order in orders]):
            await asyncio.sleep(0.1)
    last.kill()
    last.join()

    assert len(authority.values) > len(orders), "what was under way is asked again"

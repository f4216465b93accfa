"""A process that spends quotas as fast as it can: one that a test can kill.

Reads an entity a line, takes units of it until there are no more, says each, and at last how many there were.
"""

import asyncio
import sys
from datetime import timedelta

from korob.contract.method import Method, Quota
from korob.store import quotas
from korob.store.database import Database
from korob.store.quotas import Quotas, Taken

ONE_DAY = 24 * 3600.0


def a_method(amount=1000, per=timedelta(hours=1)):
    return Method(
        operation_id="pack",
        verb="PUT",
        path="/v2/campaigns/{campaignId}/pack",
        family="orders",
        summary="",
        models=frozenset(),
        scopes=frozenset(),
        quota=Quota(amount, per),
    )


async def spend(process, entity, method, say=lambda: None):
    """Take units until there are no more; how many there were."""
    taken = 0
    while isinstance(await process.take(entity, method), Taken):
        taken += 1
        say()
        await asyncio.sleep(0)
    return taken


def say_one():
    print("one", flush=True)


async def main(url):
    quotas.LOST_AFTER = timedelta(seconds=0.5)
    database = await Database.open(url)
    process = Quotas(database, wall=lambda: ONE_DAY)
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        entity = ("campaignId", int(line))
        spent = await asyncio.gather(*(spend(process, entity, a_method(), say_one) for _ in range(4)))
        print("spent", sum(spent), flush=True)
    await process.stop()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

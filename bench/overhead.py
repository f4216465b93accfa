"""What the platform around a read costs: key, quota, log and figures, each taken away in turn.

`python -m bench.overhead`: one process, calls made within it, so that nothing of HTTP is in the figures. Rounds of all
variants are interleaved; each figure is the median of its rounds.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import uvloop

from korob.api.pipeline import PartnerApi
from korob.config import Mode, Settings
from korob.store import embedded
from korob.store.database import Database, migrate
from korob.wiring import Application

ORDERS = 500
CALLS = 1_000
AT_ONCE = 32
ROUNDS = 15
ITEMS = [{"offerId": f"SKU-{place}", "price": 500, "count": 3} for place in range(3)]


class Reader:
    """Reads orders of one world, in a Korob in this process."""

    def __init__(self, application: Application, world: dict[str, Any], orders: list[int]) -> None:
        self.application = application
        self.partner: PartnerApi = application._partner  # type: ignore[assignment]
        self.services = application._services
        self.world, self.orders = world, orders
        self.campaign = world["campaigns"][0]["id"]
        self.headers = [
            (b"host", b"127.0.0.1:8080"),
            (b"user-agent", b"bench"),
            (b"accept", b"*/*"),
            (b"api-key", world["apiKey"].encode()),
        ]

    async def through_everything(self, order_id: int) -> None:
        """A call as a seller's program makes it."""
        answered: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            answered.append(message)

        path = f"/v2/campaigns/{self.campaign}/orders/{order_id}"
        scope = {"type": "http", "path": path, "method": "GET", "headers": self.headers, "query_string": b""}
        await self.application(scope, receive, send)
        assert answered[0]["status"] == 200

    async def round(self, read: Callable[[int], Awaitable[Any]]) -> float:
        """Microseconds of processor time for one read."""

        async def some(orders: list[int]) -> None:
            for order_id in orders:
                await read(order_id)

        wanted = [self.orders[place % len(self.orders)] for place in range(CALLS)]
        began = time.process_time()
        await asyncio.gather(*(some(wanted[place::AT_ONCE]) for place in range(AT_ONCE)))
        return (time.process_time() - began) / CALLS * 1e6


@contextmanager
def replaced(owner: Any, **parts: Any) -> Iterator[None]:
    """Parts of something, replaced for a while."""
    before = {name: getattr(owner, name) for name in parts}
    for name, part in parts.items():
        setattr(owner, name, part)
    yield
    for name, part in before.items():
        setattr(owner, name, part)


async def measured(limited: Reader, unlimited: Reader) -> dict[str, float]:
    """Microseconds for a read, by what was left out."""
    nothing: Any = type("Nothing", (), {"count": lambda *_: None})()
    services: Any = unlimited.services
    found = await services.keys.find(unlimited.world["apiKey"])

    async def known(_: Any) -> Any:
        return found

    figures: dict[str, list[float]] = {}

    async def one(name: str, reader: Reader, read: Callable[[int], Awaitable[Any]], **parts: Any) -> None:
        with replaced(reader.partner, **parts):
            figures.setdefault(name, []).append(await reader.round(read))

    for _ in range(ROUNDS):
        await one("everything", limited, limited.through_everything)
        await one("no quota", unlimited, unlimited.through_everything)
        await one("no quota, no log", unlimited, unlimited.through_everything, _journal=None)
        await one("no quota, log, figures", unlimited, unlimited.through_everything, _journal=None, _metrics=nothing)
        bare = {"_journal": None, "_metrics": nothing, "_caller": known}
        await one("no quota, log, figures, key", unlimited, unlimited.through_everything, **bare)
    return {name: statistics.median(rounds) for name, rounds in figures.items()}


async def run(url: str) -> None:
    """Make two worlds, measure, tell."""
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE DATABASE overhead")
    await connection.close()
    before, _, options = url.partition("?")
    own = f"{before.rsplit('/', 1)[0]}/overhead?{options}"
    database = await Database.open(own, connections=1)
    await migrate(database)
    await database.close()
    settings = Settings(
        mode=Mode.SANDBOX,
        host="127.0.0.1",
        port=8080,
        data_dir=Path("/nonexistent"),
        database_url=own,
        operator_token="operator-of-the-bench",  # noqa: S106 (nobody else gets to this one)
    )
    application = Application(settings)
    await application.start()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://127.0.0.1:8080") as http:
        readers = [await _reader(application, http, limits=limits) for limits in (True, False)]
    figures = await measured(*readers)
    await application.stop()
    whole = figures["everything"]
    for name, figure in figures.items():
        sys.stdout.write(f"{name:30} {figure:7.1f} µs {figure / whole:6.0%}\n")


async def _reader(application: Application, http: httpx.AsyncClient, *, limits: bool) -> Reader:
    world = (await http.post("/sandbox/v1/worlds", json={})).json()
    quotas = {"quotas": [{"operation": "getOrder", "amount": 1_000_000_000, "parallel": 1_000}], "limits": limits}
    headers = {"Authorization": f"Bearer {world['operatorToken']}"}
    await http.put(f"/operator/v1/businesses/{world['id']}/quotas", json=quotas, headers=headers)
    path = f"/operator/v1/campaigns/{world['campaigns'][0]['id']}/orders"
    orders = [(await http.post(path, json={"items": ITEMS}, headers=headers)).json() for _ in range(ORDERS)]
    return Reader(application, world, [one["order"]["id"] for one in orders])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="korob-overhead-", dir="/var/tmp", ignore_cleanup_errors=True) as folder:
        server = embedded.start(Path(folder))
        try:
            uvloop.run(run(server.url))
        finally:
            server.stop()

"""What the platform around a read costs: log, quota, key and figures, each taken away in turn.

One process, calls made within it, so that nothing of HTTP is in the figures. Rounds of all variants are interleaved;
each figure is the median of its rounds.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import uvloop

from bench.postgres import Postgres
from korob.api.pipeline import PartnerApi
from korob.config import Mode, Settings
from korob.store.database import Database, migrate
from korob.wiring import Application

ROW: Final = "around a read"
WITHOUT: Final = "no log, quota, key"
"""The variant without what is wanted to be cheap; figures are shown beside it."""
ORDERS: Final = 500
CALLS: Final = 6_000
"""Reads in a round: enough for the log to have written some of them down."""
AT_ONCE: Final = 32
ITEMS: Final = [{"offerId": f"SKU-{place}", "price": 500, "count": 3} for place in range(3)]
_DATABASE: Final = "overhead"


def measure(postgres: Postgres, rounds: int) -> dict[str, float]:
    """Microseconds of the program's processor time for a read, by what was left out of it, all of it first."""
    postgres.create(_DATABASE)
    return uvloop.run(_measured_in(postgres.url(_DATABASE), rounds))


def share(figures: dict[str, float]) -> float:
    """What part of a read key, quota and log take."""
    return 1 - figures[WITHOUT] / figures["everything"]


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

    async def round(self) -> float:
        """Microseconds of processor time for one read."""

        async def some(orders: list[int]) -> None:
            for order_id in orders:
                await self.through_everything(order_id)

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


async def _measured_in(url: str, rounds: int) -> dict[str, float]:
    database = await Database.open(url, connections=1)
    await migrate(database)
    await database.close()
    settings = Settings(
        mode=Mode.SANDBOX,
        host="127.0.0.1",
        port=8080,
        data_dir=Path("/nonexistent"),
        database_url=url,
        operator_token="operator-of-the-bench",  # noqa: S106 (nobody else gets to this one)
    )
    application = Application(settings)
    await application.start()
    try:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(application), base_url="http://127.0.0.1:8080"
        ) as http:
            limited, unlimited = [await _reader(application, http, limits=limits) for limits in (True, False)]
        return await _measured(limited, unlimited, rounds)
    finally:
        await application.stop()


async def _measured(limited: Reader, unlimited: Reader, rounds: int) -> dict[str, float]:
    nothing: Any = type("Nothing", (), {"count": lambda *_: None})()
    services: Any = unlimited.services
    found = await services.keys.find(unlimited.world["apiKey"])

    async def known(_: Any) -> Any:
        return found

    figures: dict[str, list[float]] = {}

    async def one(name: str, reader: Reader, **parts: Any) -> None:
        # What one variant left to be written down is no cost of the next.
        await services.journal.flush()
        with replaced(reader.partner, **parts):
            # The log begins at once and pays for it afterwards: it is to be met in its stride.
            await reader.round()
            figures.setdefault(name, []).append(await reader.round())

    for _ in range(rounds):
        await one("everything", limited)
        await one("no log", limited, _journal=None)
        await one("no log, quota", unlimited, _journal=None)
        await one(WITHOUT, unlimited, _journal=None, _caller=known)
        await one(f"{WITHOUT}, figures", unlimited, _journal=None, _caller=known, _metrics=nothing)
    return {name: statistics.median(of_rounds) for name, of_rounds in figures.items()}


async def _reader(application: Application, http: httpx.AsyncClient, *, limits: bool) -> Reader:
    world = (await http.post("/sandbox/v1/worlds", json={})).json()
    quotas = {"quotas": [{"operation": "getOrder", "amount": 1_000_000_000, "parallel": 1_000}], "limits": limits}
    headers = {"Authorization": f"Bearer {world['operatorToken']}"}
    await http.put(f"/operator/v1/businesses/{world['id']}/quotas", json=quotas, headers=headers)
    path = f"/operator/v1/campaigns/{world['campaigns'][0]['id']}/orders"
    orders = [(await http.post(path, json={"items": ITEMS}, headers=headers)).json() for _ in range(ORDERS)]
    return Reader(application, world, [one["order"]["id"] for one in orders])

"""What the tests of the operator's and the sandbox's API play with: the real parts, and clients in one process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx
from starlette.applications import Starlette

from korob import operator, sandbox
from korob.domain.authority import OWN, Authority
from korob.notifications import bodies
from korob.store.database import Database
from korob.store.ids import Ids
from korob.store.keys import Keys
from korob.store.orders import Orders

TOKEN = "the-operator-s-own"


@asynccontextmanager
async def services_on(
    database: Database, *, mode: str = "sandbox", authority: Authority = OWN
) -> AsyncIterator[SimpleNamespace]:
    """The parts of one process."""
    orders = Orders(database, news=bodies.news)
    yield SimpleNamespace(
        database=database,
        orders=orders,
        ids=Ids(database),
        keys=Keys(database),
        authority=authority,
        settings=SimpleNamespace(mode=mode, operator_token=TOKEN),
    )
    await orders.close()


def app_of(services: SimpleNamespace) -> Starlette:
    """The routes of both APIs, as far as the mode has them."""
    routes = operator.routes(services)
    if services.settings.mode == "sandbox":
        routes += sandbox.routes(services)
    return Starlette(routes=routes)


def client_of(services: SimpleNamespace, *, token: str | None = None, **how: object) -> httpx.AsyncClient:
    """A client on this machine; with a token it sends that with every request."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    client = how.pop("client", ("127.0.0.1", 50_000))
    transport = httpx.ASGITransport(app_of(services), client=client)
    return httpx.AsyncClient(
        transport=transport, base_url=how.pop("base_url", "http://127.0.0.1:8080"), headers=headers
    )


async def a_world(client: httpx.AsyncClient) -> dict[str, Any]:
    """A world whose clock stands at Monday noon, Moscow time."""
    return (await client.post("/sandbox/v1/worlds", json={"now": "2026-03-02T09:00:00Z", "frozen": True})).json()

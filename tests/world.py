"""A small client of a running Korob: a world, its orders, its clock, and the seller who works in it."""

import asyncio
import random
import string
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from korob.config import Mode, Settings
from korob.wiring import Application

OPERATOR = "operator-of-the-tests"
BASE = "http://127.0.0.1:8080"
MONDAY = "2026-03-02T09:00:00Z"
Json = dict[str, Any]


@asynccontextmanager
async def started(database_url: str, *, mode: Mode = Mode.SANDBOX, **more: Any) -> AsyncIterator[Application]:
    """Korob in this very process; `more` are settings."""
    settings = Settings(
        mode=mode,
        host="127.0.0.1",
        port=8080,
        data_dir=Path("/nonexistent"),
        database_url=database_url,
        operator_token=OPERATOR,
        **more,
    )
    application = Application(settings)
    await application.start()
    try:
        yield application
    finally:
        await application.stop()


def client_of(application: Application) -> httpx.AsyncClient:
    """A client on the same machine."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=BASE)


@asynccontextmanager
async def an_application(database_url: str, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Korob in this very process, seen by a client of it."""
    async with started(database_url, **settings) as application, client_of(application) as http:
        yield http


class World:
    """A world and everybody in it. What a method can't do, it raises as httpx.HTTPStatusError."""

    def __init__(self, http: httpx.AsyncClient, made: Json) -> None:
        self.http = http
        self.id: int = made["id"]
        self.api_key: str = made["apiKey"]
        self.operator_token: str = made["operatorToken"]
        self.campaigns: dict[str, int] = {
            "EXPRESS" if campaign["express"] else campaign["placementType"]: campaign["id"]
            for campaign in made["campaigns"]
        }

    @classmethod
    async def make(cls, http: httpx.AsyncClient, **wish: Any) -> "World":
        """A world whose clock stands still at Monday noon, Moscow time, unless said otherwise."""
        answer = await http.post("/sandbox/v1/worlds", json={"now": MONDAY, "frozen": True} | wish)
        return cls(http, answer.raise_for_status().json())

    # The seller

    async def seller(self, verb: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """A request with the world's Api-Key, whatever comes of it."""
        headers = {"Api-Key": self.api_key} | more.pop("headers", {})
        return await self.http.request(verb, path, json=body, headers=headers, **more)

    def path(self, order: Json, what: str = "", *, version: str = "/v2") -> str:
        """The path of an order that was placed here, or of something about it."""
        return f"{version}/campaigns/{order['campaignId']}/orders/{order['id']}{what}"

    async def read(self, order: Json) -> Json:
        """The order as the seller reads it."""
        answer = await self.seller("GET", self.path(order))
        return answer.raise_for_status().json()["order"] | {"campaignId": order["campaignId"]}

    async def keep(self, order: Json, counts: dict[int, int], **more: Any) -> httpx.Response:
        """Reduce the order to these counts by position id."""
        items = [{"id": item_id, "count": count} for item_id, count in counts.items()]
        return await self.seller("PUT", self.path(order, "/items"), {"items": items} | more)

    async def pack(self, order: Json, *boxes: list[Json], **more: Any) -> httpx.Response:
        """Send a layout of boxes."""
        body = {"boxes": [{"items": items} for items in boxes]} | more
        return await self.seller("PUT", self.path(order, "/boxes"), body)

    async def move(self, order: Json, status: str, substatus: str | None = None) -> httpx.Response:
        """Move the order as its seller."""
        wanted = {"status": status} | ({"substatus": substatus} if substatus else {})
        return await self.seller("PUT", self.path(order, "/status"), {"order": wanted})

    async def answer_cancellation(self, order: Json, *, accepted: bool, reason: str | None = None) -> httpx.Response:
        """Answer a buyer who wants to cancel."""
        body: Json = {"accepted": accepted} | ({"reason": reason} if reason else {})
        return await self.seller("PUT", self.path(order, "/cancellation/accept"), body)

    # The Market and everybody else

    async def operator(self, verb: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """A request with the world's operator token, whatever comes of it."""
        headers = {"Authorization": f"Bearer {self.operator_token}"} | more.pop("headers", {})
        return await self.http.request(verb, f"/operator/v1{path}", json=body, headers=headers, **more)

    async def place(self, model: str = "DBS", *items: Json, **more: Any) -> Json:
        """Place an order: two positions (two units at 500, one at 900) unless said otherwise."""
        usual = (an_item("SKU-1", price=500, count=2), an_item("SKU-2", price=900))
        body = {"items": list(items or usual)} | more
        answer = await self.operator("POST", f"/campaigns/{self.campaigns[model]}/orders", body)
        return answer.raise_for_status().json()["order"] | {"campaignId": self.campaigns[model]}

    async def act(self, order: Json, actor: str, act: str, **facts: Any) -> httpx.Response:
        """Let somebody other than the seller do something to an order."""
        path = f"/campaigns/{order['campaignId']}/orders/{order['id']}/acts"
        return await self.operator("POST", path, {"actor": actor, "act": act} | facts)

    async def know(self, order: Json) -> Json:
        """All that is known of an order: order, history, deadlines, refunds, codes, operations."""
        path = f"/campaigns/{order['campaignId']}/orders/{order['id']}"
        return (await self.operator("GET", path)).raise_for_status().json()

    # The clock, and what happened

    async def clock(self, **wish: Any) -> Json:
        """Set the world's clock: `advance="PT48H"`, `to=…`, `next=True`, `frozen=True`."""
        answer = await self.http.post(f"/sandbox/v1/worlds/{self.id}/clock", json=wish)
        return answer.raise_for_status().json()

    async def deadlines(self) -> list[Json]:
        """What the world waits for, soonest first."""
        answer = await self.http.get(f"/sandbox/v1/worlds/{self.id}/deadlines")
        return answer.raise_for_status().json()["deadlines"]

    async def notifications(self, order: Json | None = None) -> list[Json]:
        """What the seller was told, oldest first; of one order if given."""
        which = {} if order is None else {"orderId": order["id"]}
        answer = await self.http.get(f"/sandbox/v1/worlds/{self.id}/notifications", params=which)
        return answer.raise_for_status().json()["notifications"]


def an_item(offer_id: str, *, price: float = 500, count: int = 1, **more: Any) -> Json:
    """A position to place."""
    return {"offerId": offer_id, "price": price, "count": count} | more


def a_long_name() -> str:
    """A name that is too long for an index of PostgreSQL, and that can't be compressed; always the same."""
    return "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=9000))  # noqa: S311


def why_not(act: httpx.Response) -> str:
    """The text of an act that was refused; its answer names what is possible besides."""
    assert act.status_code == 400, act.text
    return act.json()["errors"][0]["message"]


def errors_of(answer: httpx.Response) -> list[tuple[str, str]]:
    """Code and message of every entry of an error answer in the standard form."""
    body = answer.json()
    assert set(body) == {"status", "errors"}
    assert body["status"] == "ERROR"
    return [(one["code"], one["message"]) for one in body["errors"]]


class Loop:
    """Korob for tests that can't wait, since Hypothesis calls them: it lives in a loop of its own."""

    def __init__(self, database_url: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._application = an_application(database_url)
        self.http: httpx.AsyncClient = self.run(self._application.__aenter__())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """What comes of it."""
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        """Stop Korob."""
        self.run(self._application.__aexit__(None, None, None))
        self._loop.close()

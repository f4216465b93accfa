"""Programs that begin to send a request and never end it."""

import asyncio

import msgspec
import pytest

from korob.api import intake
from tests.patience import enough
from tests.world import OPERATOR

BROKEN_OFF = [("BAD_REQUEST", "Unexpected end of content")]


async def begin(application, verb, path, *headers, body=b"{", hangs_up=False):
    """Send the head and the beginning of a body; the status and the body that are answered."""
    sent = []
    events = [{"type": "http.request", "body": body, "more_body": True}]
    if hangs_up:
        events.append({"type": "http.disconnect"})

    async def receive():
        if events:
            return events.pop(0)
        await asyncio.Event().wait()

    async def send(event):
        sent.append(event)

    scope = {
        "type": "http", "method": verb, "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"content-length", b"100"), *headers],
        "http_version": "1.1", "scheme": "http", "root_path": "", "server": ("127.0.0.1", 8080),
        "client": ("127.0.0.1", 50_000),
    }  # fmt: skip
    async with enough():
        await application(scope, receive, send)
    errors = msgspec.json.decode(sent[1]["body"])["errors"]
    return sent[0]["status"], [(error["code"], error["message"]) for error in errors]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(intake, "BODY_SECONDS", 0.01)


async def test_a_seller_s_program_that_never_ends_its_body_is_refused_and_holds_no_place(world, korob):
    order = await world.place("DBS")
    key = (b"api-key", world.api_key.encode())

    answers = [await begin(korob, "PUT", world.path(order, "/status"), key) for _ in range(5)]
    moved = await world.move(order, "DELIVERY")

    assert answers == [(400, BROKEN_OFF)] * 5
    assert moved.json()["order"]["status"] == "DELIVERY"


async def test_neither_is_the_operator_waited_for(korob):
    token = (b"authorization", f"Bearer {OPERATOR}".encode())

    assert await begin(korob, "POST", "/operator/v1/businesses", token) == (400, BROKEN_OFF)


async def test_nothing_is_done_for_a_program_that_hangs_up_before_its_body_has_ended(world, korob):
    order = await world.place("DBS")
    key = (b"api-key", world.api_key.encode())
    body = b'{"order":{"status":"DELIVERY"}}'

    assert await begin(korob, "PUT", world.path(order, "/status"), key, body=body, hangs_up=True) == (400, BROKEN_OFF)

    assert (await world.read(order))["status"] == "PROCESSING"

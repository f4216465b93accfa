"""Bodies that many send at once: each is waited for as long as the others, and no longer."""

import asyncio

import pytest

from korob.api import intake
from korob.api.faults import Fault
from korob.api.intake import Intake
from tests.patience import enough


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(intake, "BODY_SECONDS", 0.05)


async def nobody():
    """A sender who has begun, and never goes on."""
    await asyncio.Event().wait()


async def somebody():
    return {"type": "http.request", "body": b"{}"}


async def test_everybody_who_does_not_go_on_is_given_up_and_nobody_else():
    bodies = Intake()
    first = asyncio.create_task(bodies.body(nobody))
    await asyncio.sleep(0.02)
    second = asyncio.create_task(bodies.body(nobody))

    whole = await bodies.body(somebody)
    async with enough():
        outcomes = await asyncio.gather(first, second, return_exceptions=True)
    later = await asyncio.gather(bodies.body(nobody), return_exceptions=True)

    assert whole == b"{}"
    assert [type(outcome) for outcome in (*outcomes, *later)] == [Fault, Fault, Fault]


async def test_who_is_told_to_stop_for_another_reason_stops():
    waiting = asyncio.create_task(Intake().body(nobody))
    await asyncio.sleep(0)

    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting

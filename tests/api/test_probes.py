"""What is asked from outside to learn whether a process is well."""

import asyncio

from korob.api import pages
from korob.store.database import DatabaseGoneError
from tests.world import errors_of


class Frozen:
    """A question that nobody answers, and how often it was asked."""

    def __init__(self):
        self.times = 0

    async def __call__(self):
        self.times += 1
        await asyncio.Event().wait()


async def test_who_is_well_says_so(http):
    assert [(await http.get(path)).json() for path in ("/healthz", "/readyz")] == [{"status": "OK"}] * 2


async def test_a_frozen_database_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(pages, "PATIENCE_SECONDS", 0.01)
    question = Frozen()
    probe = pages._Patient(question)

    told = []
    for _ in range(3):
        try:
            await probe.ask()
        except DatabaseGoneError as trouble:
            told.append(str(trouble))

    assert told == ["the database does not answer"] * 3
    assert question.times == 1
    probe._asked.cancel()


class Away:
    """A pool whose PostgreSQL is not there."""

    def acquire(self):
        raise ConnectionRefusedError("nobody listens")


async def test_a_process_whose_database_is_away_is_not_ready(http, korob, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(korob._services.database, "pool", Away())
        answer = await http.get("/readyz")
    again = await http.get("/readyz")

    assert (answer.status_code, errors_of(answer)) == (503, [("SERVICE_UNAVAILABLE", "nobody listens")])
    assert again.status_code == 200

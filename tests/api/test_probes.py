"""What is asked from outside to learn whether a process is well."""

import asyncio

from korob.api import pages
from korob.store.database import DatabaseGoneError, UnclearError
from korob.store.orders import Orders
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


async def test_a_write_that_may_have_been_done_says_so_and_a_read_does_not(world, monkeypatch):
    order = await world.place("DBS")

    async def broken_off(*given, **named):
        raise UnclearError("the connection broke off")

    with monkeypatch.context() as broken:
        broken.setattr(Orders, "change", broken_off)
        broken.setattr(Orders, "read", broken_off)
        wrote = await world.move(order, "DELIVERY")
        read = await world.seller("GET", world.path(order))
        acted = await world.act(order, "BUYER", "CANCEL")

    unclear = "Service temporarily unavailable. The request may or may not have been carried out"
    away = "Service temporarily unavailable. Please, try again later"
    assert [(answer.status_code, errors_of(answer)) for answer in (wrote, acted, read)] == [
        (503, [("SERVICE_UNAVAILABLE", unclear)]),
        (503, [("SERVICE_UNAVAILABLE", unclear)]),
        (503, [("SERVICE_UNAVAILABLE", away)]),
    ]
    assert 'rule="unclear"' in wrote.headers["X-Korob-Why"]
    assert 'rule="unavailable"' in read.headers["X-Korob-Why"]
    assert "Read what was to be changed" in wrote.headers["X-Korob-Why"]

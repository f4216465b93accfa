"""Korob as its users meet it: over HTTP, with a world of their own."""

import pytest

from tests.world import World, an_application


@pytest.fixture(scope="session")
async def korob(shared_url):
    """A client of Korob; every story has its own world in it."""
    async with an_application(shared_url) as http:
        yield http


@pytest.fixture
async def world(korob):
    """A world whose clock stands at Monday noon, Moscow time, and where many may ask at once."""
    return await World.make(korob, limits=False)


@pytest.fixture
def set_clock(shared_database, world):
    """Let the time pass while nobody looks: no timer runs, nothing is settled."""

    async def set_clock(to):
        async with shared_database.connection() as connection:
            await connection.execute(
                "UPDATE worlds SET frozen_at = $2, epoch = epoch + 1 WHERE business_id = $1", world.id, to
            )

    return set_clock

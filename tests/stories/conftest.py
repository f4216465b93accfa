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

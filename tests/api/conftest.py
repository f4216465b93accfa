"""One running Korob for all tests of the API that keep to businesses of their own."""

import time

import pytest

from tests.world import World, client_of, started


@pytest.fixture(scope="session")
async def korob(shared_url):
    """The application, started."""
    async with started(shared_url) as application:
        # No window of a quota ends while a test counts.
        moment = time.time()
        application._services.quotas._wall = lambda: moment
        yield application


@pytest.fixture(scope="session")
async def http(korob):
    """A client of it on the same machine."""
    async with client_of(korob) as client:
        yield client


@pytest.fixture
async def world(http):
    """A world."""
    return await World.make(http)

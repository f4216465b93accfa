"""Korob in this process, a world in it, and all its sellers and buyers."""

import pytest

from tests.world import World, an_application


@pytest.fixture(scope="session")
async def http(shared_url):
    async with an_application(shared_url) as http:
        yield http


@pytest.fixture
async def world(http):
    return await World.make(http)

"""Korob in this process, and a world in it for each test."""

import pytest

from tests.world import World, an_application


@pytest.fixture(scope="session")
async def http(shared_url):
    async with an_application(shared_url) as http:
        yield http


@pytest.fixture
async def world(http):
    return await World.make(http)

"""Two processes on one database, each with its door to orders; their tests keep to businesses of their own."""

import pytest

from tests.store.door import a_process


@pytest.fixture
async def orders(shared_url):
    async with a_process(shared_url) as opened:
        yield opened


@pytest.fixture
async def others(shared_url):
    async with a_process(shared_url) as opened:
        yield opened

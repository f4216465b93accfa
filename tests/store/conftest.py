"""Two processes on one database, each with its door to orders, and a shop; each test has businesses of its own."""

import pytest

from korob.store.orders import Orders
from tests.store.door import a_process
from tests.store.shop import open_shop


@pytest.fixture
async def orders(shared_url):
    async with a_process(shared_url) as opened:
        yield opened


@pytest.fixture
async def others(shared_url):
    async with a_process(shared_url) as opened:
        yield opened


@pytest.fixture
async def shop(shared_database):
    orders = Orders(shared_database, news=lambda _: ())
    yield await open_shop(shared_database, orders)
    await orders.close()

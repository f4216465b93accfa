"""One process, and a client on the same machine; worlds keep to themselves, so most tests share a database."""

import pytest

from tests.operator import playground


@pytest.fixture
async def services(shared_database):
    async with playground.services_on(shared_database) as services:
        yield services


@pytest.fixture
async def client(services):
    async with playground.client_of(services) as client:
        yield client


@pytest.fixture
async def world(client):
    return await playground.a_world(client)

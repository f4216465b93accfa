"""One process, the operator at it, and a world of his with an order in it."""

import pytest

from tests.operator import playground


@pytest.fixture
async def services(shared_database):
    async with playground.services_on(shared_database) as services:
        yield services


@pytest.fixture
async def client(services):
    async with playground.client_of(services, token=playground.TOKEN) as client:
        yield client


@pytest.fixture
async def world(client):
    return await playground.a_world(client)


@pytest.fixture
async def campaign(client):
    """A campaign of a business that is no world, as in production."""
    business = (await client.post("/operator/v1/businesses", json={"name": "Лавка"})).json()
    path = f"/operator/v1/businesses/{business['id']}/campaigns"
    return (await client.post(path, json={"name": "Лавка", "placementType": "DBS"})).json()

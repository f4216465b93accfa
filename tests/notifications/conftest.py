"""A world with its operator, a seller's program that listens, and somebody who delivers."""

import pytest

from korob.clock import WALL
from korob.notifications import delivery, handler_check, jumps, knock
from korob.notifications.delivery import Deliverer
from korob.notifications.sender import Sender
from tests.notifications import receiver as receivers
from tests.operator import playground
from tests.patience import ENOUGH_SECONDS

ORDER = {"items": [{"offerId": "MUG", "price": 500, "count": 2}]}


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """On a busy machine a good answer takes its time; stories of late ones say themselves how long they are awaited."""
    for module, name in (
        (knock, "PING_SECONDS"),
        (delivery, "NEXT_SECONDS"),
        (delivery, "GRACE_SECONDS"),
        (jumps, "ATTEMPT_SECONDS"),
        (jumps, "OTHERS_SECONDS"),
        (handler_check, "PING_SECONDS"),
        (handler_check, "SLOW_SECONDS"),
    ):
        monkeypatch.setattr(module, name, ENOUGH_SECONDS)


@pytest.fixture
async def services(database):
    async with playground.services_on(database) as services:
        yield services


@pytest.fixture
async def client(services):
    async with playground.client_of(services) as client:
        yield client


@pytest.fixture
async def operator(services):
    async with playground.client_of(services, token=playground.TOKEN) as client:
        yield client


@pytest.fixture
async def world(client):
    return await playground.a_world(client)


@pytest.fixture
def dbs(world):
    """The campaign that most stories happen in."""
    return world["campaigns"][0]["id"]


@pytest.fixture
async def receiver():
    async with receivers.listening() as receiver:
        yield receiver


@pytest.fixture
async def deliverer(database):
    async with Sender() as sender:
        yield Deliverer(database, sender, wall=WALL.now)


@pytest.fixture
def subscribe(operator, world, receiver):
    """Make a subscription of the world's business, or of a campaign."""

    async def subscribe(*types, campaign_id=None, **more):
        place = f"campaigns/{campaign_id}" if campaign_id else f"businesses/{world['businessId']}"
        body = {"name": "Shop", "url": receiver.url, "types": types or ("ORDER_CREATED", "ORDER_CANCELLED")} | more
        answer = await operator.post(f"/operator/v1/{place}/subscriptions", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return subscribe


@pytest.fixture
def place(operator, dbs):
    """Have a buyer place an order."""

    async def place(campaign_id=None, **more):
        answer = await operator.post(f"/operator/v1/campaigns/{campaign_id or dbs}/orders", json=ORDER | more)
        assert answer.status_code == 200, answer.text
        return answer.json()["order"]["id"]

    return place


@pytest.fixture
def advance(client, world):
    """Let time pass in the world."""

    async def advance(duration):
        answer = await client.post(f"/sandbox/v1/worlds/{world['id']}/clock", json={"advance": duration})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return advance


@pytest.fixture
def inbox(client, world):
    """What the world told."""

    async def inbox():
        return (await client.get(f"/sandbox/v1/worlds/{world['id']}/notifications")).json()["notifications"]

    return inbox


@pytest.fixture
def attempts(operator):
    """The log of a subscription, the first attempt first."""

    async def attempts(subscription, **query):
        path = f"/operator/v1/businesses/{subscription['businessId']}/subscriptions/{subscription['id']}/attempts"
        answer = await operator.get(path, params={"limit": 500} | query)
        assert answer.status_code == 200, answer.text
        return answer.json()["attempts"][::-1]

    return attempts

"""A business that is no world, its seller and its operator, and a code authority outside."""

from datetime import timedelta

import pytest

from korob.authority.asking import Asker
from korob.authority.ends import Remote
from korob.clock import WALL
from korob.config import Mode
from korob.notifications import bodies
from korob.store import offers
from korob.store.orders import Orders
from tests.authority.server import Authority
from tests.patience import ENOUGH_SECONDS
from tests.world import OPERATOR, an_application


@pytest.fixture
async def authority():
    server = Authority()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def korob(fresh_url, authority):
    """A client of a Korob that asks the authority."""
    async with an_application(fresh_url, mode=Mode.PRODUCTION, code_authority=authority.url) as http:
        yield http


class Shop:
    """An FBS campaign, and everybody who has to do with it."""

    def __init__(self, http, campaign, key):
        self.http = http
        self.campaign = campaign
        self.key = key

    async def operator(self, verb, path, body=None):
        answer = await self.http.request(
            verb, f"/operator/v1{path}", json=body, headers={"Authorization": f"Bearer {OPERATOR}"}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def seller(self, verb, order, what, body=None):
        path = f"/v2/campaigns/{self.campaign['id']}/orders/{order['id']}{what}"
        return await self.http.request(verb, path, json=body, headers={"Api-Key": self.key})

    async def place(self, *codes, kind="CIS"):
        """An order of marked goods, packed with these codes."""
        item = {"offerId": "MUG", "price": 500, "count": max(1, len(codes)), "requiredInstanceTypes": [kind]}
        made = await self.operator("POST", f"/campaigns/{self.campaign['id']}/orders", {"items": [item]})
        order = made["order"]
        if codes:
            await self.pack(order, *codes, kind=kind)
        return order

    async def pack(self, order, *codes, kind="CIS"):
        units = [{kind.lower(): code} for code in codes]
        box = {"items": [{"id": order["items"][0]["id"], "fullCount": len(codes), "instances": units}]}
        answer = await self.seller("PUT", order, "/boxes", {"boxes": [box]})
        assert answer.status_code == 200, answer.text

    async def statuses(self, order, kind="CIS"):
        """What the seller sees of the checks."""
        answer = await self.seller("POST", order, "/identifiers/status")
        [item] = answer.json()["result"]["items"]
        return [(code["status"], code.get("substatus")) for code in item[kind.lower()]]

    async def know(self, order):
        return await self.operator("GET", f"/campaigns/{self.campaign['id']}/orders/{order['id']}")

    async def answer(self, order, **facts):
        path = f"/campaigns/{self.campaign['id']}/orders/{order['id']}/acts"
        return await self.operator("POST", path, {"actor": "AUTHORITY", "act": "ANSWER"} | facts)


@pytest.fixture
async def shop(korob, database):
    shop = Shop(korob, None, None)
    business = await shop.operator("POST", "/businesses", {"name": "Лавка"})
    path = f"/businesses/{business['id']}"
    shop.campaign = await shop.operator("POST", f"{path}/campaigns", {"name": "Лавка", "placementType": "FBS"})
    shop.key = (await shop.operator("POST", f"{path}/api-keys", {"name": "Касса", "scopes": ["all-methods"]}))["token"]
    await offers.make_endless(database, business["id"], shop.campaign["id"], {"MUG"})
    return shop


@pytest.fixture
async def port(authority):
    port = Remote(authority.url, time_limit=timedelta(seconds=ENOUGH_SECONDS))
    yield port
    await port.close()


@pytest.fixture
async def asker(database, port):
    """Somebody who asks, with a memory of orders of his own, as a worker has."""
    orders = Orders(database, news=bodies.news)
    yield Asker(database, orders, port, wall=WALL.now)
    await orders.close()


@pytest.fixture
def hurry(database):
    """Have all that waits asked about now."""

    async def hurry():
        async with database.connection() as connection:
            await connection.execute("UPDATE code_questions SET next_at = now()")

    return hurry


@pytest.fixture
def questions(database):
    """What waits: attempts and trouble, by order."""

    async def questions():
        async with database.connection() as connection:
            rows = await connection.fetch("SELECT order_id, attempts, trouble FROM code_questions ORDER BY order_id")
        return {row["order_id"]: (row["attempts"], row["trouble"]) for row in rows}

    return questions

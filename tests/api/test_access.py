"""Who may call what, and what is told first when more than one thing is wrong."""

import json
from contextlib import ExitStack

import pytest

from korob.contract.methods import METHODS
from korob.domain.quota import Limit
from korob.domain.words import ApiAvailability, Model
from korob.store import campaigns, quota_limits
from tests.world import World, errors_of

DIGITAL = next(method for method in METHODS if method.operation_id == "provideOrderDigitalCodes")


class Seller:
    """A business that is no world, and one request of it that gets better bit by bit."""

    def __init__(self, korob, http):
        self.http = http
        self.services = korob._services
        self.path, self.headers, self.body = "", {}, b""
        self.verb = "POST"

    async def found_business(self, **how):
        database = self.services.database
        self.business_id = await campaigns.create_business(database, "Лавка", **how)
        self.fbs = (await campaigns.create_campaign(database, self.business_id, "FBS", Model.FBS)).id
        self.dbs = (await campaigns.create_campaign(database, self.business_id, "DBS", Model.DBS)).id
        await self.get_key("pricing")
        return self

    async def get_key(self, *scopes):
        made = await campaigns.create_key(self.services.database, self.business_id, f"For {scopes}", scopes)
        self.headers["Api-Key"] = made.token

    async def switch(self, campaign_id, availability):
        await campaigns.edit_campaign(self.services.database, self.business_id, campaign_id, availability=availability)
        self.services.keys.forget_business(self.business_id)

    async def limit(self, **limits):
        await quota_limits.replace(self.services.database, self.business_id, limits, on=True)
        self.services.keys.forget_business(self.business_id)

    async def ask(self):
        """Status and messages."""
        answer = await self.http.request(self.verb, self.path, headers=self.headers, content=self.body)
        return answer.status_code, [message for _, message in errors_of(answer)]


@pytest.fixture
async def seller(korob, http):
    return await Seller(korob, http).found_business()


async def test_of_all_that_is_wrong_the_first_is_told_in_the_resolved_order(korob, http):
    seller = await Seller(korob, http).found_business(yandex_go=True)
    own_key = seller.headers["Api-Key"]
    seller.verb, seller.path = "DELETE", "/V2/campaigns/1/orders/99/deliverDigitalGoods"
    seller.headers |= {"Api-Key": "mine", "X-Business-Id": "mine", "Content-Type": "text/plain"}
    seller.body = b" " * 600_000
    await seller.limit(provideOrderDigitalCodes=Limit(amount=0, parallel=1))
    for campaign_id in (seller.fbs, seller.dbs):
        await seller.switch(campaign_id, ApiAvailability.MANUALLY_DISABLED)
    in_flight = ExitStack()

    assert await seller.ask() == (404, ["Resource not found"])
    seller.path = "/v2/campaigns/1/orders/99/deliverDigitalGoods"
    assert await seller.ask() == (405, ["Request method DELETE not supported"])
    seller.verb = "POST"
    assert await seller.ask() == (401, ["Api-Key token prefix invalid"])
    seller.headers["Api-Key"] = own_key
    assert await seller.ask() == (400, ["Incorrect X-Business-Id header value: mine"])
    seller.headers["X-Business-Id"] = str(seller.business_id)
    assert await seller.ask() == (403, ["Access denied"])
    seller.path = f"/v2/campaigns/{seller.fbs}/orders/99/deliverDigitalGoods"
    one = seller.services.quotas.in_flight(("campaignId", seller.fbs), LIMITED_TO_ONE)
    in_flight.enter_context(one)
    assert await seller.ask() == (420, [f"Hit rate limit of 1 parallel requests for campaignId {seller.fbs}"])
    in_flight.close()
    assert await seller.ask() == (403, [f"API for campaign {seller.fbs} manually disabled."])
    await seller.switch(seller.fbs, ApiAvailability.AVAILABLE)
    status, (message,) = await seller.ask()
    assert (status, message[:49]) == (403, "Token does not have any of the scopes to access t")
    await seller.get_key("all-methods")
    assert await seller.ask() == (403, ["The method is not supported for Market Yandex Go sellers"])
    await give_up_yandex_go(seller)
    status, (message,) = await seller.ask()
    assert (status, message[:43]) == (420, "Hit rate limit of 0 requests per 1 hour for")
    await seller.limit()
    assert await seller.ask() == (415, ["Content type text/plain not supported"])
    seller.headers["Content-Type"] = "application/json"
    status, (message,) = await seller.ask()
    assert (status, message[:22]) == (400, "The request is too big")
    seller.body = b"{"
    assert await seller.ask() == (400, ["Unexpected end of content"])
    seller.body = b"{}"
    assert await seller.ask() == (400, ["items must not be null (rejected value: null)"])
    seller.body = json.dumps({"items": [{"id": 1, "codes": ["a"], "slip": "", "activate_till": "2099-01-01"}]}).encode()
    assert await seller.ask() == (400, ["Campaign type is not allowed. Allowed campaign types: DBS"])
    await seller.switch(seller.dbs, ApiAvailability.AVAILABLE)
    seller.path = f"/v2/campaigns/{seller.dbs}/orders/99/deliverDigitalGoods"
    assert await seller.ask() == (404, [f"Order not found: partnerId = {seller.dbs}, orderId = 99"])


@pytest.mark.parametrize(
    ("availability", "said"),
    [
        (ApiAvailability.MANUALLY_DISABLED, "API for campaign {} manually disabled."),
        (ApiAvailability.DISABLED_BY_INACTIVITY, "API for campaign {} disabled due to inactivity."),
        (
            ApiAvailability.DISABLED_BY_NO_ACTIVE_CONTRACT,
            "API for campaign {} disabled because there are no active contracts with Market.",
        ),
        (
            ApiAvailability.DISABLED_BY_NO_PLACEMENT_TYPE,
            "API for campaign {} disabled because it has no placement program.",
        ),
    ],
)
async def test_a_campaign_that_is_switched_off_says_why_and_only_tells_that_it_is(seller, availability, said):
    seller.verb = "GET"
    await seller.get_key("all-methods")
    await seller.switch(seller.dbs, availability)

    seller.path = f"/v2/campaigns/{seller.dbs}/orders"
    assert await seller.ask() == (403, [said.format(seller.dbs)])
    shown = await seller.http.get(f"/v2/campaigns/{seller.dbs}", headers=seller.headers)
    neighbour = await seller.http.get(f"/v2/campaigns/{seller.fbs}/orders", headers=seller.headers)

    assert shown.json()["campaign"]["apiAvailability"] == availability
    assert neighbour.status_code == 200


async def test_a_business_whose_campaigns_are_all_switched_off_is_switched_off(seller):
    await seller.get_key("all-methods")
    seller.path = f"/v1/businesses/{seller.business_id}/orders"

    await seller.switch(seller.dbs, ApiAvailability.DISABLED_BY_INACTIVITY)
    half = await seller.http.post(seller.path, headers=seller.headers)
    await seller.switch(seller.fbs, ApiAvailability.MANUALLY_DISABLED)

    assert half.status_code == 200
    message = f"API for business {seller.business_id} disabled because it has only disabled partners."
    assert await seller.ask() == (403, [message])
    seller.path = "/v2/auth/token"
    assert await seller.ask() == (403, [message])
    listed = await seller.http.get("/v2/campaigns", headers=seller.headers)
    assert [one["apiAvailability"] for one in listed.json()["campaigns"]] == [
        "MANUALLY_DISABLED",
        "DISABLED_BY_INACTIVITY",
    ]


async def test_a_stranger_does_not_learn_that_a_campaign_is_busy(korob, http, seller):
    quotas, entity = korob._services.quotas, ("campaignId", seller.dbs)
    stranger = await World.make(http, limits=False)
    path = f"/v2/campaigns/{seller.dbs}/orders/99/deliverDigitalGoods"

    with ExitStack() as in_flight:
        for _ in range(DIGITAL.quota.parallel):
            in_flight.enter_context(quotas.in_flight(entity, DIGITAL))
        answer = await http.post(path, headers={"Api-Key": stranger.api_key})

    assert errors_of(answer) == [("FORBIDDEN", "Access denied")]


async def test_what_a_stranger_is_refused_costs_the_campaign_nothing(http, seller):
    stranger = await World.make(http, limits=False)
    path = f"/v2/campaigns/{seller.dbs}/orders"
    await seller.get_key("all-methods")
    await seller.limit(getOrders=Limit(amount=1))

    for _ in range(3):
        assert (await http.get(path, headers={"Api-Key": stranger.api_key})).status_code == 403
    own = [(await http.get(path, headers=seller.headers)).status_code for _ in range(2)]

    assert own == [200, 420]


LIMITED_TO_ONE = type(DIGITAL)(
    **{name: getattr(DIGITAL, name) for name in DIGITAL.__struct_fields__}
    | {"quota": type(DIGITAL.quota)(10, parallel=1)}
)


async def give_up_yandex_go(seller):
    async with seller.services.database.connection() as connection:
        await connection.execute("UPDATE businesses SET yandex_go = false WHERE id = $1", seller.business_id)
    seller.services.keys.forget_business(seller.business_id)

"""What the operator misspells is refused where leaving it out would mean something else, and nothing is done."""

import pytest

BUSINESSES = "/operator/v1/businesses"


@pytest.fixture
async def business(client):
    return (await client.post(BUSINESSES, json={"name": "Лавка"})).json()


async def told(answer):
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    return error["message"]


async def test_an_edit_of_a_key_that_says_nothing_known_is_no_edit(client, business):
    keys = f"{BUSINESSES}/{business['id']}/api-keys"
    key = (await client.post(keys, json={"name": "Касса", "scopes": ["pricing"]})).json()

    answer = await client.patch(f"{keys}/{key['id']}", json={"scope": ["promotion"]})

    assert await told(answer) == "Object contains unknown field `scope`; it takes the fields name, scopes"
    assert (await client.get(keys)).json()["apiKeys"][0]["scopes"] == ["pricing"]


async def test_a_limit_is_not_as_usual_because_its_amount_was_misspelt(client, business):
    quotas = f"{BUSINESSES}/{business['id']}/quotas"
    await client.put(quotas, json={"quotas": [{"operation": "getOrder", "amount": 7}]})

    answer = await client.put(quotas, json={"quotas": [{"operation": "getOrder", "limit": 2}]})

    assert "unknown field `limit`" in await told(answer)
    shown = {one["operation"]: one["amount"] for one in (await client.get(quotas)).json()["quotas"]}
    assert shown["getOrder"] == 7


async def test_a_shelf_has_no_end_only_if_that_is_what_was_said(client, campaign):
    path = f"/operator/v1/campaigns/{campaign['id']}"
    order = {"items": [{"offerId": "MUG", "price": 100, "count": 1}]}

    answer = await client.put(f"{path}/stocks", json={"stocks": [{"offerId": "MUG", "amount": 5}]})

    assert await told(answer) == (
        "Object contains unknown field `amount` - at `$.stocks[0]`; stocks[0] takes the fields offerId, count"
    )
    assert (await client.post(f"{path}/orders", json=order)).status_code == 400


async def test_a_subscription_is_not_left_as_it_is_in_silence(client, business):
    subscriptions = f"{BUSINESSES}/{business['id']}/subscriptions"
    wish = {"name": "Касса", "url": "https://shop.example/", "types": ["ORDER_CREATED"], "check": False}
    made = (await client.post(subscriptions, json=wish)).json()

    answer = await client.patch(f"{subscriptions}/{made['id']}", json={"enabled": False})

    assert "unknown field `enabled`" in await told(answer)
    assert (await client.get(f"{subscriptions}/{made['id']}")).json()["state"] == "ENABLED"


@pytest.mark.parametrize(
    "path",
    ["request-log?order=1", "subscriptions/1/attempts?notification=1", "subscriptions/1/deliveries?status=WAITING"],
)
async def test_a_filter_that_nobody_knows_does_not_show_everything(client, business, path):
    answer = await client.get(f"{BUSINESSES}/{business['id']}/{path}")

    assert "unknown field" in await told(answer)


async def test_a_word_that_is_none_of_the_list_is_told_the_list(client, business):
    scope = await client.post(f"{BUSINESSES}/{business['id']}/api-keys", json={"name": "Касса", "scopes": ["orders"]})
    model = await client.post(
        f"{BUSINESSES}/{business['id']}/campaigns", json={"name": "A", "placementType": "EXPRESS"}
    )

    assert (await told(scope)).startswith(
        "Invalid enum value 'orders' - at `$.scopes[0]`; scopes[0] takes one of all-methods, all-methods:read-only,"
    )
    assert await told(model) == (
        "Invalid enum value 'EXPRESS' - at `$.placementType`; placementType takes one of DBS, FBS, FBY, LAAS"
    )

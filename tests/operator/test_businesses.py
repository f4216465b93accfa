"""How the marketplace lets a seller in."""

import httpx
import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from korob.contract import openapi
from tests.operator import playground

BUSINESSES = "/operator/v1/businesses"


@pytest.fixture
async def business(client):
    return (await client.post(BUSINESSES, json={"name": "Лавка"})).json()


def of(business):
    return f"{BUSINESSES}/{business['id']}"


async def test_a_business_is_made_and_shown(client):
    made = await client.post(BUSINESSES, json={"name": "Лавка", "yandexGo": True})

    shown = await client.get(of(made.json()))
    assert made.status_code == shown.status_code == 200
    assert shown.json() == made.json()
    assert (shown.json()["name"], shown.json()["yandexGo"]) == ("Лавка", True)
    assert shown.json()["id"] == shown.json()["businessId"]


@pytest.mark.parametrize("name", ["", "и" * 101, 7, None, "a\0b"])
async def test_a_business_needs_a_name(client, name):
    answer = await client.post(BUSINESSES, json={"name": name})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ({"placementType": "DBS"}, ("DBS", False)),
        ({"placementType": "FBS", "express": True}, ("FBS", True)),
        ({"placementType": "FBS", "express": False}, ("FBS", False)),
        ({"placementType": "LAAS"}, ("LAAS", False)),
    ],
)
async def test_campaigns_are_opened_in_every_model(client, business, wanted, shown):
    made = (await client.post(f"{of(business)}/campaigns", json={"name": "Лавка", **wanted})).json()

    listed = (await client.get(f"{of(business)}/campaigns")).json()["campaigns"]
    assert listed == [made]
    assert (await client.get(f"/operator/v1/campaigns/{made['id']}")).json() == made
    assert (made["placementType"], made["express"]) == shown
    assert (made["businessId"], made["apiAvailability"]) == (business["id"], "AVAILABLE")


@pytest.mark.parametrize(
    "wanted", [{"placementType": "EXPRESS"}, {"placementType": "DBS", "express": True}, {"placementType": "dbs"}, {}]
)
async def test_a_campaign_of_no_model_is_not_opened(client, business, wanted):
    answer = await client.post(f"{of(business)}/campaigns", json={"name": "Лавка", **wanted})

    assert answer.status_code == 400
    assert (await client.get(f"{of(business)}/campaigns")).json() == {"campaigns": []}


async def test_a_key_is_issued_and_its_token_shown_once(client, services, business):
    made = (
        await client.post(
            f"{of(business)}/api-keys", json={"name": "Касса", "scopes": ["pricing:read-only", "pricing"]}
        )
    ).json()

    found = await services.keys.find(made["token"])
    listed = (await client.get(f"{of(business)}/api-keys")).json()["apiKeys"]
    assert found.key.business_id == business["id"]
    assert made["scopes"] == ["pricing", "pricing:read-only"]
    assert [(key["id"], key["name"], "token" in key) for key in listed] == [(made["id"], "Касса", False)]
    assert made["token"].startswith(listed[0]["prefix"])


async def test_a_campaign_opened_later_is_open_to_the_key_at_once(client, services, business):
    key = (await client.post(f"{of(business)}/api-keys", json={"name": "Касса", "scopes": ["all-methods"]})).json()
    await services.keys.find(key["token"])

    campaign = (await client.post(f"{of(business)}/campaigns", json={"name": "Лавка", "placementType": "DBS"})).json()

    assert campaign["id"] in (await services.keys.find(key["token"])).campaigns


async def test_a_deleted_key_opens_nothing_at_once(client, services, business):
    key = (await client.post(f"{of(business)}/api-keys", json={"name": "Касса", "scopes": ["all-methods"]})).json()
    await services.keys.find(key["token"])

    deleted = await client.delete(f"{of(business)}/api-keys/{key['id']}")
    again = await client.delete(f"{of(business)}/api-keys/{key['id']}")

    assert (deleted.status_code, again.status_code) == (200, 404)
    assert (await services.keys.find(key["token"])).revoked
    assert "revokedAt" in (await client.get(f"{of(business)}/api-keys")).json()["apiKeys"][0]


@pytest.mark.parametrize("scopes", [[], ["everything"], ["ALL_METHODS"], None, "all-methods"])
async def test_a_key_of_no_scope_is_not_issued(client, business, scopes):
    answer = await client.post(f"{of(business)}/api-keys", json={"name": "Касса", "scopes": scopes})

    assert answer.status_code == 400
    assert (await client.get(f"{of(business)}/api-keys")).json() == {"apiKeys": []}


async def test_a_name_is_for_one_live_key(client, business):
    body = {"name": "Касса", "scopes": ["all-methods"]}

    answers = [await client.post(f"{of(business)}/api-keys", json=body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 400]


async def test_the_api_of_a_campaign_is_switched_off_and_on(client, campaign):
    path = f"/operator/v1/campaigns/{campaign['id']}"

    off = (await client.patch(path, json={"apiAvailability": "MANUALLY_DISABLED"})).json()
    on = (await client.patch(path, json={"apiAvailability": "AVAILABLE"})).json()

    assert off == campaign | {"apiAvailability": "MANUALLY_DISABLED"}
    assert on == campaign


async def test_businesses_are_listed_by_their_ids_a_page_at_a_time(client, services, world):
    ids = [(await client.post(BUSINESSES, json={"name": name})).json()["id"] for name in ("Лавка", "Склад", "Ларёк")]

    first = await client.get(BUSINESSES, params={"after": ids[0] - 1, "limit": 2})
    second = await client.get(BUSINESSES, params={"after": ids[1], "limit": 1})
    async with playground.client_of(services, token=world["operatorToken"]) as us:
        own = await us.get(BUSINESSES)

    assert [one["id"] for one in first.json()["businesses"]] == ids[:2]
    assert [one["name"] for one in second.json()["businesses"]] == ["Ларёк"]
    assert [one["id"] for one in own.json()["businesses"]] == [world["businessId"]]


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("GET", "", None),
        ("GET", "/campaigns", None),
        ("POST", "/campaigns", {"name": "Лавка", "placementType": "DBS"}),
        ("GET", "/api-keys", None),
        ("POST", "/api-keys", {"name": "Касса", "scopes": ["all-methods"]}),
        ("DELETE", "/api-keys/1", None),
    ],
)
async def test_an_unknown_business_is_not_found_and_to_a_world_s_token_as_foreign_as_any(
    services, client, world, business, verb, path, body
):
    unknown = await client.request(verb, f"{BUSINESSES}/404{path}", json=body)
    async with playground.client_of(services, token=world["operatorToken"]) as us:
        answers = [await us.request(verb, f"{BUSINESSES}/{one}{path}", json=body) for one in (404, business["id"])]

    assert unknown.status_code == 404
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].content == answers[1].content


class TestTokens:
    """Who may ask for what."""

    @pytest.mark.parametrize(
        "header",
        [
            None,
            "Bearer wrong",
            "Bearer ",
            "Bearer",
            "",
            f"Basic {playground.TOKEN}",
            playground.TOKEN,
            f"Bearer {playground.TOKEN}x",
            "Bearer world-guessed",
            "Bearer ключ",
        ],
    )
    async def test_without_the_operator_s_token_nobody_comes_in(self, services, header):
        headers = {"Authorization": header.encode()} if header is not None else {}
        async with playground.client_of(services) as client:
            answer = await client.post(BUSINESSES, json={"name": "Лавка"}, headers=headers)

        assert answer.status_code == 401
        assert answer.json()["errors"][0]["code"] == "UNAUTHORIZED"
        assert answer.headers["www-authenticate"] == "Bearer"

    async def test_a_seller_s_key_is_no_operator_s_token(self, services, world):
        async with playground.client_of(services, token=world["apiKey"]) as client:
            assert (await client.get(f"{BUSINESSES}/{world['id']}")).status_code == 401

    async def test_a_world_s_token_opens_its_business_and_makes_none(self, services, world):
        async with playground.client_of(services, token=world["operatorToken"]) as us:
            own = await us.get(f"{BUSINESSES}/{world['id']}/campaigns")
            made = await us.post(BUSINESSES, json={"name": "Лавка"})

        assert [one["id"] for one in own.json()["campaigns"]] == [one["id"] for one in world["campaigns"]]
        assert made.status_code == 403

    async def test_the_kind_of_the_token_is_written_in_any_case(self, services):
        async with playground.client_of(services) as client:
            answer = await client.post(
                BUSINESSES, json={"name": "Лавка"}, headers={"Authorization": f"bearer {playground.TOKEN}"}
            )

        assert answer.status_code == 200


class TestTheWayIn:
    """What is wrong with a request before anybody looks at what it asks for."""

    async def test_a_wrong_verb_is_told_the_right_ones(self, client):
        answer = await client.put(BUSINESSES, json={})

        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
        assert answer.json()["errors"][0]["code"] == "METHOD_NOT_ALLOWED"

    @pytest.mark.parametrize("content", [b"{", b"", b"[]", b"\xff", b'{"name": "a", "name"}', b"[" * 5_000])
    async def test_what_is_no_json_is_a_bad_request(self, client, content):
        answer = await client.post(BUSINESSES, content=content, headers={"Content-Type": "application/json"})

        assert answer.status_code == 400

    async def test_a_body_must_say_that_it_is_json(self, client):
        answer = await client.post(BUSINESSES, content=b'{"name": "a"}', headers={"Content-Type": "text/plain"})

        assert answer.status_code == 415

    async def test_null_is_the_same_as_absent(self, client):
        answer = await client.post(BUSINESSES, json={"name": "Лавка", "yandexGo": None})

        assert answer.status_code == 200
        assert "yandexGo" not in answer.json()

    async def test_the_caller_s_trace_goes_on(self, client):
        trace = "0af7651916cd43dd8448eb211c80319c"

        answer = await client.get(f"{BUSINESSES}/404", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})

        assert answer.headers["traceparent"].split("-")[1] == trace

    async def test_a_body_must_not_be_larger_than_half_a_megabyte(self, client):
        answer = await client.post(BUSINESSES, json={"name": "a" * 2**20})

        assert answer.status_code == 400
        assert "512 KB" in answer.json()["errors"][0]["message"]

    @pytest.mark.parametrize("number", ["x", "9" * 30, "1.5", "%20"])
    async def test_an_id_that_is_no_number_is_a_bad_request(self, client, number):
        assert (await client.get(f"{BUSINESSES}/{number}")).status_code == 400

    async def test_a_database_that_is_gone_is_told_as_such(self, services, client, monkeypatch):
        from korob.store import campaigns
        from korob.store.database import DatabaseGoneError

        async def gone(*_, **__):
            raise DatabaseGoneError("gone")

        monkeypatch.setattr(campaigns, "create_business", gone)

        answer = await client.post(BUSINESSES, json={"name": "Лавка"})

        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (503, "SERVICE_UNAVAILABLE")

    async def test_a_bug_of_ours_is_an_internal_error_and_no_more(self, client, monkeypatch):
        from korob.store import campaigns

        async def trips(*_, **__):
            raise KeyError("the secret of the house")

        monkeypatch.setattr(campaigns, "create_business", trips)

        answer = await client.post(BUSINESSES, json={"name": "Лавка"})

        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (500, "INTERNAL_ERROR")
        assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/operator/v1/openapi.json", "/sandbox/v1/openapi.json"])
async def test_the_documents_describe_themselves_to_anybody(services, path):
    async with playground.client_of(services) as client:
        answer = await client.get(path)

    document = answer.json()
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []
    for verbs in document["paths"].values():
        for operation in verbs.values():
            assert {"500", "503"} <= operation["responses"].keys()
            assert ("415" in operation["responses"]) == ("requestBody" in operation)
    assert all(
        "$ref" in operation["requestBody"]["content"]["application/json"]["schema"]
        for verbs in document["paths"].values()
        for operation in verbs.values()
        if "requestBody" in operation
    )


async def test_every_reference_in_a_document_leads_somewhere(client: httpx.AsyncClient):
    for path in ("/operator/v1/openapi.json", "/sandbox/v1/openapi.json"):
        answer = await client.get(path)
        schemas = answer.json()["components"]["schemas"]

        references = set(_references(answer.json()))

        assert references
        assert {reference.removeprefix("#/components/schemas/") for reference in references} <= schemas.keys()


async def test_both_apis_describe_an_order_alike(client: httpx.AsyncClient):
    described = (await client.get("/operator/v1/openapi.json")).json()["components"]["schemas"]

    sellers = openapi.document()["components"]["schemas"]
    assert {name: described[name] for name in ("OrderDTO", "OrderItemDTO")} == {
        name: sellers[name] for name in ("OrderDTO", "OrderItemDTO")
    }


async def test_an_order_in_full_is_what_the_document_promises(client: httpx.AsyncClient, world):
    orders = f"/operator/v1/campaigns/{world['campaigns'][0]['id']}/orders"
    paid = {"items": [{"offerId": "MUG", "price": 0.1, "count": 3}], "paymentType": "PREPAID", "paid": True}
    placed = (await client.post(orders, json=paid)).json()["order"]
    await client.post(f"{orders}/{placed['id']}/acts", json={"actor": "BUYER", "act": "CANCEL"})

    in_full = (await client.get(f"{orders}/{placed['id']}")).json()

    document = (await client.get("/operator/v1/openapi.json")).json()
    promised = {"$ref": "#/components/schemas/OrderInFull", "components": document["components"]}
    checked = jsonschema_rs.Draft202012Validator(promised, validate_formats=True)
    assert [error.message for error in checked.iter_errors(in_full)] == []
    assert [refund["amount"] for refund in in_full["refunds"]] == [0.3]


async def test_amounts_ids_and_moments_are_described_as_they_are_sent(client: httpx.AsyncClient):
    refund = (await client.get("/operator/v1/openapi.json")).json()["components"]["schemas"]["RefundEntry"]

    assert {name: refund["properties"][name] for name in ("amount", "itemId", "dueAt")} == {
        "amount": {"type": "number"},
        "itemId": {"type": "integer", "format": "int64"},
        "dueAt": {"type": "string", "format": "date-time"},
    }


def _references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)

"""Tenants are apart: who comes with another business's key, with too little of one, or with none, gets nowhere.

Every method that is served is called in every such way; what is added to the contract is called by itself.
"""

import copy
import re
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest

from korob.contract.method import Method
from korob.contract.methods import METHODS
from korob.contract.outlets import ChangeOutletRequest
from korob.domain.campaign import ALL_SCOPES, Scope
from korob.domain.words import Model
from korob.store import campaigns
from korob.store.database import Database
from tests.api.test_faults import VALID
from tests.world import World, errors_of

READ_ONLY = frozenset(scope for scope in Scope if scope.value.endswith(":read-only"))
UNKNOWN = {"campaignId": 999_999_991, "businessId": 999_999_992, "orderId": 999_999_999_993}
NEEDED: dict[str, str] = {
    "searchRegionsByName": "name=Москва",
    "getOutletLicenses": "ids=1",
    "deleteOutletLicenses": "ids=1",
}
"""Queries without which a method is not even looked at."""
AS_IT_WAS = """
    SELECT format(
        'SELECT %L AS name, md5(coalesce(string_agg(t::text, E''\\n'' ORDER BY t::text), '''')) AS digest '
        'FROM (SELECT %s FROM %I WHERE business_id = $1) AS t',
        table_name, string_agg(quote_ident(column_name), ', '), table_name
    ) AS statement
    FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name <> 'last_used_at' AND table_name <> 'request_log'
    GROUP BY table_name
    HAVING bool_or(column_name = 'business_id')
"""
_JUST_MADE = re.compile(r'(?<="result":{"id":)\d+')
"""The number of what the call made: another one each time."""
CALLS = 0


def every(condition: Callable[[Method], bool] = lambda _: True) -> pytest.MarkDecorator:
    """Run a test for every method of which this is true."""
    methods = [method for method in METHODS if condition(method)]
    return pytest.mark.parametrize("method", methods, ids=[method.operation_id for method in methods])


class Tenant(World):
    """A world with an order in each campaign, an operation under way, and keys of every kind."""

    orders: dict[str, int]
    operation: str
    outlet: int
    keys: dict[frozenset[Scope], str]
    deleted_key: str

    async def settle_in(self) -> "Tenant":
        lacking = {ALL_SCOPES - method.scopes for method in METHODS if method.scopes != ALL_SCOPES}
        self.keys = {scopes: (await self.new_key(scopes))["token"] for scopes in {READ_ONLY, *lacking}}
        deleted = await self.new_key(ALL_SCOPES)
        await self.operator("DELETE", f"/businesses/{self.id}/api-keys/{deleted['id']}")
        self.deleted_key = deleted["token"]
        self.orders = {model: (await self.place(model))["id"] for model in self.campaigns}
        moved = await self.move({"campaignId": self.campaigns["LAAS"], "id": self.orders["LAAS"]}, "CANCELLED")
        self.operation = moved.raise_for_status().json()["operation"]["id"]
        outlets = f"/v2/campaigns/{self.campaigns['DBS']}/outlets"
        opened = await self.seller("POST", outlets, VALID[ChangeOutletRequest])
        self.outlet = opened.raise_for_status().json()["result"]["id"]
        return self

    async def new_key(self, scopes: frozenset[Scope]) -> Any:
        wish = {"name": f"Key of {len(scopes)}: {hash(scopes)}", "scopes": sorted(scopes)}
        return (await self.operator("POST", f"/businesses/{self.id}/api-keys", wish)).raise_for_status().json()

    def place_of(self, method: Method) -> dict[str, int]:
        """The ids in the path of a call of this tenant's own."""
        model = next(model for model in Model if model in method.models)
        own = {"campaignId": self.campaigns[model], "businessId": self.id, "orderId": self.orders[model]}
        return own | {"outletId": self.outlet}


def located(sample: Any, place: dict[str, int]) -> Any:
    """A sample body with this place's outlet wherever it names one."""
    if isinstance(sample, dict):
        own = {"outletId": place["outletId"]} if "outletId" in sample and "outletId" in place else {}
        return {name: located(value, place) for name, value in sample.items()} | own
    return [located(value, place) for value in sample] if isinstance(sample, list) else sample


class Visitor:
    """Calls methods, and counts how often."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def call(
        self, method: Method, place: dict[str, int], headers: dict[str, str], *, body: Any = ..., query: str = ""
    ) -> httpx.Response:
        global CALLS  # noqa: PLW0603
        CALLS += 1
        path = re.sub(r"{(\w+)}", lambda name: str(place.get(name[1], 1)), method.path)
        sample = (located(VALID.get(method.body), place) if method.body else None) if body is ... else body
        query = "&".join(filter(None, (NEEDED.get(method.operation_id), query)))
        return await self.http.request(method.verb, f"{path}?{query}", json=sample, headers=headers)


@pytest.fixture(scope="module")
async def victim(http):
    return await (await Tenant.make(http, limits=False)).settle_in()


@pytest.fixture(scope="module")
async def stranger(http):
    return await (await Tenant.make(http, limits=False)).settle_in()


@pytest.fixture
def visitor(http):
    return Visitor(http)


@pytest.fixture
async def untouched(shared_database, victim):
    """Whatever the test does, nothing of the victim changes."""
    before = await state(shared_database, victim.id)
    yield
    assert await state(shared_database, victim.id) == before


@every()
async def test_its_own_key_opens_every_method(method, visitor, stranger):
    answer = await visitor.call(method, stranger.place_of(method), {"Api-Key": stranger.api_key})

    assert answer.status_code not in {401, 403, 405, 420, 500}
    assert "Resource not found" not in answer.text


@every()
@pytest.mark.usefixtures("untouched")
async def test_without_a_live_key_nothing_is_answered(method, visitor, victim):
    mangled = victim.api_key[:10] + ("a" if victim.api_key[10] != "a" else "b") + victim.api_key[11:]
    place = victim.place_of(method)
    messages = []
    for headers in (
        {},
        {"Api-Key": ""},
        {"Api-Key": "password"},
        {"Api-Key": victim.api_key + "0"},
        {"Api-Key": mangled},
        {"Api-Key": victim.deleted_key},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Authorization": "Bearer"},
    ):
        answer = await visitor.call(method, place, headers)
        assert answer.status_code == 401
        messages += errors_of(answer)
    for headers in ({"Authorization": f"Bearer {victim.api_key}"}, {"Authorization": "Bearer y0_nobody"}):
        answer = await visitor.call(method, place, headers)
        assert answer.status_code == 403
        messages += errors_of(answer)

    assert messages == [
        ("UNAUTHORIZED", "Credentials are not specified"),
        ("UNAUTHORIZED", "Api-Key token is not specified"),
        ("UNAUTHORIZED", "Api-Key token prefix invalid"),
        ("UNAUTHORIZED", "Api-Key token length invalid"),
        ("UNAUTHORIZED", "Api-Key token is invalid"),
        ("UNAUTHORIZED", "Api-Key token is revoked"),
        ("UNAUTHORIZED", "Authorization header has invalid syntax"),
        ("UNAUTHORIZED", "OAuth token is not specified"),
        ("FORBIDDEN", "OAuth token is invalid"),
        ("FORBIDDEN", "OAuth token is invalid"),
    ]


@every(lambda method: "{campaignId}" in method.path or "{businessId}" in method.path)
@pytest.mark.usefixtures("untouched")
async def test_another_business_s_key_opens_nothing_and_does_not_learn_what_there_is(
    method, visitor, victim, stranger, shared_database
):
    oauth = await campaigns.create_key(shared_database, stranger.id, f"For {method.operation_id}", oauth=True)
    theirs = victim.place_of(method)
    for key in ({"Api-Key": stranger.api_key}, {"Authorization": f"Bearer {oauth.token}"}):
        said = set()
        for place in (theirs, UNKNOWN, theirs | {"orderId": 1}):
            for claim in ({}, {"X-Business-Id": str(place["businessId"])}):
                answer = await visitor.call(method, place, key | claim)
                said.add(hidden(answer, place["businessId"]))

        assert said == {(403, '{"status":"ERROR","errors":[{"code":"FORBIDDEN","message":"Access denied"}]}')}


@every(lambda method: method.scopes != ALL_SCOPES)
@pytest.mark.usefixtures("untouched")
async def test_a_key_without_the_scope_opens_nothing(method, visitor, victim):
    key = victim.keys[ALL_SCOPES - method.scopes]

    answer = await visitor.call(method, victim.place_of(method), {"Api-Key": key})

    listed = ", ".join(sorted(method.scopes))
    message = f"Token does not have any of the scopes to access the API method: {listed}"
    assert (answer.status_code, errors_of(answer)) == (403, [("FORBIDDEN", message)])


@every()
@pytest.mark.usefixtures("untouched")
async def test_a_read_only_key_changes_nothing(method, visitor, victim):
    answer = await visitor.call(method, victim.place_of(method), {"Api-Key": victim.keys[READ_ONLY]})

    assert (answer.status_code == 403) is method.scopes.isdisjoint(READ_ONLY)


@every(lambda method: "{orderId}" in method.path)
@pytest.mark.usefixtures("untouched")
async def test_an_order_of_somebody_else_is_as_unknown_as_none(method, visitor, victim, stranger):
    """Another business's, and another campaign's of one's own."""
    own = stranger.place_of(method)
    neighbour = next(order for order in stranger.orders.values() if order != own["orderId"])
    key = {"Api-Key": stranger.api_key}
    unknown = await visitor.call(method, own | {"orderId": UNKNOWN["orderId"]}, key)
    for order_id in (*victim.orders.values(), neighbour):
        answer = await visitor.call(method, own | {"orderId": order_id}, key)

        assert answer.status_code in {400, 404}
        assert hidden(answer, order_id) == hidden(unknown, UNKNOWN["orderId"])


@every()
@pytest.mark.usefixtures("untouched")
async def test_what_is_somebody_else_s_is_as_unknown_in_a_body_or_a_query(method, visitor, victim, stranger):
    key = {"Api-Key": stranger.api_key}
    await visitor.call(method, stranger.place_of(method), key)  # what can be done once only is done
    for theirs in (*victim.orders.values(), *victim.campaigns.values(), victim.id, int(victim.operation)):
        nobodys = int("86420975318642097531"[: len(str(theirs))])
        for body_of in (None, *([naming] if method.body else [])):
            said = []
            for named in (theirs, nobodys):
                query = "&".join(f"{name}={named}" for name in id_parameters(method)) if body_of is None else ""
                body = body_of(method, named) if body_of else ...
                said.append(
                    hidden(await visitor.call(method, stranger.place_of(method), key, body=body, query=query), named)
                )
            assert said[0] == said[1]


def test_all_of_that_was_tried(capsys):
    if not CALLS:
        pytest.skip("it was not")
    with capsys.disabled():
        print(f"\n{CALLS} calls of {len(METHODS)} methods with keys that don't open them: nothing was read or changed")

    assert 10 * len(METHODS) < CALLS


async def state(database: Database, business_id: int) -> dict[str, str]:
    """A digest of all that is a business's, by table."""
    async with database.connection() as connection:
        statements = [row["statement"] for row in await connection.fetch(AS_IT_WAS)]
        rows = [await connection.fetchrow(statement, business_id) for statement in statements]
    return {row["name"]: row["digest"] for row in rows}


def hidden(answer: httpx.Response, *ids: int) -> tuple[int, str]:
    """An answer, told without these ids."""
    text = _JUST_MADE.sub("…", answer.text)
    for one in ids:
        text = text.replace(str(one), "…")
    return answer.status_code, text


def naming(method: Method, named: int) -> Any:
    """The body of a method with this in every place that an id can stand in."""
    assert method.body
    sample = copy.deepcopy(VALID.get(method.body, {}))
    for field in msgspec.structs.fields(method.body):
        if field.encode_name.endswith("Ids"):
            sample.setdefault(field.encode_name, [named])
    return _naming(sample, "", named)


def _naming(value: Any, name: str, named: int) -> Any:
    if isinstance(value, dict):
        return {key: _naming(one, key, named) for key, one in value.items()}
    if isinstance(value, list):
        return [_naming(one, name, named) for one in value[:1]]
    if not name.lower().endswith(("id", "ids")):
        return value
    return named if isinstance(value, int) else str(named)


def id_parameters(method: Method) -> list[str]:
    """The parameters of a method's query that take ids."""
    fields = msgspec.structs.fields(method.query) if method.query else ()
    return [field.encode_name for field in fields if field.encode_name.lower().endswith(("id", "ids"))]

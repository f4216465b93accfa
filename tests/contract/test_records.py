"""Every record says what the contract says of its method, but for what the seeds and we ourselves decided."""

from datetime import timedelta

import pytest

from korob.contract import openapi
from korob.contract.methods import METHODS
from korob.domain.words import Model
from tests.contract.published import Contract

OURS = Contract(openapi.document())
MODELS = {"fbs": Model.FBS, "fby": Model.FBY, "dbs": Model.DBS, "express": Model.EXPRESS, "laas": Model.LAAS}

QUOTAS_OF_THE_SEEDS = {"updateOrderItems": 100_000, "setOrderBoxLayout": 100_000}
"""The pages that everything started from allow ten times as much as the contract; they win."""
PARALLEL = dict.fromkeys(
    ("getOrder", "getOrders", "getBusinessOrders", "updateOrderItems", "provideOrderDigitalCodes"), 6
)
"""Methods with a parallel limit of their own; of all others four requests may run at once."""
COUNTED = {
    "updateOrderStatuses": "answer.orders",
    "searchRegionsByName": "answer.regions",
    "searchRegionChildren": "answer.regions.children",
    "getOutlets": "answer.outlets",
    "updateStocks": "request.skus",
    "getStocks": "answer.warehouses.offers",
}
"""Methods of which not the calls are counted; the contract at hand does not say so, the full one does."""
WINDOWS = {"1 hours": timedelta(hours=1), "1 minutes": timedelta(minutes=1)}
BODY_MAY_BE_MISSING = {"getBusinessOrders"}
"""The contract demands a body, programs in use send none."""
BOUNDS_OF_OURS = {("getCampaigns", "pageSize"): {"maximum": 100}}
"""Published as a sentence, not in the schema."""
UNPUBLISHED = {"getOutletLicenses", "updateOutletLicenses", "deleteOutletLicenses"}
"""Methods that the contract at hand leaves out, though the full one has them."""
PUBLISHED = [method for method in METHODS if method.operation_id not in UNPUBLISHED]
IDS = [method.operation_id for method in METHODS]


@pytest.fixture(params=PUBLISHED, ids=lambda method: method.operation_id)
def method(request):
    return request.param


@pytest.fixture
def published(contract, method):
    return contract.operations[method.operation_id]


def test_a_method_is_where_the_contract_has_it(method, published):
    assert (method.verb, method.path) == (published["verb"], published["path"])
    assert method.family == published["tags"][0]
    assert method.deprecated == published.get("deprecated", False)


def test_a_method_serves_the_models_of_the_contract(method, published):
    assert method.models == {MODELS[tag] for tag in published["tags"] if tag in MODELS}


def test_a_method_opens_to_whom_the_contract_opens_it(method, published):
    assert method.scopes == set(published["x-auth-scopes"])
    assert method.yandex_go == ("market-yandex-go" in published["x-allowed"])


def test_a_quota_is_the_seeds_or_else_the_contracts(method, published):
    assert method.quota.per == WINDOWS[published["x-limit"]["per"]]
    assert method.quota.amount == QUOTAS_OF_THE_SEEDS.get(method.operation_id, published["x-limit"]["amount"])
    assert method.quota.parallel == PARALLEL.get(method.operation_id, 4)


def test_a_call_costs_one_unit_or_what_it_shows(method):
    assert method.quota.counts == COUNTED.get(method.operation_id, "request")


def test_a_method_refuses_with_the_statuses_of_the_contract(method, published):
    assert {str(status) for status in method.errors} == published["responses"].keys() - {"200"}


def test_a_path_has_the_ids_of_the_contract(contract, method):
    assert OURS.parameters(method.operation_id, "path") == contract.parameters(method.operation_id, "path")


def test_a_query_takes_what_the_contract_has(contract, method):
    ours = OURS.parameters(method.operation_id, "query")
    theirs = contract.parameters(method.operation_id, "query")

    assert ours.keys() == theirs.keys()
    for name, expected in theirs.items():
        bounds = BOUNDS_OF_OURS.get((method.operation_id, name), {})
        assert ours[name] == without_width(expected) | bounds, name


def without_width(integer):
    """Numbers of a query are cut to what fits, so theirs need no width."""
    return {name: said for name, said in integer.items() if name != "format" or integer["type"] != "integer"}


def test_a_body_is_what_the_contract_takes(contract, method, published):
    assert OURS.body(method.operation_id) == contract.body(method.operation_id)
    demanded = published.get("requestBody", {}).get("required", False)
    assert method.body_required == (demanded and method.operation_id not in BODY_MAY_BE_MISSING) or not method.body


def test_an_answer_has_the_fields_of_the_contract(contract, method):
    ours, theirs = OURS.answer(method.operation_id), contract.answer(method.operation_id)

    if theirs is None:
        assert ours is None
    else:
        assert list(differences(ours, theirs)) == []


def differences(ours, theirs, at="$"):
    """Say where an answer of ours would surprise a reader of the contract."""
    if "again" in (ours["type"], theirs["type"]):
        # What holds itself is cut where it repeats; one of us may say in two schemas what the other says in one.
        return
    if ours["type"] != theirs["type"]:
        yield f"{at}: {ours['type']} instead of {theirs['type']}"
    if extra := ours.get("enum", frozenset()) - theirs.get("enum", frozenset()):
        yield f"{at}: values that nobody expects: {sorted(extra)}"
    if lost := theirs.get("enum", frozenset()) - ours.get("enum", theirs.get("enum", frozenset())) - {"ERROR"}:
        yield f"{at}: values that are never there: {sorted(lost)}"
    if "fields" in theirs:
        if odd := ours["fields"].keys() ^ theirs["fields"].keys():
            yield f"{at}: only one of us has {sorted(odd)}"
        if loose := theirs["required"] - ours["required"]:
            yield f"{at}: may be missing: {sorted(loose)}"
        for name in ours["fields"].keys() & theirs["fields"].keys():
            yield from differences(ours["fields"][name], theirs["fields"][name], f"{at}.{name}")
    if "items" in theirs:
        yield from differences(ours["items"], theirs["items"], f"{at}[]")


def test_no_method_stands_here_twice():
    assert len(set(IDS)) == len(IDS)
    assert len({(method.verb, method.path) for method in METHODS}) == len(METHODS)


def test_what_is_not_held_to_the_contract_is_not_in_it(contract):
    assert set(IDS) - contract.operations.keys() == UNPUBLISHED


@pytest.mark.parametrize("method", [method for method in METHODS if method.operation_id in UNPUBLISHED])
def test_licences_belong_to_the_settings_of_dbs_campaigns(method):
    reads = {"all-methods:read-only"} if method.verb == "GET" else set()

    assert (method.models, method.scopes) == ({Model.DBS}, {"all-methods", "settings-management"} | reads)
    assert (method.quota.amount, method.quota.per, method.quota.counts) == (100_000, timedelta(hours=1), "request")
    assert (method.yandex_go, method.deprecated) == (True, False)

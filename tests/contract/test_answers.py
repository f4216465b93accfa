"""Requests drawn from the published contract, good and bad; every answer is held to it.

Requests are mostly about orders that are there and fit the method, so that they get past 403 and 404.
"""

import copy
import os
import random
from collections import Counter
from collections.abc import Iterator, Set
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from korob.contract import openapi
from korob.contract.methods import METHODS
from tests.contract import grounded
from tests.contract.answered import Answers
from tests.contract.published import Contract
from tests.contract.reality import Reality, fitting
from tests.world import BASE, Json, Loop, World

EXAMPLES = int(os.environ.get("KOROB_CONTRACT_EXAMPLES", "200"))
"""Good requests a method; bad ones are a quarter of that."""
UNPUBLISHED = {"getOutletLicenses", "updateOutletLicenses", "deleteOutletLicenses"}
"""Methods that the contract at hand leaves out: they are drawn from our own document, and held to it."""
BY_NAME = {method.operation_id: method for method in METHODS}


@pytest.fixture(scope="module")
def loop(shared_url: str) -> Iterator[Loop]:
    loop = Loop(shared_url)
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def world(loop: Loop) -> World:
    return loop.run(World.make(loop.http, limits=False))


@pytest.fixture(scope="module")
def reality(loop: Loop, world: World) -> Reality:
    return Reality(world, loop.run)


@pytest.fixture(scope="module")
def drawn(contract: Contract) -> Any:
    """What draws requests: the contract, of its methods only those that are there."""
    return drawing(contract, BY_NAME.keys() - UNPUBLISHED)


@pytest.fixture(scope="module")
def drawn_by_us() -> Any:
    return drawing(Contract(openapi.document()), UNPUBLISHED)


@pytest.fixture(scope="module")
def our_answers() -> Answers:
    return Answers(Contract(openapi.document()))


def drawing(contract: Contract, names: Set[str]) -> Any:
    """What draws requests of these methods."""
    document = copy.deepcopy(contract.document)
    for path, verbs in list(document["paths"].items()):
        for verb, operation in list(verbs.items()):
            if isinstance(operation, dict) and operation.get("operationId", "") not in names:
                del verbs[verb]
        if not verbs:
            del document["paths"][path]
    keep_small(document["components"]["schemas"])
    return schemathesis.openapi.from_dict(document)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
@pytest.mark.parametrize("operation_id", sorted(BY_NAME.keys() - UNPUBLISHED))
def test_every_answer_is_one_that_the_contract_knows(
    loop: Loop, world: World, reality: Reality, drawn: Any, answers: Answers, operation_id: str, mode: GenerationMode
) -> None:
    ask_much(loop, world, reality, drawn, answers, operation_id, mode)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
@pytest.mark.parametrize("operation_id", sorted(UNPUBLISHED))
def test_every_other_answer_is_one_that_our_own_document_knows(
    loop: Loop, world: World, reality: Reality, drawn_by_us: Any, our_answers: Answers, operation_id: str,
    mode: GenerationMode,
) -> None:  # fmt: skip
    ask_much(loop, world, reality, drawn_by_us, our_answers, operation_id, mode)


def ask_much(
    loop: Loop, world: World, reality: Reality, drawn: Any, answers: Answers, operation_id: str, mode: GenerationMode
) -> None:
    """Ask a method hundreds of things, and hold every answer to what it may be."""
    statuses: Counter[int] = Counter()
    cases = drawn.find_operation_by_id(operation_id).as_strategy(generation_mode=mode)
    kinds = st.sampled_from(fitting(BY_NAME[operation_id]))
    good = mode is GenerationMode.POSITIVE

    # Of numbers drawn one by one the machine makes many the smallest; of a seed's it can't.
    @given(case=cases, kind=kinds, chance=st.integers(0, 2**32).map(random.Random))
    @settings(
        max_examples=EXAMPLES if good else EXAMPLES // 4,
        # Making a failing request smaller takes minutes; what it was is told anyway.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any, kind: str, chance: random.Random) -> None:
        order = reality.order(kind)
        answer = send(loop, world, about(case, operation_id, order, reality, chance, good=good))
        statuses[answer.status_code] += 1
        if answer.status_code != 200 or operation_id.startswith(("get", "search")):
            reality.give_back(kind, order)
        if operation_id == "updateOrder" and answer.status_code == 200:
            reality.operations += [one["id"] for one in answer.json()["result"]["operations"]]
        if operation_id == "deleteOutlet" and answer.status_code == 200:
            reality.forget_outlet()
        answers.check(operation_id, answer)

    ask()

    if good:
        assert statuses[200] >= EXAMPLES // 20, f"hardly any request got through: {statuses}"


def keep_small(schemas: Json) -> None:
    """Left alone, a machine draws large bodies that are mostly fields which nobody knows."""
    parts = {
        part["$ref"].rsplit("/", 1)[1] for each in schemas.values() for part in each.get("allOf", ()) if "$ref" in part
    }
    for name, schema in schemas.items():
        if "properties" in schema and "allOf" not in schema and name not in parts:
            schema["additionalProperties"] = False
        for field in schema.get("properties", {}).values():
            if field.get("type") == "array" and field.get("minItems", 0) < 4:
                field["maxItems"] = min(4, field.get("maxItems", 4))


def about(case: Any, operation_id: str, order: Json, reality: Reality, chance: random.Random, *, good: bool) -> Json:
    """The request as `requests` spells it, mostly about a real order of this world."""
    if good or chance.random() < 0.8:
        case.path_parameters = grounded.path(case.path_parameters or {}, order, reality, chance)
    if good or chance.random() < 0.3:
        case.body = grounded.body(operation_id, case.body, order, reality, chance)
    case.query = grounded.query(operation_id, case.query or {}, order, reality, chance, kept=0.2 if good else 0.7)
    return case.as_transport_kwargs(base_url=BASE)


def send(loop: Loop, world: World, spelt: Json) -> httpx.Response:
    request = requests.Request(
        **{name: spelt[name] for name in ("method", "url", "headers", "params", "json", "data") if name in spelt}
    ).prepare()
    body = request.body or b""
    headers = {name: value for name, value in request.headers.items() if name.lower() == "content-type"}
    return loop.run(
        loop.http.request(
            request.method or "",
            request.url or "",
            content=body,
            headers=headers | {"Api-Key": world.api_key},
        )
    )

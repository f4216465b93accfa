"""The OpenAPI document, drawn from the records: nothing in it is written a second time."""

import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import Struct

from korob import __version__
from korob.contract.envelope import ApiErrorResponse
from korob.contract.method import Method
from korob.contract.methods import METHODS
from korob.contract.wire import INT32_MAX, INT64_MAX, published

Schema = dict[str, Any]

COMPONENT: Final = "#/components/schemas/{name}"
EVERY_METHOD_MAY_ANSWER: Final = (503,)
MEANINGS: Final = {
    200: "Done",
    400: "The request can't be read, or a rule says no",
    401: "No key, or one that is not known",
    403: "The key does not open this",
    404: "There is no such thing",
    415: "The body is of another type than JSON",
    420: "Too many requests, in the hour or at once",
    500: "A fault of the server",
    503: "The server can't answer now",
}
ABOUT: Final = (
    "The marketplace's side of the Yandex Market Partner API for sellers. Methods of `/v2` answer without the "
    "version too, and every path with `.json` at its end. Unknown fields and parameters are ignored; `null` for a "
    "field that may be absent is the same as absent."
)
SECURITY: Final = {
    "ApiKey": {"type": "apiKey", "in": "header", "name": "Api-Key", "description": "A key of a business"},
    "OAuth": {"type": "http", "scheme": "bearer", "description": "A token that the operator made for a business"},
}

COUNTED_FROM_1: Final = {"campaignId", "businessId", "outletId"}
"""Ids of a path that the contract says are at least 1."""

_PLACEHOLDER: Final = re.compile(r"{(\w+)}")


@cache
def document() -> Schema:
    """Draw the document of all methods; it is drawn once and not to be changed."""
    return draw(METHODS)


def draw(methods: Sequence[Method]) -> Schema:
    """Draw the document of some methods, OpenAPI 3.1."""
    schemas = _schemas(methods)
    queries = {method.query.__name__ for method in methods if method.query}
    paths: dict[str, Schema] = {}
    for method in methods:
        paths.setdefault(method.path, {})[method.verb.lower()] = _operation(method, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Korob", "version": __version__, "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{name: []} for name in SECURITY],
        "tags": [{"name": family} for family in dict.fromkeys(method.family for method in methods)],
        "paths": paths,
        "components": {
            "securitySchemes": SECURITY,
            "schemas": {name: schema for name, schema in schemas.items() if name not in queries},
        },
    }


def components(bodies: Sequence[type[Struct]], others: Sequence[type[Struct]]) -> dict[str, Schema]:
    """The schemas of structs and of all within them, by name, bounds told as formats, amounts as numbers.

    Where a body comes in, `null` may stand for what is absent; what goes out never has it.
    """
    _, schemas = msgspec.json.schema_components([*bodies, *others], ref_template=COMPONENT)
    _, coming_in = msgspec.json.schema_components(bodies, ref_template=COMPONENT)
    return {name: _tidied(schema, may_be_null=name in coming_in) for name, schema in sorted(schemas.items())}


def content(struct: type[Struct]) -> Schema:
    """What is said of a body: that it is JSON, and which component it is."""
    return {"application/json": {"schema": {"$ref": COMPONENT.format(name=struct.__name__)}}}


def _schemas(methods: Sequence[Method]) -> dict[str, Schema]:
    others = [struct for method in methods for struct in (method.query, method.answer) if struct]
    return components([method.body for method in methods if method.body], [*others, ApiErrorResponse])


def _tidied(schema: Any, *, may_be_null: bool) -> Any:
    """A schema without what is ours alone: bounds of a type become its format, decimals are numbers."""
    if isinstance(schema, list):
        return [_tidied(each, may_be_null=may_be_null) for each in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {name: _tidied(each, may_be_null=may_be_null) for name, each in schema.items()}
    if isinstance(said := tidy.get("description"), str):
        tidy["description"] = inspect.cleandoc(said)
    if tidy.get("default", ...) is None:
        del tidy["default"]
    if "anyOf" in tidy and not may_be_null:
        tidy["anyOf"] = meant = [each for each in tidy["anyOf"] if each != {"type": "null"}]
        if len(meant) == 1:
            del tidy["anyOf"]
            tidy |= meant[0]
    if tidy.get("format") == "decimal":
        return {"type": "number"}
    if tidy.get("type") == "integer":
        _name_the_width(tidy)
    if "pattern" in tidy:
        tidy["pattern"] = published(tidy["pattern"])
    if "enum" in tidy:
        tidy["type"] = "string"
    return tidy


def _name_the_width(schema: Schema) -> None:
    for width, most in (("int32", INT32_MAX), ("int64", INT64_MAX)):
        if schema.get("maximum") == most:
            schema["format"] = width
            del schema["maximum"]
            if schema.get("minimum") == -most - 1:
                del schema["minimum"]


def _operation(method: Method, schemas: dict[str, Schema]) -> Schema:
    operation: Schema = {
        "operationId": method.operation_id,
        "tags": [method.family],
        "summary": method.summary,
        "parameters": [*_path_parameters(method), *_query_parameters(method, schemas)],
        "responses": dict(_responses(method)),
        "x-placement-models": sorted(method.models),
        "x-auth-scopes": sorted(method.scopes),
        "x-quota": {
            "amount": method.quota.amount,
            "seconds": int(method.quota.per.total_seconds()),
            "counts": method.quota.counts,
            "parallel": method.quota.parallel,
        },
        "x-market-yandex-go": method.yandex_go,
    }
    if method.deprecated:
        operation["deprecated"] = True
    if method.body:
        operation["requestBody"] = {"required": method.body_required, "content": content(method.body)}
    return operation


def _path_parameters(method: Method) -> Iterator[Schema]:
    for name in _PLACEHOLDER.findall(method.path):
        schema: Schema = {"type": "integer", "format": "int64"}
        if name in COUNTED_FROM_1:
            schema["minimum"] = 1
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(method: Method, schemas: dict[str, Schema]) -> Iterator[Schema]:
    if method.query is None:
        return
    described = schemas[method.query.__name__]
    for name, schema in described["properties"].items():
        parameter: Schema = {"name": name, "in": "query", "schema": schema}
        if name in described["required"]:
            parameter["required"] = True
        if schema.get("deprecated"):
            parameter["deprecated"] = True
        yield parameter


def _responses(method: Method) -> Iterator[tuple[str, Schema]]:
    done: Schema = {"description": MEANINGS[200]}
    yield "200", done | ({"content": content(method.answer)} if method.answer else {})
    for status in _refusals(method):
        yield str(status), {"description": MEANINGS[status], "content": content(ApiErrorResponse)}


def _refusals(method: Method) -> Iterable[int]:
    return sorted({*method.errors, *EVERY_METHOD_MAY_ANSWER, *((415,) if method.body else ())})

"""The OpenAPI documents of these APIs, drawn from the records of their endpoints."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from korob import __version__
from korob.api import docs
from korob.contract import openapi
from korob.contract.envelope import ApiErrorResponse
from korob.contract.openapi import Schema
from korob.operator.endpoint import Endpoint

REASONS: Final = {
    400: "Something in the request is wrong, or the rules do not allow it",
    401: "There is no token, or nobody gave it out",
    403: "The token does not reach this",
    404: "There is no such thing",
    409: "The Idempotency-Key was used for something else",
    415: "The body is not JSON",
    500: "A fault of the server",
    503: "The server can't answer now",
}


def routes(prefix: str, title: str, about: str, endpoints: Sequence[Endpoint]) -> list[Route]:
    """The routes that show the document to programs and to people; no token is needed for them."""
    drawn = document(title, about, endpoints)
    text = msgspec.json.encode(drawn)

    async def show(_: Request) -> Response:
        return Response(text, media_type="application/json")

    async def show_page(_: Request) -> Response:
        return Response(docs.page(drawn, address=f"{prefix}/openapi.json"), media_type="text/html")

    return [Route(f"{prefix}/openapi.json", show), Route(f"{prefix}/docs", show_page)]


def document(title: str, about: str, endpoints: Sequence[Endpoint]) -> Schema:
    """The document as plain data."""
    schemas = _schemas(endpoints)
    queries = {endpoint.query.__name__ for endpoint in endpoints if endpoint.query}
    paths: dict[str, Schema] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.verb.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": __version__, "description": about},
        "security": [{"operator": []}],
        "tags": [{"name": family} for family in dict.fromkeys(map(_family, endpoints))],
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in schemas.items() if name not in queries},
            "securitySchemes": {"operator": {"type": "http", "scheme": "bearer"}},
        },
    }


def _family(endpoint: Endpoint) -> str:
    """What an endpoint is about: what stands under the business or campaign of its path, else that itself."""
    words = [word for word in endpoint.path.split("/")[3:] if not word.startswith("{")]
    return words[min(1, len(words) - 1)]


def _schemas(endpoints: Sequence[Endpoint]) -> dict[str, Schema]:
    others = [struct for one in endpoints for struct in (one.query, one.answer, one.refusal) if struct]
    return openapi.components([one.body for one in endpoints if one.body], [*others, ApiErrorResponse])


def _fault(endpoint: Endpoint, status: int) -> type[Struct]:
    return (endpoint.refusal if status == 400 else None) or ApiErrorResponse


def _operation(endpoint: Endpoint, schemas: dict[str, Schema]) -> Schema:
    operation: Schema = {
        "operationId": endpoint.operation_id,
        "tags": [_family(endpoint)],
        "summary": endpoint.summary,
        "parameters": [
            *(_parameter("path", name, {"type": "integer", "format": "int64"}) for name in _NAMES(endpoint.path)),
            *_query_parameters(endpoint, schemas),
        ],
        "responses": {
            "200": {"description": "Done"} | ({"content": openapi.content(endpoint.answer)} if endpoint.answer else {}),
            **{
                str(status): {"description": REASONS[status], "content": openapi.content(_fault(endpoint, status))}
                for status in sorted(_statuses(endpoint))
            },
        },
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    if endpoint.idempotent:
        operation["parameters"].append(
            _parameter("header", "Idempotency-Key", {"type": "string", "maxLength": 200}, required=False)
        )
    if endpoint.body:
        operation["requestBody"] = {"required": _is_needed(endpoint.body), "content": openapi.content(endpoint.body)}
    return operation


def _statuses(endpoint: Endpoint) -> set[int]:
    """What it may answer but 200; the front itself says that a body is no JSON, or that something is out of order."""
    return {*endpoint.errors, 500, 503, *([409] if endpoint.idempotent else []), *([415] if endpoint.body else [])}


def _parameter(place: str, name: str, schema: Schema, *, required: bool = True) -> Schema:
    return {"in": place, "name": name, "required": required, "schema": schema}


def _query_parameters(endpoint: Endpoint, schemas: dict[str, Schema]) -> list[Schema]:
    if endpoint.query is None:
        return []
    schema = schemas[endpoint.query.__name__]
    return [
        _parameter("query", name, one, required=name in schema.get("required", ()))
        for name, one in schema["properties"].items()
    ]


def _is_needed(body: type[Struct]) -> bool:
    return any(field.required for field in msgspec.structs.fields(body))


_NAMES: Final = re.compile(r"{(\w+)}").findall

"""The way of a request to these APIs: the gate, the body, the handler, the answer."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from korob.api import errors, expected, faults, refusals, trace
from korob.api.errors import AnswerError
from korob.api.faults import Fault
from korob.api.intake import Intake
from korob.api.parse import identifier
from korob.domain.refusal import Refusal
from korob.operator.endpoint import Call, Endpoint, Reach, Services
from korob.store import idempotency
from korob.store.database import DatabaseGoneError, UnclearError
from korob.store.orders import ClockMovedError, TooBusyError
from korob.store.outbox import TRACEPARENT

CLOCK_ATTEMPTS: Final = 5
"""How often a call is begun anew because its world's clock was set meanwhile."""

Gate = Callable[[Request, Services], Awaitable[Reach]]
"""Who may come in, and how far; raises AnswerError."""


def routes(services: Services, endpoints: Sequence[Endpoint], gate: Gate) -> list[Route]:
    """The routes of an API: one for each path, so that a wrong verb is answered like any other fault."""
    by_path = groupby(sorted(endpoints, key=_path), key=_path)
    return [
        Route(path, _Path(services, {endpoint.verb: endpoint for endpoint in at_path}, gate))
        for path, at_path in by_path
    ]


class _Path:
    """The ASGI application behind one path."""

    def __init__(self, services: Services, endpoints: Mapping[str, Endpoint], gate: Gate) -> None:
        self._services = services
        self._gate = gate
        self._intake = Intake()
        self._endpoints = endpoints
        self._decoders = {
            verb: msgspec.json.Decoder(endpoint.body) for verb, endpoint in endpoints.items() if endpoint.body
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        traceparent = trace.parent(request.headers.get("traceparent", "").encode())
        TRACEPARENT.set(traceparent)
        headers: Mapping[str, str] = {}
        try:
            status, body = 200, await self._serve(request)
        except AnswerError as answer:
            status, body = answer.status, answer.body
            headers = {name.decode(): value.decode() for name, value in answer.headers}
        except Fault as fault:
            status, body = errors.of_fault(fault)
        except Refusal as refusal:
            row = refusals.of(refusal)
            status, body = row.status, errors.body(row.code, refusal.sentences)
        except (DatabaseGoneError, TooBusyError) as trouble:
            _LOG.warning("unavailable: %s", trouble)
            status, body = (
                errors.UNCLEAR if isinstance(trouble, UnclearError) and request.method != "GET" else errors.UNAVAILABLE
            )
        except Exception:
            _LOG.exception("a bug in %s %s", request.method, request.url.path)
            status, body = errors.INTERNAL
        media_type = "application/json" if body else None
        sent = Response(body, status, headers, media_type)
        sent.headers["traceparent"] = traceparent.decode()
        await sent(scope, receive, send)

    async def _serve(self, request: Request) -> bytes:
        verb = request.method
        endpoint = self._endpoints.get(verb)
        if endpoint is None:
            raise errors.wrong_verb(verb, self._endpoints)
        try:
            reach = await self._gate(request, self._services)
        except UnclearError as trouble:
            # Nothing was begun yet that could be done.
            raise DatabaseGoneError.of(trouble) from trouble
        raw = await self._intake.body(request.receive)
        key = request.headers.get("idempotency-key") if endpoint.idempotent else None
        call = Call(
            services=self._services,
            reach=reach,
            ids={name: identifier(text) for name, text in request.path_params.items()},
            query=_query(endpoint, request),
            body=self._decoded(verb, request, raw),
            idempotency_key=None if key is None else idempotency.checked(key),
            request=idempotency.digest(verb, request.url.path, raw),
        )
        for _ in range(CLOCK_ATTEMPTS):
            try:
                answer = await endpoint.handler(call)
            except ClockMovedError:
                continue
            return answer if isinstance(answer, bytes) else b"" if answer is None else ENCODER.encode(answer)
        raise TooBusyError("the clock of the world is being set all the time")

    def _decoded(self, verb: str, request: Request, raw: bytes) -> Any:
        decoder = self._decoders.get(verb)
        if decoder is None:
            return None
        if raw:
            check_json(request)
        if _ZERO_CHARACTER.search(raw):
            raise errors.bad_request(_NO_ZERO)
        try:
            if b"null" in raw:
                return msgspec.convert(_without_nulls(msgspec.json.decode(raw)), self._endpoints[verb].body)
            return decoder.decode(raw or b"{}")
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
            raise errors.bad_request(_told(fault, self._endpoints[verb].body)) from None


def check_json(request: Request) -> None:
    """Refuse a body that is not JSON by its own word."""
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise AnswerError(
            415, "UNSUPPORTED_MEDIA_TYPE", f"Content-Type must be application/json, but is {content_type or 'absent'}"
        )


def _query(endpoint: Endpoint, request: Request) -> Any:
    if endpoint.query is None:
        return None
    if any("\0" in text for text in request.query_params.values()):
        raise errors.bad_request(_NO_ZERO)
    try:
        return msgspec.convert(dict(request.query_params), endpoint.query, strict=False)
    except msgspec.ValidationError as fault:
        raise errors.bad_request(_told(fault, endpoint.query)) from None


def _told(fault: Exception, struct_type: type[Struct] | None) -> str:
    """The decoder's words, with what belongs there where they don't say it."""
    text = str(fault)
    if struct_type is None or not text.startswith(_UNEXPLAINED):
        return text
    return "; ".join([text, *expected.at(struct_type, [faults.path_in(text)])])


def _without_nulls(value: Any) -> Any:
    """The value with what is null left out of its objects: for a field, null is the same as absent."""
    if isinstance(value, dict):
        return {name: _without_nulls(field) for name, field in value.items() if field is not None}
    if isinstance(value, list):
        return [_without_nulls(element) for element in value]
    return value


def _path(endpoint: Endpoint) -> str:
    return endpoint.path


ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_ZERO_CHARACTER: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_UNEXPLAINED: Final = ("Invalid ", "Object ")
"""How the decoder begins when it tells what it met, and not what it would have taken."""
_NO_ZERO: Final = "Text must not contain the character U+0000"
_LOG: Final = logging.getLogger("korob.operator")

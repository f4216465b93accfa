"""What is there besides the methods: health, metrics, the document of the API and a page to read it."""

import contextlib
import logging
import os
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from korob.api import errors, trace
from korob.api.call import Services
from korob.api.docs import docs_page
from korob.api.metrics import Metrics
from korob.api.metrics import of_database as metrics_of
from korob.contract import openapi
from korob.store import fitness
from korob.store.database import DatabaseGoneError
from korob.store.orders import TooBusyError


def application(routes: Sequence[BaseRoute]) -> Starlette:
    """A small application for all routes that are not methods of the API; its errors have the standard body."""
    made = Starlette(
        routes=routes,
        exception_handlers={
            404: _not_found,
            405: _wrong_verb,
            DatabaseGoneError: _unavailable,
            TooBusyError: _unavailable,
            Exception: _internal,
        },
    )
    # A path with a slash too many leads nowhere, here as among the methods.
    made.router.redirect_slashes = False
    return made


def routes(services: Services, counted: Metrics, *, is_leaving: Callable[[], bool]) -> list[BaseRoute]:
    """The routes that every mode has. A process that is leaving is not ready."""
    document = msgspec.json.encode(openapi.document())

    async def ready(request: Request) -> Response:
        if is_leaving():
            return _not_ready("this process is about to end")
        try:
            await fitness.check_answers(services.database)
        except DatabaseGoneError as trouble:
            return _not_ready(str(trouble))
        return _json({"status": "OK"})

    async def metrics(request: Request) -> Response:
        told = b""
        with contextlib.suppress(DatabaseGoneError):
            told = await metrics_of(services.database)
        counted.tell()
        return Response(_of_processes() + told, media_type=CONTENT_TYPE_LATEST)

    async def openapi_json(request: Request) -> Response:
        return Response(document, media_type="application/json")

    async def page(request: Request) -> Response:
        return Response(docs_page(), media_type="text/html")

    return [
        Route("/healthz", _healthy),
        Route("/readyz", ready),
        Route("/metrics", metrics),
        Route("/openapi.json", openapi_json),
        Route("/docs", page),
    ]


def _not_ready(message: str) -> Response:
    return _json({"status": "ERROR", "errors": [{"code": "SERVICE_UNAVAILABLE", "message": message}]}, 503)


async def _healthy(request: Request) -> Response:
    return _json({"status": "OK"})


def _of_processes() -> bytes:
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest()


async def _not_found(request: Request, trouble: Exception) -> Response:
    return Response(errors.no_resource().body, 404, _traced(request), "application/json")


async def _wrong_verb(request: Request, trouble: Exception) -> Response:
    return Response(errors.wrong_verb(request.method, {}).body, 405, _traced(request), "application/json")


async def _unavailable(request: Request, trouble: Exception) -> Response:
    _LOG.warning("unavailable: %s", trouble)
    status, body = errors.UNAVAILABLE
    return Response(body, status, media_type="application/json")


async def _internal(request: Request, trouble: Exception) -> Response:
    status, body = errors.INTERNAL
    return Response(body, status, media_type="application/json")


def _traced(request: Request) -> dict[str, str]:
    return {"traceparent": trace.parent(request.headers.get("traceparent", "").encode()).decode()}


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


_LOG: Final = logging.getLogger("korob")

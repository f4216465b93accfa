"""What is there besides the methods: health, metrics, the document of the API and a page to read it."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
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

PATIENCE_SECONDS: Final = 3.0
"""How long a probe waits for the database. One that is frozen says nothing for much longer."""


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
    answers = _Patient(partial(fitness.check_answers, services.database))
    figures = _Patient(partial(metrics_of, services.database))

    async def ready(request: Request) -> Response:
        if is_leaving():
            return _not_ready("this process is about to end")
        try:
            await answers.ask()
        except DatabaseGoneError as trouble:
            return _not_ready(str(trouble))
        return _json({"status": "OK"})

    async def metrics(request: Request) -> Response:
        told = b""
        with contextlib.suppress(DatabaseGoneError):
            told = await figures.ask()
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


class _Patient:
    """A question that may stay without an answer: it is asked once at a time, and nobody waits for it for long."""

    def __init__(self, question: Callable[[], Awaitable[Any]]) -> None:
        self._question = question
        self._asked: asyncio.Future[Any] | None = None

    async def ask(self) -> Any:
        """The answer. Raises DatabaseGoneError, also when there is none in time."""
        asked = self._asked
        if asked is None or asked.done():
            asked = self._asked = asyncio.ensure_future(self._question())
            # Whoever asked may be gone when it fails.
            asked.add_done_callback(lambda answer: answer.cancelled() or answer.exception())
        await asyncio.wait({asked}, timeout=PATIENCE_SECONDS)
        if not asked.done():
            raise DatabaseGoneError("the database does not answer")
        return asked.result()


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
    return Response(errors.wrong_verb(request.method, ()).body, 405, _traced(request), "application/json")


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

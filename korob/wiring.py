"""Puts the parts together into one application."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from korob import config, logs
from korob.api import pages
from korob.api.call import Services
from korob.api.handlers import HANDLERS
from korob.api.journal import Journal
from korob.api.metrics import Metrics
from korob.api.pipeline import PartnerApi
from korob.api.tracing import Traces
from korob.config import Settings
from korob.contract.methods import METHODS
from korob.domain import tables
from korob.domain.authority import Authority
from korob.notifications import bodies
from korob.operator import routes as operator_routes
from korob.sandbox import routes as sandbox_routes
from korob.store import outbox
from korob.store.database import Database
from korob.store.ids import Ids
from korob.store.keys import Keys
from korob.store.orders import Orders
from korob.store.quotas import Quotas

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

CONNECTIONS: Final = 12
"""Connections of one process to PostgreSQL: four carry batches, the rest all else."""


def app(*, when_up: Callable[[], None] = lambda: None) -> "Application":
    """The application of one process, as the environment has it set up; `when_up` is called once it can serve."""
    settings = config.from_environment()
    logs.set_up(settings, trace=outbox.trace_id)
    return Application(settings, when_up=when_up)


async def services(settings: Settings) -> Services:
    """What the fronts work with, connected. Raises DatabaseGoneError."""
    database = await Database.open(settings.database_url, connections=CONNECTIONS, silence=settings.database_seconds)
    return Services(
        database=database,
        orders=Orders(database, news=bodies.news),
        ids=Ids(database),
        keys=Keys(database),
        quotas=Quotas(database),
        settings=settings,
        operation_delay=settings.operation_delay,
        authority=Authority(outside=settings.code_authority != config.ACCEPT),
        journal=Journal(database) if settings.request_log_days else None,
        traces=Traces(settings.traces_url) if settings.traces_url else None,
    )


async def stop(parts: Services) -> None:
    """Give back what was leased, write down what is to be noted, and disconnect."""
    if parts.traces is not None:
        await parts.traces.stop()
    if parts.journal is not None:
        await parts.journal.stop()
    await parts.quotas.stop()
    await parts.keys.stop()
    await parts.orders.close()
    await parts.database.close()


class Application:
    """One ASGI application: the partner API on the hot path, everything else behind it."""

    def __init__(self, settings: Settings, *, when_up: Callable[[], None] = lambda: None) -> None:
        tables.check()
        self._settings = settings
        self._when_up = when_up
        self._services: Services | None = None
        self._partner: PartnerApi | None = None
        self._others: Any = None
        self._metrics = Metrics()
        self._is_leaving = False

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request, or the start and stop of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        if self._partner is None:
            await self.start()
        assert self._partner is not None  # noqa: S101
        if scope["method"] == "HEAD":
            send = _without_body(send)
        if self._is_leaving and scope["http_version"] != "2":
            send = _closing(send)
        if scope["path"].startswith("//"):
            # So it comes from a program whose base URL ends with a slash.
            scope = {**scope, "path": "/" + scope["path"].lstrip("/")}
        if scope["path"].startswith(_OTHERS):
            await self._others(scope, receive, send)
        else:
            await self._partner(scope, receive, send)

    async def start(self) -> None:
        """Connect and set up the routes."""
        parts = await services(self._settings)
        self._services = parts
        for kind, batches in parts.orders.batches.items():
            self._metrics.watch_batches(kind, batches)
        self._metrics.watch(parts.database, parts.journal)
        routes = [*pages.routes(parts, self._metrics, is_leaving=lambda: self._is_leaving), *operator_routes(parts)]
        if self._settings.mode == "sandbox":
            routes += sandbox_routes(parts)
        self._others = pages.application(routes)
        self._partner = PartnerApi(parts, HANDLERS, METHODS, self._metrics)

    def leave(self) -> None:
        """Say that others are to be asked from now on: with each answer, and where it is asked who is ready."""
        self._is_leaving = True

    async def stop(self) -> None:
        """Disconnect."""
        if self._services is not None:
            await stop(self._services)
            await self._metrics.stop()
            self._services = self._partner = None

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                try:
                    await self.start()
                except Exception as trouble:
                    _LOG.error("can't start: %s", trouble)
                    await send({"type": "lifespan.startup.failed", "message": str(trouble)})
                    return
                await send({"type": "lifespan.startup.complete"})
                self._when_up()
            else:
                with contextlib.suppress(asyncio.CancelledError):
                    await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _without_body(send: Send) -> Send:
    """Send an answer to HEAD: over HTTP/2 one with a body is a broken one."""

    async def sent(event: dict[str, Any]) -> None:
        await send(event | {"body": b""} if event["type"] == "http.response.body" else event)

    return sent


def _closing(send: Send) -> Send:
    """Answers that are the last on their connection."""

    async def send_last(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            event = {**event, "headers": [*event.get("headers", ()), (b"connection", b"close")]}
        await send(event)

    return send_last


_OTHERS: Final = ("/operator/", "/sandbox/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs")
_LOG: Final = logging.getLogger("korob")

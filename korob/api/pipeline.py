"""The way of a request: the checks in their order, the handler, the answer (spec: 00-resolved, *Order of checks*)."""

import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from korob.api import errors, headers, parse, spelled, trace
from korob.api.call import Call, Handler, Services
from korob.api.faults import Fault
from korob.api.metrics import Metrics
from korob.api.routes import Routes
from korob.contract.method import Method
from korob.domain.refusal import Refusal
from korob.domain.words import ApiAvailability
from korob.store.database import DatabaseGoneError
from korob.store.keys import Found
from korob.store.orders import ClockMovedError, TooBusyError
from korob.store.outbox import TRACEPARENT
from korob.store.quotas import Exceeded

BODY_MAX: Final = 512 * 1024
"""Bytes of a request body; the same for every method."""
CLOCK_ATTEMPTS: Final = 5
"""How often a call is begun anew because its world's clock was set meanwhile."""

Scopes = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class PartnerApi:
    """The ASGI application that sellers' programs call."""

    def __init__(self, services: Services, handlers: Mapping[str, Handler], methods: tuple[Method, ...]) -> None:
        self._services = services
        self._routes = Routes(methods)
        self._desks = {method.operation_id: _Desk(method, handlers[method.operation_id]) for method in methods}
        self._metrics = Metrics()

    async def __call__(self, scope: Scopes, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = time.perf_counter()
        received = headers.of(scope["headers"])
        traceparent = trace.parent(received.traceparent)
        TRACEPARENT.set(traceparent)
        name = "unknown"
        limits: tuple[tuple[bytes, bytes], ...] = ()
        try:
            method, ids = self._route(scope)
            name = method.operation_id
            found = await self._caller(received)
            status, body, limits = await self._serve(method, ids, found, received, scope, receive)
        except errors.AnswerError as answer:
            status, body, limits = answer.status, answer.body, answer.headers
        except Fault as fault:
            status, body = errors.of_fault(fault)
        except Refusal as refusal:
            status, body = errors.of(refusal, name)
        except (DatabaseGoneError, TooBusyError) as trouble:
            _LOG.warning("unavailable: %s", trouble)
            status, body = errors.UNAVAILABLE
        except Exception:
            _LOG.exception("a bug in %s", name)
            status, body = errors.INTERNAL
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [*limits, *headers.sent(traceparent, len(body))],
            }
        )
        await send({"type": "http.response.body", "body": body})
        self._metrics.count(name, status, time.perf_counter() - began)

    def _route(self, scope: Scopes) -> tuple[Method, list[str]]:
        found = self._routes.find(scope["path"])
        if found is None:
            raise errors.no_resource()
        verbs, ids = found
        method = verbs.get(scope["method"])
        if method is None:
            raise errors.wrong_verb(scope["method"], verbs)
        return method, ids

    async def _caller(self, received: headers.Received) -> Found:
        """What the request's token opens; the header `Api-Key` wins over `Authorization`."""
        token, oauth = received.token, received.oauth
        if token is None:
            raise errors.unauthorized(headers.credentials_fault(received))
        keys = self._services.keys
        found = keys.cached(token, oauth=oauth) or await keys.find(token, oauth=oauth)
        if found is None:
            raise errors.unknown_token(token, oauth=oauth)
        if found.revoked:
            raise errors.revoked_token(oauth=oauth)
        return found

    async def _serve(
        self,
        method: Method,
        ids: list[str],
        found: Found,
        received: headers.Received,
        scope: Scopes,
        receive: Receive,
    ) -> tuple[int, bytes, tuple[tuple[bytes, bytes], ...]]:
        desk = self._desks[method.operation_id]
        call = Call()
        call.method = method
        call.services = self._services
        call.key = found.key
        call.campaigns = found.campaigns
        call.business_id = found.key.business_id
        call.campaign = None
        headers.check_business(received, method, ids, found)
        entity = _entity(method, ids, found)
        with self._services.quotas.in_flight(entity, method, unlimited=not found.key.limits):
            desk.check_access(call, ids, found)
            unlimited = not found.key.limits
            quotas = self._services.quotas
            taken = quotas.try_take(entity, method, unlimited=unlimited) or await quotas.take(entity, method)
            limits = headers.limits(taken)
            if isinstance(taken, Exceeded):
                return *errors.of(taken.refusal, method.operation_id), limits
            paid = 1
            try:
                await desk.check_content(call, received, scope, receive)
                if desk.weigh and (rest := desk.weigh(call.body) - 1) > 0:
                    more = await quotas.take(entity, method, rest, unlimited=unlimited)
                    limits = headers.limits(more)
                    if isinstance(more, Exceeded):
                        quotas.give_back(entity, method, taken)
                        return *errors.of(more.refusal, method.operation_id), limits
                    paid += rest
                answer = await self._handle(desk, call, found, received)
            except errors.AnswerError as trouble:
                return trouble.status, trouble.body, limits
            except Fault as fault:
                return *errors.of_fault(fault), limits
            except Refusal as refusal:
                return *errors.of(refusal, method.operation_id), limits
            except Exception:
                # Faults of ours cost the caller nothing.
                quotas.give_back(entity, method, taken, paid)
                raise
            if desk.counted and (units := desk.counted(answer) - 1) > 0:
                limits = headers.limits(quotas.charge(entity, method, units, unlimited=unlimited))
        return 200, desk.spell(answer), limits

    async def _handle(self, desk: "_Desk", call: Call, found: Found, received: headers.Received) -> Any:
        for _ in range(CLOCK_ATTEMPTS):
            call.now = found.clock.now()
            call.epoch = found.clock.epoch
            try:
                return await desk.handler(call)
            except ClockMovedError:
                assert received.token is not None  # noqa: S101
                again = await self._services.keys.refresh(received.token, oauth=received.oauth)
                if again is None or again.revoked:
                    raise errors.revoked_token(oauth=received.oauth) from None
                found = again
        raise TooBusyError("the clock of the world is being set all the time")


class _Desk:
    """What is known of one method before any request comes."""

    def __init__(self, method: Method, handler: Handler) -> None:
        self.method = method
        self.handler = handler
        self._body = method.body
        self._campaign = "{campaignId}" in method.path
        self._business = "{businessId}" in method.path
        self._order = "{orderId}" in method.path
        self._names = _NAME.findall(method.path)
        self.weigh = _WEIGHTS.get(method.quota.counts)
        self.counted = _COUNTS.get(method.quota.counts)
        self._always_open = method.operation_id in _ALWAYS_OPEN

    def check_access(self, call: Call, ids: list[str], found: Found) -> None:
        """Who may call it for what: business, campaign, availability, scope, Yandex Go; and the ids of the path."""
        key = found.key
        method = self.method
        if self._campaign:
            call.campaign = campaign = found.campaigns.get(parse.identifier(ids[0]))
            if campaign is None:
                raise errors.foreign()
            if campaign.availability is not ApiAvailability.AVAILABLE and not self._always_open:
                raise errors.disabled(campaign)
        elif self._business and parse.identifier(ids[0]) != key.business_id:
            raise errors.foreign()
        if not key.oauth and key.scopes.isdisjoint(method.scopes):
            raise errors.no_scope(method.scopes)
        if key.yandex_go and not method.yandex_go:
            raise errors.not_for_yandex_go()
        if self._order:
            call.order_id = parse.identifier(ids[1])
        else:
            call.ids = {name: parse.identifier(text) for name, text in zip(self._names, ids, strict=True)}

    async def check_content(self, call: Call, received: headers.Received, scope: Scopes, receive: Receive) -> None:
        """Content type, size, JSON, fields, and at last whether the method is for the campaign's model."""
        if self.method.query:
            call.query = parse.query(self.method.query, scope["query_string"])
        if self._body is not None:
            call.body = self._read(await _body(received, receive), received)
        campaign = call.campaign
        if campaign is not None and campaign.model not in self.method.models:
            raise errors.wrong_model(self.method.models)

    def _read(self, body: bytes, received: headers.Received) -> Any:
        assert self._body is not None  # noqa: S101
        if body and received.content_type is not None and not headers.is_json(received.content_type):
            raise errors.wrong_content_type(received.content_type)
        if body == _NOTHING and not self.method.body_required:
            body = b""
        return parse.body(self._body, body, required=self.method.body_required)

    def spell(self, answer: Any) -> bytes:
        """The body of 200."""
        if answer is None:
            return b""
        return answer if isinstance(answer, bytes) else spelled.encode(answer)


async def _body(received: headers.Received, receive: Receive) -> bytes:
    """The whole body. Raises AnswerError when it is over BODY_MAX."""
    if received.content_length is not None and received.content_length > BODY_MAX:
        raise errors.too_big(received.content_length)
    event = await receive()
    body: bytes = event.get("body", b"")
    if event.get("more_body"):
        parts = [body]
        size = len(body)
        while event.get("more_body"):
            event = await receive()
            parts.append(event.get("body", b""))
            size += len(parts[-1])
            if size > BODY_MAX:
                raise errors.too_big(size)
        body = b"".join(parts)
    if len(body) > BODY_MAX:
        raise errors.too_big(len(body))
    return body


def _entity(method: Method, ids: list[str], found: Found) -> tuple[str, int]:
    """What quotas are counted for: the campaign of the path, else the business."""
    if method.path.startswith(("/v2/campaigns/{", "/v1/campaigns/{")):
        return "campaignId", parse.identifier(ids[0])
    return "businessId", found.key.business_id


_NAME: Final = re.compile(r"{(\w+)}")
_ALWAYS_OPEN: Final = {"getCampaigns", "getCampaign"}
"""They tell whether the API of a campaign is switched off."""
_NOTHING: Final = b'""'
"""What some clients send for no body."""
_WEIGHTS: Final[dict[str, Callable[[Any], int]]] = {"request.skus": lambda body: len(body.skus)}
"""What a call costs that is counted by its body. All is paid before anything is done, the first unit first."""
_COUNTS: Final[dict[str, Callable[[Any], int]]] = {
    "answer.orders": lambda answer: len(answer.result.orders),
    "answer.regions": lambda answer: len(answer.regions),
    "answer.regions.children": lambda answer: len(answer.region.children or ()),
    "answer.outlets": lambda answer: len(answer.outlets),
    "answer.warehouses.offers": lambda answer: sum(len(each.offers) for each in answer.result.warehouses),
}
"""What a call costs that is counted by its answer. The first unit was paid before."""
_LOG: Final = logging.getLogger("korob.api")

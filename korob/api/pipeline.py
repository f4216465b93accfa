"""The way of a request: the checks in their order, the handler, the answer (spec: 00-resolved, *Order of checks*)."""

import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from korob.api import errors, headers, parse, spelled, trace, why
from korob.api.call import NOWHERE, Call, Handler, Services
from korob.api.errors import AnswerError
from korob.api.faults import Fault
from korob.api.intake import Intake, check_length
from korob.api.metrics import Metrics
from korob.api.routes import Routes
from korob.config import Mode
from korob.contract.method import Method, limited_by
from korob.domain.campaign import READ_ONLY
from korob.domain.quota import Entity, Limit, Limited
from korob.domain.refusal import Refusal
from korob.domain.words import ApiAvailability
from korob.store.database import DatabaseGoneError, UnclearError
from korob.store.keys import Found
from korob.store.orders import ClockMovedError, TooBusyError
from korob.store.outbox import TRACEPARENT
from korob.store.quotas import Exceeded, Taken

CLOCK_ATTEMPTS: Final = 5
"""How often a call is begun anew because its world's clock was set meanwhile."""

Scopes = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class PartnerApi:
    """The ASGI application that sellers' programs call."""

    def __init__(
        self, services: Services, handlers: Mapping[str, Handler], methods: tuple[Method, ...], metrics: Metrics
    ) -> None:
        self._services = services
        self._routes = Routes(methods)
        intake = Intake()
        self._desks = {method.operation_id: _Desk(method, handlers[method.operation_id], intake) for method in methods}
        self._metrics = metrics
        self._journal = services.journal
        self._traces = services.traces
        self._explains = services.settings.mode == Mode.SANDBOX

    async def __call__(self, scope: Scopes, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = time.perf_counter()
        received = headers.of(scope["headers"])
        traceparent = trace.parent(received.traceparent)
        TRACEPARENT.set(traceparent)
        call = Call(self._services)
        more: tuple[tuple[bytes, bytes], ...] = ()
        try:
            status, body = 200, await self._answer(call, received, scope, receive)
        except Exception as trouble:
            status, body = self._refused(trouble, call)
            if status < 500:
                _LOG.info("%s refused with %d: %s", call.name, status, why.rule(trouble))
            more = await self._more_of(trouble, call, received)
            if call.taken is None and call.entity is not None:
                call.taken = self._left(call, call.entity)
        if call.taken is not None:
            more = (*headers.limits(call.taken), *more)
        if call.rehearses:
            more = (*more, headers.REHEARSED)
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [*more, *headers.sent(traceparent, len(body))],
            }
        )
        await send({"type": "http.response.body", "body": body})
        seconds = time.perf_counter() - began
        self._metrics.count(call.name, status, seconds)
        if call.found is not None and self._journal is not None and not call.is_shut:
            self._journal.note(call, scope, status, body, seconds, traceparent, received.integration)
        if self._traces is not None:
            self._traces.note(call, scope["method"], status, seconds, traceparent, received.traceparent)

    def _refused(self, trouble: Exception, call: Call) -> tuple[int, bytes]:
        """Status and body of what went wrong."""
        match trouble:
            case AnswerError():
                call.is_shut = trouble.code == errors.DISABLED
                return trouble.status, trouble.body
            case Fault():
                return errors.of_fault(trouble)
            case Refusal():
                return errors.of(trouble, call.name)
            case DatabaseGoneError() | TooBusyError():
                _LOG.warning("unavailable: %s", trouble)
                return errors.UNCLEAR if call.may_be_done else errors.UNAVAILABLE
            case _:
                _LOG.error("a bug in %s", call.name, exc_info=trouble)
                return errors.INTERNAL

    async def _more_of(
        self, trouble: Exception, call: Call, received: headers.Received
    ) -> tuple[tuple[bytes, bytes], ...]:
        """The headers that belong to an error; in a world one of them says why."""
        more = trouble.headers if isinstance(trouble, AnswerError) else ()
        if call.method is NOWHERE:
            # What leads nowhere may well be a known caller's, who will look for it in the log.
            call.found = await self._known(received)
        if self._explains and (call.found is None or call.found.in_world):
            try:
                more = (*more, (b"x-korob-why", await why.of(trouble, call)))
            except Exception:
                # The answer stands without its explanation.
                _LOG.exception("a bug in the explanation of %r", type(trouble).__name__)
        return more

    async def _known(self, received: headers.Received) -> Found | None:
        """Whose call it is that needs no key to be refused, if that can be told."""
        with suppress(AnswerError, DatabaseGoneError):
            return await self._caller(received)
        return None

    def _left(self, call: Call, entity: Entity) -> Taken:
        """What is left of a quota that a call did not come to be counted by."""
        assert call.found is not None  # noqa: S101
        limited = self._desks[call.name].limited(call.found)
        return self._services.quotas.left(entity, limited, unlimited=not call.key.limits)

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

    async def _answer(self, call: Call, received: headers.Received, scope: Scopes, receive: Receive) -> bytes:
        method, ids = self._route(scope)
        call.method = method
        desk = self._desks[method.operation_id]
        found = await self._caller(received)
        call.opened_by(found)
        headers.check_business(received, method, ids, found)
        call.entity = entity = desk.entity(call, ids, found)
        unreadable = desk.read_ids(call, ids)
        if received.rehearses and desk.changes:
            call.rehearse()
        limited = desk.limited(found)
        quotas, unlimited = self._services.quotas, not found.key.limits
        with quotas.in_flight(entity, limited, unlimited=unlimited):
            desk.check_access(call, found)
            taken = quotas.try_take(entity, limited, unlimited=unlimited) or await quotas.take(entity, limited)
            call.taken = taken
            if isinstance(taken, Exceeded):
                raise taken.refusal
            paid = 1
            try:
                if unreadable is not None:
                    raise unreadable
                await desk.check_content(call, received, scope, receive)
                if desk.weigh and (rest := desk.weigh(call.body) - 1) > 0:
                    call.taken = more = await quotas.take(entity, limited, rest, first=taken, unlimited=unlimited)
                    if isinstance(more, Exceeded):
                        raise more.refusal
                    paid += rest
                answer = await self._handle(desk, call, found, received)
            except (AnswerError, Fault, Refusal):
                raise
            except Exception:
                # Faults of ours cost the caller nothing.
                quotas.give_back(entity, limited, taken, paid)
                raise
            if desk.counted and (units := desk.counted(answer) - 1) > 0:
                call.taken = quotas.charge(entity, limited, units, unlimited=unlimited)
        return desk.spell(answer)

    async def _handle(self, desk: "_Desk", call: Call, found: Found, received: headers.Received) -> Any:
        for _ in range(CLOCK_ATTEMPTS):
            call.now = found.clock.now()
            call.epoch = found.clock.epoch
            try:
                return await desk.handler(call)
            except UnclearError:
                call.may_be_done = desk.changes and not call.rehearses
                raise
            except ClockMovedError:
                assert received.token is not None  # noqa: S101
                again = await self._services.keys.refresh(received.token, oauth=received.oauth)
                if again is None or again.revoked:
                    raise errors.revoked_token(oauth=received.oauth) from None
                found = again
                call.looked_up_again(found)
        raise TooBusyError("the clock of the world is being set all the time")


class _Desk:
    """What is known of one method before any request comes."""

    def __init__(self, method: Method, handler: Handler, intake: Intake) -> None:
        self.method = method
        self.handler = handler
        self._intake = intake
        self.changes = method.scopes.isdisjoint(READ_ONLY)
        """Whether a call may change anything: no read-only key opens the method."""
        self._body = method.body
        self._campaign = "{campaignId}" in method.path
        self._business = "{businessId}" in method.path
        self._order = "{orderId}" in method.path
        self._names = _NAME.findall(method.path)
        self.weigh = _WEIGHTS.get(method.quota.counts)
        self.counted = _COUNTS.get(method.quota.counts)
        self._always_open = method.operation_id in _ALWAYS_OPEN
        self._limited: dict[Limit, Method] = {}

    def entity(self, call: Call, ids: list[str], found: Found) -> Entity:
        """What quotas are counted for: the campaign of the path, else the business. 403 for one that is not the key's.

        So whoever comes from elsewhere neither takes up room nor learns how busy it is.
        """
        if self._campaign:
            call.campaign = campaign = found.campaigns.get(parse.identifier(ids[0]))
            if campaign is None:
                raise errors.foreign()
            return "campaignId", campaign.id
        if self._business and parse.identifier(ids[0]) != found.key.business_id:
            raise errors.foreign()
        return "businessId", found.key.business_id

    def limited(self, found: Found) -> Limited:
        """The method as the business may call it: the operator may have set limits of its own."""
        limit = found.limits.get(self.method.operation_id)
        if limit is None:
            return self.method
        known = self._limited.get(limit)
        if known is None:
            known = self._limited[limit] = limited_by(self.method, limit)
        return known

    def check_access(self, call: Call, found: Found) -> None:
        """Whether the key may call it now: availability, scope, Yandex Go."""
        key = found.key
        method = self.method
        campaign = call.campaign
        if not self._always_open:
            if campaign is None:
                if found.all_disabled:
                    raise errors.all_disabled(key.business_id)
            elif campaign.availability is not ApiAvailability.AVAILABLE:
                raise errors.disabled(campaign)
        if not key.oauth and key.scopes.isdisjoint(method.scopes):
            raise errors.no_scope(method.scopes)
        if key.yandex_go and not method.yandex_go:
            raise errors.not_for_yandex_go()

    def read_ids(self, call: Call, ids: list[str]) -> Fault | None:
        """Read the id of the order, or those of a path about no order; what can't be read is told when it is due."""
        try:
            if self._order:
                call.order_id = parse.identifier(ids[1])
            else:
                call.ids = {name: parse.identifier(text) for name, text in zip(self._names, ids, strict=True)}
        except Fault as fault:
            return fault
        return None

    async def check_content(self, call: Call, received: headers.Received, scope: Scopes, receive: Receive) -> None:
        """Content type, size, JSON, fields, and at last whether the method is for the campaign's model."""
        faults: list[Fault] = []
        if self._body is None:
            check_length(received.content_length)
        else:
            call.raw = raw = await self._content(received, receive)
            if raw == _NOTHING and not self.method.body_required:
                raw = b""
            try:
                call.body = parse.body(self._body, raw, required=self.method.body_required)
            except Fault as fault:
                faults.append(fault)
        if self.method.query:
            try:
                call.query = parse.query(self.method.query, scope["query_string"])
            except Fault as fault:
                faults.append(fault)
        if faults:
            raise Fault(
                *(text for fault in faults for text in fault.texts),
                wanted=[words for fault in faults for words in fault.wanted],
            )
        campaign = call.campaign
        if campaign is not None and campaign.model not in self.method.models:
            raise errors.wrong_model(self.method.models)

    async def _content(self, received: headers.Received, receive: Receive) -> bytes:
        """The whole body. Raises what `Intake.body` does, and AnswerError when it is no JSON by its own word."""
        kind = received.content_type
        other = kind if kind is not None and not headers.is_json(kind) else None
        if other and received.content_length:
            raise errors.wrong_content_type(other)
        body = await self._intake.body(receive, length=received.content_length)
        if other and body:
            raise errors.wrong_content_type(other)
        return body

    def spell(self, answer: Any) -> bytes:
        """The body of 200."""
        if answer is None:
            return b""
        return answer if isinstance(answer, bytes) else spelled.encode(answer)


_NAME: Final = re.compile(r"{(\w+)}")
_ALWAYS_OPEN: Final = {"getCampaigns", "getCampaign"}
"""They answer when the API of a campaign is switched off: they are how one learns of it."""
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

"""The request log of a business through the operator's API: searched, and one call shown in full."""

from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta

from korob.api.call import NOWHERE
from korob.contract.query import Query
from korob.contract.wire import Answer, Int32, Int64, Moment, check_calendar
from korob.operator import access, method_names
from korob.operator.endpoint import Call, Endpoint
from korob.store import campaigns, request_log
from korob.store.request_log import OnFile, Search


class CallsQuery(Query, frozen=True, forbid_unknown_fields=True):
    """Which calls: all that is given must fit. `text` is looked for in the path, the request and the answer."""

    operation: str | None = None
    status: Int32 | None = None
    failed: bool | None = None
    campaign_id: Int64 | None = None
    order_id: Int64 | None = None
    trace: UUID | None = None
    """The trace's id, 32 hex digits of `traceparent`."""
    key: str | None = None
    integration: str | None = None
    text: Annotated[str, Meta(min_length=1, max_length=1000)] | None = None
    since: Moment | None = None
    until: Moment | None = None
    before: Int64 | None = None
    """Only calls that are older than this one, for the next page."""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50

    def __post_init__(self) -> None:
        check_calendar(self.since, self.until)


class CallAnswer(Answer, frozen=True):
    """A call of a seller's program. `trace` is the trace's id in its `traceparent`."""

    id: Int64
    at: Moment
    operation: str
    verb: str
    path: str
    status: int
    milliseconds: float
    trace: str
    key: str
    integration: str | None = None
    campaign_id: Int64 | None = None
    order_id: Int64 | None = None
    dry_run: bool = False


class CallsAnswer(Answer, frozen=True, omit_defaults=False):
    """Calls, newest first."""

    calls: tuple[CallAnswer, ...]


class CallInFull(CallAnswer, frozen=True, kw_only=True):
    """A call with both bodies: people, addresses and the tails of codes masked, cut after some thousand characters."""

    request: str
    answer: str


async def get_calls(call: Call) -> CallsAnswer:
    """Show the calls that fit."""
    business = await campaigns.business(call.services.database, access.business_id(call))
    await _written(call)
    query: CallsQuery = call.query
    if query.operation is not None and query.operation != NOWHERE.operation_id:
        method_names.check(query.operation)
    wanted = Search(
        operation=query.operation,
        status=query.status,
        failed=query.failed,
        campaign_id=query.campaign_id,
        order_id=query.order_id,
        trace=query.trace,
        key_name=query.key,
        integration=query.integration,
        text=query.text,
        since=query.since,
        until=query.until,
    )
    found = await request_log.search(
        call.services.database, business.id, wanted, before=query.before, limit=query.limit
    )
    return CallsAnswer(tuple(CallAnswer(**_facts(one)) for one in found))


async def get_call(call: Call) -> CallInFull:
    """Show a call with its bodies."""
    found = await request_log.get(call.services.database, access.business_id(call), call.ids["callId"])
    return CallInFull(**_facts(found), request=found.request, answer=found.answer)


async def _written(call: Call) -> None:
    """Have written down what this process has not yet; other processes' calls are there within seconds."""
    if call.services.journal is not None:
        await call.services.journal.flush()


def _facts(found: OnFile) -> dict[str, Any]:
    return {
        "id": found.id,
        "at": found.at,
        "operation": found.operation,
        "verb": found.verb,
        "path": found.path,
        "status": found.status,
        "milliseconds": round(found.milliseconds, 2),
        "trace": found.trace.hex,
        "key": found.key_name,
        "integration": found.integration,
        "campaign_id": found.campaign_id,
        "order_id": found.order_id,
        "dry_run": found.rehearsed,
    }


_LOG: Final = "/operator/v1/businesses/{businessId}/request-log"

ENDPOINTS: Final = (
    Endpoint(
        "getRequestLog",
        "GET",
        _LOG,
        "What the business's programs asked, newest first",
        get_calls,
        query=CallsQuery,
        answer=CallsAnswer,
    ),
    Endpoint("getLoggedCall", "GET", f"{_LOG}/{{callId}}", "A call with both bodies", get_call, answer=CallInFull),
)

"""Limits of one business through the operator's API: looked at, set for some methods, in a world switched off."""

from datetime import timedelta
from typing import Annotated, Final

from msgspec import Meta

from korob.api import errors
from korob.contract.method import Method, limited_by
from korob.contract.methods import METHODS
from korob.contract.wire import INT32_MAX, Answer, Int64, Request
from korob.domain.quota import Limit
from korob.operator import access, method_names
from korob.operator.endpoint import Call, Endpoint
from korob.store import quota_limits

SECONDS_MAX: Final = 30 * 86_400


class QuotaWish(Request, frozen=True, forbid_unknown_fields=True):
    """A limit for a method: so many units in so many seconds, so many requests at once; what is absent is as usual."""

    operation: str
    amount: Annotated[int, Meta(ge=0, le=1_000_000_000)] | None = None
    seconds: Annotated[int, Meta(ge=1, le=SECONDS_MAX)] | None = None
    parallel: Annotated[int, Meta(ge=0, le=INT32_MAX)] | None = None


class QuotasWish(Request, frozen=True, forbid_unknown_fields=True):
    """The limits that are not as usual, all of them. `limits` is false where none are to hold, in a world only."""

    quotas: tuple[QuotaWish, ...] = ()
    limits: bool = True


class QuotaAnswer(Answer, frozen=True, omit_defaults=False):
    """The limit of a method: `amount` units, as `counts` says what one is, in a window of `seconds`."""

    operation: str
    amount: Int64
    seconds: Int64
    parallel: int
    counts: str
    usual: bool
    """As the contract has it."""


class QuotasAnswer(Answer, frozen=True, omit_defaults=False):
    """The limits of every method for one business."""

    limits: bool
    quotas: tuple[QuotaAnswer, ...]


async def get_quotas(call: Call) -> QuotasAnswer:
    """Show the limits of a business."""
    limits = await quota_limits.of_business(call.services.database, access.business_id(call))
    return QuotasAnswer(
        limits.on, tuple(_quota(method, limits.by_method.get(method.operation_id)) for method in METHODS)
    )


async def set_quotas(call: Call) -> QuotasAnswer:
    """Set the limits of a business; methods that are not named have the usual ones again."""
    business_id = access.business_id(call)
    wish: QuotasWish = call.body
    limits: dict[str, Limit] = {}
    for one in wish.quotas:
        method_names.check(one.operation)
        if one.operation in limits:
            raise errors.bad_request(f"{one.operation} is in the list twice")
        per = None if one.seconds is None else timedelta(seconds=one.seconds)
        limits[one.operation] = Limit(one.amount, per, one.parallel)
    await quota_limits.replace(call.services.database, business_id, limits, on=wish.limits)
    call.services.keys.forget_business(business_id)
    return await get_quotas(call)


def _quota(method: Method, limit: Limit | None) -> QuotaAnswer:
    quota = method.quota if limit is None else limited_by(method, limit).quota
    return QuotaAnswer(
        operation=method.operation_id,
        amount=quota.amount,
        seconds=int(quota.per.total_seconds()),
        parallel=quota.parallel,
        counts=quota.counts,
        usual=quota == method.quota,
    )


_QUOTAS: Final = "/operator/v1/businesses/{businessId}/quotas"

ENDPOINTS: Final = (
    Endpoint("getQuotas", "GET", _QUOTAS, "The limits of every method for a business", get_quotas, answer=QuotasAnswer),
    Endpoint(
        "setQuotas",
        "PUT",
        _QUOTAS,
        "Set limits that are not the usual ones, or switch all off in a world; every process knows within seconds",
        set_quotas,
        body=QuotasWish,
        answer=QuotasAnswer,
    ),
)

"""A method of the API as data: who may call it, how often, with what, and what it answers."""

from datetime import timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from korob.domain.campaign import Scope
from korob.domain.quota import Limit
from korob.domain.words import Model

HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)
ALL_MODELS: Final = frozenset(Model)
DBS: Final = frozenset({Model.DBS})
WITHOUT_404: Final = (400, 401, 403, 420, 500)
"""The errors of a method that nothing can be missing for: an unknown campaign or business is 403."""


class Quota(Struct, frozen=True):
    """So many units in each clock-aligned window, per campaign or business; `parallel` requests at once."""

    amount: int
    per: timedelta = HOUR
    counts: str = "request"
    """`request`, or the collection whose elements are counted: `request.skus`, `answer.orders`."""
    parallel: int = 4


class Method(Struct, frozen=True):
    """A page of the reference. `path` has the version; v2 methods answer without it as well."""

    operation_id: str
    verb: str
    path: str
    family: str
    summary: str
    models: frozenset[Model]
    scopes: frozenset[Scope]
    quota: Quota
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    body_required: bool = True
    answer: type[Struct] | None = None
    """The body of 200; None for an empty one."""
    errors: tuple[int, ...] = (400, 401, 403, 404, 420, 500)
    yandex_go: bool = True
    """Open to Market Yandex Go sellers."""
    deprecated: bool = False


def limited_by(method: Method, limit: Limit) -> Method:
    """The method as one business may call it. A window of another length is counted by itself."""
    usual = method.quota
    quota = Quota(
        amount=usual.amount if limit.amount is None else limit.amount,
        per=limit.per or usual.per,
        counts=usual.counts,
        parallel=usual.parallel if limit.parallel is None else limit.parallel,
    )
    name = method.operation_id
    if quota.per != usual.per:
        name = f"{name} in {quota.per.total_seconds():g} s"
    return replace(method, operation_id=name, quota=quota)

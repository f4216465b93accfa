"""An endpoint of the operator's or the sandbox's API as data, and what a handler gets of one call."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from msgspec import Struct

from korob.api.journal import Journal
from korob.domain.authority import Authority
from korob.store.database import Database
from korob.store.ids import Ids
from korob.store.keys import Keys
from korob.store.orders import Orders


class Settings(Protocol):
    """What these APIs want to know of the program's settings."""

    @property
    def mode(self) -> str:
        """`sandbox` or `production`."""

    @property
    def operator_token(self) -> str:
        """The token that reaches everything."""


class Services(Protocol):
    """What the wiring gives to these APIs."""

    @property
    def database(self) -> Database:
        """The connections to PostgreSQL."""

    @property
    def orders(self) -> Orders:
        """The door to orders."""

    @property
    def ids(self) -> Ids:
        """The source of ids."""

    @property
    def keys(self) -> Keys:
        """What tokens open, and what time it is for their businesses."""

    @property
    def authority(self) -> Authority:
        """Who checks codes outside of worlds."""

    @property
    def journal(self) -> Journal | None:
        """Where calls of sellers' programs are noted; None if nobody wants a log."""

    @property
    def settings(self) -> Settings:
        """The program's settings."""


@dataclass(slots=True, frozen=True)
class Reach:
    """What a caller may touch: everything, or one business."""

    business_id: int | None = None

    def covers(self, business_id: int) -> bool:
        """Whether the business is within reach."""
        return self.business_id is None or self.business_id == business_id


EVERYTHING = Reach()


@dataclass(slots=True, frozen=True)
class Call:
    """A call that passed the checks. `ids` are those of the path by name; `request` tells it from other requests."""

    services: Services
    reach: Reach
    ids: dict[str, int]
    query: Any
    body: Any
    idempotency_key: str | None
    request: bytes


Handler = Callable[[Call], Awaitable[Any]]
"""Makes values of a call, calls one action, spells its outcome: a struct, JSON as bytes, or None for an empty body."""


class Endpoint(Struct, frozen=True):
    """A line of the reference. Ids in the path are whole numbers."""

    operation_id: str
    verb: str
    path: str
    summary: str
    handler: Handler
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    answer: type[Struct] | None = None
    """The body of 200; None for an empty one."""
    idempotent: bool = False
    """Honours the header Idempotency-Key."""
    errors: tuple[int, ...] = (400, 401, 403, 404)
    refusal: type[Struct] | None = None
    """The body of 400, if it says more than what is wrong."""
    description: str = ""
    """More than the summary, as Markdown."""

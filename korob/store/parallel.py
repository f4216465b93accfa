"""How many requests an entity may have in flight at once. Each process counts its own."""

from collections import Counter
from types import TracebackType
from typing import Final

from korob.domain.quota import Entity, Limited, TooManyAtOnce

SHARED_BY_ALL: Final = 4
"""Methods that allow this many share one count; a method with a number of its own is counted by itself."""


class Parallel:
    """The requests in flight in this process, per entity."""

    def __init__(self) -> None:
        self._in_flight: Counter[tuple[Entity, str]] = Counter()

    def request(self, entity: Entity, method: Limited, *, unlimited: bool = False) -> "InFlight":
        """A context to answer a request in. Raises TooManyAtOnce; what has no limits is not even counted."""
        if unlimited:
            return InFlight(self._in_flight, None)
        allowed = method.quota.parallel
        place = (entity, "" if allowed == SHARED_BY_ALL else method.operation_id)
        if self._in_flight[place] >= allowed:
            raise TooManyAtOnce(amount=allowed, entity=entity[0], entity_id=entity[1])
        self._in_flight[place] += 1
        return InFlight(self._in_flight, place)


class InFlight:
    """One request in flight, until its context is left."""

    __slots__ = ("_in_flight", "_place")

    def __init__(self, in_flight: Counter[tuple[Entity, str]], place: tuple[Entity, str] | None) -> None:
        self._in_flight = in_flight
        self._place = place

    def __enter__(self) -> None:
        """Nothing: it is counted from when it was made."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Let another one in."""
        place = self._place
        if place is None:
            return
        if self._in_flight[place] == 1:
            del self._in_flight[place]
        else:
            self._in_flight[place] -= 1

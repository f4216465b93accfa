"""How many requests an entity may have in flight at once. Each process counts its own."""

from types import TracebackType
from typing import Final

from korob.domain.quota import Entity, Limited, TooManyAtOnce

SHARED_BY_ALL: Final = 4
"""Methods that allow this many share one count; a method with a number of its own is counted by itself."""


class Parallel:
    """The requests in flight in this process, per entity."""

    def __init__(self) -> None:
        self._in_flight: dict[tuple[Entity, str], int] = {}
        self._uncounted = InFlight(self._in_flight, None)

    def request(self, entity: Entity, method: Limited, *, unlimited: bool = False) -> "InFlight":
        """A context to answer a request in. Raises TooManyAtOnce; what has no limits is not even counted."""
        if unlimited:
            return self._uncounted
        allowed = method.quota.parallel
        place = (entity, "" if allowed == SHARED_BY_ALL else method.operation_id)
        running = self._in_flight.get(place, 0)
        if running >= allowed:
            raise TooManyAtOnce(amount=allowed, entity=entity[0], entity_id=entity[1])
        self._in_flight[place] = running + 1
        return InFlight(self._in_flight, place)


class InFlight:
    """One request in flight, until its context is left."""

    __slots__ = ("_in_flight", "_place")

    def __init__(self, in_flight: dict[tuple[Entity, str], int], place: tuple[Entity, str] | None) -> None:
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
        running = self._in_flight[place] - 1
        if running:
            self._in_flight[place] = running
        else:
            del self._in_flight[place]

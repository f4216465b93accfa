"""What one process has of one quota, and what it asks PostgreSQL about it."""

import asyncio
from datetime import datetime
from time import monotonic
from typing import Any, Final

from msgspec import Struct, field

from korob.domain.quota import Entity

SHARE_LIVES: Final = 2.0
"""Seconds after which what is left of a share goes back."""
EMPTY_FOR: Final = 0.25
"""Seconds for which nobody asks again after there was nothing, nowhere."""

Key = tuple[int, str, str]
"""The key of a quota's row: the entity's id and kind, and the method."""


class Taken(Struct, frozen=True):
    """Units were taken. `remaining` is the best that this process knows; `until` ends the window."""

    limit: int
    remaining: int
    until: datetime


class Wish(Struct, eq=False):
    """A request that waits for its units."""

    units: int
    granted: asyncio.Future[bool]


class Share(Struct, eq=False):
    """What this process has of one quota, and what it last heard of the rest."""

    entity: Entity
    method: str
    limit: int
    until: datetime
    ends: float = 0.0
    """`until` in seconds, to compare without making a datetime."""
    left: int = 0
    """Units to spend without asking."""
    held: int = 0
    """Units got in advance that PostgreSQL counts as held by us."""
    used: int = 0
    """Units spent since `heard_at`: what the next share is sized by."""
    owed: int = 0
    """Units spent without having been asked for."""
    returned: int = 0
    """Units that are to go back although they were not held."""
    elsewhere: int = 0
    """Units that nobody had been given."""
    heard_at: float = 0.0
    empty_until: float = 0.0
    """Until this moment of the monotonic clock nobody needs to ask."""
    leaving: bool = False
    """The share is to go back."""
    queued: bool = False
    away: bool = False
    """A question about it is under way."""
    wishes: list[Wish] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ends = self.until.timestamp()
        self.elsewhere = self.limit
        self.heard_at = monotonic()

    @property
    def key(self) -> Key:
        """Where PostgreSQL has it."""
        return (self.entity[1], self.entity[0], self.method)

    @property
    def remaining(self) -> int:
        """Units left in the window, as far as this process knows."""
        return max(0, self.elsewhere + self.left + self.returned - self.owed)

    @property
    def is_spent(self) -> bool:
        """Whether nothing would be lost with it."""
        busy = self.queued or self.away or self.wishes
        return not (busy or self.left or self.held or self.owed or self.returned)

    def adopt(self, limit: int) -> None:
        """Go on with another limit; what is at hand goes back, since it may be too much by now."""
        self.elsewhere = max(0, self.elsewhere + limit - self.limit)
        self.limit = limit
        self.returned += self.left
        self.left = 0
        self.empty_until = 0.0

    def taken(self) -> Taken:
        """What to tell who was given units."""
        return Taken(self.limit, self.remaining, self.until)

    def question(self) -> "Question | None":
        """What to ask PostgreSQL, None if there is nothing to; then the share is left with what it keeps."""
        while self.wishes and self.wishes[0].units <= self.left:
            wish = self.wishes.pop(0)
            if not wish.granted.done():
                self.left -= wish.units
                self.used += wish.units
                wish.granted.set_result(True)
        wishes = [wish for wish in self.wishes if not wish.granted.done()]
        kept = 0 if self.leaving or wishes else self.left
        fast = not self.leaving and not kept and monotonic() - self.heard_at < SHARE_LIVES
        question = Question(
            share=self,
            wishes=wishes,
            owed=self.owed,
            wanted=self.owed + sum(wish.units for wish in wishes),
            advance=2 * self.used if fast else 0,
            returned=self.returned + self.left - kept,
            settled=max(0, self.held - kept),
        )
        self.held -= question.settled
        self.left = kept
        self.elsewhere += question.returned - question.owed
        self.wishes = []
        self.owed = self.returned = 0
        self.leaving = False
        self.away = bool(question.wanted or question.advance or question.returned or question.settled)
        return question if self.away else None


class Question(Struct, eq=False):
    """What is asked of PostgreSQL about one quota."""

    share: Share
    wishes: list[Wish]
    owed: int
    wanted: int
    advance: int
    returned: int
    settled: int

    def row(self) -> tuple[Any, ...]:
        """The question as a row of a statement's arguments."""
        share = self.share
        return (*share.key, share.until, share.limit, self.wanted, self.advance, self.returned, self.settled)

    def hear(self, answer: Any) -> bool:
        """Hand out what was granted; True if somebody still waits for units that others hold."""
        share = self.share
        held_by_others = answer["held"] - share.held
        share.away = False
        share.until = answer["until"]
        share.ends = share.until.timestamp()
        share.elsewhere = max(0, share.limit - answer["given"])
        share.left += answer["advanced"]
        share.held += answer["advanced"]
        share.heard_at = monotonic()
        share.used = 0
        granted = answer["granted"] - min(self.owed, answer["granted"])
        waiting = []
        for wish in self.wishes:
            if wish.granted.done():
                continue
            if wish.units <= granted:
                granted -= wish.units
                share.used += wish.units
                wish.granted.set_result(True)
            elif wish.units <= share.elsewhere + granted + held_by_others and held_by_others > 0:
                waiting.append(wish)
            else:
                wish.granted.set_result(False)
                if not share.elsewhere and not granted:
                    share.empty_until = share.heard_at + EMPTY_FOR
        share.returned += granted
        share.wishes = waiting + share.wishes
        return bool(waiting)

    def fail(self, trouble: Exception) -> None:
        """Tell those who wait that nobody knows. What was owed stays owed, what was to go back is lost."""
        self.share.away = False
        self.share.owed += self.owed
        self.share.heard_at = monotonic()
        for wish in self.wishes:
            if not wish.granted.done():
                wish.granted.set_exception(trouble)

"""What must come of everything that is done to an order: a small model, written from the published pages alone.

It shares nothing with `korob`: words are strings, money is whole rubles, and every rule is said once more.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from tests.machine.moves import (
    AT_THE_POINT,
    COMING,
    DELIVERED,
    FOUND,
    HERE,
    OTHERS_MOVES,
    SELLER_CANCELS,
    SELLERS_MOVES,
    STARTED,
    UNPAID,
)

HOUR = timedelta(hours=1)
ANSWER_WITHIN = 48 * HOUR
PAY_WITHIN = HOUR / 2
OPERATION_TAKES = timedelta(seconds=3)
MAIL_TAKES = timedelta(seconds=5)
KEYS_WITHIN = HOUR / 2
DATE_CHANGES = 3
DAYS_AHEAD = 30
TRIES = 3
MIDNIGHT_IN_MOSCOW = time(21, tzinfo=UTC)


@dataclass
class Position:
    price: int
    count: int


@dataclass
class Running:
    """An operation that has not ended."""

    id: str
    kind: str
    due_at: datetime
    recipient: str = ""
    day: date | None = None


@dataclass
class Expected:
    """One order as it must be. Methods say whether a request must succeed, and do what it does if so."""

    id: int
    campaign_id: int
    model: str
    state: tuple[str, str]
    positions: dict[int, Position]
    prepaid: bool
    placed_at: datetime
    recipient: str
    paid: bool = False
    asked_at: datetime | None = None
    boxes: list[dict[int, int]] = field(default_factory=list)
    """What is in which box, by position; empty before any layout was sent."""
    running: list[Running] = field(default_factory=list)
    ended: dict[str, str] = field(default_factory=dict)
    day: date | None = None
    """When the courier comes, as far as that is known here."""
    since: datetime | None = None
    """When it came to its status."""
    day_changes: int = 0
    kept_until: date | None = None
    """The last day that the point keeps it."""
    kept_longer: bool = False
    tracks: dict[int, str] = field(default_factory=dict)
    name: str | None = None
    coded: set[int] = field(default_factory=set)
    """Positions whose codes were handed in."""
    mailed_at: datetime | None = None
    is_late: bool = False
    tries: int = 0
    courier_known: bool = False
    versions: int = 1
    told: list[str] = field(default_factory=lambda: ["ORDER_CREATED"])
    refunded: int = 0

    @property
    def status(self) -> str:
        return self.state[0]

    @property
    def is_over(self) -> bool:
        return self.status in {"DELIVERED", "CANCELLED", "PARTIALLY_RETURNED", "RETURNED"}

    @property
    def is_wished_away(self) -> bool:
        """The buyer waits for an answer, or had it his way."""
        return self.asked_at is not None or self.state[1] in {"USER_CHANGED_MIND", "USER_REFUSED_DELIVERY"}

    @property
    def is_dbs(self) -> bool:
        return self.model in {"DBS", "DIGITAL"}

    @property
    def total(self) -> int:
        return sum(position.price * position.count for position in self.positions.values())

    def reduces(self, counts: dict[int, int]) -> bool:
        """The seller wants these counts; a position that is not named goes."""
        if not self.is_dbs or self.state != STARTED or not self._may_have(counts):
            return False
        self._take(counts)
        return True

    def packs(self, boxes: list[dict[int, int]], *, allow_remove: bool) -> bool:
        """The seller packs; what is in no box goes if that is allowed."""
        counts = dict.fromkeys(self.positions, 0)
        for box in boxes:
            for item_id, count in box.items():
                counts[item_id] += count
        left_out = any(counts[item_id] < position.count for item_id, position in self.positions.items())
        if self.model in {"LAAS", "FBY"} or self.state != STARTED or (left_out and not allow_remove):
            return False
        if not self._may_have(counts):
            return False
        if boxes != self.boxes or left_out or self.coded:
            self._take(counts, also=True)
            self.boxes = boxes
            self.coded = set()
        return True

    def _may_have(self, counts: dict[int, int]) -> bool:
        gone = 0
        total = self.total
        for item_id, position in self.positions.items():
            left = counts.get(item_id, 0)
            if left > position.count:
                return False
            if left < position.count:
                gone += position.price * (position.count - left)
                if len(self.positions) == 1 or position.price * position.count * 100 >= total * 99:
                    return False
        return sum(counts.values()) > 0 and (gone == 0 or gone * 100 < total * 99)

    def _take(self, counts: dict[int, int], *, also: bool = False) -> None:
        before = self.total
        changes = also
        for item_id, position in list(self.positions.items()):
            left = counts.get(item_id, 0)
            if left < position.count:
                changes = True
                self.boxes = []
            position.count = left
            if not left:
                del self.positions[item_id]
                self.coded.discard(item_id)
        if self.paid:
            self.refunded += before - self.total
        self.versions += changes

    def moves(self, target: tuple[str, str], now: datetime) -> bool:
        """The seller moves it."""
        if (self.state, target) not in SELLERS_MOVES[self.model]:
            return False
        self._go(target, now)
        return True

    def is_cancelled_by_the_seller(self, reason: str, operation_id: str | None, now: datetime) -> bool:
        """For the Market's own parcels it takes a while."""
        if self.state not in SELLER_CANCELS[self.model]:
            return False
        if self.model != "LAAS":
            self._cancel(reason)
            return True
        if any(one.kind == "ORDER_STATUS_UPDATE" for one in self.running):
            return False
        assert operation_id is not None
        self.running.append(Running(operation_id, "ORDER_STATUS_UPDATE", now + OPERATION_TAKES))
        self.versions += 1
        return True

    def is_acted_on(self, actor: str, act: str, now: datetime) -> bool:
        """Somebody else does something."""
        target = OTHERS_MOVES[self.model].get((actor, act), {}).get(self.state)
        if target is None:
            return False
        if target[0] == "CANCELLED":
            self._cancel(target[1])
        else:
            self._go(target, now)
        return True

    def pays(self, now: datetime) -> bool:
        """The buyer pays."""
        if self.state != UNPAID:
            return False
        self.paid = True
        self._go(STARTED, now)
        return True

    def buyer_cancels(self, now: datetime) -> bool:
        """At once while it is being worked on; a DBS seller is asked about one that is under way."""
        if self.model == "LAAS" or self.is_over or self.asked_at:
            return False
        if self.is_dbs and self.status in {"DELIVERY", "PICKUP"}:
            self.asked_at = now
            self.told.append("ORDER_CANCELLATION_REQUEST")
            self.versions += 1
        else:
            self._cancel("USER_CHANGED_MIND")
        return True

    def is_answered(self, now: datetime, *, accepted: bool) -> bool:
        """The seller answers the buyer, once."""
        if not self.asked_at:
            return False
        if accepted:
            self._cancel("USER_CHANGED_MIND")
        else:
            self.asked_at = None
            self.versions += 1
        return True

    def updates(self, begun: list[Running]) -> bool:
        """The seller changes the recipient, the interval, or both."""
        if self.is_over or any(one.kind == "ORDER_STATUS_UPDATE" for one in self.running):
            return False
        self.running += begun
        self.versions += 1
        return True

    def is_put_off(self, to: date, today: date) -> bool:
        """The seller agrees on another day."""
        assert self.day is not None
        too_far = (to - self.day).days > DAYS_AHEAD
        if not self.is_dbs or self.status not in {"PROCESSING", "DELIVERY"}:
            return False
        if to == self.day or to < today or too_far or self.day_changes == DATE_CHANGES:
            return False
        self.day = to
        self.day_changes += 1
        self.versions += 1
        self.told.append("ORDER_UPDATED")
        return True

    def is_kept_longer(self, days: int) -> bool:
        """The seller's own point keeps it for longer, once."""
        if not self.is_dbs or self.status != "PICKUP" or self.kept_longer or not 1 <= days <= DAYS_AHEAD:
            return False
        assert self.kept_until is not None
        self.kept_until += timedelta(days=days)
        self.kept_longer = True
        self.versions += 1
        self.told.append("ORDER_UPDATED")
        return True

    def is_tracked(self, service: int, code: str) -> bool:
        """The seller tells a service's code; no other service of the order has it."""
        others = {known for other, known in self.tracks.items() if other != service}
        if not self.is_dbs or self.status not in {"PROCESSING", "DELIVERY", "PICKUP"} or code in others:
            return False
        self.tracks[service] = code
        self.versions += 1
        return True

    def is_named(self, name: str) -> bool:
        """The seller names it, once, before it is assembled."""
        if self.model in {"LAAS", "FBY"} or self.state != STARTED or self.name is not None:
            return False
        self.name = name
        self.versions += 1
        return True

    def is_coded(self, item_id: int) -> bool:
        """The seller hands in other codes of a position."""
        if not self.is_dbs or self.state != STARTED:
            return False
        self.coded.add(item_id)
        self.versions += 1
        return True

    def has_keys(self, now: datetime) -> bool:
        """The seller hands in other keys, which are mailed a little later."""
        if self.model != "DIGITAL" or self.status != "PROCESSING":
            return False
        self.mailed_at = now + MAIL_TAKES
        self.versions += 1
        return True

    def verdict_on(self, *, right: bool) -> str | None:
        """What an Express seller learns about a code that somebody at the door told him; None: too early, or known."""
        if self.model != "EXPRESS" or self.state not in (FOUND, COMING, HERE) or self.courier_known:
            return None
        self.versions += 1
        if right:
            self.courier_known = True
            return "ACCEPTED"
        self.tries = (self.tries + 1) % TRIES
        return "REJECTED" if self.tries else "NEED_UPDATE"

    def time_passes(self, now: datetime) -> None:
        """Whatever is due by now has happened, the earliest first."""
        while due := self._next(now):
            due()

    def _next(self, now: datetime):
        waits = [(one.due_at, lambda one=one: self._end(one)) for one in self.running]
        if self.mailed_at and self.status == "PROCESSING":
            waits.append((self.mailed_at, lambda at=self.mailed_at: self._go(DELIVERED, at)))
        if self.model == "DIGITAL" and self.status == "PROCESSING" and not (self.is_late or self.mailed_at):
            waits.append((self.since + KEYS_WITHIN, self._is_late))
        if self.asked_at:
            at = self.asked_at + ANSWER_WITHIN
            waits.append((at, lambda: self._cancel("USER_CHANGED_MIND")))
        if self.state == UNPAID:
            at = self.placed_at + PAY_WITHIN
            waits.append((at, lambda: self._cancel("USER_NOT_PAID")))
        if self.state == AT_THE_POINT:
            at = datetime.combine(self.kept_until, MIDNIGHT_IN_MOSCOW)
            waits.append((at, lambda: self._cancel("PICKUP_EXPIRED")))
        at, due = min(waits, key=lambda wait: wait[0], default=(None, None))
        return due if at is not None and at <= now else None

    def _is_late(self) -> None:
        self.is_late = True
        self.versions += 1

    def _end(self, one: Running) -> None:
        self.running.remove(one)
        self.ended[one.id] = "DONE"
        if one.kind == "ORDER_STATUS_UPDATE":
            self._cancel("SHOP_FAILED")
            return
        if one.kind == "ORDER_RECIPIENT_UPDATE":
            self.recipient = one.recipient
        else:
            self.day = one.day
            self.told.append("ORDER_UPDATED")
        self.versions += 1

    def _go(self, target: tuple[str, str], now: datetime) -> None:
        if target[0] != self.status:
            self.since = now
        self.state = target
        self.told.append("ORDER_STATUS_UPDATED")
        self._arrive()

    def _cancel(self, reason: str) -> None:
        if self.paid and self.model != "LAAS":
            self.refunded += self.total
        self.state = ("CANCELLED", reason)
        self.told.append("ORDER_CANCELLED")
        self._arrive()

    def _arrive(self) -> None:
        self.versions += 1
        if self.is_over:
            self.asked_at = None
            self.ended |= {one.id: "FAILED" for one in self.running}
            self.running = []

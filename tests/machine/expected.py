"""What must come of everything that is done to an order: a small model, written from the published pages alone.

It shares nothing with `korob`: words are strings, money is whole rubles, and every rule is said once more.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
ANSWER_WITHIN = 48 * HOUR
PAY_WITHIN = HOUR / 2
OPERATION_TAKES = timedelta(seconds=3)

STARTED = ("PROCESSING", "STARTED")
READY = ("PROCESSING", "READY_TO_SHIP")
SHIPPED = ("PROCESSING", "SHIPPED")
PACKAGING = ("PROCESSING", "PACKAGING")
UNPAID = ("UNPAID", "WAITING_USER_INPUT")
ON_THE_WAY = ("DELIVERY", "DELIVERY_SERVICE_RECEIVED")
AT_THE_POINT = ("PICKUP", "PICKUP_SERVICE_RECEIVED")
DELIVERED = ("DELIVERED", "DELIVERY_SERVICE_DELIVERED")
AT_WORK = (STARTED, READY, SHIPPED)

SELLERS_MOVES = {
    "DBS": {
        (STARTED, READY),
        (READY, SHIPPED),
        *((source, ON_THE_WAY) for source in AT_WORK),
        (ON_THE_WAY, AT_THE_POINT),
        (ON_THE_WAY, DELIVERED),
        (AT_THE_POINT, DELIVERED),
    },
    "FBS": {(STARTED, READY), (READY, SHIPPED)},
    "LAAS": set(),
}
"""From where to where a seller moves an order himself; cancelling is apart."""
SELLER_CANCELS = {
    "DBS": {*AT_WORK, ON_THE_WAY, AT_THE_POINT},
    "FBS": {STARTED, READY},
    "LAAS": {STARTED, PACKAGING, READY, SHIPPED, ON_THE_WAY, AT_THE_POINT},
}
OTHERS_MOVES = {
    "FBS": {
        ("CARRIER", "RECEIVE"): dict.fromkeys(AT_WORK, ON_THE_WAY),
        ("CARRIER", "ARRIVE"): {ON_THE_WAY: AT_THE_POINT},
        ("CARRIER", "DELIVER"): {ON_THE_WAY: DELIVERED, AT_THE_POINT: DELIVERED},
    },
    "LAAS": {
        ("MARKET", "PACK"): {STARTED: PACKAGING},
        ("MARKET", "ASSEMBLE"): {PACKAGING: READY},
        ("MARKET", "SHIP"): {READY: SHIPPED},
        ("CARRIER", "RECEIVE"): {SHIPPED: ON_THE_WAY},
        ("CARRIER", "DELIVER"): {ON_THE_WAY: DELIVERED, AT_THE_POINT: DELIVERED},
    },
    "DBS": {},
}


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
    day: str = ""


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
    day: str | None = None
    """When the courier comes, if that was ever changed."""
    versions: int = 1
    told: list[str] = field(default_factory=lambda: ["ORDER_CREATED"])
    refunded: int = 0

    @property
    def status(self) -> str:
        return self.state[0]

    @property
    def is_over(self) -> bool:
        return self.status in {"DELIVERED", "CANCELLED"}

    @property
    def total(self) -> int:
        return sum(position.price * position.count for position in self.positions.values())

    def reduces(self, counts: dict[int, int]) -> bool:
        """The seller wants these counts; a position that is not named goes."""
        if self.model != "DBS" or self.state != STARTED or not self._may_have(counts):
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
        if self.model == "LAAS" or self.state != STARTED or (left_out and not allow_remove):
            return False
        if not self._may_have(counts):
            return False
        if boxes != self.boxes or left_out:
            self._take(counts, also=boxes != self.boxes)
            self.boxes = boxes
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
        if self.paid:
            self.refunded += before - self.total
        self.versions += changes

    def moves(self, target: tuple[str, str]) -> bool:
        """The seller moves it."""
        if (self.state, target) not in SELLERS_MOVES[self.model]:
            return False
        self._go(target)
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

    def is_acted_on(self, actor: str, act: str) -> bool:
        """Somebody else does something."""
        target = OTHERS_MOVES[self.model].get((actor, act), {}).get(self.state)
        if target is None:
            return False
        self._go(target)
        return True

    def pays(self) -> bool:
        """The buyer pays."""
        if self.state != UNPAID:
            return False
        self.paid = True
        self._go(STARTED)
        return True

    def buyer_cancels(self, now: datetime) -> bool:
        """At once while it is being worked on; a DBS seller is asked about one that is under way."""
        if self.model == "LAAS" or self.is_over or self.asked_at:
            return False
        if self.model == "DBS" and self.status in {"DELIVERY", "PICKUP"}:
            self.asked_at = now
            self.told.append("ORDER_CANCELLATION_REQUEST")
            self.versions += 1
        else:
            self._cancel("USER_CHANGED_MIND")
        return True

    def is_answered(self, *, accepted: bool) -> bool:
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

    def time_passes(self, now: datetime) -> None:
        """Whatever is due by now has happened, the earliest first."""
        while due := self._next(now):
            due()

    def _next(self, now: datetime):
        waits = [(one.due_at, lambda one=one: self._end(one)) for one in self.running]
        if self.asked_at:
            waits.append((self.asked_at + ANSWER_WITHIN, lambda: self._cancel("USER_CHANGED_MIND")))
        if self.state == UNPAID:
            waits.append((self.placed_at + PAY_WITHIN, lambda: self._cancel("USER_NOT_PAID")))
        at, due = min(waits, key=lambda wait: wait[0], default=(None, None))
        return due if at is not None and at <= now else None

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

    def _go(self, target: tuple[str, str]) -> None:
        self.state = target
        self.told.append("ORDER_STATUS_UPDATED")
        self._arrive()

    def _cancel(self, reason: str) -> None:
        if self.paid:
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

"""A small model of what happens to orders, written without a look at Korob's rules: what a seller would tell you."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

FINAL = {"DELIVERED", "CANCELLED"}
MOVES = {
    ("PROCESSING", "STARTED"): {("PROCESSING", "READY_TO_SHIP"), ("DELIVERY", "DELIVERY_SERVICE_RECEIVED")},
    ("PROCESSING", "READY_TO_SHIP"): {("PROCESSING", "SHIPPED"), ("DELIVERY", "DELIVERY_SERVICE_RECEIVED")},
    ("PROCESSING", "SHIPPED"): {("DELIVERY", "DELIVERY_SERVICE_RECEIVED")},
    ("DELIVERY", "DELIVERY_SERVICE_RECEIVED"): {
        ("PICKUP", "PICKUP_SERVICE_RECEIVED"),
        ("DELIVERED", "DELIVERY_SERVICE_DELIVERED"),
    },
    ("PICKUP", "PICKUP_SERVICE_RECEIVED"): {("DELIVERED", "DELIVERY_SERVICE_DELIVERED")},
}
ANSWER_WITHIN = timedelta(hours=48)
TAKES = timedelta(seconds=3)


@dataclass
class Started:
    """An asynchronous change; `ended` is its final state once it has one."""

    id: str
    type: str
    due_at: datetime
    ended: str | None = None


@dataclass
class Modelled:
    """An order as the model has it."""

    placed: dict
    model: str
    prices: dict[int, int]
    counts: dict[int, int]
    status: str = "PROCESSING"
    substatus: str = "STARTED"
    boxes: list[dict[int, int]] = field(default_factory=list)
    asked_at: datetime | None = None
    started: list[Started] = field(default_factory=list)
    told: list[str] = field(default_factory=lambda: ["ORDER_CREATED"])
    recipient: str | None = None

    @property
    def total(self) -> int:
        return sum(self.prices[item] * count for item, count in self.counts.items())

    def may_lose(self, gone: dict[int, int]) -> bool:
        """Whether these units may be taken out."""
        if not gone:
            return True
        if len(self.counts) == 1 or gone == self.counts:
            return False
        nearly_all = Fraction(99, 100) * self.total
        lost = sum(self.prices[item] * count for item, count in gone.items())
        touched = [self.prices[item] * self.counts[item] for item in gone]
        return lost < nearly_all and max(touched) < nearly_all

    def lose(self, gone: dict[int, int]) -> None:
        left = {item: count - gone.get(item, 0) for item, count in self.counts.items()}
        self.counts = {item: count for item, count in left.items() if count}

    def move(self, status: str, substatus: str) -> None:
        self.status, self.substatus = status, substatus
        if status == "CANCELLED":
            self.told.append("ORDER_CANCELLED")
        else:
            self.told.append("ORDER_STATUS_UPDATED")
        if status in FINAL:
            self.asked_at = None
            for one in self.started:
                one.ended = one.ended or "FAILED"

    def ask(self, now: datetime) -> bool:
        """The buyer wants to cancel; whether he may. What a shop ordered from the Market's warehouse has no buyer."""
        if self.model == "LAAS":
            return False
        if self.status == "PROCESSING":
            self.move("CANCELLED", "USER_CHANGED_MIND")
            return True
        if self.status in FINAL or self.asked_at is not None:
            return False
        self.asked_at = now
        self.told.append("ORDER_CANCELLATION_REQUEST")
        return True

    def let_pass(self, now: datetime) -> None:
        """What the clock does up to this moment."""
        for one in sorted(self.started, key=lambda one: one.due_at):
            if one.ended is None and one.due_at <= now:
                one.ended = "DONE"
                if one.type == "ORDER_DELIVERY_INTERVAL_UPDATE":
                    self.told.append("ORDER_UPDATED")
                elif one.type == "ORDER_STATUS_UPDATE":
                    self.move("CANCELLED", "SHOP_FAILED")
        if self.asked_at is not None and self.asked_at + ANSWER_WITHIN <= now:
            self.move("CANCELLED", "USER_CHANGED_MIND")

"""What a rule decided: the order as it shall be, and what is to be told and booked besides."""

from datetime import datetime

from korob.domain.order import Order
from korob.domain.value import Value
from korob.domain.words import Actor, EacVerdict, OperationStatus, OperationType, RemovalReason, Status, Substatus


class OrderPlaced(Value, frozen=True, tag=True, tag_field="event"):
    """An order came into being."""


class StatusMoved(Value, frozen=True, tag=True, tag_field="event"):
    """The order moved to another status or substatus (not to CANCELLED)."""

    status: Status
    substatus: Substatus


class OrderCancelled(Value, frozen=True, tag=True, tag_field="event"):
    """The order was cancelled, by whom and why the history row and the substatus tell."""

    substatus: Substatus


class CancellationRequested(Value, frozen=True, tag=True, tag_field="event"):
    """The buyer asked to cancel an order that is on its way."""

    substatus: Substatus | None = None
    """Why, as CANCELLED would say it; rows of the history from before this was kept have none."""


class CancellationDeclined(Value, frozen=True, tag=True, tag_field="event"):
    """The seller answered that it is too late to cancel."""

    reason: str


class ItemsRemoved(Value, frozen=True, tag=True, tag_field="event"):
    """Units were taken out of the order."""

    counts: dict[int, int]
    """Units removed by position id."""
    reason: RemovalReason | None = None


class BoxesPacked(Value, frozen=True, tag=True, tag_field="event"):
    """A layout of boxes was set, replacing the one before."""

    boxes: int


class CodesGiven(Value, frozen=True, tag=True, tag_field="event"):
    """Marking codes were handed in, replacing those before."""

    codes: int


class CodesAsked(Value, frozen=True, tag=True, tag_field="event"):
    """Codes were handed to an authority outside, which answers when it likes."""

    codes: int


class CodesChecked(Value, frozen=True, tag=True, tag_field="event"):
    """The authority answered about some codes."""

    codes: int


class CourierVerified(Value, frozen=True, tag=True, tag_field="event"):
    """A code was held against the one that the courier has; after a wrong one `attempts_left` may still be told."""

    verdict: EacVerdict
    attempts_left: int | None = None


class DeliveryChanged(Value, frozen=True, tag=True, tag_field="event"):
    """The delivery or shipment date, or the storage limit, changed; `update` is an OrderUpdateType."""

    update: str
    reason: str | None = None
    """Who wanted it so, where the seller says (setOrderDeliveryDate)."""


class RecipientChanged(Value, frozen=True, tag=True, tag_field="event"):
    """The recipient's name or phone changed."""


class OperationStarted(Value, frozen=True, tag=True, tag_field="event"):
    """An asynchronous change was accepted."""

    id: str
    type: OperationType


class OperationEnded(Value, frozen=True, tag=True, tag_field="event"):
    """An asynchronous change reached its one final state."""

    id: str
    type: OperationType
    status: OperationStatus


class RefundsPaid(Value, frozen=True, tag=True, tag_field="event"):
    """Refunds that were due went to the buyer."""

    count: int


class Noted(Value, frozen=True, tag=True, tag_field="event"):
    """Something was written on the order that nobody is told of (a track code, an external id)."""

    what: str


Event = (
    OrderPlaced
    | StatusMoved
    | OrderCancelled
    | CancellationRequested
    | CancellationDeclined
    | ItemsRemoved
    | BoxesPacked
    | CodesGiven
    | CodesAsked
    | CodesChecked
    | CourierVerified
    | DeliveryChanged
    | RecipientChanged
    | OperationStarted
    | OperationEnded
    | RefundsPaid
    | Noted
)


class Movement(Value, frozen=True):
    """A change of the stock held for the order: positive when held, negative when released."""

    offer_id: str
    count: int
    gone: int = 0
    """Units that left the shelf with it."""


class Change(Value, frozen=True):
    """One decision of one actor at one moment; it becomes one version of the order and one row of history."""

    order: Order
    actor: Actor
    act: str
    """What was done, a verb in capitals: REMOVE_ITEMS, PACK_BOXES, MOVE, CANCEL …"""
    at: datetime
    events: tuple[Event, ...] = ()
    stock: tuple[Movement, ...] = ()
    claims: tuple[str, ...] = ()
    """Codes, as they are compared, that this was decided on as on none of the business's other orders."""

"""The code by which an Express seller knows the courier: told by the courier, held against the one that was issued."""

from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from korob.domain.change import Change, CourierVerified
from korob.domain.invented import Lots
from korob.domain.moves import COURIER_COMING, COURIER_FOUND, COURIER_HERE
from korob.domain.order import Order
from korob.domain.refusal import Refusal
from korob.domain.words import Actor, EacVerdict

ATTEMPTS: Final = 3
"""How many codes may be tried before a new one is issued; ours, the Market's number is not published."""
DIGITS: Final = 4
_AWAITED: Final = frozenset({COURIER_FOUND, COURIER_COMING, COURIER_HERE})


def verify(order: Order, code: str, *, now: datetime) -> Change:
    """Say whether this is the courier's code (verifyOrderEac); the Change's CourierVerified event has the verdict.

    A right one moves nothing: the parcel is on its way when the courier takes it. The last wrong one makes the Market
    issue another. Raises NoCourierYet and CodeAcceptedBefore.
    """
    if (order.status, order.substatus) not in _AWAITED or order.delivery.eac_code is None:
        raise NoCourierYet(order_id=order.id, status=order.status, substatus=order.substatus)
    if order.delivery.eac_accepted:
        raise CodeAcceptedBefore(order_id=order.id)
    if code == order.delivery.eac_code:
        return _verified(order, CourierVerified(EacVerdict.ACCEPTED), now=now, eac_accepted=True)
    wrong = order.delivery.eac_wrong + 1
    if wrong < ATTEMPTS:
        return _verified(order, CourierVerified(EacVerdict.REJECTED, ATTEMPTS - wrong), now=now, eac_wrong=wrong)
    another = _another(order.id, order.delivery.eac_code)
    return _verified(order, CourierVerified(EacVerdict.NEED_UPDATE, 0), now=now, eac_wrong=0, eac_code=another)


class NoCourierYet(Refusal):
    """No courier is on the way to the seller, not yet or not any more."""

    template = "Action is not allowed for order {order_id} with status {status} and substatus {substatus}"


class CodeAcceptedBefore(Refusal):
    """The courier is known already."""

    template = "The code of order {order_id} was already accepted"


def _verified(order: Order, event: CourierVerified, *, now: datetime, **written: Any) -> Change:
    told = replace(order, delivery=replace(order.delivery, **written), updated_at=now)
    return Change(told, Actor.SELLER, "VERIFY_COURIER", now, (event,))


def _another(order_id: int, code: str) -> str:
    """A code that follows from the one before, and differs from it."""
    lots = Lots(f"{order_id}/{code}")
    another = code
    while another == code:
        another = lots.digits(DIGITS)
    return another

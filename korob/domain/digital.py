"""Digital goods: the seller hands in the keys, the Market mails them and so delivers the order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from korob.domain import conditions, lifecycle
from korob.domain.change import Change, Noted
from korob.domain.composition import ItemNotFound
from korob.domain.items import ItemRepeated
from korob.domain.moscow import day_of
from korob.domain.order import Keys, Mailing, Order
from korob.domain.refusal import Refusal
from korob.domain.words import Actor, DeliveryType, DigitalType, Status

MAILING_TAKES: Final = timedelta(seconds=5)
"""How long the Market's mail is under way; ours, nobody publishes it."""
HANDED_OVER_WITHIN: Final = {
    DigitalType.EMAIL: timedelta(minutes=30),
    DigitalType.ACTIVATION_CODE: timedelta(minutes=30),
    DigitalType.STEAM_GIFT: timedelta(hours=3),
}
"""How long the seller has for each kind (page digital); for a chat nobody says."""


def give_keys(order: Order, keys: Sequence[Keys], *, now: datetime) -> Change:
    """Hand in all keys of an order at once, a key or more for each unit (provideOrderDigitalCodes).

    The order is delivered once the Market has mailed them; until then other keys take their place, and the same again
    change nothing. Raises the refusals below, ItemRepeated and ItemNotFound.
    """
    if order.delivery.type is not DeliveryType.DIGITAL:
        raise NotDigital(order_id=order.id)
    if order.status is not Status.PROCESSING:
        raise NotInProcessing(order_id=order.id, status=order.status)
    if conditions.is_sent_by_the_market(order):
        raise HandedOverByTheShop(order_id=order.id)
    _check(order, keys, now=now)
    given = tuple(keys)
    if order.mailing and order.mailing.keys == given:
        return Change(order, Actor.SELLER, "GIVE_KEYS", now)
    mailed = replace(order, mailing=Mailing(given, now + MAILING_TAKES), updated_at=now)
    return Change(mailed, Actor.SELLER, "GIVE_KEYS", now, (Noted("DIGITAL_CODES"),))


def handed_over_by(order: Order) -> datetime | None:
    """30 minutes after the order came to PROCESSING for keys that are mailed, 3 hours for a gift on Steam."""
    digital = order.delivery.digital
    if digital is None or digital.late or order.mailing is not None:
        return None
    within = HANDED_OVER_WITHIN.get(digital.type)
    return (digital.since or order.since) + within if within else None


def miss(order: Order, *, now: datetime) -> Change:
    """Note that the goods are late: it is in the history, and nothing else is known to follow."""
    digital = order.delivery.digital
    late = replace(order.delivery, digital=replace(digital, late=True)) if digital else order.delivery
    missed = replace(order, delivery=late, updated_at=now)
    return Change(missed, Actor.CLOCK, "MISS_HANDOVER", now, (Noted("DIGITAL_GOODS_LATE"),))


def mail(order: Order, *, now: datetime) -> Change:
    """Let the Market's mail arrive: with the keys the buyer has the goods. None are of what has left the order."""
    if order.mailing:
        mailed = tuple(keys for keys in order.mailing.keys if order.item(keys.item_id))
        order = replace(order, mailing=replace(order.mailing, keys=mailed))
    return lifecycle.move(order, Status.DELIVERED, actor=Actor.MARKET, now=now)


class NotDigital(Refusal):
    """The goods are things."""

    template = "Order.id={order_id} is not digital."


class NotInProcessing(Refusal):
    """The order is not confirmed yet, or over."""

    template = "Invalid status for order {order_id}: {status}, PROCESSING expected"


class HandedOverByTheShop(Refusal):
    """A gift, or keys told in the chat: nothing for the Market to mail."""

    template = "Order.id={order_id} is handed over by the shop, the Market sends no codes of it"


class KeysMissing(Refusal):
    """Positions without keys, or with fewer than units."""

    template = "All codes of an order are sent at once: item with id = {item} has {units} units, {given} codes given"


class KeyBlank(Refusal):
    """A key that is no text."""

    template = "A code of item with id = {item} is blank"


class KeysExpired(Refusal):
    """Keys that nobody can use any more."""

    template = "Codes of item with id = {item} can't be activated any more: activate_till is {date}"


def _check(order: Order, keys: Sequence[Keys], *, now: datetime) -> None:
    given: dict[int, int] = {}
    for entry in keys:
        if entry.item_id in given:
            raise ItemRepeated(item=entry.item_id)
        if not order.item(entry.item_id):
            raise ItemNotFound(item=entry.item_id, order=order.id)
        if not all(code.strip() for code in entry.codes):
            raise KeyBlank(item=entry.item_id)
        if entry.activate_by_on < day_of(now):
            raise KeysExpired(item=entry.item_id, date=entry.activate_by_on)
        given[entry.item_id] = len(entry.codes)
    for item in order.items:
        if given.get(item.id, 0) < item.count:
            raise KeysMissing(item=item.id, units=item.count, given=given.get(item.id, 0))

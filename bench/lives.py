"""Lives that orders lead: each step is a decision of Korob's own rules, at a moment it might be made.

From placing until nothing more is due; a life cut at a moment is an order as it was then, with the history it had.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from korob.domain import acts, boxes, cancellation, deadlines, external_id, identifiers, items, lifecycle, placing
from korob.domain.campaign import Campaign
from korob.domain.change import Change
from korob.domain.identifiers import Identified
from korob.domain.items import Wanted
from korob.domain.layout import WantedBox
from korob.domain.order import BoxItem, Buyer, Instance, Order
from korob.domain.refusal import Refusal
from korob.domain.wish import Wish, WishedDelivery, WishedItem
from korob.domain.words import (
    Actor,
    BuyerType,
    DeliveryType,
    DispatchType,
    InstanceType,
    Model,
    PaymentType,
    RemovalReason,
    Status,
    Substatus,
)

LONGEST: Final = timedelta(days=60)
"""After so long every life is over, the last refund paid."""
IDS: Final = 64
"""How many ids a life needs at most, the order's own first."""
SHARES: Final = {Model.FBS: 45, Model.DBS: 30, Model.FBY: 12, Model.EXPRESS: 9, Model.LAAS: 4}
"""Orders of each model among a hundred."""

_HOURS: Final = (1, 1, 0, 0, 0, 1, 2, 4, 6, 8, 10, 11, 11, 10, 10, 10, 11, 12, 13, 14, 14, 12, 8, 4)
"""Orders by the hour of the day in Moscow, from midnight."""


@dataclass(frozen=True)
class Life:
    """All changes of an order, placing first, in their order."""

    changes: tuple[Change, ...]

    def until(self, moment: datetime) -> tuple[Change, ...]:
        """The changes that had happened by a moment."""
        return tuple(change for change in self.changes if change.at <= moment)


@dataclass
class _Teller:
    """What a step works with: chance, and ids that nothing has yet."""

    chance: random.Random
    ids: Iterator[int]


Deed = Callable[[Order, _Teller, datetime], Change]
Step = tuple[float, float, Deed]
"""After at least and at most so many hours, the deed."""


def lead(campaign: Campaign, day: datetime, *, ids: range, chance: random.Random) -> Life:
    """One life that begins on the Moscow day which starts at this moment, with these `IDS` ids."""
    teller = _Teller(chance, iter(ids[1:]))
    placed_at = day + timedelta(hours=chance.choices(range(24), _HOURS)[0], seconds=chance.uniform(0, 3600))
    wish = _wish(campaign.model, chance, f"shop-{ids[0]}")
    own = [next(teller.ids) for _ in range(placing.ids_needed(wish))]
    material = f"life {chance.random()}"
    changes = [placing.place(wish, order_id=ids[0], campaign=campaign, ids=own, seed_material=material, now=placed_at)]
    for least, most, deed in _story(changes[0].order, chance):
        now = changes[-1].at + timedelta(hours=chance.uniform(least, most))
        _settle(changes, until=now)
        # What the rules refuse does not happen: the clock was there first, or an order of one unit was to lose one.
        with suppress(Refusal):
            changes.append(deed(changes[-1].order, teller, now))
    _settle(changes, until=placed_at + LONGEST)
    return Life(tuple(changes))


def _settle(changes: list[Change], *, until: datetime) -> None:
    while (change := deadlines.settle(changes[-1].order, now=until)) is not None:
        changes.append(change)


def _wish(model: Model, chance: random.Random, name: str) -> Wish:
    business = model in {Model.DBS, Model.FBS} and chance.random() < 0.05
    prepaid = model is Model.LAAS or chance.random() < 0.4
    marked = model in {Model.DBS, Model.FBS, Model.EXPRESS} and chance.random() < 0.1
    pickup = model is not Model.EXPRESS and chance.random() < 0.4
    return Wish(
        items=tuple(
            WishedItem(
                offer_id=f"offer-{chance.randrange(3000):04}",
                price=Decimal(chance.randrange(99, 9999)),
                count=chance.choices((1, 2, 3), (80, 15, 5))[0],
                required_instance_types=(InstanceType.CIS,) if marked else (),
            )
            for _ in range(chance.choices((1, 2, 3, 5), (65, 22, 9, 4))[0])
        ),
        delivery=WishedDelivery(
            type=DeliveryType.PICKUP if pickup else DeliveryType.DELIVERY,
            estimated=model is Model.DBS and chance.random() < 0.02,
        ),
        buyer=Buyer(type=BuyerType.BUSINESS) if business else None,
        payment_type=PaymentType.PREPAID if prepaid else PaymentType.POSTPAID,
        fake=chance.random() < 0.005,
        external_id=name if model is Model.LAAS else None,
    )


def _story(order: Order, chance: random.Random) -> Iterator[Step]:
    """What happens to the order, if the clock does not come first."""
    if order.status is Status.UNPAID:
        if chance.random() < 0.08:
            return
        yield 0.02, 0.4, _act(Actor.BUYER, "PAY")
    if order.model is not Model.LAAS and chance.random() < 0.05:
        yield 0.1, 5, _act(Actor.BUYER, "CANCEL")
        return
    if chance.random() < 0.03:
        yield 1, 12, _out_of_stock if order.model is Model.FBY else _failed
        return
    yield from _WORK[order.model](order, chance)
    yield from _way(order, chance)


def _sellers_work(order: Order, chance: random.Random) -> Iterator[Step]:
    quick = order.model is Model.EXPRESS
    if chance.random() < 0.15:
        yield 0, 0.1, _named
    if chance.random() < 0.02 and any(item.count > 1 for item in order.items):
        yield 0.1, 1, _one_less
    if order.items[0].required_instance_types and order.model is Model.DBS:
        yield 0.1, 1, _marked
    elif order.model is not Model.DBS:
        yield (0.05, 0.2, _packed) if quick else (0.5, 12, _packed)
    yield (
        (0.01, 0.1, _move(Status.PROCESSING, Substatus.READY_TO_SHIP))
        if quick
        else (
            0.5,
            10,
            _move(Status.PROCESSING, Substatus.READY_TO_SHIP),
        )
    )
    if quick:
        for act in ("SEARCH", "FIND", "SET_OUT", "REACH_SENDER"):
            yield 0.02, 0.2, _act(Actor.CARRIER, act)
    elif chance.random() < 0.5:
        yield 1, 12, _move(Status.PROCESSING, Substatus.SHIPPED)


def _markets_work(order: Order, chance: random.Random) -> Iterator[Step]:
    yield 0.2, 6, _act(Actor.MARKET, "PACK")
    yield 0.1, 2, _act(Actor.MARKET, "ASSEMBLE")
    yield 1, 12, _act(Actor.MARKET, "SHIP")


_WORK: Final[dict[Model, Callable[[Order, random.Random], Iterator[Step]]]] = {
    Model.DBS: _sellers_work,
    Model.FBS: _sellers_work,
    Model.EXPRESS: _sellers_work,
    Model.FBY: _markets_work,
    Model.LAAS: _markets_work,
}


def _way(order: Order, chance: random.Random) -> Iterator[Step]:
    by_seller = order.model is Model.DBS
    pickup = order.delivery.dispatch is not DispatchType.BUYER
    far = (0.2, 1.5) if order.model is Model.EXPRESS else (12, 72)
    yield 0.2, 10, _move(Status.DELIVERY) if by_seller else _act(Actor.CARRIER, "RECEIVE")
    if by_seller and chance.random() < 0.03:
        yield 1, 10, _act(Actor.BUYER, "CANCEL")
        if chance.random() < 0.7:
            yield 0.5, 40, _granted
        return
    if pickup:
        yield *far, _move(Status.PICKUP) if by_seller else _act(Actor.CARRIER, "ARRIVE")
        if chance.random() < 0.04:
            return
    elif not by_seller and chance.random() < 0.04:
        yield *far, _act(Actor.CARRIER, "FAIL")
        return
    until = (2, 120) if pickup else far
    yield *until, _move(Status.DELIVERED) if by_seller else _act(Actor.CARRIER, "DELIVER")
    if chance.random() < 0.02:
        yield 24, 200, _act(Actor.MARKET, chance.choice(("RETURN", "RETURN_PART")))


def _act(actor: Actor, act: str, **facts: Any) -> Deed:
    return lambda order, _, now: acts.perform(order, actor, act, facts, now=now)


def _move(status: Status, substatus: Substatus | None = None) -> Deed:
    return lambda order, _, now: lifecycle.move(order, status, substatus, actor=Actor.SELLER, now=now)


def _out_of_stock(order: Order, _: _Teller, now: datetime) -> Change:
    return cancellation.cancel(order, Substatus.RESERVATION_FAILED, actor=Actor.MARKET, now=now)


def _failed(order: Order, _: _Teller, now: datetime) -> Change:
    return cancellation.cancel(order, Substatus.SHOP_FAILED, actor=Actor.SELLER, now=now)


def _granted(order: Order, _: _Teller, now: datetime) -> Change:
    return cancellation.answer(order, accepted=True, now=now)


def _named(order: Order, _: _Teller, now: datetime) -> Change:
    return external_id.write(order, f"erp-{order.id}", now=now)


def _one_less(order: Order, _: _Teller, now: datetime) -> Change:
    some = next(item for item in order.items if item.count > 1)
    wanted = [Wanted(item.id, item.count - (item is some)) for item in order.items]
    return items.reduce(order, wanted, reason=RemovalReason.USER_REQUESTED_REMOVE, now=now)


def _marked(order: Order, teller: _Teller, now: datetime) -> Change:
    marks = [Identified(item.id, _codes(item.count, teller.chance)) for item in order.items]
    return identifiers.give(order, marks, now=now)


def _packed(order: Order, teller: _Teller, now: datetime) -> Change:
    content = tuple(
        BoxItem(
            item.id,
            full_count=item.count,
            instances=_codes(item.count, teller.chance) if item.required_instance_types else (),
        )
        for item in order.items
    )
    return boxes.pack(order, [WantedBox(content)], allow_remove=False, box_ids=[next(teller.ids)], now=now)


def _codes(count: int, chance: random.Random) -> tuple[Instance, ...]:
    return tuple(Instance(cis=f"0104600012345678215{chance.randrange(10**12):012}\x1d93dGVz") for _ in range(count))

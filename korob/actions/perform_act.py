"""Do to an order what buyers, carriers, the Market and the code authority do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from korob.domain import acts
from korob.domain.change import Change, Event
from korob.domain.order import Order
from korob.domain.words import Actor
from korob.store.orders import OrderKey, Orders


class Performed(NamedTuple):
    """The order after the act, and what happened by it."""

    order: Order
    events: tuple[Event, ...]


async def perform_act(
    orders: Orders, key: OrderKey, actor: Actor, act: str, facts: Mapping[str, Any], *, now: datetime
) -> Performed:
    """Perform an act by the same rules as everything else.

    Raises ActNotPossible, which knows what is possible, FactNotUnderstood, OrderNotFound and ClockMovedError.
    """
    performed: list[Change] = []

    def decide(order: Order, now: datetime) -> Change:
        performed[:] = [acts.perform(order, actor, act, facts, now=now)]
        return performed[0]

    order = await orders.change(key, decide, now=now)
    return Performed(order, performed[0].events)

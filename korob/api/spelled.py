"""The JSON of orders that were spelled lately. An order is a value: as long as it is the same one, so is its JSON."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from korob.api import spell_v1, spell_v2
from korob.domain.order import Order

REMEMBERED: Final = 16_384
"""Orders whose JSON a process keeps, for each version of the API."""

encode: Final = msgspec.json.Encoder(decimal_format="number").encode
"""JSON of an answer; money goes out as numbers."""


class Spelling:
    """Spells orders in one version of the API."""

    def __init__(self, spell: Callable[[Order], Any]) -> None:
        self._spell = spell
        self._remembered: dict[tuple[int, int], tuple[Order, bytes]] = {}

    def of(self, order: Order) -> bytes:
        """The JSON of an order."""
        remembered = self._remembered
        place = order.business_id, order.id
        known = remembered.get(place)
        if known is not None and known[0] is order:
            return known[1]
        json = encode(self._spell(order))
        if known is None and len(remembered) >= REMEMBERED:
            del remembered[next(iter(remembered))]
        remembered[place] = order, json
        return json

    def listed(self, orders: Sequence[Order]) -> bytes:
        """The JSON of a list of orders."""
        return b"[%b]" % b",".join([self.of(order) for order in orders])


v1: Final = Spelling(spell_v1.order)
v2: Final = Spelling(spell_v2.order)

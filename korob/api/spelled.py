"""The JSON of orders that were spelled lately. An order is a value: as long as it is the same one, so is its JSON."""

from typing import Final

import msgspec

from korob.api import spell_v2
from korob.domain.order import Order

REMEMBERED: Final = 16_384
"""Orders whose JSON a process keeps."""

_remembered: Final[dict[tuple[int, int], tuple[Order, bytes]]] = {}
encode: Final = msgspec.json.Encoder(decimal_format="number").encode
"""JSON of an answer; money goes out as numbers."""


def of(order: Order) -> bytes:
    """The JSON of an order as v2 has it."""
    place = order.business_id, order.id
    known = _remembered.get(place)
    if known is not None and known[0] is order:
        return known[1]
    json = encode(spell_v2.order(order))
    if known is None and len(_remembered) >= REMEMBERED:
        del _remembered[next(iter(_remembered))]
    _remembered[place] = order, json
    return json

"""The delivery services that parcels travel with."""

from typing import Final, NamedTuple

from korob.domain.words import DeliveryType


class DeliveryService(NamedTuple):
    """A delivery service."""

    id: int
    name: str


OWN: Final = DeliveryService(99, "Собственная служба доставки")
"""The delivery service of a seller who delivers himself."""
OF_THE_MARKET: Final = {
    DeliveryType.DELIVERY: DeliveryService(1001, "Доставка"),
    DeliveryType.PICKUP: DeliveryService(1002, "Самовывоз"),
    DeliveryType.POST: DeliveryService(1003, "Почта"),
}
"""The Market's services, under numbers of our own."""
CARRIERS: Final = (
    DeliveryService(1101, "СДЭК"),
    DeliveryService(1102, "Почта России"),
    DeliveryService(1103, "DPD"),
    DeliveryService(1104, "Boxberry"),
    DeliveryService(1105, "5Post"),
    DeliveryService(1106, "ПЭК"),
    DeliveryService(1107, "Деловые Линии"),
)
"""Carriers that sellers hand their parcels to; these numbers too are ours, the Market's are not published."""
EVERY: Final = (OWN, *OF_THE_MARKET.values(), *CARRIERS)

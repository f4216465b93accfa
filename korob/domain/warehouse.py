"""Warehouses: the sellers' own, alone or in groups with a common stock, and the Market's."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from korob.domain.order import Gps
from korob.domain.refusal import Refusal
from korob.domain.value import Value
from korob.domain.words import Model

OF_SELLERS: Final = (Model.FBS, Model.DBS, Model.EXPRESS)
"""Models whose goods lie with the seller."""
OF_THE_MARKET: Final = (Model.FBY, Model.LAAS)


class WarehouseStatus(StrEnum):
    """Whether the seller has switched a warehouse off (WarehouseStatusType)."""

    DISABLED_MANUALLY = "DISABLED_MANUALLY"
    OTHER = "OTHER"
    """On; or off, but not by the seller."""


class WarehouseAddress(Value, frozen=True):
    """Where a warehouse is."""

    city: str
    gps: Gps
    street: str | None = None
    number: str | None = None


class Group(Value, frozen=True):
    """A group of warehouses with a common stock."""

    id: int
    name: str


class Warehouse(Value, frozen=True):
    """The warehouse of a campaign."""

    id: int
    campaign_id: int
    name: str
    model: Model
    address: WarehouseAddress | None = None
    group: Group | None = None
    enabled: bool = True

    @property
    def express(self) -> bool:
        """Whether Express couriers come here."""
        return self.model is Model.EXPRESS

    @property
    def status(self) -> WarehouseStatus:
        """What sellers are told of it."""
        return WarehouseStatus.OTHER if self.enabled else WarehouseStatus.DISABLED_MANUALLY


class NotToBeUnited(Refusal):
    """A group needs two warehouses at least, all of them the seller's own and in no group yet."""

    template = "Warehouses {ids} can not form a group"


def check_united(wanted: Iterable[int], found: Iterable[Warehouse]) -> None:
    """See that warehouses may form a group. Raises NotToBeUnited."""
    ids = set(wanted)
    free = {each.id for each in found if each.model in OF_SELLERS and each.group is None}
    if len(ids) < 2 or not ids <= free:
        raise NotToBeUnited(ids=", ".join(map(str, sorted(ids))))

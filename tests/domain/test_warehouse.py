"""Warehouses and their groups."""

import pytest

from korob.domain import warehouse
from korob.domain.warehouse import Group, NotToBeUnited, Warehouse, WarehouseStatus
from korob.domain.words import Model


def a_warehouse(id: int, model: Model = Model.FBS, *, group: Group | None = None, enabled: bool = True) -> Warehouse:
    return Warehouse(id, 1000 + id, "Склад", model, group=group, enabled=enabled)


def test_a_warehouse_says_whether_the_seller_switched_it_off() -> None:
    assert a_warehouse(1).status is WarehouseStatus.OTHER
    assert a_warehouse(1, enabled=False).status is WarehouseStatus.DISABLED_MANUALLY


@pytest.mark.parametrize("models", [(Model.FBS, Model.DBS), (Model.EXPRESS, Model.EXPRESS)])
def test_warehouses_of_the_seller_can_be_united(models: tuple[Model, Model]) -> None:
    warehouse.check_united([1, 2], [a_warehouse(place, model) for place, model in enumerate(models, 1)])


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        ([1], [a_warehouse(1)]),
        ([1, 1], [a_warehouse(1)]),
        ([1, 2], [a_warehouse(1)]),
        ([1, 2], [a_warehouse(1), a_warehouse(2, Model.FBY)]),
        ([1, 2], [a_warehouse(1), a_warehouse(2, group=Group(7, "Другая"))]),
    ],
    ids=["one", "the same twice", "an unknown one", "the Market's", "one in another group"],
)
def test_others_can_not(ids: list[int], found: list[Warehouse]) -> None:
    with pytest.raises(NotToBeUnited):
        warehouse.check_united(ids, found)

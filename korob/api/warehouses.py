"""The warehouses of a business, and the Market's where its goods lie."""

from typing import Any

from korob.actions.switch_warehouse import switch_warehouse
from korob.api import errors, tokens
from korob.api.call import Call
from korob.contract.envelope import PackagingForwardScrollingPagerDTO
from korob.contract.warehouses import (
    FulfillmentWarehouseDTO,
    FulfillmentWarehousesDTO,
    GetFulfillmentWarehousesResponse,
    GetPagedWarehousesResponse,
    GetWarehousesResponse,
    PagedWarehousesDTO,
    UpdateWarehouseStatusResponse,
    WarehouseAddressDTO,
    WarehouseComponent,
    WarehouseDetailsDTO,
    WarehouseDTO,
    WarehouseGroupDTO,
    WarehouseGroupInfoDTO,
    WarehousesDTO,
    WarehouseStatusDTO,
)
from korob.domain.warehouse import OF_SELLERS, OF_THE_MARKET, Warehouse
from korob.store import warehouses


async def get_warehouses(call: Call) -> GetWarehousesResponse:
    """getWarehouses: those alone, and the groups with theirs."""
    found = await warehouses.of_models(call.services.database, call.business_id, OF_SELLERS)
    groups: dict[int, list[WarehouseDTO]] = {}
    for each in found:
        if each.group:
            groups.setdefault(each.group.id, []).append(_brief(each))
    names = {each.group.id: each.group.name for each in found if each.group}
    return GetWarehousesResponse(
        WarehousesDTO(
            tuple(_brief(each) for each in found if not each.group),
            tuple(WarehouseGroupDTO(names[id], members[0], tuple(members)) for id, members in groups.items()),
        )
    )


async def get_paged_warehouses(call: Call) -> GetPagedWarehousesResponse:
    """getPagedWarehouses: a page of them, by their ids."""
    query, body = call.query, call.body
    call.check_own(body.campaign_ids or ())
    found = await warehouses.of_models(
        call.services.database,
        call.business_id,
        OF_SELLERS,
        campaign_ids=body.campaign_ids,
        after=tokens.read_id(query.page_token) if query.page_token is not None else 0,
        limit=query.limit + 1,
    )
    shown = found[: query.limit]
    following = tokens.of_id(shown[-1].id) if len(found) > len(shown) else None
    components = frozenset(body.components or ())
    return GetPagedWarehousesResponse(
        PagedWarehousesDTO(
            tuple(_details(each, components) for each in shown), PackagingForwardScrollingPagerDTO(following)
        )
    )


async def get_fulfillment_warehouses(call: Call) -> GetFulfillmentWarehousesResponse:
    """getFulfillmentWarehouses: the Market's, of all campaigns or of the one named."""
    campaign_id = call.query.campaign_id
    wanted = None
    if campaign_id is not None:
        call.check_own((campaign_id,))
        if call.campaigns[campaign_id].model not in call.method.models:
            raise errors.wrong_model(call.method.models)
        wanted = (campaign_id,)
    found = await warehouses.of_models(call.services.database, call.business_id, OF_THE_MARKET, campaign_ids=wanted)
    return GetFulfillmentWarehousesResponse(
        FulfillmentWarehousesDTO(tuple(FulfillmentWarehouseDTO(each.id, each.name, _address(each)) for each in found))
    )


async def update_warehouse_status(call: Call) -> UpdateWarehouseStatusResponse:
    """updateWarehouseStatus."""
    switched = await switch_warehouse(call.services.database, call.own_campaign, enabled=call.body.enabled)
    return UpdateWarehouseStatusResponse(WarehouseStatusDTO(switched.status))


def _brief(each: Warehouse) -> WarehouseDTO:
    return WarehouseDTO(each.id, each.name, each.campaign_id, each.express, _address(each))


def _details(each: Warehouse, components: frozenset[WarehouseComponent]) -> WarehouseDetailsDTO:
    return WarehouseDetailsDTO(
        each.id,
        each.name,
        each.campaign_id,
        each.express,
        WarehouseGroupInfoDTO(each.group.name, each.group.id) if each.group else None,
        _address(each) if WarehouseComponent.ADDRESS in components else None,
        WarehouseStatusDTO(each.status) if WarehouseComponent.STATUS in components else None,
    )


def _address(each: Warehouse) -> WarehouseAddressDTO | None:
    address = each.address
    if address is None:
        return None
    return WarehouseAddressDTO(address.city, address.gps, address.street, address.number)


HANDLERS: dict[str, Any] = {
    "getWarehouses": get_warehouses,
    "getPagedWarehouses": get_paged_warehouses,
    "getFulfillmentWarehouses": get_fulfillment_warehouses,
    "updateWarehouseStatus": update_warehouse_status,
}

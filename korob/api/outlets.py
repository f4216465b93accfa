"""The outlets of a campaign."""

from datetime import datetime
from typing import Any, TypeVar

import msgspec

from korob.actions.delete_outlet import delete_outlet
from korob.actions.save_outlet import create_outlet, update_outlet
from korob.api import tokens
from korob.api.call import Call
from korob.contract.envelope import OK, EmptyApiResponse, PackagingForwardScrollingPagerDTO
from korob.contract.outlets import (
    CreateOutletResponse,
    FullOutletDeliveryRuleDTO,
    FullOutletDTO,
    GetOutletResponse,
    GetOutletsResponse,
    OutletAddressDTO,
    OutletDeliveryRuleDTO,
    OutletResponseDTO,
    OutletWorkingScheduleDTO,
)
from korob.domain import outlet as rules
from korob.domain.outlet import MIDNIGHT, DeliveryRule, Outlet, OutletAddress, WorkingSchedule
from korob.store import outlets
from korob.store.outlets import Placed

S = TypeVar("S")


async def create(call: Call) -> CreateOutletResponse:
    """createOutlet: the id that the outlet got."""
    (outlet_id,) = await call.services.ids.draw(call.business_id)
    await create_outlet(call.services.database, call.own_campaign, _outlet(call, outlet_id))
    return CreateOutletResponse(OutletResponseDTO(outlet_id))


async def update(call: Call) -> EmptyApiResponse:
    """updateOutlet: OK; all of the outlet is as it was told now."""
    await update_outlet(call.services.database, call.own_campaign, _outlet(call, call.ids["outletId"]))
    return OK


async def delete(call: Call) -> EmptyApiResponse:
    """deleteOutlet: OK."""
    await delete_outlet(call.services.database, call.own_campaign, call.ids["outletId"])
    return OK


async def get_outlet(call: Call) -> GetOutletResponse:
    """getOutlet: the outlet with its region."""
    found = await outlets.get(call.services.database, call.business_id, call.own_campaign.id, call.ids["outletId"])
    return GetOutletResponse(_full(found, now=call.now))


async def get_outlets(call: Call) -> GetOutletsResponse:
    """getOutlets: a page of them, by their ids."""
    query = call.query
    found = await outlets.of_campaign(
        call.services.database,
        call.business_id,
        call.own_campaign.id,
        region_id=query.old_region_id if query.region_id is None else query.region_id,
        code=query.shop_outlet_code,
        after=tokens.read_id(query.page_token) if query.page_token is not None else 0,
        limit=query.limit + 1,
    )
    page = found[: query.limit]
    following = tokens.of_id(page[-1].outlet.id) if len(found) > len(page) else None
    return GetOutletsResponse(
        tuple(_full(each, now=call.now) for each in page), PackagingForwardScrollingPagerDTO(following)
    )


def _outlet(call: Call, outlet_id: int) -> Outlet:
    told = call.body
    return Outlet(
        id=outlet_id,
        name=told.name,
        type=told.type,
        address=_same(told.address, OutletAddress),
        phones=told.phones,
        working_schedule=_same(told.working_schedule, WorkingSchedule),
        changed_at=call.now,
        coords=told.coords,
        is_main=told.is_main,
        shop_outlet_code=told.shop_outlet_code or None,
        visibility=told.visibility,
        delivery_rules=tuple(_rule(rule) for rule in told.delivery_rules or ()) or None,
        storage_period=told.storage_period,
    )


def _rule(told: OutletDeliveryRuleDTO) -> DeliveryRule:
    """A rule as it was told; `null` for its hour is the same as none."""
    until = MIDNIGHT if told.order_before is None else told.order_before
    return _same(msgspec.structs.replace(told, order_before=until), DeliveryRule)


def _full(found: Placed, *, now: datetime) -> FullOutletDTO:
    outlet = found.outlet
    return FullOutletDTO(
        id=outlet.id,
        name=outlet.name,
        type=outlet.type,
        address=_same(outlet.address, OutletAddressDTO),
        phones=outlet.phones,
        working_schedule=_same(outlet.working_schedule, OutletWorkingScheduleDTO),
        coords=outlet.coords,
        is_main=outlet.is_main,
        shop_outlet_code=outlet.shop_outlet_code,
        visibility=outlet.visibility,
        delivery_rules=tuple(_same(rule, FullOutletDeliveryRuleDTO) for rule in outlet.delivery_rules or ()) or None,
        storage_period=outlet.storage_period,
        status=rules.status(outlet, now=now),
        region=found.region,
    )


def _same(value: Any, kind: type[S]) -> S:
    """The same in another struct, whose fields are called the same."""
    return msgspec.convert(value, kind, from_attributes=True)


HANDLERS: dict[str, Any] = {
    "createOutlet": create,
    "getOutlets": get_outlets,
    "updateOutlet": update,
    "getOutlet": get_outlet,
    "deleteOutlet": delete,
}

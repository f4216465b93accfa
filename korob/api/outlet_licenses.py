"""Licences of a campaign's outlets."""

from datetime import date, datetime
from typing import Any

from korob.actions.delete_licenses import delete_licenses
from korob.actions.save_licenses import Told, save_licenses
from korob.api import errors
from korob.api.call import Call
from korob.contract.envelope import OK, EmptyApiResponse
from korob.contract.outlet_licenses import (
    FullOutletLicenseDTO,
    GetOutletLicensesResponse,
    OutletLicensesResponseDTO,
)
from korob.domain import outlet_license
from korob.store import outlet_licenses
from korob.store.outlet_licenses import Shown


async def get_outlet_licenses(call: Call) -> GetOutletLicensesResponse:
    """getOutletLicenses: of outlets, or by their own ids."""
    query = call.query
    if (query.outlet_ids is None) == (query.ids is None):
        raise errors.bad_request("Exactly one of the parameters outletIds, ids must be present")
    found = await outlet_licenses.of_campaign(
        call.services.database,
        call.business_id,
        call.own_campaign.id,
        outlet_ids=query.outlet_ids,
        ids=query.ids,
    )
    return GetOutletLicensesResponse(OutletLicensesResponseDTO(tuple(_license(each, now=call.now) for each in found)))


async def update_outlet_licenses(call: Call) -> EmptyApiResponse:
    """updateOutletLicenses: OK."""
    told = [
        Told(each.id, each.outlet_id, each.license_type, each.number, each.date_of_issue, each.date_of_expiry)
        for each in call.body.licenses
    ]
    await save_licenses(call.services.database, call.services.ids, call.own_campaign, told, now=call.now)
    return OK


async def delete_outlet_licenses(call: Call) -> EmptyApiResponse:
    """deleteOutletLicenses: OK, also for licences that nobody knows."""
    await delete_licenses(call.services.database, call.own_campaign, call.query.ids)
    return OK


def _license(shown: Shown, *, now: datetime) -> FullOutletLicenseDTO:
    license = shown.license
    status = outlet_license.status(license, shown.ahead, now=now)
    return FullOutletLicenseDTO(
        license.id,
        license.outlet_id,
        license.type,
        license.number,
        _midnight(license.issued_on, shown.ahead),
        _midnight(license.expires_on, shown.ahead),
        status,
        outlet_license.comment(status),
    )


def _midnight(day: date, ahead: int) -> str:
    return f"{day.isoformat()}T00:00:00+{ahead:02}:00"


HANDLERS: dict[str, Any] = {
    "getOutletLicenses": get_outlet_licenses,
    "updateOutletLicenses": update_outlet_licenses,
    "deleteOutletLicenses": delete_outlet_licenses,
}

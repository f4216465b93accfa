"""Tell licences of outlets."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from korob.domain import outlet_license
from korob.domain.campaign import Campaign
from korob.domain.outlet_license import LicenseType, OutletLicense, day_there
from korob.store import outlet_licenses
from korob.store.database import Database
from korob.store.ids import Ids


class Told(NamedTuple):
    """A licence as its seller tells it; without an id it is a new one. The moments are midnights of the days meant."""

    id: int | None
    outlet_id: int
    type: LicenseType
    number: str
    issued_at: datetime
    expires_at: datetime


async def save_licenses(
    database: Database, ids: Ids, campaign: Campaign, licenses: Sequence[Told], *, now: datetime
) -> None:
    """Write licences down, new ones and known ones anew (updateOutletLicenses).

    Raises OutletNotFound and the refusals of `outlet_license.check`.
    """
    business_id = campaign.business_id
    ahead = await outlet_licenses.ahead_of(
        database, business_id, campaign.id, {license.outlet_id for license in licenses}
    )
    told = [license.id for license in licenses if license.id is not None]
    known = await outlet_licenses.of_campaign(database, business_id, campaign.id, ids=told)
    fresh = iter(await ids.draw(business_id, len(licenses)))
    wanted = [
        OutletLicense(
            id=next(fresh) if license.id is None else license.id,
            outlet_id=license.outlet_id,
            type=license.type,
            number=license.number,
            issued_on=day_there(license.issued_at, ahead[license.outlet_id]),
            expires_on=day_there(license.expires_at, ahead[license.outlet_id]),
            told_at=now,
        )
        for license in licenses
    ]
    outlet_license.check(wanted, known=[shown.license.id for shown in known], told=told)
    await outlet_licenses.save(database, business_id, wanted)

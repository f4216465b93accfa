"""Licences of outlets to sell alcohol. The contract at hand does not have these methods; the full one does."""

from typing import Annotated, Final

from msgspec import Meta

from korob.contract.envelope import EmptyApiResponse
from korob.contract.method import DBS, HOUR, Method, Quota
from korob.contract.outlets import READ_SETTINGS, WRITE_SETTINGS
from korob.contract.query import Query
from korob.contract.wire import Answer, Int64, IsoMoment, Moment, OkAnswer, Positive, Request, check_calendar
from korob.domain.outlet_license import CheckStatus, LicenseType

UpTo500 = Annotated[tuple[Positive, ...], Meta(min_length=1, max_length=500)]


class GetOutletLicensesQuery(Query, frozen=True):
    """Whose licences, or which ones: one of the two."""

    outlet_ids: UpTo500 | None = None
    ids: UpTo500 | None = None


class DeleteOutletLicensesQuery(Query, frozen=True):
    """Which licences."""

    ids: UpTo500


class OutletLicenseDTO(Request, frozen=True):
    """A licence; `id` is there when it is told anew. Days are midnights where the outlet is."""

    outlet_id: Positive
    license_type: LicenseType
    number: str
    date_of_issue: Moment
    date_of_expiry: Moment
    id: Positive | None = None

    def __post_init__(self) -> None:
        check_calendar(self.date_of_issue, self.date_of_expiry)


class UpdateOutletLicenseRequest(Request, frozen=True):
    """Licences, new ones and known ones told anew."""

    licenses: Annotated[tuple[OutletLicenseDTO, ...], Meta(min_length=1, max_length=500)]


class FullOutletLicenseDTO(Answer, frozen=True):
    """A licence, and what the Market thinks of it."""

    id: Int64
    outlet_id: Int64
    license_type: LicenseType
    number: str
    date_of_issue: IsoMoment
    date_of_expiry: IsoMoment
    check_status: CheckStatus
    check_comment: str | None = None


class OutletLicensesResponseDTO(Answer, frozen=True):
    """Licences."""

    licenses: tuple[FullOutletLicenseDTO, ...]


class GetOutletLicensesResponse(OkAnswer, frozen=True):
    """The licences asked for."""

    result: OutletLicensesResponseDTO


METHODS: Final = (
    Method(
        operation_id="getOutletLicenses",
        verb="GET",
        path="/v2/campaigns/{campaignId}/outlets/licenses",
        family="outlet-licenses",
        summary="Licences of outlets",
        models=DBS,
        scopes=READ_SETTINGS,
        quota=Quota(100_000, HOUR),
        query=GetOutletLicensesQuery,
        answer=GetOutletLicensesResponse,
    ),
    Method(
        operation_id="updateOutletLicenses",
        verb="POST",
        path="/v2/campaigns/{campaignId}/outlets/licenses",
        family="outlet-licenses",
        summary="Tell licences of outlets",
        models=DBS,
        scopes=WRITE_SETTINGS,
        quota=Quota(100_000, HOUR),
        body=UpdateOutletLicenseRequest,
        answer=EmptyApiResponse,
    ),
    Method(
        operation_id="deleteOutletLicenses",
        verb="DELETE",
        path="/v2/campaigns/{campaignId}/outlets/licenses",
        family="outlet-licenses",
        summary="Delete licences of outlets",
        models=DBS,
        scopes=WRITE_SETTINGS,
        quota=Quota(100_000, HOUR),
        query=DeleteOutletLicensesQuery,
        answer=EmptyApiResponse,
    ),
)

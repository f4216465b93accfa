"""Outlets of DBS campaigns, where buyers pick up their parcels."""

from typing import Annotated, Final

from msgspec import Meta, field

from korob.contract.envelope import EmptyApiResponse, PackagingForwardScrollingPagerDTO
from korob.contract.method import DBS, HOUR, WITHOUT_404, Method, Quota
from korob.contract.query import PageToken, Query
from korob.contract.wire import (
    Amount,
    Answer,
    HourMinute,
    Int32,
    Int64,
    OkAnswer,
    Positive,
    Request,
    check_unique,
    unique,
)
from korob.domain.campaign import Scope
from korob.domain.order import Region
from korob.domain.outlet import MIDNIGHT, OutletStatus, OutletType, Visibility, Weekday

WRITE_SETTINGS: Final = frozenset({Scope.ALL_METHODS, Scope.SETTINGS_MANAGEMENT})
READ_SETTINGS: Final = WRITE_SETTINGS | {Scope.ALL_METHODS_READ_ONLY}

UpTo16 = Annotated[str, Meta(max_length=16)]
Days = Annotated[int, Meta(ge=0, le=60, extra_json_schema={"format": "int32"})]
HourOfDay = Annotated[int, Meta(ge=0, le=MIDNIGHT, extra_json_schema={"format": "int32"})]
Phone = Annotated[str, Meta(min_length=1)]


class OutletAddressDTO(Request, frozen=True):
    """Where an outlet is."""

    region_id: Int64
    city: Annotated[Annotated[str, Meta(max_length=200)] | None, Meta(extra_json_schema={"deprecated": True})] = None
    street: Annotated[str, Meta(max_length=512)] | None = None
    number: Annotated[str, Meta(max_length=256)] | None = None
    building: UpTo16 | None = None
    estate: UpTo16 | None = None
    block: UpTo16 | None = None
    additional: str | None = None
    km: Int32 | None = None


class OutletWorkingScheduleItemDTO(Request, frozen=True):
    """Hours of the days from one to another."""

    start_day: Weekday
    end_day: Weekday
    start_time: HourMinute
    end_time: HourMinute


class OutletWorkingScheduleDTO(Request, frozen=True):
    """When an outlet is open."""

    schedule_items: Annotated[tuple[OutletWorkingScheduleItemDTO, ...], Meta(min_length=1)]
    work_in_holiday: bool | None = None


class OutletDeliveryRuleDTO(Request, frozen=True):
    """In how many working days a parcel comes there; or that nobody knows."""

    min_delivery_days: Days | None = None
    max_delivery_days: Days | None = None
    delivery_service_id: Positive | None = None
    order_before: HourOfDay | None = MIDNIGHT
    price_free_pickup: float | None = None
    unspecified_delivery_interval: bool | None = None


class ChangeOutletRequest(Request, frozen=True):
    """An outlet, described in full."""

    name: str
    type: OutletType
    address: OutletAddressDTO
    phones: Annotated[tuple[Phone, ...], unique(min_length=1)]
    working_schedule: OutletWorkingScheduleDTO
    coords: str | None = None
    is_main: bool | None = None
    shop_outlet_code: str | None = None
    visibility: Visibility | None = None
    delivery_rules: Annotated[tuple[OutletDeliveryRuleDTO, ...], Meta(min_length=1)] | None = None
    storage_period: Int64 | None = None

    def __post_init__(self) -> None:
        check_unique(self.phones)


class FullOutletDeliveryRuleDTO(Answer, frozen=True):
    """A rule of delivery, as it is told (OutletDeliveryRuleDTO)."""

    min_delivery_days: Days | None = None
    max_delivery_days: Days | None = None
    delivery_service_id: Positive | None = None
    order_before: HourOfDay | None = None
    price_free_pickup: Amount | None = None
    unspecified_delivery_interval: bool | None = None


class FullOutletDTO(Answer, frozen=True):
    """An outlet with what the Market knows and thinks of it."""

    id: Int64
    name: str
    type: OutletType
    address: OutletAddressDTO
    phones: tuple[str, ...]
    working_schedule: OutletWorkingScheduleDTO
    coords: str | None = None
    is_main: bool | None = None
    shop_outlet_code: str | None = None
    visibility: Visibility | None = None
    delivery_rules: tuple[FullOutletDeliveryRuleDTO, ...] | None = None
    storage_period: Int64 | None = None
    status: OutletStatus | None = None
    region: Region | None = None
    shop_outlet_id: Annotated[str | None, Meta(extra_json_schema={"deprecated": True})] = None
    working_time: Annotated[str | None, Meta(extra_json_schema={"deprecated": True})] = None
    moderation_reason: str | None = None


class OutletResponseDTO(Answer, frozen=True):
    """The number of a new outlet."""

    id: Int64 | None = None


class CreateOutletResponse(OkAnswer, frozen=True):
    """The outlet is there."""

    result: OutletResponseDTO


class GetOutletsQuery(Query, frozen=True):
    """One page of outlets: in a region, or of a code."""

    page_token: PageToken | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 25
    region_id: Int64 | None = field(name="region_id", default=None)
    shop_outlet_code: str | None = field(name="shop_outlet_code", default=None)
    old_region_id: Annotated[Int64 | None, Meta(extra_json_schema={"deprecated": True})] = field(
        name="regionId", default=None
    )


class GetOutletsResponse(Answer, frozen=True):
    """A page of a campaign's outlets."""

    outlets: tuple[FullOutletDTO, ...]
    paging: PackagingForwardScrollingPagerDTO | None = None


class GetOutletResponse(Answer, frozen=True):
    """One outlet."""

    outlet: FullOutletDTO


METHODS: Final = (
    Method(
        operation_id="createOutlet",
        verb="POST",
        path="/v2/campaigns/{campaignId}/outlets",
        family="outlets",
        summary="Open an outlet",
        models=DBS,
        scopes=WRITE_SETTINGS,
        quota=Quota(35_000, HOUR),
        body=ChangeOutletRequest,
        answer=CreateOutletResponse,
    ),
    Method(
        operation_id="getOutlets",
        verb="GET",
        path="/v2/campaigns/{campaignId}/outlets",
        family="outlets",
        summary="The outlets of a campaign",
        models=DBS,
        scopes=READ_SETTINGS,
        quota=Quota(100_000, HOUR, counts="answer.outlets"),
        query=GetOutletsQuery,
        answer=GetOutletsResponse,
        errors=WITHOUT_404,
    ),
    Method(
        operation_id="updateOutlet",
        verb="PUT",
        path="/v2/campaigns/{campaignId}/outlets/{outletId}",
        family="outlets",
        summary="Describe an outlet anew",
        models=DBS,
        scopes=WRITE_SETTINGS,
        quota=Quota(35_000, HOUR),
        body=ChangeOutletRequest,
        answer=EmptyApiResponse,
    ),
    Method(
        operation_id="getOutlet",
        verb="GET",
        path="/v2/campaigns/{campaignId}/outlets/{outletId}",
        family="outlets",
        summary="One outlet",
        models=DBS,
        scopes=READ_SETTINGS,
        quota=Quota(10_000, HOUR),
        answer=GetOutletResponse,
    ),
    Method(
        operation_id="deleteOutlet",
        verb="DELETE",
        path="/v2/campaigns/{campaignId}/outlets/{outletId}",
        family="outlets",
        summary="Close an outlet",
        models=DBS,
        scopes=WRITE_SETTINGS,
        quota=Quota(35_000, HOUR),
        answer=EmptyApiResponse,
    ),
)

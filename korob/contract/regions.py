"""Regions: where parcels go, found by name or by number, and the countries with their codes."""

from typing import Annotated, Final

from msgspec import Meta, field

from korob.contract.envelope import FlippingPagerDTO, PackagingForwardScrollingPagerDTO
from korob.contract.method import ALL_MODELS, HOUR, Method, Quota
from korob.contract.query import Page, PageSizeUpTo50, PageToken, Query, UpTo50
from korob.contract.wire import Answer, Int64, matching
from korob.domain.campaign import ALL_SCOPES
from korob.domain.order import Region
from korob.domain.words import RegionType


class GetRegionsQuery(Query, frozen=True):
    """The beginning of a word of the name, spelt as names are; one page of what is found."""

    name: str
    page_token: PageToken | None = None
    limit: Annotated[int, Meta(ge=1, le=20)] = 10


class GetRegionChildrenQuery(Query, frozen=True):
    """One page of the regions right within another, by token or by number."""

    page_token: PageToken | None = None
    limit: UpTo50 | None = None
    page: Page = 1
    page_size: PageSizeUpTo50 | None = None


class GetRegionsResponse(Answer, frozen=True):
    """Regions found, each with its chain of parents."""

    regions: tuple[Region, ...]
    paging: PackagingForwardScrollingPagerDTO | None = None


class GetRegionByIdResponse(Answer, frozen=True):
    """One region, for old clients a second time as the only one of a list."""

    region: Region
    regions: Annotated[
        Annotated[tuple[Region, ...], Meta(min_length=1, max_length=1)] | None,
        Meta(extra_json_schema={"deprecated": True}),
    ] = None


class RegionWithChildrenDTO(Answer, frozen=True):
    """A region with its chain of parents, and those right within it; no `children` if there are none."""

    id: Int64
    name: str
    type: RegionType
    parent: Region | None = None
    children: tuple[Region, ...] | None = None


class GetRegionWithChildrenResponse(Answer, frozen=True):
    """One region and a page of those right within it."""

    pager: FlippingPagerDTO | None = None
    paging: PackagingForwardScrollingPagerDTO | None = None
    region: RegionWithChildrenDTO | None = field(name="regions", default=None)


class CountryDTO(Answer, frozen=True):
    """A country with its code of ISO 3166-1."""

    region: Region
    country_code: Annotated[str, matching("^[A-Z]{2}$", min_length=2, max_length=2)]


class GetRegionsCodesResponse(Answer, frozen=True):
    """All countries."""

    countries: tuple[CountryDTO, ...]


METHODS: Final = (
    Method(
        operation_id="searchRegionsByName",
        verb="GET",
        path="/v2/regions",
        family="regions",
        summary="Regions by name",
        models=ALL_MODELS,
        scopes=ALL_SCOPES,
        quota=Quota(50_000, HOUR, counts="answer.regions"),
        query=GetRegionsQuery,
        answer=GetRegionsResponse,
        errors=(401, 403, 420, 500),
    ),
    Method(
        operation_id="searchRegionsById",
        verb="GET",
        path="/v2/regions/{regionId}",
        family="regions",
        summary="A region by its number",
        models=ALL_MODELS,
        scopes=ALL_SCOPES,
        quota=Quota(10_000, HOUR),
        answer=GetRegionByIdResponse,
        errors=(401, 403, 404, 420, 500),
    ),
    Method(
        operation_id="searchRegionChildren",
        verb="GET",
        path="/v2/regions/{regionId}/children",
        family="regions",
        summary="The regions right within a region",
        models=ALL_MODELS,
        scopes=ALL_SCOPES,
        quota=Quota(1_000, HOUR, counts="answer.regions.children"),
        query=GetRegionChildrenQuery,
        answer=GetRegionWithChildrenResponse,
    ),
    Method(
        operation_id="getRegionsCodes",
        verb="POST",
        path="/v2/regions/countries",
        family="regions",
        summary="The countries and their codes",
        models=ALL_MODELS,
        scopes=ALL_SCOPES,
        quota=Quota(100, HOUR),
        answer=GetRegionsCodesResponse,
        errors=(401, 403, 420, 500),
    ),
)

"""Regions, by name or by number, and the countries."""

from typing import Any, Final

from korob.api import tokens
from korob.api.call import Call
from korob.api.campaigns import pager
from korob.contract.envelope import PackagingForwardScrollingPagerDTO
from korob.contract.regions import (
    CountryDTO,
    GetRegionByIdResponse,
    GetRegionsCodesResponse,
    GetRegionsResponse,
    GetRegionWithChildrenResponse,
    RegionWithChildrenDTO,
)
from korob.domain.order import Region
from korob.store import regions

PAGE_SIZE: Final = 50


async def search_regions_by_name(call: Call) -> GetRegionsResponse:
    """searchRegionsByName: a page of regions, each within those that it lies in."""
    query = call.query
    skipped = tokens.read_offset(query.page_token) if query.page_token is not None else 0
    found = await regions.named(call.services.database, query.name, skipped=skipped, shown=query.limit)
    return GetRegionsResponse(found.regions, _paging(skipped + query.limit, found.total))


async def search_regions_by_id(call: Call) -> GetRegionByIdResponse:
    """searchRegionsById: the region within those that it lies in."""
    region = await regions.get(call.services.database, call.ids["regionId"])
    return GetRegionByIdResponse(region, (region,))


async def search_region_children(call: Call) -> GetRegionWithChildrenResponse:
    """searchRegionChildren: by token when a token or a limit came, else by number."""
    query, database = call.query, call.services.database
    region = await regions.get(database, call.ids["regionId"])
    if query.page_token is not None or query.limit is not None:
        skipped = tokens.read_offset(query.page_token) if query.page_token is not None else 0
        limit = query.limit or PAGE_SIZE
        found = await regions.children(database, region.id, skipped=skipped, shown=limit)
        return GetRegionWithChildrenResponse(
            paging=_paging(skipped + limit, found.total), region=_with_children(region, found.regions)
        )
    size = query.page_size or PAGE_SIZE
    found = await regions.children(database, region.id, skipped=(query.page - 1) * size, shown=size)
    return GetRegionWithChildrenResponse(
        pager=pager(found.total, query.page, size, len(found.regions)), region=_with_children(region, found.regions)
    )


async def get_regions_codes(call: Call) -> GetRegionsCodesResponse:
    """getRegionsCodes: all countries, by their codes."""
    countries = await regions.countries(call.services.database)
    return GetRegionsCodesResponse(tuple(CountryDTO(country.region, country.code) for country in countries))


def _with_children(region: Region, children: tuple[Region, ...]) -> RegionWithChildrenDTO:
    return RegionWithChildrenDTO(region.id, region.name, region.type, region.parent, children or None)


def _paging(following: int, total: int) -> PackagingForwardScrollingPagerDTO:
    return PackagingForwardScrollingPagerDTO(tokens.of_offset(following) if following < total else None)


HANDLERS: dict[str, Any] = {
    "searchRegionsByName": search_regions_by_name,
    "searchRegionsById": search_regions_by_id,
    "searchRegionChildren": search_region_children,
    "getRegionsCodes": get_regions_codes,
}

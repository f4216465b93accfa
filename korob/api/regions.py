"""Regions, by name or by number, and the countries."""

from typing import Any

from korob.api import paging
from korob.api.call import Call
from korob.api.paging import PAGE_SIZE
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


async def search_regions_by_name(call: Call) -> GetRegionsResponse:
    """searchRegionsByName: a page of regions, each within those that it lies in."""
    query = call.query
    skipped = paging.skipped(query.page_token)
    found = await regions.named(call.services.database, query.name, skipped=skipped, shown=query.limit)
    return GetRegionsResponse(found.regions, paging.onward(skipped + query.limit, found.total))


async def search_regions_by_id(call: Call) -> GetRegionByIdResponse:
    """searchRegionsById: the region within those that it lies in."""
    region = await regions.get(call.services.database, call.ids["regionId"])
    return GetRegionByIdResponse(region, (region,))


async def search_region_children(call: Call) -> GetRegionWithChildrenResponse:
    """searchRegionChildren: by token when a token or a limit came, else by number."""
    query, database = call.query, call.services.database
    region = await regions.get(database, call.ids["regionId"])
    if query.page_token is not None or query.limit is not None:
        skipped = paging.skipped(query.page_token)
        limit = query.limit or PAGE_SIZE
        found = await regions.children(database, region.id, skipped=skipped, shown=limit)
        return GetRegionWithChildrenResponse(
            paging=paging.onward(skipped + limit, found.total), region=_with_children(region, found.regions)
        )
    size = query.page_size or PAGE_SIZE
    found = await regions.children(database, region.id, skipped=(query.page - 1) * size, shown=size)
    return GetRegionWithChildrenResponse(
        pager=paging.pager(found.total, query.page, size, len(found.regions)),
        region=_with_children(region, found.regions),
    )


async def get_regions_codes(call: Call) -> GetRegionsCodesResponse:
    """getRegionsCodes: all countries, by their codes."""
    countries = await regions.countries(call.services.database)
    return GetRegionsCodesResponse(tuple(CountryDTO(country.region, country.code) for country in countries))


def _with_children(region: Region, children: tuple[Region, ...]) -> RegionWithChildrenDTO:
    return RegionWithChildrenDTO(region.id, region.name, region.type, region.parent, children or None)


HANDLERS: dict[str, Any] = {
    "searchRegionsByName": search_regions_by_name,
    "searchRegionsById": search_regions_by_id,
    "searchRegionChildren": search_region_children,
    "getRegionsCodes": get_regions_codes,
}

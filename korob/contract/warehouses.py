"""Warehouses: the sellers' own, alone or in groups with a common stock, and the Market's."""

from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta

from korob.contract.envelope import PackagingForwardScrollingPagerDTO
from korob.contract.method import HOUR, MINUTE, WITHOUT_404, Method, Quota
from korob.contract.query import PageToken, Query
from korob.contract.wire import Answer, Int64, OkAnswer, Positive, Request, check_unique, unique
from korob.domain.campaign import ALL_SCOPES, READ_ORDERS, WRITE_ORDERS
from korob.domain.order import Gps
from korob.domain.warehouse import OF_SELLERS, OF_THE_MARKET, WarehouseStatus


class WarehouseComponent(StrEnum):
    """What of a warehouse is told only to who asks for it (WarehouseComponentType)."""

    ADDRESS = "ADDRESS"
    STATUS = "STATUS"


class WarehouseAddressDTO(Answer, frozen=True):
    """Where a warehouse is."""

    city: Annotated[str, Meta(max_length=200)]
    gps: Gps
    street: Annotated[str, Meta(max_length=512)] | None = None
    number: Annotated[str, Meta(max_length=256)] | None = None
    building: Annotated[str, Meta(max_length=16)] | None = None
    block: Annotated[str, Meta(max_length=16)] | None = None


class WarehouseDTO(Answer, frozen=True):
    """A warehouse of the seller's."""

    id: Int64
    name: str
    campaign_id: Positive
    express: bool
    address: WarehouseAddressDTO | None = None


class WarehouseGroupDTO(Answer, frozen=True):
    """Warehouses with a common stock; it is told through the main one."""

    name: str
    main_warehouse: WarehouseDTO
    warehouses: tuple[WarehouseDTO, ...]


class WarehousesDTO(Answer, frozen=True):
    """Warehouses that stand alone, and groups."""

    warehouses: tuple[WarehouseDTO, ...]
    warehouse_groups: tuple[WarehouseGroupDTO, ...]


class GetWarehousesResponse(OkAnswer, frozen=True):
    """All warehouses of the seller's."""

    result: WarehousesDTO


class GetPagedWarehousesQuery(Query, frozen=True):
    """One page of warehouses."""

    page_token: PageToken | None = None
    limit: Annotated[int, Meta(ge=1, le=30)] = 15


class GetPagedWarehousesRequest(Request, frozen=True):
    """Whose warehouses are wanted, and what is wanted of them."""

    components: Annotated[tuple[WarehouseComponent, ...], unique(min_length=1)] | None = None
    campaign_ids: Annotated[tuple[Positive, ...], unique(min_length=1, max_length=25)] | None = None

    def __post_init__(self) -> None:
        check_unique(self.components, self.campaign_ids)


class WarehouseGroupInfoDTO(Answer, frozen=True):
    """The group that a warehouse is in."""

    name: str
    id: Int64


class WarehouseStatusDTO(Answer, frozen=True):
    """Whether the seller has switched a warehouse off."""

    status: WarehouseStatus


class WarehouseDetailsDTO(Answer, frozen=True):
    """A warehouse of the seller's, with what was asked for."""

    id: Int64
    name: str
    campaign_id: Positive
    express: bool
    group_info: WarehouseGroupInfoDTO | None = None
    address: WarehouseAddressDTO | None = None
    status: WarehouseStatusDTO | None = None


class PagedWarehousesDTO(Answer, frozen=True):
    """A page of warehouses."""

    warehouses: tuple[WarehouseDetailsDTO, ...]
    paging: PackagingForwardScrollingPagerDTO | None = None


class GetPagedWarehousesResponse(OkAnswer, frozen=True):
    """A page of the seller's warehouses."""

    result: PagedWarehousesDTO


class GetFulfillmentWarehousesQuery(Query, frozen=True):
    """The campaign whose warehouse of the Market is wanted; without it, those of all."""

    campaign_id: Positive | None = None


class FulfillmentWarehouseDTO(Answer, frozen=True):
    """A warehouse of the Market's."""

    id: Int64
    name: str
    address: WarehouseAddressDTO | None = None


class FulfillmentWarehousesDTO(Answer, frozen=True):
    """Warehouses of the Market's."""

    warehouses: tuple[FulfillmentWarehouseDTO, ...]


class GetFulfillmentWarehousesResponse(OkAnswer, frozen=True):
    """The warehouses of the Market's where this business has goods."""

    result: FulfillmentWarehousesDTO


class UpdateWarehouseStatusRequest(Request, frozen=True):
    """Whether goods are sold from the warehouse."""

    enabled: bool


class UpdateWarehouseStatusResponse(OkAnswer, frozen=True):
    """The status of the warehouse from now on."""

    result: WarehouseStatusDTO


METHODS: Final = (
    Method(
        operation_id="getWarehouses",
        verb="GET",
        path="/v2/businesses/{businessId}/warehouses",
        family="warehouses",
        summary="The warehouses of a business, alone and in groups",
        models=frozenset(OF_SELLERS),
        scopes=READ_ORDERS,
        quota=Quota(100, MINUTE),
        answer=GetWarehousesResponse,
        deprecated=True,
    ),
    Method(
        operation_id="getPagedWarehouses",
        verb="POST",
        path="/v2/businesses/{businessId}/warehouses",
        family="warehouses",
        summary="The warehouses of a business, in pages",
        models=frozenset(OF_SELLERS),
        scopes=READ_ORDERS,
        quota=Quota(100, HOUR),
        query=GetPagedWarehousesQuery,
        body=GetPagedWarehousesRequest,
        body_required=False,
        answer=GetPagedWarehousesResponse,
        errors=WITHOUT_404,
    ),
    Method(
        operation_id="getFulfillmentWarehouses",
        verb="GET",
        path="/v2/warehouses",
        family="warehouses",
        summary="The warehouses of the Market where goods of the business lie",
        models=frozenset(OF_THE_MARKET),
        scopes=ALL_SCOPES,
        quota=Quota(100, HOUR),
        query=GetFulfillmentWarehousesQuery,
        answer=GetFulfillmentWarehousesResponse,
    ),
    Method(
        operation_id="updateWarehouseStatus",
        verb="POST",
        path="/v2/campaigns/{campaignId}/warehouse/status",
        family="warehouses",
        summary="Switch the warehouse of a campaign on or off",
        models=frozenset(OF_SELLERS),
        scopes=WRITE_ORDERS,
        quota=Quota(100, HOUR),
        body=UpdateWarehouseStatusRequest,
        answer=UpdateWarehouseStatusResponse,
        errors=WITHOUT_404,
    ),
)

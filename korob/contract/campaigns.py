"""The campaigns of a business, as the key that asks can see them."""

from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta

from korob.contract.envelope import FlippingPagerDTO, PackagingForwardScrollingPagerDTO
from korob.contract.method import ALL_MODELS, HOUR, Method, Quota
from korob.contract.query import Page, PageToken, Query
from korob.contract.wire import Answer, Int64, Positive
from korob.domain.campaign import ALL_SCOPES
from korob.domain.words import ApiAvailability


class PlacementType(StrEnum):
    """The model of a campaign on the wire; Express is a kind of FBS here (PlacementType)."""

    FBS = "FBS"
    FBY = "FBY"
    DBS = "DBS"
    LAAS = "LAAS"


class GetCampaignsQuery(Query, frozen=True):
    """One page of campaigns, by token or by number."""

    page_token: PageToken | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] | None = None
    page: Page = 1
    page_size: Annotated[int, Meta(le=100, extra={"floor": 1}, extra_json_schema={"deprecated": True})] | None = None


class BusinessDTO(Answer, frozen=True):
    """A business."""

    id: Positive | None = None
    name: str | None = None


class CampaignDTO(Answer, frozen=True):
    """A campaign; `domain` is its name."""

    domain: str | None = None
    id: Positive | None = None
    client_id: Int64 | None = None
    business: BusinessDTO | None = None
    placement_type: PlacementType | None = None
    api_availability: ApiAvailability | None = None


class GetCampaignsResponse(Answer, frozen=True):
    """A page of campaigns."""

    campaigns: tuple[CampaignDTO, ...]
    pager: FlippingPagerDTO | None = None
    paging: PackagingForwardScrollingPagerDTO | None = None


class GetCampaignResponse(Answer, frozen=True):
    """One campaign."""

    campaign: CampaignDTO


METHODS: Final = (
    Method(
        operation_id="getCampaigns",
        verb="GET",
        path="/v2/campaigns",
        family="campaigns",
        summary="The campaigns that the key opens",
        models=ALL_MODELS,
        scopes=ALL_SCOPES,
        quota=Quota(1_000, HOUR),
        query=GetCampaignsQuery,
        answer=GetCampaignsResponse,
    ),
    Method(
        operation_id="getCampaign",
        verb="GET",
        path="/v2/campaigns/{campaignId}",
        family="campaigns",
        summary="One campaign",
        models=ALL_MODELS,
        scopes=ALL_SCOPES,
        quota=Quota(5_000, HOUR),
        answer=GetCampaignResponse,
    ),
)

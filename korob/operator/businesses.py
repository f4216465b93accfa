"""Businesses and their campaigns: how the marketplace lets a seller in."""

from typing import Final

from korob.api import errors
from korob.contract.campaigns import PlacementType
from korob.domain.words import Model
from korob.operator import access, wire
from korob.operator.endpoint import Call, Endpoint
from korob.store import campaigns
from korob.store.campaigns import Business


async def create_business(call: Call) -> wire.BusinessAnswer:
    """Make a business without campaigns or keys."""
    access.check_everything(call)
    business_id = await campaigns.create_business(call.services.database, call.body.name, yandex_go=call.body.yandex_go)
    return await _business(call, business_id)


async def get_businesses(call: Call) -> wire.BusinessesAnswer:
    """Show the businesses within reach, a page of them."""
    query: wire.BusinessesQuery = call.query
    found = await campaigns.businesses(
        call.services.database, only=call.reach.business_id, after=query.after, limit=query.limit
    )
    return wire.BusinessesAnswer(tuple(map(_shown, found)))


async def get_business(call: Call) -> wire.BusinessAnswer:
    """Show a business."""
    return await _business(call, access.business_id(call))


async def create_campaign(call: Call) -> wire.CampaignAnswer:
    """Open a campaign, with a warehouse of its own."""
    business_id = access.business_id(call)
    created = await campaigns.create_campaign(
        call.services.database, business_id, call.body.name, _model(call.body), cis_gate=call.body.cis_gate
    )
    call.services.keys.forget_business(business_id)
    return wire.campaign(created)


async def get_campaigns(call: Call) -> wire.CampaignsAnswer:
    """Show the campaigns of a business."""
    business = await campaigns.business(call.services.database, access.business_id(call))
    found = await campaigns.campaigns_of(call.services.database, business.id)
    return wire.CampaignsAnswer(tuple(map(wire.campaign, found)))


async def get_campaign(call: Call) -> wire.CampaignAnswer:
    """Show a campaign."""
    return wire.campaign((await access.campaign(call)).campaign)


async def edit_campaign(call: Call) -> wire.CampaignAnswer:
    """Switch the API of a campaign, or its gate for CIS, on or off."""
    campaign = (await access.campaign(call)).campaign
    await campaigns.edit_campaign(
        call.services.database,
        campaign.business_id,
        campaign.id,
        availability=call.body.api_availability,
        cis_gate=call.body.cis_gate,
    )
    call.services.keys.forget_business(campaign.business_id)
    return wire.campaign((await access.campaign(call)).campaign)


def _model(body: wire.NewCampaign) -> Model:
    if not body.express:
        return Model(body.placement_type)
    if body.placement_type is not PlacementType.FBS:
        raise errors.bad_request(f"A campaign of {body.placement_type} can not be express, only one of FBS can")
    return Model.EXPRESS


async def _business(call: Call, business_id: int) -> wire.BusinessAnswer:
    return _shown(await campaigns.business(call.services.database, business_id))


def _shown(found: Business) -> wire.BusinessAnswer:
    return wire.BusinessAnswer(
        id=found.id, business_id=found.id, name=found.name, created_at=found.created_at, yandex_go=found.yandex_go
    )


_BUSINESS: Final = "/operator/v1/businesses/{businessId}"
_CAMPAIGN: Final = "/operator/v1/campaigns/{campaignId}"

ENDPOINTS: Final = (
    Endpoint(
        "createBusiness",
        "POST",
        "/operator/v1/businesses",
        "Make a business",
        create_business,
        body=wire.NewBusiness,
        answer=wire.BusinessAnswer,
    ),
    Endpoint(
        "getBusinesses",
        "GET",
        "/operator/v1/businesses",
        "The businesses, worlds too, by their ids",
        get_businesses,
        query=wire.BusinessesQuery,
        answer=wire.BusinessesAnswer,
    ),
    Endpoint("getBusiness", "GET", _BUSINESS, "A business", get_business, answer=wire.BusinessAnswer),
    Endpoint(
        "createCampaign",
        "POST",
        f"{_BUSINESS}/campaigns",
        "Open a campaign for a business",
        create_campaign,
        body=wire.NewCampaign,
        answer=wire.CampaignAnswer,
    ),
    Endpoint(
        "getCampaignsOfBusiness",
        "GET",
        f"{_BUSINESS}/campaigns",
        "The campaigns of a business",
        get_campaigns,
        answer=wire.CampaignsAnswer,
    ),
    Endpoint("getCampaign", "GET", _CAMPAIGN, "A campaign", get_campaign, answer=wire.CampaignAnswer),
    Endpoint(
        "editCampaign",
        "PATCH",
        _CAMPAIGN,
        "Switch the API of a campaign, or its gate for CIS, on or off",
        edit_campaign,
        body=wire.CampaignEdit,
        answer=wire.CampaignAnswer,
    ),
)

"""Businesses, their campaigns and their keys: how the marketplace lets a seller in."""

from typing import Final

from korob.api import errors
from korob.contract.campaigns import PlacementType
from korob.domain.words import Model
from korob.operator import access, wire
from korob.operator.endpoint import Call, Endpoint
from korob.store import campaigns


async def create_business(call: Call) -> wire.BusinessAnswer:
    """Make a business without campaigns or keys."""
    access.check_everything(call)
    business_id = await campaigns.create_business(call.services.database, call.body.name, yandex_go=call.body.yandex_go)
    return await _business(call, business_id)


async def get_business(call: Call) -> wire.BusinessAnswer:
    """Show a business."""
    return await _business(call, _business_id(call))


async def create_campaign(call: Call) -> wire.CampaignAnswer:
    """Open a campaign, with a warehouse of its own."""
    business_id = _business_id(call)
    created = await campaigns.create_campaign(call.services.database, business_id, call.body.name, _model(call.body))
    call.services.keys.forget_business(business_id)
    return wire.campaign(created)


async def get_campaigns(call: Call) -> wire.CampaignsAnswer:
    """Show the campaigns of a business."""
    business = await campaigns.business(call.services.database, _business_id(call))
    found = await campaigns.campaigns_of(call.services.database, business.id)
    return wire.CampaignsAnswer(tuple(map(wire.campaign, found)))


async def get_campaign(call: Call) -> wire.CampaignAnswer:
    """Show a campaign."""
    return wire.campaign((await access.campaign(call)).campaign)


async def set_availability(call: Call) -> wire.CampaignAnswer:
    """Switch the API of a campaign on or off."""
    campaign = (await access.campaign(call)).campaign
    await campaigns.set_availability(
        call.services.database, campaign.business_id, campaign.id, call.body.api_availability
    )
    call.services.keys.forget_business(campaign.business_id)
    return wire.campaign((await access.campaign(call)).campaign)


async def create_key(call: Call) -> wire.NewKeyAnswer:
    """Issue an Api-Key."""
    created = await campaigns.create_key(call.services.database, _business_id(call), call.body.name, call.body.scopes)
    return wire.NewKeyAnswer(created.id, call.body.name, tuple(sorted(set(call.body.scopes))), created.token)


async def get_keys(call: Call) -> wire.KeysAnswer:
    """Show the keys of a business, without their tokens; OAuth tokens are not among them."""
    business = await campaigns.business(call.services.database, _business_id(call))
    found = await campaigns.keys_of(call.services.database, business.id)
    return wire.KeysAnswer(
        tuple(
            wire.KeyAnswer(
                id=key.id,
                name=key.name,
                scopes=key.scopes,
                prefix=key.prefix,
                created_at=key.created_at,
                last_used_at=key.last_used_at,
                revoked_at=key.revoked_at,
            )
            for key in found
            if not key.oauth
        )
    )


async def revoke_key(call: Call) -> None:
    """Delete a key; it opens nothing from now on."""
    business_id = _business_id(call)
    await campaigns.revoke_key(call.services.database, business_id, call.ids["keyId"])
    call.services.keys.forget_business(business_id)


def _business_id(call: Call) -> int:
    business_id = call.ids["businessId"]
    access.check_business(call, business_id)
    return business_id


def _model(body: wire.NewCampaign) -> Model:
    if not body.express:
        return Model(body.placement_type)
    if body.placement_type is not PlacementType.FBS:
        raise errors.bad_request(f"A campaign of {body.placement_type} can not be express, only one of FBS can")
    return Model.EXPRESS


async def _business(call: Call, business_id: int) -> wire.BusinessAnswer:
    found = await campaigns.business(call.services.database, business_id)
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
    Endpoint(
        "createApiKey",
        "POST",
        f"{_BUSINESS}/api-keys",
        "Issue an Api-Key; its token is shown this once",
        create_key,
        body=wire.NewKey,
        answer=wire.NewKeyAnswer,
        errors=(400, 401, 403, 404, 409),
    ),
    Endpoint(
        "getApiKeys",
        "GET",
        f"{_BUSINESS}/api-keys",
        "The Api-Keys of a business, deleted ones too",
        get_keys,
        answer=wire.KeysAnswer,
    ),
    Endpoint("deleteApiKey", "DELETE", f"{_BUSINESS}/api-keys/{{keyId}}", "Delete an Api-Key", revoke_key),
    Endpoint("getCampaign", "GET", _CAMPAIGN, "A campaign", get_campaign, answer=wire.CampaignAnswer),
    Endpoint(
        "setCampaignAvailability",
        "PATCH",
        _CAMPAIGN,
        "Switch the API of a campaign on or off",
        set_availability,
        body=wire.Availability,
        answer=wire.CampaignAnswer,
    ),
)

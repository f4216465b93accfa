"""The methods that tell which campaigns a key opens, and what the key is."""

from typing import Any

from korob.api import errors, paging, spell_v2
from korob.api.call import Call
from korob.api.paging import PAGE_SIZE
from korob.contract.auth import GetTokenInfoResponse
from korob.contract.campaigns import GetCampaignResponse, GetCampaignsResponse


async def get_campaigns(call: Call) -> GetCampaignsResponse:
    """getCampaigns: by token when a token or a limit came, else by number."""
    query = call.query
    campaigns = sorted(call.campaigns.values(), key=lambda campaign: campaign.id)
    if query.page_token is not None or query.limit is not None:
        first = paging.skipped(query.page_token)
        following = first + (query.limit or PAGE_SIZE)
        return GetCampaignsResponse(
            tuple(spell_v2.campaign(campaign) for campaign in campaigns[first:following]),
            paging=paging.onward(following, len(campaigns)),
        )
    size = query.page_size or PAGE_SIZE
    first = (query.page - 1) * size
    some = campaigns[first : first + size]
    return GetCampaignsResponse(
        tuple(spell_v2.campaign(campaign) for campaign in some),
        pager=paging.pager(len(campaigns), query.page, size, len(some)),
    )


async def get_campaign(call: Call) -> GetCampaignResponse:
    """getCampaign: the campaign of the path."""
    return GetCampaignResponse(spell_v2.campaign(call.own_campaign))


async def get_auth_token_info(call: Call) -> GetTokenInfoResponse:
    """getAuthTokenInfo; only an Api-Key has something to tell."""
    if call.key.oauth:
        raise errors.foreign()
    return spell_v2.key(call.key)


HANDLERS: dict[str, Any] = {
    "getCampaigns": get_campaigns,
    "getCampaign": get_campaign,
    "getAuthTokenInfo": get_auth_token_info,
}

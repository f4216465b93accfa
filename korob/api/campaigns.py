"""The methods that tell which campaigns a key opens, and what the key is."""

from typing import Any, Final

from korob.api import errors, spell_v2, tokens
from korob.api.call import Call
from korob.contract.auth import GetTokenInfoResponse
from korob.contract.campaigns import GetCampaignResponse, GetCampaignsResponse
from korob.contract.envelope import FlippingPagerDTO, PackagingForwardScrollingPagerDTO

PAGE_SIZE: Final = 50


async def get_campaigns(call: Call) -> GetCampaignsResponse:
    """getCampaigns: by token when a token or a limit came, else by number."""
    query = call.query
    campaigns = sorted(call.campaigns.values(), key=lambda campaign: campaign.id)
    if query.page_token is not None or query.limit is not None:
        first = tokens.read_offset(query.page_token) if query.page_token is not None else 0
        limit = query.limit or PAGE_SIZE
        some = campaigns[first : first + limit]
        following = first + limit
        return GetCampaignsResponse(
            tuple(spell_v2.campaign(campaign) for campaign in some),
            paging=PackagingForwardScrollingPagerDTO(
                tokens.of_offset(following) if following < len(campaigns) else None
            ),
        )
    size = query.page_size or PAGE_SIZE
    first = (query.page - 1) * size
    some = campaigns[first : first + size]
    return GetCampaignsResponse(
        tuple(spell_v2.campaign(campaign) for campaign in some),
        pager=pager(len(campaigns), query.page, size, len(some)),
    )


async def get_campaign(call: Call) -> GetCampaignResponse:
    """getCampaign: the campaign of the path."""
    return GetCampaignResponse(spell_v2.campaign(call.own_campaign))


async def get_auth_token_info(call: Call) -> GetTokenInfoResponse:
    """getAuthTokenInfo; only an Api-Key has something to tell."""
    if call.key.oauth:
        raise errors.foreign()
    return spell_v2.key(call.key)


def pager(total: int, page: int, size: int, shown: int) -> FlippingPagerDTO:
    """Where a numbered page stands among `total` rows."""
    first = (page - 1) * size
    return FlippingPagerDTO(
        total=total,
        first=first + 1 if shown else first,
        last=first + shown,
        current_page=page,
        pages_count=-(-total // size),
        page_size=size,
    )


HANDLERS: dict[str, Any] = {
    "getCampaigns": get_campaigns,
    "getCampaign": get_campaign,
    "getAuthTokenInfo": get_auth_token_info,
}

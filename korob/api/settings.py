"""How a campaign is set up."""

from typing import Any

from korob.api.call import Call
from korob.api.formats import day_first
from korob.contract.settings import (
    CampaignSettingsDeliveryDTO,
    CampaignSettingsDTO,
    CampaignSettingsLocalRegionDTO,
    CampaignSettingsScheduleDTO,
    CampaignSettingsTimePeriodDTO,
    GetCampaignSettingsResponse,
    ScheduleSource,
    TaxationInfoDTO,
)
from korob.domain import settings as rules
from korob.domain.settings import Period
from korob.store import settings


async def get_campaign_settings(call: Call) -> GetCampaignSettingsResponse:
    """getCampaignSettings: the campaign's home, its tax, and when it delivers."""
    found = await settings.of_campaign(call.services.database, call.business_id, call.own_campaign.id)
    home = found.local_region
    return GetCampaignSettingsResponse(
        CampaignSettingsDTO(
            taxation=TaxationInfoDTO(None if call.key.yandex_go else found.vat),
            country_region=found.country.id,
            shop_name=found.name,
            local_region=CampaignSettingsLocalRegionDTO(
                home.id,
                home.name,
                home.type,
                ScheduleSource.WEB,
                CampaignSettingsDeliveryDTO(_every_day(rules.told(call.now))),
            ),
        )
    )


def _every_day(period: Period) -> CampaignSettingsScheduleDTO:
    """Orders are made for any day, so no day is told to be a holiday."""
    return CampaignSettingsScheduleDTO(
        custom_holidays=(),
        custom_working_days=(),
        total_holidays=(),
        weekly_holidays=(),
        available_on_holidays=True,
        period=CampaignSettingsTimePeriodDTO(day_first(period.first), day_first(period.last)),
    )


HANDLERS: dict[str, Any] = {"getCampaignSettings": get_campaign_settings}

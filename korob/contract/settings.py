"""How a campaign is set up."""

from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta

from korob.contract.method import ALL_MODELS, HOUR, Method, Quota
from korob.contract.wire import Answer, DayFirst, Int64, unique
from korob.domain.campaign import ALL_SCOPES
from korob.domain.settings import VatRate
from korob.domain.words import RegionType

OldSwitch = Annotated[bool, Meta(extra_json_schema={"deprecated": True})]


class ScheduleSource(StrEnum):
    """Where the terms of delivery come from: the office, or a price list (CampaignSettingsScheduleSourceType)."""

    WEB = "WEB"
    YML = "YML"


class CampaignSettingsTimePeriodDTO(Answer, frozen=True):
    """Days from one to another, both included."""

    from_date: DayFirst | None = None
    to_date: DayFirst | None = None


class CampaignSettingsScheduleDTO(Answer, frozen=True):
    """On which days the campaign does not deliver; lists may be empty here."""

    custom_holidays: Annotated[tuple[DayFirst, ...], unique()]
    custom_working_days: Annotated[tuple[DayFirst, ...], unique()]
    total_holidays: Annotated[tuple[DayFirst, ...], unique()]
    weekly_holidays: Annotated[tuple[Annotated[int, Meta(ge=1, le=7)], ...], unique()]
    available_on_holidays: bool | None = None
    period: CampaignSettingsTimePeriodDTO | None = None


class CampaignSettingsDeliveryDTO(Answer, frozen=True):
    """When the campaign delivers."""

    schedule: CampaignSettingsScheduleDTO | None = None


class CampaignSettingsLocalRegionDTO(Answer, frozen=True):
    """Where the campaign is at home, and how it delivers there."""

    id: Int64 | None = None
    name: str | None = None
    type: RegionType | None = None
    delivery_options_source: ScheduleSource | None = None
    delivery: CampaignSettingsDeliveryDTO | None = None


class TaxationInfoDTO(Answer, frozen=True):
    """The rate of value added tax; Market Yandex Go sellers have none here."""

    vat: VatRate | None = None


class CampaignSettingsDTO(Answer, frozen=True):
    """How a campaign is set up."""

    taxation: TaxationInfoDTO
    country_region: Int64 | None = None
    shop_name: str | None = None
    show_in_context: OldSwitch | None = None
    show_in_premium: OldSwitch | None = None
    use_open_stat: OldSwitch | None = None
    local_region: CampaignSettingsLocalRegionDTO | None = None


class GetCampaignSettingsResponse(Answer, frozen=True):
    """How one campaign is set up."""

    settings: CampaignSettingsDTO


METHODS: Final = (
    Method(
        operation_id="getCampaignSettings",
        verb="GET",
        path="/v2/campaigns/{campaignId}/settings",
        family="campaigns",
        summary="How a campaign is set up",
        models=ALL_MODELS,
        scopes=ALL_SCOPES,
        quota=Quota(1_000, HOUR),
        answer=GetCampaignSettingsResponse,
    ),
)

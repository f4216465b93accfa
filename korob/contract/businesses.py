"""How a business is set up."""

from enum import StrEnum
from typing import Annotated, Final

from korob.contract.campaigns import BusinessDTO
from korob.contract.method import ALL_MODELS, HOUR, WITHOUT_404, Method, Quota
from korob.contract.wire import Answer, OkAnswer, unique
from korob.domain.campaign import ALL_SCOPES
from korob.domain.words import Currency


class SubscriptionLevel(StrEnum):
    """The plan that a business has bought (BusinessSubscriptionLevelType)."""

    NONE = "NONE"
    LIGHT = "LIGHT"
    MEDIUM = "MEDIUM"


class BusinessTrait(StrEnum):
    """What is special about a business (BusinessTraitType)."""

    MARKET_YANDEX_GO = "MARKET_YANDEX_GO"


class BusinessSettingsDTO(Answer, frozen=True):
    """How prices are given."""

    only_default_price: bool | None = None
    currency: Currency | None = None


class GetBusinessSettingsInfoDTO(Answer, frozen=True):
    """A business, its plan and its peculiarities."""

    info: BusinessDTO | None = None
    settings: BusinessSettingsDTO | None = None
    subscription_level: SubscriptionLevel | None = None
    traits: Annotated[tuple[BusinessTrait, ...], unique(min_length=1)] | None = None


class GetBusinessSettingsResponse(OkAnswer, frozen=True):
    """How one business is set up."""

    result: GetBusinessSettingsInfoDTO


METHODS: Final = (
    Method(
        operation_id="getBusinessSettings",
        verb="POST",
        path="/v2/businesses/{businessId}/settings",
        family="businesses",
        summary="How a business is set up",
        models=ALL_MODELS,
        scopes=ALL_SCOPES,
        quota=Quota(100, HOUR),
        answer=GetBusinessSettingsResponse,
        errors=WITHOUT_404,
    ),
)

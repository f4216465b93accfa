"""How a business is set up."""

from typing import Any, Final

from korob.api.call import Call
from korob.contract.businesses import (
    BusinessSettingsDTO,
    BusinessTrait,
    GetBusinessSettingsInfoDTO,
    GetBusinessSettingsResponse,
    SubscriptionLevel,
)
from korob.contract.campaigns import BusinessDTO
from korob.domain.words import Currency
from korob.store import campaigns

PRICES: Final = BusinessSettingsDTO(only_default_price=False, currency=Currency.RUR)
PRICES_OF_YANDEX_GO: Final = BusinessSettingsDTO(only_default_price=False, currency=Currency.UZS)
"""Market Yandex Go sells in Uzbekistan."""


async def get_business_settings(call: Call) -> GetBusinessSettingsResponse:
    """getBusinessSettings; nobody has a paid plan here, so the quotas are those of none."""
    found = await campaigns.business(call.services.database, call.business_id)
    return GetBusinessSettingsResponse(
        GetBusinessSettingsInfoDTO(
            BusinessDTO(found.id, found.name),
            PRICES_OF_YANDEX_GO if found.yandex_go else PRICES,
            SubscriptionLevel.NONE,
            (BusinessTrait.MARKET_YANDEX_GO,) if found.yandex_go else None,
        )
    )


HANDLERS: dict[str, Any] = {"getBusinessSettings": get_business_settings}

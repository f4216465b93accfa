"""A store of a business, in one placement model, and the key that opens a business."""

from enum import StrEnum
from typing import Final

from korob.domain.value import Value
from korob.domain.words import ApiAvailability, Model


class Scope(StrEnum):
    """An access that an API key may have, spelt as in the documentation."""

    ALL_METHODS = "all-methods"
    ALL_METHODS_READ_ONLY = "all-methods:read-only"
    INVENTORY_AND_ORDER_PROCESSING = "inventory-and-order-processing"
    INVENTORY_AND_ORDER_PROCESSING_READ_ONLY = "inventory-and-order-processing:read-only"
    PRICING = "pricing"
    PRICING_READ_ONLY = "pricing:read-only"
    OFFERS_AND_CARDS_MANAGEMENT = "offers-and-cards-management"
    OFFERS_AND_CARDS_MANAGEMENT_READ_ONLY = "offers-and-cards-management:read-only"
    PROMOTION = "promotion"
    PROMOTION_READ_ONLY = "promotion:read-only"
    FINANCE_AND_ACCOUNTING = "finance-and-accounting"
    COMMUNICATION = "communication"
    SETTINGS_MANAGEMENT = "settings-management"
    SUPPLIES_MANAGEMENT_READ_ONLY = "supplies-management:read-only"

    @property
    def wire(self) -> str:
        """The spelling of getAuthTokenInfo, ALL_METHODS_READ_ONLY for instance."""
        return self.value.upper().replace("-", "_").replace(":", "_")


ALL_SCOPES: Final = frozenset(Scope)
READ_ONLY: Final = frozenset(scope for scope in Scope if scope.value.endswith(":read-only"))
"""What opens no method that changes anything."""
READ_ORDERS: Final = frozenset(
    {
        Scope.ALL_METHODS,
        Scope.ALL_METHODS_READ_ONLY,
        Scope.INVENTORY_AND_ORDER_PROCESSING,
        Scope.INVENTORY_AND_ORDER_PROCESSING_READ_ONLY,
    }
)
WRITE_ORDERS: Final = frozenset({Scope.ALL_METHODS, Scope.INVENTORY_AND_ORDER_PROCESSING})


class Campaign(Value, frozen=True):
    """A campaign of a business."""

    id: int
    business_id: int
    business_name: str
    name: str
    model: Model
    availability: ApiAvailability = ApiAvailability.AVAILABLE
    warehouse_id: int = 0
    cis_gate: bool = True
    """Whether an order waits for its mandatory CIS before READY_TO_SHIP; for UINs it always does."""


class Key(Value, frozen=True):
    """What a token opens: one business, with these scopes. An OAuth token has no scopes and opens all."""

    id: int
    business_id: int
    name: str
    scopes: frozenset[Scope]
    oauth: bool = False
    yandex_go: bool = False
    """The business is a Market Yandex Go seller."""
    limits: bool = True
    """False in a world made with `limits: false`: quotas are counted against limits too high to reach."""

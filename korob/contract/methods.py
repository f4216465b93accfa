"""Every method that is served."""

from typing import Final

from korob.contract import auth, campaigns, identifiers, operations, order_business, order_delivery, order_parts, orders
from korob.contract.method import Method

METHODS: Final[tuple[Method, ...]] = (
    *orders.METHODS,
    *identifiers.METHODS,
    *order_parts.METHODS,
    *order_delivery.METHODS,
    *order_business.METHODS,
    *operations.METHODS,
    *campaigns.METHODS,
    *auth.METHODS,
)

"""Every method that is served."""

from typing import Final

from korob.contract import auth, campaigns, delivery_services, operations, orders, regions
from korob.contract.method import Method

METHODS: Final[tuple[Method, ...]] = (
    *orders.METHODS,
    *operations.METHODS,
    *campaigns.METHODS,
    *regions.METHODS,
    *delivery_services.METHODS,
    *auth.METHODS,
)

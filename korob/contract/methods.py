"""Every method that is served."""

from typing import Final

from korob.contract import (
    auth,
    businesses,
    campaigns,
    delivery_services,
    operations,
    orders,
    regions,
    settings,
    warehouses,
)
from korob.contract.method import Method

METHODS: Final[tuple[Method, ...]] = (
    *orders.METHODS,
    *operations.METHODS,
    *campaigns.METHODS,
    *settings.METHODS,
    *businesses.METHODS,
    *regions.METHODS,
    *warehouses.METHODS,
    *delivery_services.METHODS,
    *auth.METHODS,
)

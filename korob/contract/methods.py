"""Every method that is served."""

from typing import Final

from korob.contract import (
    auth,
    businesses,
    campaigns,
    delivery_services,
    identifiers,
    operations,
    order_business,
    order_delivery,
    order_parts,
    orders,
    outlet_licenses,
    outlets,
    regions,
    settings,
    stocks,
    warehouses,
)
from korob.contract.method import Method

METHODS: Final[tuple[Method, ...]] = (
    *orders.METHODS,
    *identifiers.METHODS,
    *order_parts.METHODS,
    *order_delivery.METHODS,
    *order_business.METHODS,
    *operations.METHODS,
    *campaigns.METHODS,
    *settings.METHODS,
    *businesses.METHODS,
    *regions.METHODS,
    *warehouses.METHODS,
    *stocks.METHODS,
    *outlets.METHODS,
    *outlet_licenses.METHODS,
    *delivery_services.METHODS,
    *auth.METHODS,
)

"""Which handler serves which method."""

from collections.abc import Mapping
from typing import Final

from korob.api import (
    businesses,
    campaigns,
    delivery_services,
    identifiers,
    operations,
    order_business,
    order_changes,
    order_delivery,
    order_parts,
    order_reads,
    outlet_licenses,
    outlets,
    regions,
    settings,
    stocks,
    warehouses,
)
from korob.api.call import Handler

HANDLERS: Final[Mapping[str, Handler]] = {
    **order_reads.HANDLERS,
    **order_changes.HANDLERS,
    **identifiers.HANDLERS,
    **order_parts.HANDLERS,
    **order_delivery.HANDLERS,
    **order_business.HANDLERS,
    **operations.HANDLERS,
    **campaigns.HANDLERS,
    **settings.HANDLERS,
    **businesses.HANDLERS,
    **regions.HANDLERS,
    **warehouses.HANDLERS,
    **stocks.HANDLERS,
    **outlets.HANDLERS,
    **outlet_licenses.HANDLERS,
    **delivery_services.HANDLERS,
}
"""By operation id."""

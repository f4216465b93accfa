"""Which handler serves which method."""

from collections.abc import Mapping
from typing import Final

from korob.api import campaigns, delivery_services, operations, order_changes, order_reads, regions
from korob.api.call import Handler

HANDLERS: Final[Mapping[str, Handler]] = {
    **order_reads.HANDLERS,
    **order_changes.HANDLERS,
    **operations.HANDLERS,
    **campaigns.HANDLERS,
    **regions.HANDLERS,
    **delivery_services.HANDLERS,
}
"""By operation id."""

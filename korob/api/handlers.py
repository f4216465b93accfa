"""Which handler serves which method."""

from collections.abc import Mapping
from typing import Final

from korob.api import campaigns, operations, order_changes, order_reads
from korob.api.call import Handler

HANDLERS: Final[Mapping[str, Handler]] = {
    **order_reads.HANDLERS,
    **order_changes.HANDLERS,
    **operations.HANDLERS,
    **campaigns.HANDLERS,
}
"""By operation id."""

"""The marketplace's own API: businesses, campaigns, keys, orders placed, and the acts of everybody but the seller."""

from typing import Final

from starlette.routing import Route

from korob.operator import (
    access,
    businesses,
    front,
    keys,
    openapi,
    orders,
    quotas,
    request_log,
    subscriptions,
    warehouses,
)
from korob.operator.endpoint import Services

ABOUT: Final = (
    "What the marketplace itself does: businesses, campaigns, keys and limits, orders placed, and the acts of "
    "everybody but the seller. `Authorization: Bearer` and the operator's token; a world's opens that world."
)
ENDPOINTS: Final = (
    *businesses.ENDPOINTS,
    *keys.ENDPOINTS,
    *quotas.ENDPOINTS,
    *request_log.ENDPOINTS,
    *orders.ENDPOINTS,
    *warehouses.ENDPOINTS,
    *subscriptions.ENDPOINTS,
)


def routes(services: Services) -> list[Route]:
    """The routes of the operator's API, and of the document about it."""
    return [
        *front.routes(services, ENDPOINTS, access.gate),
        *openapi.routes("/operator/v1", "Korob: the operator's API", ABOUT, ENDPOINTS),
    ]

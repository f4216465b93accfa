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
    """The routes of the operator's API, and of its OpenAPI document."""
    return [
        *front.routes(services, ENDPOINTS, access.gate),
        openapi.route("/operator/v1/openapi.json", "Korob: the operator's API", ENDPOINTS),
    ]

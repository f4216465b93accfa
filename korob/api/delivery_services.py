"""The list of delivery services."""

from typing import Any

from korob.api.call import Call
from korob.contract.delivery_services import (
    DeliveryServiceInfoDTO,
    DeliveryServicesDTO,
    GetDeliveryServicesResponse,
)
from korob.store import delivery_services


async def get_delivery_services(call: Call) -> GetDeliveryServicesResponse:
    """getDeliveryServices: all of them, by number."""
    services = await delivery_services.every(call.services.database)
    shown = tuple(DeliveryServiceInfoDTO(service.id, service.name) for service in services)
    return GetDeliveryServicesResponse(DeliveryServicesDTO(shown))


HANDLERS: dict[str, Any] = {"getDeliveryServices": get_delivery_services}

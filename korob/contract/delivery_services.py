"""The list of delivery services, for track codes and for the rules of outlets."""

from typing import Final

from korob.contract.method import HOUR, Method, Quota
from korob.contract.wire import Answer, Int64
from korob.domain.campaign import ALL_SCOPES
from korob.domain.words import Model


class DeliveryServiceInfoDTO(Answer, frozen=True):
    """A delivery service."""

    id: Int64
    name: str


class DeliveryServicesDTO(Answer, frozen=True):
    """All of them."""

    delivery_service: tuple[DeliveryServiceInfoDTO, ...]


class GetDeliveryServicesResponse(Answer, frozen=True):
    """All delivery services; this answer has no `status`."""

    result: DeliveryServicesDTO


METHODS: Final = (
    Method(
        operation_id="getDeliveryServices",
        verb="GET",
        path="/v2/delivery/services",
        family="delivery-services",
        summary="The delivery services",
        models=frozenset({Model.FBS, Model.DBS, Model.EXPRESS}),
        scopes=ALL_SCOPES,
        quota=Quota(5_000, HOUR),
        answer=GetDeliveryServicesResponse,
    ),
)

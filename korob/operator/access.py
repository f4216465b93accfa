"""The operator's tokens: the program's one reaches everything, a world's its business."""

import hmac
from typing import Final

from starlette.requests import Request

from korob.api import errors
from korob.operator.endpoint import EVERYTHING, Call, Reach, Services
from korob.store import worlds
from korob.store.campaigns import CampaignNotFound

CHALLENGE: Final = ((b"www-authenticate", b"Bearer"),)


async def gate(request: Request, services: Services) -> Reach:
    """How far the token of a request reaches; 401 without one, or with one that nobody gave out."""
    token = token_of(request)
    if token is None:
        raise _unauthorized("An operator's token is needed: Authorization: Bearer <token>")
    return await reach_of(token, services)


async def reach_of(token: str, services: Services) -> Reach:
    """How far a token reaches; 401 for one that nobody gave out."""
    if hmac.compare_digest(token.encode(), services.settings.operator_token.encode()):
        return EVERYTHING
    world_id = await worlds.opened_by(services.database, token)
    if world_id is None:
        raise _unauthorized("The operator's token is not valid")
    return Reach(world_id)


def token_of(request: Request) -> str | None:
    """The token in the header Authorization; None if there is no such header. 401 if it is of another kind."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    kind, _, token = header.partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise _unauthorized("Authorization must be Bearer <token>")
    return token.strip()


def check_everything(call: Call) -> None:
    """403 unless the caller's token reaches everything."""
    if call.reach.business_id is not None:
        raise errors.forbidden("This takes the operator's own token, not a world's")


def business_id(call: Call) -> int:
    """The business of the path, if the caller can reach it; else 403, whether there is such a one or not."""
    check_business(call, call.ids["businessId"])
    return call.ids["businessId"]


def check_business(call: Call, business_id: int) -> None:
    """403 for a business out of reach, whether there is such a one or not."""
    if not call.reach.covers(business_id):
        raise errors.foreign()


async def campaign(call: Call) -> worlds.Address:
    """The campaign of the path.

    Raises CampaignNotFound; to a world's token an unknown campaign is as foreign as another's: 403.
    """
    campaign_id = call.ids["campaignId"]
    try:
        found = await worlds.address(call.services.database, campaign_id)
    except CampaignNotFound:
        if call.reach.business_id is not None:
            raise errors.foreign() from None
        raise
    check_business(call, found.campaign.business_id)
    return found


def _unauthorized(message: str) -> errors.AnswerError:
    return errors.AnswerError(401, "UNAUTHORIZED", message, headers=CHALLENGE)

"""Every error that an answer can carry: status, code, text (spec: platform 2; 00-resolved, *Codes of errors*)."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from korob.api import refusals
from korob.api.faults import Fault
from korob.contract.method import Method
from korob.domain import api_key
from korob.domain.campaign import Campaign, Scope
from korob.domain.refusal import Refusal
from korob.domain.words import ApiAvailability, Model
from korob.store.orders import OrderNotFound


class AnswerError(Exception):
    """A request is answered with an error, and nothing was done."""

    def __init__(self, status: int, code: str, *messages: str, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        super().__init__(*messages)
        self.status = status
        self.body = body(code, messages)
        self.headers = headers


def body(code: str, messages: Iterable[str]) -> bytes:
    """The standard body; one entry for each message."""
    return _ENCODER.encode({"status": "ERROR", "errors": [{"code": code, "message": text} for text in messages]})


def no_resource() -> AnswerError:
    """No such path, or no such version of one."""
    return AnswerError(404, "NOT_FOUND", "Resource not found")


def foreign() -> AnswerError:
    """Another business's campaign, or one that does not exist: nobody learns which."""
    return forbidden("Access denied")


def no_access(campaign_ids: Iterable[int]) -> AnswerError:
    """Campaigns named in a body or a query that are not the business's."""
    return forbidden(f"No access to campaigns: {', '.join(map(str, campaign_ids))}")


def not_for_yandex_go() -> AnswerError:
    """A method that Market Yandex Go sellers don't have."""
    return forbidden("The method is not supported for Market Yandex Go sellers")


def unknown_token(token: str, *, oauth: bool) -> AnswerError:
    """Nobody has this token, or it can't be one. A bad OAuth token is 403, a bad Api-Key 401 (spec: platform, 1.7)."""
    if oauth:
        return forbidden("OAuth token is invalid")
    return unauthorized(api_key.fault(token) or "Api-Key token is invalid")


def revoked_token(*, oauth: bool) -> AnswerError:
    """The token was deleted."""
    return forbidden("OAuth token is invalid") if oauth else unauthorized("Api-Key token is revoked")


def bad_request(*messages: str) -> AnswerError:
    """What came in can't be read or is out of bounds."""
    return AnswerError(400, "BAD_REQUEST", *messages)


def too_big(size: int) -> AnswerError:
    """More than 512 KB."""
    return bad_request(
        "The request is too big: Maximum allowed request size must be less than 512 KB, "
        f"but passed {size / 2**20:.2f} MB"
    )


def wrong_content_type(content_type: str) -> AnswerError:
    """A body that is not JSON by its own word."""
    return AnswerError(415, "UNSUPPORTED_MEDIA_TYPE", f"Content type {content_type} not supported")


def wrong_verb(verb: str, verbs: Mapping[str, Method]) -> AnswerError:
    """The path is there, but not for this verb."""
    allow = ", ".join(sorted(verbs)).encode()
    return AnswerError(405, "METHOD_NOT_ALLOWED", f"Request method {verb} not supported", headers=((b"allow", allow),))


def unauthorized(message: str) -> AnswerError:
    """No token, or one that opens nothing."""
    return AnswerError(401, "UNAUTHORIZED", message)


def forbidden(message: str) -> AnswerError:
    """The token does not open this."""
    return AnswerError(403, "FORBIDDEN", message)


def no_scope(wanted: Iterable[Scope]) -> AnswerError:
    """The token has none of the scopes that open the method."""
    listed = ", ".join(sorted(wanted))
    return forbidden(f"Token does not have any of the scopes to access the API method: {listed}")


def wrong_model(models: Iterable[Model]) -> AnswerError:
    """The method is not for the placement model of the campaign."""
    listed = ", ".join(sorted(models))
    return AnswerError(
        400, "CAMPAIGN_TYPE_NOT_SUPPORTED", f"Campaign type is not allowed. Allowed campaign types: {listed}"
    )


def disabled(campaign: Campaign) -> AnswerError:
    """The API of the campaign is switched off."""
    return AnswerError(403, "API_DISABLED", _DISABLED[campaign.availability].format(campaign=campaign.id))


def of(refusal: Refusal, operation_id: str) -> tuple[int, bytes]:
    """Status and body for a refusal of this method."""
    if isinstance(refusal, OrderNotFound):
        status, text = ORDER_NOT_FOUND.get(operation_id, (404, refusal.template))
        code = "NOT_FOUND" if status == 404 else "BAD_REQUEST"
        return status, body(code, (text.format(**refusal.facts),))
    row = refusals.of(refusal)
    return row.status, body(row.code, refusal.sentences)


def of_fault(fault: Fault) -> tuple[int, bytes]:
    """Status and body for a query, a path or a body that can't be read."""
    return 400, body("BAD_REQUEST", fault.texts)


ORDER_NOT_FOUND: Final[dict[str, tuple[int, str]]] = {
    "setOrderBoxLayout": (404, "Failed to find order with id {order}"),
    # The LaaS methods declare no 404.
    "updateOrder": (400, OrderNotFound.template),
    "getOrderUpdateOptions": (400, OrderNotFound.template),
}
"""Where an unknown order is answered in another way than `OrderNotFound` says."""

_DISABLED: Final = {
    ApiAvailability.MANUALLY_DISABLED: "API for campaign {campaign} manually disabled.",
    ApiAvailability.DISABLED_BY_INACTIVITY: "API for campaign {campaign} disabled due to inactivity.",
    ApiAvailability.DISABLED_BY_NO_ACTIVE_CONTRACT: (
        "API for campaign {campaign} disabled because there are no active contracts with Market."
    ),
    ApiAvailability.DISABLED_BY_NO_PLACEMENT_TYPE: (
        "API for campaign {campaign} disabled because it has no placement program."
    ),
}
_ENCODER: Final = msgspec.json.Encoder()

INTERNAL: Final = 500, body("INTERNAL_ERROR", ("Internal error",))
UNAVAILABLE: Final = (
    503,
    body("SERVICE_UNAVAILABLE", ("Service temporarily unavailable. Please, try again later",)),
)

"""Every error that an answer can carry: status, code, text (spec: platform 2; 00-resolved, *Codes of errors*)."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from korob.api import refusals
from korob.api.faults import Fault
from korob.api.front_errors import BY_AVAILABILITY, ERRORS, FrontError
from korob.domain import api_key
from korob.domain.campaign import Campaign, Scope
from korob.domain.refusal import Refusal
from korob.domain.words import Model
from korob.store.orders import OrderNotFound


class AnswerError(Exception):
    """A request is answered with an error, and nothing was done. `rule` is its row in `front_errors`, if it has one."""

    def __init__(
        self, status: int, code: str, *messages: str, headers: tuple[tuple[bytes, bytes], ...] = (), rule: str = ""
    ) -> None:
        super().__init__(*messages)
        self.status = status
        self.code = code
        self.body = body(code, messages)
        self.headers = headers
        self.rule = rule


def body(code: str, messages: Iterable[str]) -> bytes:
    """The standard body; one entry for each message."""
    return _ENCODER.encode({"status": "ERROR", "errors": [{"code": code, "message": text} for text in messages]})


def error(rule: str, *, headers: tuple[tuple[bytes, bytes], ...] = (), **facts: Any) -> AnswerError:
    """The error of a row in `front_errors`, told with these facts."""
    row = ERRORS[rule]
    return AnswerError(row.status, row.code, row.template.format(**facts), headers=headers, rule=rule)


def no_resource() -> AnswerError:
    """No such path, or no such version of one."""
    return error("no_resource")


def foreign() -> AnswerError:
    """Another business's campaign, or one that does not exist: nobody learns which."""
    return error("foreign")


def no_access(campaign_ids: Iterable[int]) -> AnswerError:
    """Campaigns named in a body or a query that are not the business's."""
    return error("foreign_campaigns", campaigns=", ".join(map(str, campaign_ids)))


def not_for_yandex_go() -> AnswerError:
    """A method that Market Yandex Go sellers don't have."""
    return error("not_for_yandex_go")


def unknown_token(token: str, *, oauth: bool) -> AnswerError:
    """Nobody has this token, or it can't be one. A bad OAuth token is 403, a bad Api-Key 401 (spec: platform, 1.7)."""
    if oauth:
        return error("oauth_token_unknown")
    return unauthorized(api_key.fault(token) or ERRORS["key_unknown"].template)


def revoked_token(*, oauth: bool) -> AnswerError:
    """The token was deleted."""
    return error("oauth_token_unknown" if oauth else "key_revoked")


def bad_request(*messages: str) -> AnswerError:
    """What came in can't be read or is out of bounds."""
    return AnswerError(400, "BAD_REQUEST", *messages)


def too_big(size: int) -> AnswerError:
    """A body of more than 512 KB."""
    return error("too_big", size=f"{size / 2**20:.2f}")


def wrong_content_type(content_type: str) -> AnswerError:
    """A body that is not JSON by its own word."""
    return error("wrong_content_type", content_type=content_type)


def wrong_verb(verb: str, verbs: Iterable[str]) -> AnswerError:
    """The path is there, but not for this verb."""
    return error("wrong_verb", verb=verb, headers=((b"allow", ", ".join(sorted(verbs)).encode()),))


def unauthorized(message: str) -> AnswerError:
    """No token, or one that opens nothing."""
    return AnswerError(401, "UNAUTHORIZED", message, rule=_RULES.get(message, ""))


def forbidden(message: str) -> AnswerError:
    """The token does not open this."""
    return AnswerError(403, "FORBIDDEN", message, rule=_RULES.get(message, ""))


def no_scope(wanted: Iterable[Scope]) -> AnswerError:
    """The token has none of the scopes that open the method."""
    return error("no_scope", scopes=", ".join(sorted(wanted)))


def wrong_model(models: Iterable[Model]) -> AnswerError:
    """The method is not for the placement model of the campaign."""
    return error("wrong_model", models=", ".join(sorted(models)))


def disabled(campaign: Campaign) -> AnswerError:
    """The API of the campaign is switched off."""
    return error(BY_AVAILABILITY[campaign.availability], campaign=campaign.id)


def all_disabled(business_id: int) -> AnswerError:
    """The API of every campaign of the business is switched off."""
    return error("business_disabled", business=business_id)


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


DISABLED: Final = "API_DISABLED"
"""The code of all that is said of an API which is switched off."""
ORDER_NOT_FOUND: Final[dict[str, tuple[int, str]]] = {
    "setOrderBoxLayout": (404, "Failed to find order with id {order}"),
    "setOrderDeliveryTrackCode": (404, "Campaign {campaign} has no order id {order}"),
    "updateOrderStorageLimit": (404, "Order not found: {order}"),
    "verifyOrderEac": (404, "Failed to find [order] with id [{order}]"),
    # The LaaS methods declare no 404.
    "updateOrder": (400, OrderNotFound.template),
    "getOrderUpdateOptions": (400, OrderNotFound.template),
}
"""Where an unknown order is answered in another way than `OrderNotFound` says."""

_ENCODER: Final = msgspec.json.Encoder()

_RULES: Final = {row.template: rule for rule, row in ERRORS.items()}


def _ready(row: FrontError) -> tuple[int, bytes]:
    return row.status, body(row.code, (row.template,))


INTERNAL: Final = _ready(ERRORS["internal"])
UNAVAILABLE: Final = _ready(ERRORS["unavailable"])
UNCLEAR: Final = _ready(ERRORS["unclear"])

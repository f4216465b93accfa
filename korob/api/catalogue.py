"""The catalogue of errors: what is published and what is ours, each with who says it here, why, and what helps."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from korob.api import errors, faults, parse, published, refusals
from korob.api.front_errors import ERRORS
from korob.domain.moves import Knowledge
from korob.store.orders import OrderNotFound

OPERATOR: Final = "the operator's API"
SANDBOX: Final = "the sandbox's API"
MOVING: Final = "updateOrderStatus, updateOrderStatuses"
WHERE: Final = {
    "acceptance": "verifyOrderEac",
    "acts": OPERATOR,
    "api_key": OPERATOR,
    "authority": SANDBOX,
    "buyers": "getOrderBuyerInfo, getOrderBusinessBuyerInfo, getOrderBusinessDocumentsInfo",
    "campaigns": OPERATOR,
    "cancellation": "acceptOrderCancellation",
    "composition": "updateOrderItems, setOrderBoxLayout, provideOrderItemIdentifiers",
    "counting": "setOrderShipmentBoxes",
    "delivery": "setOrderDeliveryDate, setOrderDeliveryTrackCode, updateOrderStorageLimit",
    "delivery_log": OPERATOR,
    "digital": "provideOrderDigitalCodes",
    "external_id": "updateExternalOrderId",
    "idempotency": f"{OPERATOR}, {SANDBOX}",
    "instances": "updateOrderItems, setOrderBoxLayout, provideOrderItemIdentifiers",
    "items": "updateOrderItems, provideOrderItemIdentifiers",
    "jump_clock": SANDBOX,
    "layout": "setOrderBoxLayout",
    "lifecycle": MOVING,
    "notification": OPERATOR,
    "operation": "updateOrder, updateOrderStatus",
    "order_filter": "getOrders, getBusinessOrders",
    "orders": "all with an order",
    "outlet": "createOutlet, updateOutlet; all with an outlet",
    "outlet_license": "updateOutletLicenses",
    "place_order": OPERATOR,
    "placing": OPERATOR,
    "quota": "all",
    "quota_limits": OPERATOR,
    "regions": "searchRegionsById, searchRegionChildren",
    "request_log": OPERATOR,
    "subscriptions": OPERATOR,
    "target": OPERATOR,
    "tokens": "all with pages",
    "verdicts": OPERATOR,
    "warehouse": "getWarehouses, the office",
    "worlds": SANDBOX,
}
"""Which methods ask the rules of a module, unless all its texts are published with their methods."""


class Entry(NamedTuple):
    """A row of the catalogue. Nobody says it here yet where `rule` is empty."""

    status: int
    code: str
    template: str
    where: str
    rule: str
    cause: str
    remedy: str
    knowledge: Knowledge


def entries() -> list[Entry]:
    """The whole catalogue: what is said here first, then what is only published; each sorted by status and text."""
    said = [*_front(), *_faults(), *_refusals()]
    spoken = {shape(entry.template) for entry in said}
    silent = [
        Entry(row.status, row.code, row.template, ", ".join(row.where), "", "", "", Knowledge.EXACT)
        for row in published.PUBLISHED
        if shape(row.template) not in spoken
    ]
    return [*sorted(said), *sorted(silent)]


def shape(template: str) -> str:
    """A text without the names of what is filled in."""
    return _PLACEHOLDER.sub("{}", _SPELT_OTHERWISE.get(template, template))


def _front() -> Iterator[Entry]:
    for rule, row in ERRORS.items():
        yield _entry(row.status, row.code, row.template, "all", rule, row.cause, row.remedy)


def _faults() -> Iterator[Entry]:
    for template, cause in _FAULTS.items():
        remedy = "Send what /docs describes; every fault of the request is listed"
        yield _entry(400, "BAD_REQUEST", template, "all", "unreadable", cause, remedy)


def _refusals() -> Iterator[Entry]:
    for kind, row in refusals.ANSWERS.items():
        module = kind.__module__.rsplit(".", 1)[-1]
        rule, cause = f"{module}.{kind.__name__}", (kind.__doc__ or "").partition("\n")[0]
        for template in _FILLED.get(kind.template, (kind.template,)):
            yield _entry(row.status, row.code, template, _where(module, template), rule, cause, row.remedy)
        if kind is OrderNotFound:
            for name, (status, text) in errors.ORDER_NOT_FOUND.items():
                code = "NOT_FOUND" if status == 404 else "BAD_REQUEST"
                yield _entry(status, code, text, name, rule, cause, row.remedy)


def _where(module: str, template: str) -> str:
    """Which methods ask a rule: those of its module, else those that its text is published for."""
    where = [row.where for row in published.PUBLISHED if shape(row.template) == shape(template)]
    return WHERE.get(module) or ", ".join(name for names in where for name in names)


def _entry(status: int, code: str, template: str, where: str, rule: str, cause: str, remedy: str) -> Entry:
    knowledge = Knowledge.EXACT if shape(template) in _PUBLISHED else Knowledge.OURS
    return Entry(status, code, template, where, rule, cause, remedy, knowledge)


_PLACEHOLDER: Final = re.compile(r"{\w+}")
_SPELT_OTHERWISE: Final = {
    ERRORS["no_scope"].template: "Token does not have any of the scopes to access the API method",
    ERRORS["too_big"].template: published.COMMON[16].template,
    faults.NULL_ELEMENTS: published.COMMON[2].template,
    "Hit rate limit of {amount} requests per {period} for resource {resource} for {entity} {entity_id}": (
        "Hit rate limit of {amount} requests per {period} for resource {resource} for {entity}"
    ),
    "Hit rate limit of {amount} parallel requests for {entity} {entity_id}": (
        "Hit rate limit of {amount} parallel requests for {entity}"
    ),
    "Failed to find [order] with id [{order}]": "Failed to find [{resource}] with id [{id}]",
}
"""Texts of ours that say what a published one says, with more or less filled in."""
_FILLED: Final = {
    "{what} is required to be less than end date": tuple(
        row.template for row in published.ORDERS if row.template.endswith("is required to be less than end date")
    )
}
"""Texts whose beginning is filled in."""
_FAULTS: Final = {
    faults.MISSING_BODY: "The method needs a body, and none came",
    faults.MISSING: "A field that must be there is not",
    faults.EMPTY: "A text or a list has nothing in it",
    faults.NULL_ELEMENTS: "A list has null in it",
    faults.TWICE: "A list holds the same thing twice",
    faults.COLLECTION_SIZE: "A list is too short or too long",
    faults.TEXT_SIZE: "A text is too short or too long",
    faults.TOO_SMALL: "A number is too small",
    faults.TOO_BIG: "A number is too big",
    faults.MISMATCH: "A text has not the form that is asked for",
    faults.ILLEGAL: "A value is of another type, or a word that the list does not have",
    "JSON: {message}": "The body is no JSON",
    "Unexpected end of content": "The body breaks off",
    parse.TYPE_MISMATCH: "A parameter of the path or the query is of another type",
    parse.TOO_BIG: "A parameter is bigger than the method takes",
}
_PUBLISHED: Final = {shape(row.template) for row in published.PUBLISHED}

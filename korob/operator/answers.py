"""How refusals are answered by the operator's and the sandbox's API."""

from typing import Final

from korob.api import errors, refusals
from korob.domain.api_key import KeyNameTaken
from korob.domain.refusal import Refusal
from korob.store.campaigns import BusinessNotFound, CampaignNotFound, KeyNotFound
from korob.store.idempotency import KeyReused
from korob.store.orders import OrderNotFound
from korob.store.worlds import WorldNotFound

STATUSES: Final[dict[type[Refusal], tuple[int, str]]] = {
    WorldNotFound: (404, "NOT_FOUND"),
    BusinessNotFound: (404, "NOT_FOUND"),
    CampaignNotFound: (404, "NOT_FOUND"),
    KeyNotFound: (404, "NOT_FOUND"),
    OrderNotFound: (404, "NOT_FOUND"),
    KeyReused: (409, "CONFLICT"),
    KeyNameTaken: (409, "CONFLICT"),
}
"""What is not simply a bad request; codes of 400 are those that sellers' programs get."""


def of(refusal: Refusal) -> tuple[int, bytes]:
    """Status and body for a refusal."""
    status, code = STATUSES.get(type(refusal), (400, None))
    return status, errors.body(code or code_of(refusal), refusal.sentences)


def code_of(refusal: Refusal) -> str:
    """The code of a bad request, as sellers' programs get it for the same refusal."""
    row = refusals.of(refusal)
    return row.code if row.status == 400 else "BAD_REQUEST"

"""The headers of a request and of an answer."""

import re
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from korob.api import errors
from korob.contract.method import Method
from korob.store.keys import Found
from korob.store.quotas import Exceeded, Taken

Header = tuple[bytes, bytes]


class Received(Struct, frozen=True):
    """What matters of a request's headers. `authorization` is the header as it came, `token` what was found in it."""

    token: str | None
    oauth: bool = False
    authorization: str | None = None
    content_type: str | None = None
    content_length: int | None = None
    business_id: str | None = None
    traceparent: bytes | None = None
    integration: bytes | None = None
    rehearses: bool = False


def of(headers: Any) -> Received:
    """Read the headers of an ASGI scope; names are lower-case bytes there."""
    sought = {name: value for name, value in headers if name in _READ}
    if not sought:
        return _NO_HEADERS
    api_key = _text(sought.get(b"api-key"))
    if len(sought) == 1 and api_key is not None:
        return Received(api_key)
    authorization = _text(sought.get(b"authorization"))
    length = sought.get(b"content-length")
    return Received(
        api_key if api_key is not None else _bearer(authorization),
        api_key is None,
        authorization,
        _text(sought.get(b"content-type")),
        int(length) if length and length.isdigit() else None,
        _text(sought.get(b"x-business-id")),
        sought.get(b"traceparent"),
        sought.get(b"x-market-integration"),
        sought.get(b"x-korob-dry-run", b"").lower() == b"true",
    )


def credentials_fault(received: Received) -> str:
    """Why there is no token in the request, in the published words (spec: platform, 2.7)."""
    if received.authorization is None:
        return "Credentials are not specified"
    kind, _, rest = received.authorization.partition(" ")
    if kind == "Bearer":
        return "OAuth token is not specified"
    if kind != "OAuth":
        return "Authorization header has invalid syntax"
    if not rest.strip():
        return "OAuth credentials are not specified"
    if "oauth_token" not in rest:
        return "OAuth token is not specified"
    if "oauth_client_id" not in rest:
        return "OAuth client id is not specified"
    return "Authorization header has invalid syntax"


def check_business(received: Received, method: Method, ids: list[str], found: Found) -> None:
    """Hold the header X-Business-Id, if it came, to the path and to the business of the token."""
    said = received.business_id
    if said is None:
        return
    if not (said.isascii() and said.isdigit() and 0 < int(said) < 2**63):
        raise errors.error("business_header", value=said)
    actual = found.key.business_id
    if "{businessId}" in method.path and ids[0] != said:
        raise errors.error("business_header_and_path", path=ids[0], header=said)
    if int(said) == actual:
        return
    if "{campaignId}" in method.path and ids[0].isdigit() and int(ids[0]) in found.campaigns:
        raise errors.error("business_header_and_campaign", header=said, campaign=ids[0], actual=actual)
    raise errors.foreign()


@lru_cache(maxsize=64)
def is_json(content_type: str) -> bool:
    """Whether a body of this type can be JSON in UTF-8."""
    kind, _, parameters = content_type.partition(";")
    charset = _CHARSET.search(parameters)
    return _JSON.fullmatch(kind.strip().lower()) is not None and (charset is None or charset[1].lower() == "utf-8")


def limits(taken: Taken | Exceeded) -> tuple[Header, ...]:
    """The three headers that tell how much of a quota is left, and until when."""
    return (*_window(taken.limit, taken.until), (b"x-ratelimit-resource-remaining", b"%d" % taken.remaining))


def sent(traceparent: bytes, length: int) -> tuple[Header, ...]:
    """The headers of every answer; `traceparent` is the answer's own."""
    always = (b"content-length", b"%d" % length), (b"traceparent", traceparent)
    return (_CONTENT_TYPE, *always) if length else always


@lru_cache(maxsize=256)
def _window(limit: int, until: datetime) -> tuple[Header, Header]:
    moment = format_datetime(until, usegmt=True).encode()
    return (b"x-ratelimit-resource-limit", b"%d" % limit), (b"x-ratelimit-resource-until", moment)


def _text(value: bytes | None) -> str | None:
    return value.decode("latin-1").strip() if value is not None else None


def _bearer(authorization: str | None) -> str | None:
    if authorization is None:
        return None
    if authorization.startswith("Bearer "):
        return authorization[7:].strip() or None
    if authorization.startswith("OAuth "):
        token, client = _OAUTH_TOKEN.search(authorization), _OAUTH_CLIENT.search(authorization)
        return token[1] if token and client else None
    return None


_READ: Final = frozenset(
    {
        b"api-key",
        b"authorization",
        b"content-type",
        b"content-length",
        b"x-business-id",
        b"traceparent",
        b"x-market-integration",
        b"x-korob-dry-run",
    }
)
_NO_HEADERS: Final = Received(None)
REHEARSED: Final = (b"x-korob-dry-run", b"true")
"""What tells that nothing was saved."""
_CONTENT_TYPE: Final = (b"content-type", b"application/json;charset=UTF-8")
_JSON: Final = re.compile(r"application/(?:[\w.+-]+\+)?json|text/json|\*/\*")
_CHARSET: Final = re.compile(r"charset=\"?([\w-]+)", re.IGNORECASE)
_OAUTH_TOKEN: Final = re.compile(r'oauth_token="?([^",\s]+)')
_OAUTH_CLIENT: Final = re.compile(r'oauth_client_id="?([^",\s]+)')

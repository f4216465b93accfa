"""The headers of a request and of an answer."""

import re
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from korob.api import errors, faults, parse
from korob.contract.method import Method
from korob.contract.wire import INT64_MAX
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
        _text(sought.get(b"content-type")) or None,
        int(length) if length and length.isdigit() else None,
        _text(sought.get(b"x-business-id")),
        sought.get(b"traceparent"),
        sought.get(b"x-market-integration"),
        sought.get(b"x-korob-dry-run", b"").lower() not in _NO,
    )


def credentials_fault(received: Received) -> str:
    """Why there is no token in the request, in the published words (spec: platform, 2.7)."""
    if not received.authorization:
        return "Credentials are not specified"
    kind, rest = _scheme(received.authorization)
    if kind == "bearer":
        return "OAuth token is not specified"
    if kind != "oauth":
        return "Authorization header has invalid syntax"
    if not rest:
        return "OAuth credentials are not specified"
    if not _parameter("oauth_token", rest):
        return "OAuth token is not specified"
    return "OAuth client id is not specified"


def check_business(received: Received, method: Method, ids: list[str], found: Found) -> None:
    """Hold the header X-Business-Id, if it came, to the path and to the business of the token."""
    said = received.business_id
    if said is None:
        return
    if not (_NUMBER.fullmatch(said) and 0 < (number := int(said)) <= INT64_MAX):
        raise errors.error("business_header", value=faults.shown(said))
    actual = found.key.business_id
    if "{businessId}" in method.path and parse.identifier(ids[0]) != number:
        raise errors.error("business_header_and_path", path=ids[0], header=said)
    if number == actual:
        return
    if "{campaignId}" in method.path and parse.identifier(ids[0]) in found.campaigns:
        raise errors.error("business_header_and_campaign", header=said, campaign=ids[0], actual=actual)
    raise errors.foreign()


@lru_cache(maxsize=64)
def is_json(content_type: str) -> bool:
    """Whether a body of this type can be JSON in UTF-8."""
    kind, _, parameters = content_type.partition(";")
    charset = _CHARSET.search(parameters)
    return _JSON.fullmatch(kind.strip().lower()) is not None and (charset is None or charset[1].lower() in _UTF_8)


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
    if not authorization:
        return None
    kind, rest = _scheme(authorization)
    if kind == "bearer":
        return rest or None
    if kind == "oauth" and _parameter("oauth_client_id", rest):
        return _parameter("oauth_token", rest)
    return None


def _scheme(authorization: str) -> tuple[str, str]:
    kind, _, rest = authorization.partition(" ")
    return kind.lower(), rest.strip()


def _parameter(name: str, rest: str) -> str | None:
    return next((value for known, value in _PARAMETER.findall(rest) if known == name and value), None)


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
_NO: Final = frozenset({b"", b"0", b"false", b"no"})
"""What does not ask for a rehearsal. Whoever writes `1` means one too, and would not want the deed."""
_NO_HEADERS: Final = Received(None)
REHEARSED: Final = (b"x-korob-dry-run", b"true")
"""What tells that nothing was saved."""
_CONTENT_TYPE: Final = (b"content-type", b"application/json;charset=UTF-8")
_JSON: Final = re.compile(r"application/(?:[\w.+-]+\+)?json|text/json|\*/\*")
_CHARSET: Final = re.compile(r"charset=\"?([\w-]+)", re.IGNORECASE)
_UTF_8: Final = frozenset({"utf-8", "utf8"})
_NUMBER: Final = re.compile(r"[0-9]{1,19}", re.ASCII)
_PARAMETER: Final = re.compile(r'\b(\w+)="?([^",\s]*)')
"""A parameter of the old form: `oauth_token="…", oauth_client_id="…"`."""

"""What makes an API key: its token's shape, its name, its scopes, and how many a business may have."""

import re
import zlib
from collections.abc import Iterable
from typing import Final

from korob.domain.campaign import Scope
from korob.domain.refusal import Refusal

KEYS_MAX: Final = 30
"""Live Api-Keys of one business; OAuth tokens are not counted."""
NAME_LENGTH_MAX: Final = 100
TOKEN_PREFIX: Final = "ACMA:"
SECRET_LENGTH: Final = 40
TOKEN_LENGTH: Final = len(TOKEN_PREFIX) + SECRET_LENGTH + 1 + 8
OAUTH_PREFIX: Final = "y0_"
SHOWN_LENGTH: Final = 9
"""Leading characters of a token that stay visible after it was shown once."""

_SHAPE: Final = re.compile(r"ACMA:[0-9A-Za-z]{40}:[0-9a-f]{8}")


class UnknownScope(Refusal):
    """There is no such access."""

    template = "Unknown scope {scope}"


class NoScopes(Refusal):
    """A key without an access opens nothing."""

    template = "scopes must not be empty (rejected value: [])"


class BadKeyName(Refusal):
    """A key's name is of 1 to 100 characters."""

    template = "name size must be between 1 and 100 (rejected value: {name})"


class KeyNameTaken(Refusal):
    """Another live key of the business has this name."""

    template = "The business has a token named {name} already"


class TooManyKeys(Refusal):
    """The business has as many keys as it may."""

    template = "A business may have {max} tokens at most"


def fault(token: str) -> str | None:
    """What is wrong with the shape of an Api-Key token, in the published words; None if nothing is."""
    if not token:
        return "Api-Key token is not specified"
    if not token.startswith(TOKEN_PREFIX):
        return "Api-Key token prefix invalid"
    if len(token) != TOKEN_LENGTH:
        return "Api-Key token length invalid"
    if not _SHAPE.fullmatch(token):
        return "Api-Key token format invalid"
    return None


def token_of(secret: str) -> str:
    """The Api-Key token around a secret of 40 letters and digits."""
    start = TOKEN_PREFIX + secret
    return f"{start}:{_checksum(start)}"


def is_ours(token: str) -> bool:
    """Whether a token of the right shape has the right checksum; if not, nobody ever issued it."""
    return token[-8:] == _checksum(token[:-9])


def scopes_of(wanted: Iterable[str]) -> frozenset[Scope]:
    """The scopes by their documented spelling. Raises UnknownScope, or NoScopes for none at all."""
    scopes = set()
    for scope in wanted:
        try:
            scopes.add(Scope(scope))
        except ValueError:
            raise UnknownScope(scope=scope) from None
    if not scopes:
        raise NoScopes
    return frozenset(scopes)


def checked_name(name: str) -> str:
    """The name, if it may be a key's. Raises BadKeyName."""
    if not 1 <= len(name) <= NAME_LENGTH_MAX:
        raise BadKeyName(name=name)
    return name


def _checksum(start: str) -> str:
    return f"{zlib.crc32(start.encode()):08x}"

"""What of a text nobody else may read: people's names, phones and addresses, the tails of codes, tokens."""

import re
from typing import Final

STARS: Final = "***"
SHOWN_MAX: Final = 16
"""Leading characters of a code that stay: of a marking code, what product it is, and not which unit."""
VALUE_MIN: Final = 4
"""Shorter values are not looked for where nobody says what they are."""

PERSONAL: Final = frozenset({
    # who somebody is
    "comment", "firstName", "fullName", "inn", "kpp", "lastName", "middleName", "notes", "organizationJurAddress",
    "organizationName", "recipient", "recipientName", "steamLink", "text",
    # how to reach him
    "email", "phone", "phoneExtension", "phones", "vehicleDescription", "vehicleNumber",
    # where he lives
    "apartment", "block", "building", "deliveryAddress", "entrance", "entryphone", "estate", "floor", "fullAddress",
    "house", "latitude", "longitude", "postcode", "street", "subway",
    # what he is given for his money
    "eacCode", "receiveBarcode", "receiveCode", "slip",
})  # fmt: skip
"""Fields that say who somebody is, where he lives, how to reach him, or how to take his parcel."""
CODES: Final = frozenset({"cis", "cisFull", "codes", "uin", "value"})
"""Fields with codes of which whoever knows all can use them."""
SENT: Final = frozenset({"code"})
"""Fields that are personal in what is sent: the courier's code (verifyOrderEac). In answers an error has one too."""


def body(text: str, *, sent: bool = False) -> tuple[str, tuple[str, ...]]:
    """A JSON text, broken or cut off or whole, with what is masked in it, and the values that were.

    `sent` says that it is a request. What it escapes without need is spelt out, so that names of fields are
    recognized, values found again where an answer repeats them, and both by who searches.
    """
    if not text:
        return "", ()
    values: list[str] = []

    def masked(found: re.Match[str]) -> str:
        name, between, value = found.groups()
        if name in CODES:
            if value[0] not in '"[':
                return found[0]
            return f'"{name}"{between}{_STRING.sub(lambda code: _without_tail(code[1], values), value)}'
        values.extend(_STRING.findall(value))
        return f'"{name}"{between}"{STARS}"'

    fields = _FIELD_SENT if sent else _FIELD
    return tokens(fields.sub(masked, _spelt_out(text))), tuple(value for value in values if len(value) >= VALUE_MIN)


def without(text: str, values: tuple[str, ...]) -> str:
    """A text without these values: an error repeats what it rejects."""
    for value in values:
        text = text.replace(value[:_REPEATED_MAX], STARS)
    return text


def tokens(text: str) -> str:
    """A text in which no token can be used."""
    for beginning, pattern in _TOKENS.items():
        if beginning in text:
            text = pattern.sub(rf"\1{STARS}", text)
    return text


def _spelt_out(text: str) -> str:
    if "\\u" not in text and "\\/" not in text:
        return text
    return _ESCAPED.sub(_unescaped, text)


def _unescaped(found: re.Match[str]) -> str:
    before, code = found.groups()
    character = chr(int(code, 16)) if code else "/"
    return f"{before}{character}" if character.isprintable() and character not in '"\\' else found[0]


def _without_tail(code: str, values: list[str]) -> str:
    values.append(code)
    # Not through the middle of an escaped character.
    head = _TORN_ESCAPE.sub("", code[: min(len(code) // 2, SHOWN_MAX)])
    return f'"{head}{STARS}"'


def _spelling(names: frozenset[str]) -> str:
    """Names as one pattern, sorted out by their first letters: most names of a body are none of them."""
    by_letter: dict[str, list[str]] = {}
    for name in sorted(names):
        by_letter.setdefault(name[0], []).append(name[1:])
    return "|".join(f"{letter}(?:{'|'.join(rests)})" for letter, rests in by_letter.items())


_REPEATED_MAX: Final = 200
"""An error repeats so much of a value."""
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"?')
_FIELD, _FIELD_SENT = (
    re.compile(rf'"({_spelling(names)})"(\s*:\s*)("(?:[^"\\]|\\.)*"?|\[[^\]]*\]?|-?\d[\d.eE+-]*)')
    for names in (PERSONAL | CODES, PERSONAL | CODES | SENT)
)
_ESCAPED: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u([0-9a-fA-F]{4})|/)")
"""An escape, behind any number of escaped backslashes."""
_TORN_ESCAPE: Final = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?$")
_TOKENS: Final = {
    "ACMA:": re.compile(r"(ACMA:[0-9A-Za-z]{0,4})[0-9A-Za-z]*(?::[0-9a-f]*)?"),
    "y0_": re.compile(r"\b(y0_)[\w-]{8,}"),
    "world-": re.compile(r"\b(world-)[\w-]{20,}"),
}
"""Tokens by what they begin with; a little more of an Api-Key is shown in lists too."""

"""Marking codes of Chestny ZNAK and ASL BELGISI: how they are written, and what the authority makes of them."""

import re
from typing import Final

from korob.domain.words import CodeStatus, CodeSubstatus

SEPARATOR: Final = "\x1d"
"""GS, which ends the serial and every other part of a code that has no fixed length."""

# The two forms of updateOrderItems, to be matched in full. `[13,]`: the published pattern has the comma too.
_WITH_TAIL: Final = re.compile(
    r"(?=.{1,256}$)\x1d?\(?01\)?(?P<gtin>\d{14})\(?21\)?(?P<serial>[!-~]{6,8}|[!-~]{13}|[!-~]{20})"
    r"(?P<tail>(\x1d\(?240\)?.{1,30})?\x1d\(?9[13,]\)?.+)",
    re.ASCII,
)
_WITHOUT_TAIL: Final = re.compile(
    r"(?=[!-~]{1,256}$)\(?01\)?(?P<gtin>\d{14})\(?21\)?(?P<serial>.{6,8}|.{13}|.{20})", re.ASCII
)
_CONTROL: Final = re.compile(r"[\x00-\x1c\x1e\x1f\x7f-\x9f]")
_NOT_OF_A_CODE: Final = re.compile(r"[^!-~\x1d]")
_BRACKETED: Final = re.compile(r"^\((\d{2,4})\)", re.ASCII)
_ELEMENT: Final = re.compile(r"(240|91|92|93|8005|3103)(.+)", re.ASCII | re.DOTALL)
_GS1_CHARACTERS: Final = re.compile(r"[0-9A-Za-z!\"%&'()*+,\-./_:;<=>?]+")
_TAIL_LENGTHS: Final = {"91": {4}, "92": {44, 88}, "93": {4}, "3103": {6}, "8005": {6}}
_TAILS: Final = ({"91", "92"}, {"93"}, {"93", "3103"})

OK: Final = (CodeStatus.OK, None)


def fault(cis: str) -> str | None:
    """Why this can't be a code in updateOrderItems and provideOrderItemIdentifiers; None if it has one of two forms."""
    return gross_fault(cis) or (None if _match(cis) else _fault_of_form(cis))


def gross_fault(cis: str) -> str | None:
    """Why this can't be a code in setOrderBoxLayout; whatever else is wrong, the authority finds."""
    if not cis.strip():
        return "the code is empty"
    if len(cis) > 256:
        return "the code is longer than 256 characters"
    if "\\u001d" in cis.lower():
        return "the separator is written as the six characters \\u001d, send the one character U+001D"
    if character := _CONTROL.search(cis):
        return f"the code has the control character U+{ord(character[0]):04X}, only U+001D is allowed"
    return None


def short_cis(cis: str) -> str:
    """The code without its tail, brackets dropped: what reads show, and what tells one code from another.

    Of a code in neither form it is what stands before the separator.
    """
    head = cis.lstrip(SEPARATOR).partition(SEPARATOR)[0]
    if head[:2] == "01" and head[16:18] == "21":
        return head
    match = _match(cis)
    return f"01{match['gtin']}21{match['serial']}" if match else head


def full_cis(cis: str) -> str | None:
    """The code with its tail, brackets dropped; None if it came without one."""
    _, *tail = cis.lstrip(SEPARATOR).split(SEPARATOR)
    if not tail:
        return None
    return SEPARATOR.join((short_cis(cis), *(_BRACKETED.sub(r"\1", element) for element in tail)))


def verdict(cis: str) -> tuple[CodeStatus, CodeSubstatus | None]:
    """What the state system says of a code by its structure alone: OK, or INVALID and why."""
    why = _invalidity(cis)
    return (CodeStatus.INVALID, why) if why else OK


def uin_verdict(uin: str) -> tuple[CodeStatus, CodeSubstatus | None]:
    """What the register of jewellery says of a UIN: OK; nobody was ever given the one of zeros only."""
    return OK if uin.strip("0") else (CodeStatus.FAILED, CodeSubstatus.UIN_NO_DATA)


def check_digit(gtin: str) -> str:
    """The last digit that the 13 before it ask for (GS1 modulo 10)."""
    weighted = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(gtin[:13]))
    return str(-weighted % 10)


def _match(cis: str) -> re.Match[str] | None:
    return _WITH_TAIL.fullmatch(cis) or _WITHOUT_TAIL.fullmatch(cis)


def _fault_of_form(cis: str) -> str:
    """The first thing, read from the left, that keeps a code out of both forms."""
    if cis.startswith("]"):
        return "the code starts with a scanner's prefix, leave it out"
    if not (head := re.match(r"\x1d?\(?01\)?\d{14}", cis, re.ASCII)):
        return "it must start with 01 and a GTIN of 14 digits"
    rest = cis[head.end() :]
    if not (after := re.match(r"\(?21\)?", rest)):
        return "21 and the serial number must follow the GTIN"
    serial, separator, tail = rest[after.end() :].partition(SEPARATOR)
    if not re.fullmatch(r"[!-~]*", serial):
        return "the serial number may hold letters, digits and signs of ASCII only, no spaces"
    if len(serial) not in {6, 7, 8, 13, 20}:
        lost = " (was the separator U+001D lost?)" if not separator and len(serial) > 8 else ""
        return f"the serial number must have 6, 7, 8, 13 or 20 characters, it has {len(serial)}{lost}"
    if separator and not re.match(r"(\(?240\)?.{1,30}\x1d)?\(?9[13]\)?.", tail):
        return "91 or 93 must follow the separator"
    return "it has neither the form with a verification part nor the one without"


def _invalidity(cis: str) -> CodeSubstatus | None:
    match = _match(cis)
    if not match:
        return _invalidity_of_form(cis)
    gtin = match["gtin"]
    if gtin[13] != check_digit(gtin):
        return CodeSubstatus.CIS_GTIN_NOT_FOUND
    _, _, tail = (full_cis(cis) or "").partition(SEPARATOR)
    if not _GS1_CHARACTERS.fullmatch(match["serial"] + tail.replace(SEPARATOR, "")):
        return CodeSubstatus.INVALID_SYMBOLS_FOUND
    return _invalidity_of_tail(tail.split(SEPARATOR)) if tail else None


def _invalidity_of_form(cis: str) -> CodeSubstatus:
    head, separator, _ = cis.lstrip(SEPARATOR).partition(SEPARATOR)
    if _NOT_OF_A_CODE.search(cis):
        return CodeSubstatus.INVALID_SYMBOLS_FOUND
    if not re.match(r"\(?01\)?\d{14}", head):
        return CodeSubstatus.CIS_GTIN_NOT_FOUND
    if not re.fullmatch(r"\(?01\)?\d{14}\(?21\)?(.{6,8}|.{13}|.{20})", head):
        return CodeSubstatus.CIS_SERIAL_NUMBER_NOT_FOUND
    return CodeSubstatus.UNSUPPORTED_AI_FOUND if separator else CodeSubstatus.CIS_VALIDATION_ERROR


def _invalidity_of_tail(elements: list[str]) -> CodeSubstatus | None:
    keys = set()
    for element in elements:
        split = _ELEMENT.fullmatch(element)
        if not split:
            return CodeSubstatus.UNSUPPORTED_AI_FOUND
        key, value = split[1], split[2]
        if key in _TAIL_LENGTHS and len(value) not in _TAIL_LENGTHS[key]:
            return CodeSubstatus.CRYPTO_TAIL_FORMAT_MISMATCH_CIS_TYPE
        keys.add(key)
    return None if keys - {"240"} in _TAILS else CodeSubstatus.CRYPTO_TAIL_FORMAT_MISMATCH_CIS_TYPE

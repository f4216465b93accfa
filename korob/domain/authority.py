"""Who checks an order's codes: an authority of the program's own, which keeps to rules, or one outside."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from korob.domain import marking, verdicts
from korob.domain.order import CodeCheck, Item, Verdict
from korob.domain.refusal import Refusal
from korob.domain.value import Value
from korob.domain.verdicts import NoSuchAnswer
from korob.domain.words import CodeStatus, CodeSubstatus, InstanceType

CHECK_TAKES: Final = timedelta(seconds=5)
"""How long the authority thinks about a code if no rule says otherwise; ours, nobody publishes it."""
RULES_MAX: Final = 1000
DELAY_MAX: Final = timedelta(days=3653)
"""Ten years, as far as a world's clock jumps at once."""
WAITS: Final = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 15, 60, 300))
"""How long an authority outside is left alone after each question in vain; the last wait again and again."""
TYPES: Final = (InstanceType.CIS, InstanceType.UIN)
"""The types of codes that are checked at all."""
SOLD: Final = {
    InstanceType.CIS: Verdict(CodeStatus.INVALID, CodeSubstatus.ITEM_SOLD),
    InstanceType.UIN: Verdict(CodeStatus.FAILED, CodeSubstatus.UIN_NO_DATA),
}
"""What is said of a code whose unit was sold before; for UINs there is no word that is nearer."""


class Rule(Value, frozen=True):
    """What is answered about the codes that it fits, and when. What it does not name fits every code."""

    type: InstanceType | None = None
    value: str | None = None
    """The whole code, with its tail or without."""
    prefix: str | None = None
    """How the code begins."""
    offer_id: str | None = None
    status: CodeStatus | None = None
    """The answer, IN_PROGRESS if there is never to be one; none: what the code's structure says."""
    substatus: CodeSubstatus | None = None
    delay: timedelta | None = CHECK_TAKES
    """How long the answer takes; none: it never comes."""


class Authority(Value, frozen=True):
    """Who is asked about the codes of a business, and by which rules an own one answers."""

    rules: tuple[Rule, ...] = ()
    """The first that fits a code holds."""
    outside: bool = False
    """Somebody else answers, whenever he likes."""
    sold: frozenset[str] = frozenset()
    """Those of the codes it is asked about that other orders have, as codes are compared."""


OWN: Final = Authority()
"""Judges every code by its structure, after a few seconds."""


def asked(
    authority: Authority, item: Item, type: InstanceType, value: str, *, is_repeated: bool = False, now: datetime
) -> CodeCheck:
    """The check of a code that is handed to the authority now: when it answers, and what, as far as that is known.

    A code that another order has, or, `is_repeated`, another position of the same, is that of goods sold already.
    """
    check = CodeCheck(item.id, type, value, CodeStatus.IN_PROGRESS, asked_at=now)
    if authority.outside:
        return check
    rule = next((rule for rule in authority.rules if _fits(rule, item, type, value)), _USUAL)
    if rule.delay is None or rule.status is CodeStatus.IN_PROGRESS:
        return check
    foretold = verdicts.verdict(type, rule.status, rule.substatus) if rule.status else None
    if foretold is None and (is_repeated or compared(type, value) in authority.sold):
        by_structure = of_structure(type, value)
        foretold = SOLD[type] if by_structure.status is CodeStatus.OK else by_structure
    return replace(check, due_at=now + rule.delay, foretold=foretold)


def compared(type: InstanceType, value: str) -> str:
    """The code as it is told from others: of a CIS the part before its tail."""
    return marking.short_cis(value) if type is InstanceType.CIS else value


def judged(check: CodeCheck) -> Verdict:
    """What the program's own authority says of a code."""
    return check.foretold or of_structure(check.type, check.value)


def of_structure(type: InstanceType, value: str) -> Verdict:
    """What the structure of a code alone says of it."""
    return Verdict(*(marking.verdict if type is InstanceType.CIS else marking.uin_verdict)(value))


def wait_after(attempts: int) -> timedelta:
    """How long to wait after one more attempt in vain, when there were so many before."""
    return WAITS[min(attempts, len(WAITS) - 1)]


def checked(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """These rules, if each of them can be kept. Raises TooManyRules and RuleWrong."""
    if len(rules) > RULES_MAX:
        raise TooManyRules(max=RULES_MAX, given=len(rules))
    for index, rule in enumerate(rules):
        if reason := _fault(rule):
            raise RuleWrong(index=index, reason=reason)
    return tuple(rules)


class TooManyRules(Refusal):
    """More rules than anybody can read."""

    template = "There can be {max} rules at most, {given} were given"


class RuleWrong(Refusal):
    """A rule that fits no code, or an answer that the authority never gives."""

    template = "rules[{index}]: {reason}"


def _fits(rule: Rule, item: Item, type: InstanceType, value: str) -> bool:
    written = {value, compared(type, value)}
    return (
        (rule.type is None or rule.type is type)
        and (rule.offer_id is None or rule.offer_id == item.offer_id)
        and (rule.value is None or rule.value in written)
        and (rule.prefix is None or any(way.startswith(rule.prefix) for way in written))
    )


def _fault(rule: Rule) -> str | None:
    """Why this can't be a rule; None if it can."""
    if rule.value is not None and rule.prefix is not None:
        return "value and prefix can't both be given"
    if rule.status is None and rule.substatus is not None:
        return f"substatus {rule.substatus} needs a status"
    if rule.delay is not None and not timedelta() <= rule.delay <= DELAY_MAX:
        return f"delay must be from PT0S to P{DELAY_MAX.days}D"
    return None if rule.status is None else _fault_of_answer(rule, rule.status)


def _fault_of_answer(rule: Rule, status: CodeStatus) -> str | None:
    types = TYPES if rule.type is None else (rule.type,)
    try:
        for type in types:
            verdicts.verdict(type, status, rule.substatus)
    except NoSuchAnswer as refusal:
        return str(refusal) if rule.type else f"{refusal}: say which type is meant"
    return None


_USUAL: Final = Rule()

from datetime import timedelta

import pytest
from msgspec.structs import replace

from korob.domain import authority, codes
from korob.domain.authority import CHECK_TAKES, OWN, Authority, Rule, RuleWrong, TooManyRules
from korob.domain.change import CodesAsked, CodesChecked
from korob.domain.order import CodeCheck, Instance, Verdict
from korob.domain.words import CodeStatus, CodeSubstatus, InstanceType, Model
from tests.examples import NOW, a_cis, a_uin, an_item, an_order

CIS, UIN = InstanceType.CIS, InstanceType.UIN
PROGRESS = CodeStatus.IN_PROGRESS
SOLD = {"status": CodeStatus.INVALID, "substatus": CodeSubstatus.ITEM_SOLD}
OUTSIDE = Authority(outside=True)
SHORT = a_cis().partition("\x1d")[0]


def checks_by(asked, *instances):
    """The checks of a position with these units."""
    order = an_order(model=Model.FBS, items=(an_item(1, count=len(instances), instances=instances),))
    return codes.given(order, by=asked, now=NOW)


def answers_by(rules, *instances):
    """What comes out in the end, however late."""
    checks = checks_by(Authority(tuple(rules)), *instances)
    order = an_order(model=Model.FBS, codes=checks)
    answered = codes.answer(order, now=NOW + authority.DELAY_MAX).order
    return [(check.status, check.substatus) for check in answered.codes]


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (Rule(), True),
        (Rule(type=CIS), True),
        (Rule(type=UIN), False),
        (Rule(value=a_cis()), True),
        (Rule(value=SHORT), True),
        (Rule(value=SHORT[:-1]), False),
        (Rule(prefix=SHORT[:16]), True),
        (Rule(prefix=a_cis()), True),
        (Rule(prefix="0204"), False),
        (Rule(offer_id="SKU-1"), True),
        (Rule(offer_id="SKU-2"), False),
        (Rule(type=CIS, offer_id="SKU-1", prefix="0104"), True),
        (Rule(type=UIN, offer_id="SKU-1", prefix="0104"), False),
    ],
)
def test_a_rule_fits_the_codes_that_are_all_it_names(rule, fits):
    outcome = answers_by([replace(rule, status=CodeStatus.FAILED)], Instance(cis=a_cis()))

    assert outcome == [(CodeStatus.FAILED, None) if fits else (CodeStatus.OK, None)]


def test_a_code_written_in_brackets_is_known_by_its_plain_form():
    outcome = answers_by([Rule(value=SHORT, **SOLD)], Instance(cis=f"(01){SHORT[2:16]}(21){SHORT[18:]}"))

    assert outcome == [(CodeStatus.INVALID, CodeSubstatus.ITEM_SOLD)]


def test_the_first_rule_that_fits_holds():
    rules = [Rule(value=a_cis(2), status=CodeStatus.FAILED), Rule(prefix="01", **SOLD), Rule(status=CodeStatus.OK)]

    outcome = answers_by(rules, Instance(cis=a_cis(1)), Instance(cis=a_cis(2)), Instance(cis="02"))

    assert outcome == [
        (CodeStatus.INVALID, CodeSubstatus.ITEM_SOLD),
        (CodeStatus.FAILED, None),
        (CodeStatus.OK, None),
    ]


@pytest.mark.parametrize("delay", [timedelta(), timedelta(minutes=30), timedelta(days=3)])
def test_the_answer_comes_after_the_delay_of_the_rule(delay):
    (check,) = checks_by(Authority((Rule(delay=delay, **SOLD),)), Instance(cis=a_cis()))

    assert check == CodeCheck(
        1,
        CIS,
        a_cis(),
        CodeStatus.IN_PROGRESS,
        due_at=NOW + delay,
        asked_at=NOW,
        foretold=Verdict(CodeStatus.INVALID, CodeSubstatus.ITEM_SOLD),
    )


@pytest.mark.parametrize("rule", [Rule(delay=None), Rule(status=CodeStatus.OK, delay=None), Rule(status=PROGRESS)])
def test_an_answer_that_never_comes_is_waited_for(rule):
    authority.checked([rule])
    order = an_order(codes=checks_by(Authority((rule,)), Instance(cis=a_cis())))

    change = codes.answer(order, now=NOW + authority.DELAY_MAX)

    assert change.order is order
    assert (order.codes[0].status, order.codes[0].due_at) == (CodeStatus.IN_PROGRESS, None)


def test_a_rule_without_an_answer_leaves_that_to_the_code():
    outcome = answers_by([Rule(delay=timedelta(hours=1))], Instance(cis=a_cis()), Instance(cis="01bad"))

    assert outcome == [(CodeStatus.OK, None), (CodeStatus.INVALID, CodeSubstatus.CIS_GTIN_NOT_FOUND)]


ANSWERS = [
    (CIS, CodeStatus.NOT_ON_VALIDATION, None),
    (CIS, CodeStatus.OK, None),
    (CIS, CodeStatus.FAILED, None),
    *[(CIS, CodeStatus.INVALID, one) for one in CodeSubstatus if not one.startswith("UIN_")],
    (UIN, CodeStatus.NOT_ON_VALIDATION, None),
    (UIN, CodeStatus.OK, None),
    *[(UIN, CodeStatus.FAILED, one) for one in CodeSubstatus if one.startswith("UIN_")],
]


@pytest.mark.parametrize(("type", "status", "substatus"), ANSWERS)
def test_a_rule_can_say_all_that_an_authority_says(type, status, substatus):
    rule = Rule(type=type, status=status, substatus=substatus)
    unit = Instance(cis=a_cis()) if type is CIS else Instance(uin=a_uin())

    assert authority.checked([rule]) == (rule,)
    assert answers_by([rule], unit) == [(status, substatus)]


@pytest.mark.parametrize("type", [CIS, UIN])
def test_a_bad_answer_without_a_reason_has_the_usual_one(type):
    rule = Rule(status=CodeStatus.FAILED)
    unit = Instance(cis=a_cis()) if type is CIS else Instance(uin=a_uin())

    authority.checked([rule])

    assert answers_by([rule], unit) == [(CodeStatus.FAILED, CodeSubstatus.UIN_NO_DATA if type is UIN else None)]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (Rule(value="1", prefix="1"), "value and prefix can't both be given"),
        (Rule(substatus=CodeSubstatus.ITEM_SOLD), "substatus ITEM_SOLD needs a status"),
        (Rule(type=UIN, status=CodeStatus.INVALID), "The authority never answers INVALID about a UIN"),
        (Rule(**SOLD), "The authority never answers INVALID ITEM_SOLD about a UIN: say which type is meant"),
        (
            Rule(type=UIN, status=CodeStatus.FAILED, substatus=CodeSubstatus.ITEM_SOLD),
            "The authority never answers FAILED ITEM_SOLD about a UIN",
        ),
        (
            Rule(type=CIS, status=CodeStatus.OK, substatus=CodeSubstatus.ITEM_SOLD),
            "The authority never answers OK ITEM_SOLD about a CIS",
        ),
        (Rule(delay=timedelta(microseconds=-1)), "delay must be from PT0S to P3653D"),
        (Rule(delay=timedelta(days=3654)), "delay must be from PT0S to P3653D"),
    ],
)
def test_a_rule_that_can_not_be_kept_is_refused(rule, why):
    with pytest.raises(RuleWrong) as refused:
        authority.checked([Rule(), rule])

    assert str(refused.value) == f"rules[1]: {why}"


@pytest.mark.parametrize(
    "rule", [Rule(value="1"), Rule(prefix="1"), Rule(delay=timedelta(days=3653)), Rule(delay=None)]
)
def test_a_rule_names_codes_in_one_way_and_waits_up_to_ten_years_or_for_ever(rule):
    assert authority.checked([rule]) == (rule,)


def test_a_thousand_rules_are_enough():
    assert len(authority.checked([Rule()] * 1000)) == 1000
    with pytest.raises(TooManyRules):
        authority.checked([Rule()] * 1001)


def test_without_rules_a_code_is_judged_by_its_structure_after_five_seconds():
    (check,) = checks_by(OWN, Instance(cis=a_cis()))

    assert (check.due_at, check.foretold) == (NOW + CHECK_TAKES, None)


class TestOutside:
    """An authority that answers when it likes."""

    def test_nobody_knows_when_the_answer_comes(self):
        (check,) = checks_by(OUTSIDE, Instance(cis=a_cis()))

        assert check == CodeCheck(1, CIS, a_cis(), CodeStatus.IN_PROGRESS, asked_at=NOW)
        assert codes.is_asked_outside(check)

    def test_what_it_is_asked_anew_is_told_once(self):
        items = (an_item(1, count=2, instances=(Instance(cis=a_cis(1)), Instance(cis=a_cis(2)))),)
        before = an_order(model=Model.FBS, items=items)
        checks = codes.given(before, by=OUTSIDE, now=NOW)
        after = replace(before, codes=checks)

        assert codes.asked(before, checks, OUTSIDE) == (CodesAsked(2),)
        assert codes.asked(after, codes.given(after, by=OUTSIDE, now=NOW), OUTSIDE) == ()

    def test_what_it_says_is_heard_while_somebody_waits_for_it(self):
        order = an_order(model=Model.FBS, codes=checks_by(OUTSIDE, Instance(cis=a_cis(1)), Instance(cis=a_cis(2))))
        sold = Verdict(CodeStatus.INVALID, CodeSubstatus.ITEM_SOLD)
        later = NOW + timedelta(minutes=1)

        heard = codes.hear(order, {(1, CIS, a_cis(1)): sold, (1, CIS, a_cis(3)): sold}, now=later)
        again = codes.hear(heard.order, {(1, CIS, a_cis(1)): Verdict(CodeStatus.OK)}, now=later)

        assert [check.status for check in heard.order.codes] == [CodeStatus.INVALID, CodeStatus.IN_PROGRESS]
        assert heard.events == (CodesChecked(1),)
        assert again.order is heard.order

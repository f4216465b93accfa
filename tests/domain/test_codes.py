from datetime import timedelta

import pytest
from msgspec.structs import replace

from korob.domain import codes
from korob.domain.authority import CHECK_TAKES
from korob.domain.change import CodesChecked
from korob.domain.codes import Lack, Missing
from korob.domain.order import CodeCheck, Instance
from korob.domain.words import Actor, CodeStatus, CodeSubstatus, InstanceType, Model
from tests.examples import NOW, a_business_buyer, a_cis, a_uin, an_item, an_order

CIS, CIS_OPTIONAL, UIN = InstanceType.CIS, InstanceType.CIS_OPTIONAL, InstanceType.UIN


def marked(item_id, *values, count=None, needs=(CIS,)):
    instances = tuple(Instance(cis=value) for value in values)
    return an_item(item_id, count=count or len(values), required_instance_types=needs, instances=instances)


def jewellery(item_id, *values, count=None):
    instances = tuple(Instance(uin=value) for value in values)
    return an_item(item_id, count=count or len(values), required_instance_types=(UIN,), instances=instances)


def checked(order, now=NOW):
    return replace(order, codes=codes.given(order, now=now))


def answered(order):
    return codes.answer(checked(order), now=NOW + CHECK_TAKES).order


@pytest.mark.parametrize("model", [Model.FBS, Model.EXPRESS])
def test_a_code_is_sent_to_the_authority_at_once(model):
    order = an_order(model=model, items=(marked(1, a_cis()),))

    assert codes.given(order, now=NOW) == (
        CodeCheck(1, CIS, a_cis(), CodeStatus.IN_PROGRESS, due_at=NOW + timedelta(seconds=5), asked_at=NOW),
    )


def test_a_code_of_a_seller_who_delivers_himself_is_kept_and_not_checked():
    order = an_order(model=Model.DBS, items=(marked(1, a_cis()),))

    assert codes.given(order, now=NOW) == (CodeCheck(1, CIS, a_cis(), CodeStatus.NOT_ON_VALIDATION),)


@pytest.mark.parametrize("model", [Model.FBS, Model.EXPRESS, Model.DBS])
def test_jewellery_is_checked_when_every_piece_of_the_order_has_its_uin(model):
    one_without = an_order(model=model, items=(jewellery(1, a_uin(1)), jewellery(2, a_uin(2), count=2)))
    complete = an_order(model=model, items=(jewellery(1, a_uin(1)), jewellery(2, a_uin(2), a_uin(3))))

    assert {check.status for check in codes.given(one_without, now=NOW)} == {CodeStatus.NOT_ON_VALIDATION}
    assert {check.status for check in codes.given(complete, now=NOW)} == {CodeStatus.IN_PROGRESS}
    assert [check.value for check in codes.given(complete, now=NOW)] == [a_uin(1), a_uin(2), a_uin(3)]


def test_one_code_on_two_positions_is_good_for_the_first_only():
    order = answered(an_order(model=Model.FBS, items=(marked(1, a_cis(1)), marked(2, a_cis(1, tail=""), a_cis(2)))))

    assert [(check.item_id, check.status, check.substatus) for check in order.codes] == [
        (1, CodeStatus.OK, None),
        (2, CodeStatus.INVALID, CodeSubstatus.ITEM_SOLD),
        (2, CodeStatus.OK, None),
    ]


def test_a_code_that_can_not_be_is_not_called_sold():
    order = answered(an_order(model=Model.FBS, items=(marked(1, "x" * 30), marked(2, "x" * 30))))

    assert [check.substatus for check in order.codes] == [CodeSubstatus.CIS_GTIN_NOT_FOUND] * 2


def test_uins_that_waited_for_the_last_one_are_sent_with_it():
    waiting = checked(an_order(items=(jewellery(1, a_uin(1), count=2),)))

    complete = replace(waiting, items=(jewellery(1, a_uin(1), a_uin(2)),))

    assert {check.due_at for check in codes.given(complete, now=NOW)} == {NOW + CHECK_TAKES}


def test_a_batch_number_is_nobody_elses_business():
    order = an_order(model=Model.FBS, items=(an_item(1, instances=(Instance(rnpt="1/2/3/4"),)),))

    assert codes.given(order, now=NOW) == ()


def test_an_answer_already_had_and_a_question_already_asked_stay():
    good, bad, asked = a_cis(1), a_cis(2), a_cis(3)
    invalid = CodeSubstatus.ITEM_SOLD
    known = (
        CodeCheck(1, CIS, good, CodeStatus.OK),
        CodeCheck(1, CIS, bad, CodeStatus.INVALID, invalid),
        CodeCheck(1, CIS, asked, CodeStatus.IN_PROGRESS, due_at=NOW),
    )
    order = an_order(model=Model.FBS, items=(marked(1, good, bad, asked),), codes=known)

    assert codes.given(order, now=NOW + timedelta(seconds=1)) == known


def test_a_code_that_could_not_be_checked_is_asked_about_again():
    order = an_order(
        model=Model.FBS, items=(marked(1, a_cis()),), codes=(CodeCheck(1, CIS, a_cis(), CodeStatus.FAILED),)
    )

    (check,) = codes.given(order, now=NOW)

    assert (check.status, check.due_at) == (CodeStatus.IN_PROGRESS, NOW + CHECK_TAKES)


def test_a_code_taken_off_the_order_is_no_longer_checked():
    order = checked(an_order(model=Model.FBS, items=(marked(1, a_cis(1), a_cis(2)),)))

    order = replace(order, items=(marked(1, a_cis(2)),))

    assert [check.value for check in codes.given(order, now=NOW)] == [a_cis(2)]


def test_the_authority_answers_five_seconds_later_and_once():
    order = checked(an_order(model=Model.FBS, items=(marked(1, a_cis(1), "01bad"),)))
    due_at = NOW + CHECK_TAKES

    early = codes.answer(order, now=due_at - timedelta(microseconds=1))
    change = codes.answer(order, now=due_at)

    assert early.order is order
    assert change.order.codes == (
        CodeCheck(1, CIS, a_cis(1), CodeStatus.OK, asked_at=NOW),
        CodeCheck(1, CIS, "01bad", CodeStatus.INVALID, CodeSubstatus.CIS_GTIN_NOT_FOUND, asked_at=NOW),
    )
    assert (change.actor, change.events, change.order.updated_at) == (Actor.AUTHORITY, (CodesChecked(2),), due_at)
    assert codes.answer(change.order, now=due_at).order is change.order


def test_a_uin_that_nobody_has_fails():
    order = answered(an_order(items=(jewellery(1, "0" * 16, a_uin(1)),)))

    assert [(check.status, check.substatus) for check in order.codes] == [
        (CodeStatus.FAILED, CodeSubstatus.UIN_NO_DATA),
        (CodeStatus.OK, None),
    ]


@pytest.mark.parametrize("model", [Model.FBS, Model.EXPRESS, Model.DBS])
def test_jewellery_holds_an_order_back_until_its_uins_are_given_and_good(model):
    without = an_order(model=model, items=(jewellery(1, a_uin(1), count=3), an_item(2)))
    waiting = an_order(model=model, items=(jewellery(1, a_uin(1), a_uin(2)), an_item(2)))
    bad = an_order(model=model, items=(jewellery(1, a_uin(1), "0" * 16), an_item(2)))

    assert Missing(1, UIN, Lack.NOT_GIVEN, 2) in codes.missing(checked(without))
    assert codes.missing(checked(waiting)) == (Missing(1, UIN, Lack.IN_PROGRESS, 2),)
    assert codes.missing(answered(bad)) == (Missing(1, UIN, Lack.FAILED, 1),)
    assert codes.missing(answered(waiting)) == ()


@pytest.mark.parametrize("model", [Model.FBS, Model.EXPRESS])
def test_a_mandatory_cis_holds_an_order_back_until_it_is_given_and_good(model):
    without = an_order(model=model, items=(marked(1, count=2),))
    waiting = an_order(model=model, items=(marked(1, a_cis(1), a_cis(2)),))
    bad = an_order(model=model, items=(marked(1, a_cis(1), "01bad"),))

    assert codes.missing(checked(without)) == (Missing(1, CIS, Lack.NOT_GIVEN, 2),)
    assert codes.missing(checked(waiting)) == (Missing(1, CIS, Lack.IN_PROGRESS, 2),)
    assert codes.missing(answered(bad)) == (Missing(1, CIS, Lack.FAILED, 1),)
    assert codes.missing(answered(waiting)) == ()


def test_a_mandatory_cis_that_nobody_checks_need_only_be_given():
    without = an_order(model=Model.DBS, items=(marked(1, a_cis(1), count=2),))
    given = an_order(model=Model.DBS, items=(marked(1, a_cis(1), a_cis(2)),))

    assert codes.missing(checked(without)) == (Missing(1, CIS, Lack.NOT_GIVEN, 1),)
    assert codes.missing(checked(given)) == ()


def test_an_optional_cis_holds_back_the_order_of_a_business_only():
    items = (marked(1, count=1, needs=(CIS_OPTIONAL,)),)

    assert codes.missing(an_order(model=Model.FBS, items=items)) == ()
    assert codes.missing(an_order(model=Model.FBS, items=items, buyer=a_business_buyer())) == (
        Missing(1, CIS, Lack.NOT_GIVEN, 1),
    )


def test_a_bad_code_that_was_not_needed_holds_nothing_back():
    order = an_order(model=Model.FBS, items=(marked(1, "01bad", needs=(CIS_OPTIONAL,)),))

    assert codes.missing(answered(order)) == ()

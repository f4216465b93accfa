import pytest
from msgspec.structs import replace

from korob.domain import identifiers
from korob.domain.change import CodesGiven
from korob.domain.composition import ActionNotAllowed, ItemNotFound
from korob.domain.identifiers import Identified
from korob.domain.instances import CisRepeated, InvalidCis, TooFewCises, TooManyCises
from korob.domain.items import ItemRepeated
from korob.domain.order import Box, BoxItem, Instance
from korob.domain.words import Actor, CodeStatus, InstanceType, Status, Substatus
from tests.examples import NOW, a_business_buyer, a_cis, an_item, an_order


def marks(*numbers):
    return tuple(Instance(cis=a_cis(number)) for number in numbers)


def give(order, *identified):
    return identifiers.give(order, identified, now=NOW)


def test_a_seller_tells_the_codes_of_one_position_and_the_other_keeps_its_own():
    order = an_order(items=(an_item(1, count=2), an_item(2, instances=marks(9))))

    change = give(order, Identified(1, marks(1, 2)))

    assert [item.instances for item in change.order.items] == [marks(1, 2), marks(9)]
    assert [(check.value, check.status) for check in change.order.codes] == [
        (a_cis(number), CodeStatus.NOT_ON_VALIDATION) for number in (1, 2, 9)
    ]
    assert (change.actor, change.act, change.events) == (Actor.SELLER, "GIVE_CODES", (CodesGiven(2),))


def test_codes_told_again_change_nothing_and_others_replace_them():
    order = give(an_order(), Identified(1, marks(1, 2))).order

    assert give(order, Identified(1, marks(1, 2))).order is order
    assert give(order, Identified(1, marks(3))).order.items[0].instances == marks(3)


def test_the_boxes_stay_and_forget_the_codes_that_were_replaced():
    box = Box(5, (BoxItem(1, full_count=2, instances=marks(1)), BoxItem(2, full_count=1, instances=marks(2))))

    change = give(replace(an_order(), boxes=(box,)), Identified(1, marks(3)))

    assert change.order.boxes == (Box(5, (BoxItem(1, full_count=2), BoxItem(2, full_count=1, instances=marks(2)))),)
    assert change.events == (CodesGiven(1),)


@pytest.mark.parametrize(
    ("identified", "refusal"),
    [
        ([Identified(3, marks(1))], ItemNotFound),
        ([Identified(1, marks(1)), Identified(1, marks(2))], ItemRepeated),
        ([Identified(1, marks(1, 2, 3))], TooManyCises),
        ([Identified(1, marks(1, 1))], CisRepeated),
        ([Identified(1, (Instance(cis="01046000AB34567821xyz12!"),))], InvalidCis),
    ],
)
def test_codes_that_fit_no_unit_are_refused(identified, refusal):
    with pytest.raises(refusal):
        give(an_order(), *identified)


def test_a_business_is_told_the_code_of_each_marked_unit():
    marked = an_item(1, count=2, required_instance_types=(InstanceType.CIS,))
    order = an_order(items=(marked,), buyer=a_business_buyer())

    assert give(order, Identified(1, marks(1, 2))).order.items[0].instances == marks(1, 2)
    with pytest.raises(TooFewCises):
        give(order, Identified(1, marks(1)))


@pytest.mark.parametrize(
    ("status", "substatus"), [(Status.PROCESSING, Substatus.READY_TO_SHIP), (Status.CANCELLED, None)]
)
def test_codes_are_told_while_the_order_is_being_packed_only(status, substatus):
    with pytest.raises(ActionNotAllowed):
        give(an_order(status, substatus), Identified(1, marks(1, 2)))

import pytest
from msgspec.structs import replace

from korob.domain import boxes, codes
from korob.domain.authority import CHECK_TAKES
from korob.domain.boxes import InvalidLayout, WantedBox
from korob.domain.change import BoxesPacked, CodesGiven, ItemsRemoved, Movement
from korob.domain.composition import (
    ActionNotAllowed,
    ChangeAfterReadyToShip,
    ItemNotFound,
    ItemsAdded,
    OnlyProduct,
    PromoProhibitsRemoval,
    RemovalAboveThreshold,
)
from korob.domain.instances import CisRepeated, InvalidCis, InvalidUin, TooFewCises, TooManyCises
from korob.domain.order import Box, BoxItem, Instance, Part
from korob.domain.words import Actor, CodeStatus, CodeSubstatus, InstanceType, Model, Status, Substatus
from tests.examples import NOW, a_business_buyer, a_cis, a_gift, an_item, an_order

FRESH_IDS = range(900_001, 900_100)


def pack(order, *wanted, allow_remove=False, box_ids=FRESH_IDS):
    return boxes.pack(order, wanted, allow_remove=allow_remove, box_ids=box_ids, now=NOW)


def a_box(*entries):
    return WantedBox(entries)


def whole(item_id, count, *codes):
    return BoxItem(item_id, full_count=count, instances=tuple(Instance(cis=code) for code in codes))


def part(item_id, current, total, *codes):
    return BoxItem(item_id, part=Part(current, total), instances=tuple(Instance(cis=code) for code in codes))


def box_ids(change):
    return [box.id for box in change.order.boxes]


def an_fbs_order(*items, **more):
    return an_order(model=Model.FBS, **({"items": items} if items else {}), **more)


def test_an_order_travels_in_one_box():
    order = an_fbs_order()

    change = pack(order, a_box(whole(1, 2), whole(2, 1)))

    assert change.order.boxes == (Box(order.first_box_id, (whole(1, 2), whole(2, 1))),)
    assert (change.actor, change.act, change.events, change.stock) == (
        Actor.SELLER,
        "PACK_BOXES",
        (BoxesPacked(1),),
        (),
    )
    assert change.order.items == order.items
    assert change.order.updated_at == NOW


def test_identical_units_may_travel_in_boxes_of_their_own():
    change = pack(an_fbs_order(), a_box(whole(1, 1)), a_box(whole(2, 1), whole(1, 1)))

    assert box_ids(change) == [900_001, 900_002]
    assert change.events == (BoxesPacked(2),)


# The three layouts that the documentation shows, with codes of our own.


def test_marked_and_unmarked_goods_share_a_box():
    order = an_fbs_order(an_item(11, count=3), an_item(12))
    odd = "0104600XYZ1234AB21987654!\x1dxY7z"

    change = pack(order, a_box(whole(11, 3, a_cis(1), odd, "01046000a1Bc2345678z!\x1dqwe123"), whole(12, 1)))

    assert [instance.cis for instance in change.order.items[0].instances] == [
        a_cis(1),
        odd,
        "01046000a1Bc2345678z!\x1dqwe123",
    ]
    assert change.order.items[1].instances == ()
    assert change.events == (BoxesPacked(1), CodesGiven(3))


def test_a_unit_travels_in_two_boxes_with_its_code_on_both():
    order = an_fbs_order(an_item(11))

    change = pack(order, a_box(part(11, 1, 2, a_cis(1))), a_box(part(11, 2, 2, a_cis(1))))

    assert change.order.items[0].instances == (Instance(cis=a_cis(1)),)
    assert [check.value for check in change.order.codes] == [a_cis(1)]


def test_two_units_travel_in_two_boxes_each_all_four_with_one_code():
    order = an_fbs_order(an_item(11, count=2))
    first, second = a_box(part(11, 1, 2, a_cis(1))), a_box(part(11, 2, 2, a_cis(1)))

    change = pack(order, first, second, first, second)

    assert len(change.order.boxes) == 4
    assert change.order.items[0].instances == (Instance(cis=a_cis(1)),) * 2
    assert [check.value for check in change.order.codes] == [a_cis(1)]


def test_two_units_travel_in_two_boxes_each_with_codes_of_their_own():
    order = an_fbs_order(an_item(11, count=2))
    of_each_box = [(1, a_cis(1)), (1, a_cis(2)), (2, a_cis(2)), (2, a_cis(1))]

    change = pack(order, *(a_box(part(11, current, 2, code)) for current, code in of_each_box))

    assert change.order.items[0].instances == (Instance(cis=a_cis(1)), Instance(cis=a_cis(2)))


def test_of_identical_units_some_may_travel_whole_and_some_in_parts():
    order = an_fbs_order(an_item(11, count=2))

    change = pack(
        order, a_box(part(11, 2, 2, a_cis(2))), a_box(whole(11, 1, a_cis(1))), a_box(part(11, 1, 2, a_cis(2)))
    )

    assert change.order.items[0].instances == (Instance(cis=a_cis(1)), Instance(cis=a_cis(2)))


@pytest.mark.parametrize(
    ("layout", "violation"),
    [
        ([], "there are no boxes"),
        ([a_box()], "box 1 is empty"),
        ([a_box(BoxItem(1))], "box 1, item 1: fullCount or partialCount is required"),
        ([a_box(BoxItem(1, full_count=1, part=Part(1, 2)))], "box 1, item 1: fullCount and partialCount exclude"),
        ([a_box(whole(1, 0))], "box 1, item 1: fullCount must be at least 1"),
        ([a_box(whole(1, -1))], "box 1, item 1: fullCount must be at least 1"),
        ([a_box(part(2, 1, 1))], "box 1, item 2: total must be at least 2"),
        ([a_box(part(2, 0, 2))], "box 1, item 2: current must be between 1 and total"),
        ([a_box(part(2, 3, 2))], "box 1, item 2: current must be between 1 and total"),
        ([a_box(whole(1, 1), whole(1, 1))], "box 1 names item 1 more than once"),
        ([a_box(whole(1, 2), part(2, 1, 2))], "box 1 holds whole items and parts"),
        ([a_box(part(1, 1, 2), part(2, 1, 2))], "box 1 holds parts of several items"),
        ([a_box(part(2, 1, 2))], "item 2: units split into 2 parts: 1, some parts are in no box"),
        ([a_box(part(2, 1, 2)), a_box(part(2, 1, 2))], "item 2: units split into 2 parts: 2, some"),
        ([a_box(part(2, n, 3)) for n in (1, 2, 3, 1)], "item 2: units split into 3 parts: 2, some"),
        ([a_box(part(1, 1, 2)), a_box(part(1, 2, 3))], "item 1 is split into 2 and into 3 parts"),
        ([a_box(part(2, 1, 2, a_cis(1))), a_box(part(2, 2, 2))], "item 2: each box with a part of a unit must repeat"),
        (
            [a_box(part(2, 1, 2, a_cis(1))), a_box(part(2, 2, 2, a_cis(2)))],
            "item 2: each box with a part of a unit must repeat",
        ),
    ],
)
def test_a_layout_that_can_not_be_packed_is_refused(layout, violation):
    with pytest.raises(InvalidLayout) as refusal:
        pack(an_fbs_order(), *layout, allow_remove=True)

    assert str(refusal.value).startswith(f"Invalid order boxes layout request. Violations: {violation}")


def test_all_that_is_wrong_with_a_layout_is_said_at_once():
    with pytest.raises(InvalidLayout) as refusal:
        pack(an_fbs_order(), a_box(), a_box(whole(1, 2), whole(1, 1)), a_box(part(2, 1, 2)))

    assert refusal.value.facts["violations"].split("; ") == [
        "box 1 is empty",
        "box 2 names item 1 more than once",
        "item 2: units split into 2 parts: 1, some parts are in no box",
    ]


@pytest.mark.parametrize("substatus", [Substatus.READY_TO_SHIP, Substatus.SHIPPED])
def test_an_assembled_order_keeps_its_boxes(substatus):
    with pytest.raises(ChangeAfterReadyToShip):
        pack(an_fbs_order(status=Status.PROCESSING, substatus=substatus), a_box(whole(1, 2), whole(2, 1)))


def test_a_cancelled_order_can_not_be_packed():
    with pytest.raises(ActionNotAllowed) as refusal:
        pack(an_fbs_order(status=Status.CANCELLED), a_box(whole(1, 2), whole(2, 1)))

    assert (
        str(refusal.value)
        == "Action is not allowed for order 50000000001 with status CANCELLED and substatus SHOP_FAILED"
    )


def test_what_is_in_no_box_leaves_the_order_if_the_seller_allows_it():
    layout = [a_box(whole(1, 1), whole(2, 1))]

    change = pack(an_fbs_order(), *layout, allow_remove=True)

    assert {item.id: item.count for item in change.order.items} == {1: 1, 2: 1}
    assert change.events == (ItemsRemoved({1: 1}, None), BoxesPacked(1))
    assert change.stock == (Movement("SKU-1", -1),)
    with pytest.raises(InvalidLayout) as refusal:
        pack(an_fbs_order(), *layout, allow_remove=False)
    assert str(refusal.value).endswith("Violations: item 1: units in no box: 1, and allowRemove is not set")


def test_a_whole_position_in_no_box_leaves_the_order_if_the_seller_allows_it():
    change = pack(an_fbs_order(), a_box(whole(1, 2)), allow_remove=True)

    assert [item.id for item in change.order.items] == [1]
    assert [(gone.item_id, gone.count) for gone in change.order.removed] == [(2, 1)]


def test_a_split_unit_in_no_box_leaves_the_order_too():
    change = pack(an_fbs_order(), a_box(part(1, 1, 2)), a_box(part(1, 2, 2)), a_box(whole(2, 1)), allow_remove=True)

    assert {item.id: item.count for item in change.order.items} == {1: 1, 2: 1}


@pytest.mark.parametrize(
    ("items", "layout", "refusal"),
    [
        ((an_item(1, count=2),), [a_box(whole(1, 1))], OnlyProduct),
        ((an_item(1), a_gift(2)), [a_box(whole(1, 1))], PromoProhibitsRemoval),
        ((an_item(1, price=99), an_item(2, price=1)), [a_box(whole(2, 1))], RemovalAboveThreshold),
        ((an_item(1), an_item(2)), [a_box(whole(1, 1), whole(2, 1), whole(3, 1))], ItemNotFound),
        ((an_item(1), an_item(2)), [a_box(whole(1, 2), whole(2, 1))], ItemsAdded),
        ((an_item(1), an_item(2)), [a_box(whole(1, 1), whole(2, 1)), a_box(whole(1, 1))], ItemsAdded),
        (
            (an_item(1), an_item(2)),
            [a_box(whole(1, 1), whole(2, 1)), a_box(part(1, 1, 2)), a_box(part(1, 2, 2))],
            ItemsAdded,
        ),
    ],
)
@pytest.mark.parametrize("model", [Model.FBS, Model.EXPRESS, Model.DBS])
def test_a_layout_can_not_take_out_or_put_in_what_must_not_go_or_come(items, layout, refusal, model):
    with pytest.raises(refusal):
        pack(an_order(model=model, items=items), *layout, allow_remove=True)


def test_a_box_keeps_its_id_while_its_goods_and_place_stay_the_same():
    order = pack(an_fbs_order(), a_box(whole(1, 1)), a_box(whole(1, 1), whole(2, 1))).order

    change = pack(order, a_box(whole(1, 1)), a_box(whole(1, 1)), a_box(whole(2, 1)), box_ids=range(7, 10))

    assert box_ids(change) == [900_001, 7, 8]


def test_a_code_put_right_does_not_make_another_box():
    order = pack(an_fbs_order(), a_box(whole(1, 2, a_cis(1)), whole(2, 1))).order

    change = pack(order, a_box(whole(2, 1), whole(1, 2, a_cis(2))), box_ids=[7])

    assert change.order.boxes == (Box(order.boxes[0].id, (whole(2, 1), whole(1, 2, a_cis(2)))),)
    assert change.order.items[0].instances == (Instance(cis=a_cis(2)),)


def test_the_same_layout_again_changes_nothing():
    layout = [a_box(whole(1, 2, a_cis(1))), a_box(part(2, 1, 2)), a_box(part(2, 2, 2))]
    order = pack(an_fbs_order(), *layout).order

    assert pack(order, *layout, box_ids=[7, 8, 9]).order is order


def test_a_layout_without_codes_takes_back_the_codes_given_before():
    order = pack(an_fbs_order(), a_box(whole(1, 2, a_cis(1), a_cis(2)), whole(2, 1))).order

    change = pack(order, a_box(whole(1, 2), whole(2, 1)))

    assert (change.order.items[0].instances, change.order.codes) == ((), ())


def test_codes_of_some_units_only_are_taken_from_a_person():
    change = pack(an_fbs_order(), a_box(whole(1, 2, a_cis(1)), whole(2, 1)))

    assert change.order.items[0].instances == (Instance(cis=a_cis(1)),)


def test_marked_goods_for_a_business_are_packed_with_a_code_for_each_unit():
    marked = an_item(1, count=2, required_instance_types=(InstanceType.CIS,))
    order = an_fbs_order(marked, an_item(2), buyer=a_business_buyer())

    assert pack(order, a_box(whole(1, 2, a_cis(1), a_cis(2)), whole(2, 1))).order.items[0].instances
    for layout in ([a_box(whole(1, 2, a_cis(1)), whole(2, 1))], [a_box(whole(1, 2), whole(2, 1))]):
        with pytest.raises(TooFewCises):
            pack(order, *layout)


@pytest.mark.parametrize(
    ("layout", "refusal"),
    [
        ([a_box(whole(1, 2, a_cis(1), a_cis(2), a_cis(3)), whole(2, 1))], TooManyCises),
        ([a_box(whole(1, 2)), *(a_box(part(2, n, 2, a_cis(1), a_cis(2))) for n in (1, 2))], TooManyCises),
        ([a_box(whole(1, 2, a_cis(1), a_cis(1)), whole(2, 1))], CisRepeated),
        ([a_box(whole(1, 1, a_cis(1)), whole(2, 1)), a_box(whole(1, 1, a_cis(1)))], CisRepeated),
        (
            [a_box(whole(1, 1, a_cis(1)), whole(2, 1)), *(a_box(part(1, n, 2, a_cis(1))) for n in (1, 2))],
            CisRepeated,
        ),
        ([a_box(whole(1, 2, "a\\u001db"), whole(2, 1))], InvalidCis),
        ([a_box(whole(1, 2, " "), whole(2, 1))], InvalidCis),
        ([a_box(BoxItem(1, full_count=2, instances=(Instance(uin="12"),)), whole(2, 1))], InvalidUin),
    ],
)
def test_codes_that_can_not_be_are_refused(layout, refusal):
    with pytest.raises(refusal):
        pack(an_fbs_order(), *layout)


def test_a_code_with_its_separator_spelt_out_is_told_so():
    with pytest.raises(InvalidCis) as refusal:
        pack(an_fbs_order(), a_box(whole(1, 2, "0104600012345678215\\u001d93dGVz"), whole(2, 1)))

    assert "for item with id = 1 for reason: the separator is written as the six characters" in str(refusal.value)


def test_an_odd_code_is_packed_and_found_invalid_afterwards():
    order = pack(an_fbs_order(), a_box(whole(1, 2, "0104600AB234567821abc!\x1d93dGVz"), whole(2, 1))).order

    answered = codes_answered(order)

    assert (answered.status, answered.substatus) == (CodeStatus.INVALID, CodeSubstatus.CIS_GTIN_NOT_FOUND)


def codes_answered(order):
    (check,) = codes.answer(order, now=NOW + CHECK_TAKES).order.codes
    return check


def test_a_position_removed_before_is_no_longer_there_to_pack():
    order = pack(an_fbs_order(), a_box(whole(1, 2)), allow_remove=True).order

    with pytest.raises(ItemNotFound):
        pack(order, a_box(whole(1, 2), whole(2, 1)))


def test_an_order_that_never_showed_a_box_gets_fresh_ones():
    order = replace(an_fbs_order(), first_box_id=None)

    assert box_ids(pack(order, a_box(whole(1, 2), whole(2, 1)))) == [900_001]

"""Boxes that are only counted."""

import pytest
from msgspec.structs import replace

from korob.domain import boxes, counting
from korob.domain.boxes import WantedBox
from korob.domain.change import BoxesPacked, Change
from korob.domain.counting import ClosedAlready, TooManyBoxes
from korob.domain.order import Box, BoxItem, Order
from korob.domain.words import Actor, Status, Substatus
from tests.examples import NOW, an_order

FIRST = 800_000_001
FRESH = tuple(range(1, 1001))


def count(order: Order, boxes: int) -> Change:
    return counting.count_boxes(order, boxes, box_ids=FRESH, now=NOW)


def laid_out(*box_ids: int) -> Order:
    goods = (BoxItem(1, full_count=2), BoxItem(2, full_count=1))
    return replace(an_order(), boxes=tuple(Box(id, (entry,)) for id, entry in zip(box_ids, goods, strict=True)))


def test_a_seller_says_that_an_order_has_three_boxes() -> None:
    change = count(an_order(), 3)

    assert counting.ids(change.order) == (FIRST, 1, 2)
    assert (change.actor, change.act, change.events) == (Actor.SELLER, "COUNT_BOXES", (BoxesPacked(3),))
    assert change.order.updated_at == NOW


def test_one_box_is_what_every_order_begins_with() -> None:
    order = an_order()

    assert counting.ids(order) == (FIRST,)
    assert count(order, 1).order is order


def test_boxes_at_their_old_places_keep_their_ids() -> None:
    three = count(an_order(), 3).order

    assert counting.ids(count(three, 2).order) == (FIRST, 1)
    assert count(three, 3).order is three


def test_a_layout_of_as_many_boxes_stays_and_another_gives_way() -> None:
    order = laid_out(51, 52)

    assert count(order, 2).order is order
    change = count(order, 3)
    assert (change.order.boxes, counting.ids(change.order)) == ((), (51, 52, 1))


def test_a_layout_takes_the_place_of_a_count() -> None:
    counted = count(an_order(), 3).order

    packed = boxes.pack(
        counted,
        [WantedBox((BoxItem(1, full_count=2),)), WantedBox((BoxItem(2, full_count=1),))],
        allow_remove=False,
        box_ids=[71, 72],
        now=NOW,
    ).order

    assert (packed.counted_boxes, counting.ids(packed)) == ((), (71, 72))


def test_an_order_without_a_first_box_has_none_yet() -> None:
    order = replace(an_order(), first_box_id=None)

    assert counting.ids(order) == ()
    assert counting.ids(count(order, 2).order) == (1, 2)


def test_a_thousand_boxes_are_enough() -> None:
    assert len(counting.ids(count(an_order(), 1000).order)) == 1000
    with pytest.raises(TooManyBoxes) as no:
        count(an_order(), 1001)

    assert str(no.value) == "An order can't have 1001 boxes, the limit is 1000"


@pytest.mark.parametrize(
    ("status", "substatus"),
    [
        (Status.PROCESSING, Substatus.READY_TO_SHIP),
        (Status.PROCESSING, Substatus.SHIPPED),
        (Status.UNPAID, Substatus.WAITING_USER_INPUT),
        (Status.CANCELLED, Substatus.SHOP_FAILED),
    ],
)
def test_boxes_are_counted_while_the_order_is_being_packed_only(status: Status, substatus: Substatus) -> None:
    order = an_order(status, substatus)

    with pytest.raises(ClosedAlready) as no:
        count(order, 2)

    assert str(no.value) == f"You could not change boxes for order {order.id} in this status {status} ({substatus})"

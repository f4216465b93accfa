"""Whatever is taken out and however it is packed: no money is lost, nothing grows, and saying it twice says it once."""

from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from korob.domain import boxes, items, layout, refunds, totals
from korob.domain.boxes import WantedBox
from korob.domain.items import Wanted
from korob.domain.order import BoxItem, Instance, Part
from korob.domain.refusal import Refusal
from korob.domain.words import Model, PaymentMethod, PaymentType, SubsidyType
from tests.examples import NOW, a_cis, a_delivery, a_subsidy, an_item, an_order

QUICK = settings(max_examples=50)
FRESH_IDS = range(1, 1000)
AMOUNTS = st.integers(0, 10**8).map(lambda tenths_of_a_kopeck: Decimal(tenths_of_a_kopeck) / 1000)


@st.composite
def orders(draw):
    """Paid orders of one to four positions, with odd prices, rewards and a delivery price."""
    subsidy = st.builds(a_subsidy, AMOUNTS, st.sampled_from([SubsidyType.SUBSIDY, SubsidyType.YANDEX_CASHBACK]))
    positions = tuple(
        an_item(
            number,
            count=draw(st.integers(1, 5)),
            price=draw(AMOUNTS),
            subsidies=tuple(draw(st.lists(subsidy, max_size=2))),
        )
        for number in range(1, draw(st.integers(1, 4)) + 1)
    )
    return an_order(
        model=draw(st.sampled_from([Model.FBS, Model.DBS])),
        items=positions,
        payment_type=PaymentType.PREPAID,
        payment_method=draw(st.sampled_from([PaymentMethod.YANDEX, PaymentMethod.APPLE_PAY])),
        delivery=a_delivery(price=draw(AMOUNTS), subsidy=draw(AMOUNTS)),
    )


@st.composite
def layouts(draw, order):
    """Boxes that hold some or all units of an order, whole or in parts, with codes on some."""
    packed: list[WantedBox] = []
    shared: list[BoxItem] = []
    for item in order.items:
        codes = iter([Instance(cis=a_cis(item.id * 1000 + number)) for number in range(item.count)])
        marked = draw(st.booleans())
        total = draw(st.integers(2, 3))
        whole = draw(st.integers(0, item.count))
        for _ in range(draw(st.integers(0, item.count - whole))):
            code = (next(codes),) if marked else ()
            packed += [WantedBox((BoxItem(item.id, part=Part(n, total), instances=code),)) for n in range(1, total + 1)]
        if whole:
            of_units = tuple(next(codes) for _ in range(whole)) if marked else ()
            shared.append(BoxItem(item.id, full_count=whole, instances=of_units))
    packed += (
        [WantedBox((entry,)) for entry in shared] if draw(st.booleans()) else [WantedBox(tuple(shared))] * bool(shared)
    )
    assume(packed)
    return draw(st.permutations(packed))


def wishes(order):
    counts = st.tuples(*(st.integers(0, item.count) for item in order.items))
    return counts.map(lambda wanted: [Wanted(item.id, n) for item, n in zip(order.items, wanted, strict=True)])


def accepted(rule, *args, **more):
    """What the rule decided; requests that it refuses teach nothing here."""
    try:
        return rule(*args, **more, now=NOW)
    except Refusal:
        assume(False)


def holds_together(before, after):
    """Sums are those of the parts, nothing is negative, nothing grew, and no kopeck is lost."""
    sums, was = totals.of(after), totals.of(before)
    assert sums.items_total == sum(item.payment for item in sums.items)
    assert sums.buyer_total == sums.items_total + sums.delivery_total
    assert sum(subsidy.amount for subsidy in sums.subsidies) == sums.subsidy + sums.delivery_subsidy
    amounts = (sums.items_total, sums.buyer_total, sums.buyer_total_before_discount, sums.cashback, sums.subsidy)
    assert min(*amounts, *(refund.amount for refund in after.refunds), Decimal(0)) == 0
    counts = {item.id: item.count for item in before.items}
    assert all(0 < item.count <= counts[item.id] for item in after.items)
    assert all(len(item.instances) <= item.count for item in after.items)
    assert sums.buyer_total + given_back(after) == was.buyer_total + given_back(before)
    assert given_back(after) == sum(refund.amount for refund in after.refunds if refund.reason == "REMOVED")


def given_back(order):
    return sum((refund.amount for refund in order.refunds), Decimal(0))


@QUICK
@given(st.data())
def test_taking_units_out_step_by_step_keeps_every_kopeck_accounted_for(data):
    order = first = data.draw(orders())
    for wanted in data.draw(st.lists(wishes(order), min_size=1, max_size=4)):
        try:
            change = items.reduce(order, wanted, reason=None, now=NOW)
        except Refusal:
            continue
        holds_together(order, change.order)
        taken = {item.id: item.count for item in order.items}
        for item in change.order.items:
            taken[item.id] -= item.count
        assert {moved.offer_id: moved.count for moved in change.stock} == {
            f"SKU-{item_id}": -count for item_id, count in taken.items() if count
        }
        order = change.order

    everything = refunds.cancelled(order, now=NOW)

    assert sum(refund.amount for refund in everything) == totals.of(first).buyer_total


@QUICK
@given(st.data())
def test_any_packing_keeps_every_kopeck_and_every_unit(data):
    order = data.draw(orders())
    wanted = data.draw(layouts(order))

    change = accepted(boxes.pack, order, wanted, allow_remove=True, box_ids=FRESH_IDS)

    holds_together(order, change.order)
    assert {item.id: item.count for item in change.order.items} == {
        item_id: load.units for item_id, load in layout.loads(wanted).items()
    }
    assert [box.items for box in change.order.boxes] == [box.items for box in wanted]
    assert len({box.id for box in change.order.boxes}) == len(wanted)


@QUICK
@given(st.data())
def test_packing_twice_is_packing_once(data):
    order = data.draw(orders())
    wanted = data.draw(layouts(order))
    once = accepted(boxes.pack, order, wanted, allow_remove=True, box_ids=FRESH_IDS).order

    twice = boxes.pack(once, wanted, allow_remove=data.draw(st.booleans()), box_ids=range(2000, 3000), now=NOW)

    assert twice.order is once
    assert twice.events == ()


@QUICK
@given(st.data())
def test_boxes_that_stay_where_they_are_keep_their_ids(data):
    order = data.draw(orders())
    wanted = data.draw(layouts(order))
    once = accepted(boxes.pack, order, wanted, allow_remove=True, box_ids=FRESH_IDS).order
    shuffled = data.draw(st.permutations(wanted))

    twice = boxes.pack(once, shuffled, allow_remove=False, box_ids=range(2000, 3000), now=NOW).order

    for place, (before, after) in enumerate(zip(once.boxes, twice.boxes, strict=True)):
        assert (before.id == after.id) == (goods(wanted[place]) == goods(shuffled[place]))


def goods(box):
    return [(entry.id, entry.full_count, entry.part) for entry in box.items]

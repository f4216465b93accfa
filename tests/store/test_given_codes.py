"""Who is given a code that another order has: of all who are given it at once, one has it."""

import asyncio
import itertools
from collections import Counter

from korob.actions.give_codes import give_codes
from korob.domain.authority import CHECK_TAKES, OWN
from korob.domain.identifiers import Identified
from korob.domain.order import Instance
from korob.domain.words import CodeStatus, InstanceType, Model
from tests.examples import NOW, a_cis, a_uin, an_item
from tests.store.door import a_business, place, versions

LATER = NOW + CHECK_TAKES
NUMBERS = itertools.count(70_000_000_001)


async def place_boots(orders, business, *items):
    return await place(orders, business, id=next(NUMBERS), model=Model.FBS, items=items or (an_item(),))


async def give(orders, key, *codes, now=NOW):
    given = [Identified(1, tuple(Instance(cis=code) for code in codes))]
    return await give_codes(orders, key, given, authority=OWN, now=now)


async def verdicts(orders, key, *, now=LATER):
    """What the authority said of each code."""
    order = await orders.read(key, now=now)
    return {check.value: check.status for check in order.codes}


async def test_of_orders_that_are_given_a_code_at_once_in_two_processes_exactly_one_has_a_good_one(orders, others):
    business = a_business()
    keys = [await place_boots(orders, business) for _ in range(30)]
    codes = [a_cis(number // 3) for number in range(30)]

    await asyncio.gather(
        *(
            give((orders, others)[number % 2], key, code)
            for number, (key, code) in enumerate(zip(keys, codes, strict=True))
        )
    )

    found = [await verdicts(orders, key) for key in keys]
    good = Counter(code for answer in found for code, status in answer.items() if status is CodeStatus.OK)
    assert good == Counter({a_cis(number): 1 for number in range(10)})
    assert sum(CodeStatus.INVALID in answer.values() for answer in found) == 20


async def test_who_decided_before_the_other_had_written_decides_anew(orders, others, shared_database):
    business = a_business()
    first, second = [await place_boots(orders, business) for _ in range(2)]
    save = others._writer._write_together

    async def too_late(*given):
        others._writer._write_together = save
        await give(orders, first, a_cis(1))
        return await save(*given)

    others._writer._write_together = too_late
    await give(others, second, a_cis(1))

    assert await verdicts(orders, first) == {a_cis(1): CodeStatus.OK}
    assert await verdicts(orders, second) == {a_cis(1): CodeStatus.INVALID}
    assert await versions(shared_database, second) == [1, 2, 3]


async def test_one_order_that_claims_in_vain_keeps_no_neighbour_of_its_batch_from_being_saved(orders):
    business = a_business()
    had, *keys = [await place_boots(orders, business) for _ in range(5)]
    await give(orders, had, a_cis(0))
    batches = []
    orders.saves.sizes = batches.append

    await asyncio.gather(*(give(orders, key, a_cis(number)) for number, key in enumerate(keys)))

    assert batches == [4, 1]
    assert [list((await verdicts(orders, key)).values()) for key in keys] == [
        [CodeStatus.INVALID],
        *[[CodeStatus.OK]] * 3,
    ]


async def test_a_code_that_was_found_sold_takes_nothing_from_the_next_order(orders):
    business = a_business()
    first, second, third = [await place_boots(orders, business) for _ in range(3)]
    await give(orders, first, a_cis(1))
    await give(orders, second, a_cis(1))
    assert await verdicts(orders, second) == {a_cis(1): CodeStatus.INVALID}

    await give(orders, first, a_cis(2), now=LATER)
    await give(orders, third, a_cis(1), now=LATER)

    assert await verdicts(orders, third, now=LATER + CHECK_TAKES) == {a_cis(1): CodeStatus.OK}


async def test_a_code_that_was_found_sold_is_found_so_again_when_codes_of_other_positions_are_given(orders):
    business, rings = a_business(), [an_item(number, required_instance_types=(InstanceType.UIN,)) for number in (1, 2)]
    first, second = await place_boots(orders, business, rings[0]), await place_boots(orders, business, *rings)
    await give_uin(orders, first, 1, a_uin(1))
    await give_uin(orders, second, 1, a_uin(1))

    await give_uin(orders, second, 2, a_uin(2))
    found = await verdicts(orders, second)
    await give_uin(orders, second, 2, a_uin(3), now=LATER)
    found_again = await verdicts(orders, second, now=LATER + CHECK_TAKES)

    assert found == {a_uin(1): CodeStatus.FAILED, a_uin(2): CodeStatus.OK}
    assert found_again == {a_uin(1): CodeStatus.FAILED, a_uin(3): CodeStatus.OK}


async def give_uin(orders, key, item_id, code, *, now=NOW):
    await give_codes(orders, key, [Identified(item_id, (Instance(uin=code),))], authority=OWN, now=now)

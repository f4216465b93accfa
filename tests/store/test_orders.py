"""The one door to orders: what is decided is kept, whole, once, and in turn."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from korob.domain.change import Change, Movement, Noted, OperationEnded, OperationStarted
from korob.domain.order import FORMAT
from korob.domain.refusal import Refusal
from korob.domain.words import Actor, OperationStatus, OperationType, PaymentType, Status, Substatus
from korob.store.orders import ClockMovedError, IdTakenError, NewerFormatError, OrderNotFound, TooBusyError
from tests.examples import NOW, an_order
from tests.store.door import column, note, place, table, told, versions


class TooLate(Refusal):
    template = "Too late for order {order}"


def refuse(order, now):
    raise TooLate(order=order.id)


@pytest.fixture
def database(shared_database):
    return shared_database


async def test_an_order_that_was_placed_is_read_back_as_it_was(orders, others):
    key = await place(orders)

    assert await orders.read(key, now=NOW) == an_order(business_id=key.business_id)
    assert await others.read(key, now=NOW) == an_order(business_id=key.business_id)


async def test_a_change_is_returned_and_read_back_by_this_process_and_by_others(orders, others):
    key = await place(orders)

    changed = await orders.change(key, note("a"), now=NOW)

    assert (changed.notes, changed.updated_at) == ("a", NOW)
    assert await orders.read(key, now=NOW) == changed
    assert await others.read(key, now=NOW) == changed


async def test_what_another_process_changed_is_seen_although_the_order_is_remembered(orders, others):
    key = await place(orders)
    await orders.read(key, now=NOW)

    await others.change(key, note("from there"), now=NOW)

    assert (await orders.read(key, now=NOW)).notes == "from there"


async def test_every_change_is_one_version_and_one_row_of_history(orders, database):
    key = await place(orders)

    for letter in "abc":
        await orders.change(key, note(letter), now=NOW)

    assert await versions(database, key) == [1, 2, 3, 4]
    assert await table(
        database,
        "SELECT version, actor, act, at, h.status, h.substatus, events "
        "FROM history h JOIN orders o USING (business_id, order_id, version) WHERE business_id = $1",
        key.business_id,
    ) == [(4, "SELLER", "NOTE", NOW, "PROCESSING", "STARTED", b'[{"what": "c", "event": "Noted"}]')]


async def test_notices_and_movements_of_stock_are_written_with_the_change(orders, database):
    key = await place(orders)

    def release(order, now):
        changed = replace(order, updated_at=now)
        return Change(changed, Actor.SELLER, "RELEASE", now, (Noted("one"), Noted("two")), (Movement("SKU-1", -2),))

    await orders.change(key, release, now=NOW)

    assert await told(database, key) == [(1, "OrderPlaced"), (2, "Noted"), (2, "Noted")]
    assert await table(
        database,
        "SELECT version, campaign_id, offer_id, held FROM stock_movements WHERE business_id = $1",
        key.business_id,
    ) == [(2, key.campaign_id, "SKU-1", -2)]


async def test_an_operation_is_a_row_of_its_own_that_ends_with_the_change_that_ends_it(orders, database):
    key = await place(orders)

    def with_event(event):
        return lambda order, now: Change(replace(order, updated_at=now), Actor.SELLER, "UPDATE", now, (event,))

    kind = OperationType.ORDER_RECIPIENT_UPDATE
    operations = database, "SELECT id, type, status FROM operations WHERE business_id = $1", key.business_id
    await orders.change(key, with_event(OperationStarted("7", kind)), now=NOW)
    before = await table(*operations)
    await orders.change(key, with_event(OperationEnded("7", kind, OperationStatus.DONE)), now=NOW)

    assert before == [("7", "ORDER_RECIPIENT_UPDATE", "IN_PROGRESS")]
    assert await table(*operations) == [("7", "ORDER_RECIPIENT_UPDATE", "DONE")]


async def test_a_refusal_reaches_the_one_who_asked_and_nothing_is_written(orders, database):
    key = await place(orders)

    with pytest.raises(TooLate, match=r"^Too late for order 50000000001$"):
        await orders.change(key, refuse, now=NOW)

    assert await versions(database, key) == [1]
    assert await orders.read(key, now=NOW) == an_order(business_id=key.business_id)


async def test_a_decision_to_leave_the_order_as_it_is_writes_nothing(orders, database):
    key = await place(orders)

    same = await orders.change(key, lambda order, now: Change(order, Actor.SELLER, "NOTE", now), now=NOW)

    assert same == an_order(business_id=key.business_id)
    assert await versions(database, key) == [1]


async def test_an_unknown_order_and_another_campaigns_order_are_refused_alike(orders, database):
    key = await place(orders)
    foreign = key._replace(campaign_id=key.campaign_id + 1)
    unknown = foreign._replace(order_id=key.order_id + 1)
    texts = {}

    for name, wrong in (("foreign", foreign), ("unknown", unknown)):
        with pytest.raises(OrderNotFound) as reading:
            await orders.read(wrong, now=NOW)
        with pytest.raises(OrderNotFound) as changing:
            await orders.change(wrong, note("a"), now=NOW)
        texts[name] = {str(reading.value), str(changing.value)}

    assert texts == {
        "foreign": {"Order not found: partnerId = 1002, orderId = 50000000001"},
        "unknown": {"Order not found: partnerId = 1002, orderId = 50000000002"},
    }
    assert await versions(database, key) == [1]


async def test_another_businesss_order_of_the_same_number_is_another_order(orders):
    key = await place(orders)
    other = await place(orders, campaign_id=1002)

    await orders.change(other, note("theirs"), now=NOW)

    assert (await orders.read(key, now=NOW)).notes is None
    assert (await orders.read(other, now=NOW)).notes == "theirs"


async def test_an_id_that_is_taken_is_not_given_to_a_second_order(orders, database):
    key = await place(orders)

    with pytest.raises(IdTakenError):
        await place(orders, key.business_id, notes="another one")

    assert (await orders.read(key, now=NOW)).notes is None
    assert await versions(database, key) == [1]
    assert await told(database, key) == [(1, "OrderPlaced")]


async def test_an_order_of_a_world_made_anew_is_not_taken_for_the_one_before(orders, others, database):
    key = await place(orders, notes="old ")
    await others.read(key, now=NOW)
    async with database.connection() as connection:
        await connection.execute("DELETE FROM businesses WHERE id = $1", key.business_id)
        await connection.execute("DELETE FROM history WHERE business_id = $1", key.business_id)
    orders.forget_business(key.business_id)
    await place(orders, key.business_id, notes="new ")

    changed = await others.change(key, note("b"), now=NOW)

    assert changed.notes == "new b"
    assert await orders.read(key, now=NOW) == changed


async def test_two_processes_that_change_one_order_at_once_both_get_their_way(orders, others, database):
    key = await place(orders)
    await orders.read(key, now=NOW)
    await others.read(key, now=NOW)

    await asyncio.gather(
        *(orders.change(key, note("a"), now=NOW) for _ in range(20)),
        *(others.change(key, note("b"), now=NOW) for _ in range(20)),
    )

    notes = (await orders.read(key, now=NOW)).notes
    assert (notes.count("a"), notes.count("b")) == (20, 20)
    assert await versions(database, key) == list(range(1, 42))


async def test_whoever_loses_a_race_decides_anew_on_what_the_winner_left(orders, others, database):
    key = await place(orders)
    seen = []

    async def overtaken():
        # The rule is asked before the save; in between the other process is quicker, once.
        loop = asyncio.get_running_loop()
        quicker = None

        def decide(order, now):
            nonlocal quicker
            seen.append(order.notes)
            if quicker is None:
                quicker = loop.create_task(others.change(key, note("first"), now=NOW))
            return note(" second")(order, now)

        load = orders.saves.ask
        orders.saves.ask = lambda save: _after(quicker, lambda: load(save))
        return await orders.change(key, decide, now=NOW)

    changed = await overtaken()

    assert seen == [None, "first"]
    assert changed.notes == "first second"
    assert await versions(database, key) == [1, 2, 3]


async def _after(task, ask):
    await task
    return await ask()


async def test_whoever_loses_every_race_is_asked_to_come_again_and_nothing_of_his_is_kept(orders, others, database):
    key = await place(orders)
    ask = orders.saves.ask

    async def always_late(save):
        await others.change(key, note("b"), now=NOW)
        return await ask(save)

    orders.saves.ask = always_late

    with pytest.raises(TooBusyError):
        await orders.change(key, note("a"), now=NOW)

    assert set((await others.read(key, now=NOW)).notes) == {"b"}


async def test_what_is_due_happens_first_and_at_its_own_moment(orders, database):
    key = await place(orders, status=Status.UNPAID, payment_type=PaymentType.PREPAID, since=NOW, updated_at=NOW)
    seen = []

    def look(order, now):
        seen.append((order.status, order.substatus, now))
        return note("a")(order, now)

    await orders.change(key, look, now=NOW + timedelta(hours=3))

    assert seen == [(Status.CANCELLED, Substatus.USER_NOT_PAID, NOW + timedelta(hours=3))]
    assert await table(
        database,
        "SELECT version, at, actor, substatus FROM history WHERE business_id = $1 AND version > 1 ORDER BY version",
        key.business_id,
    ) == [
        (2, NOW + timedelta(minutes=30), "CLOCK", "USER_NOT_PAID"),
        (3, NOW + timedelta(hours=3), "SELLER", "USER_NOT_PAID"),
    ]


async def test_who_only_reads_finds_done_what_is_due(orders, others, database):
    key = await place(orders, status=Status.UNPAID, payment_type=PaymentType.PREPAID, since=NOW, updated_at=NOW)

    early = await orders.read(key, now=NOW + timedelta(minutes=30) - timedelta(microseconds=1))
    in_time = await orders.read(key, now=NOW + timedelta(minutes=30))

    assert (early.status, in_time.status) == (Status.UNPAID, Status.CANCELLED)
    assert await others.read(key, now=NOW + timedelta(minutes=30)) == in_time
    assert await versions(database, key) == [1, 2]


async def test_what_was_due_stays_done_when_the_request_itself_is_refused(orders, others, database):
    key = await place(orders, status=Status.UNPAID, payment_type=PaymentType.PREPAID, since=NOW, updated_at=NOW)

    with pytest.raises(TooLate):
        await orders.change(key, refuse, now=NOW + timedelta(hours=1))

    assert await versions(database, key) == [1, 2]
    [(_, placed), *cancelled] = await told(database, key)
    assert placed == "OrderPlaced"
    assert (2, "OrderCancelled") in cancelled
    assert (await others.read(key, now=NOW)).status is Status.CANCELLED


async def test_settling_an_order_that_waits_for_nothing_is_no_error(orders, database):
    key = await place(orders)

    assert await orders.settle(key, now=NOW) == 0
    assert await versions(database, key) == [1]


async def test_a_due_order_settled_by_two_processes_at_once_is_settled_once(orders, others, database):
    key = await place(orders, status=Status.UNPAID, payment_type=PaymentType.PREPAID, since=NOW, updated_at=NOW)
    later = NOW + timedelta(hours=1)

    settled = await asyncio.gather(*(door.settle(key, now=later) for door in (orders, others) for _ in range(5)))

    assert sorted(settled) == [0] * 9 + [1]
    assert await versions(database, key) == [1, 2]


async def test_time_does_not_run_backwards_for_an_order(orders, database):
    key = await place(orders)
    await orders.change(key, note("a"), now=NOW)

    late = await orders.change(key, note("b"), now=NOW - timedelta(seconds=5))

    assert late.updated_at == NOW
    assert await column(database, "SELECT at FROM history WHERE business_id = $1 AND version = 3", key.business_id) == [
        NOW
    ]


async def test_whoever_read_a_clock_that_was_set_since_must_read_it_again(orders, database):
    key = await place(orders)
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO worlds (business_id, seed, epoch, token_hash) VALUES ($1, 1, 3, sha256('one'))",
            key.business_id,
        )

    for asked in (
        orders.read(key._replace(epoch=2), now=NOW),
        orders.change(key._replace(epoch=2), note("a"), now=NOW),
    ):
        with pytest.raises(ClockMovedError):
            await asked
    changed = await orders.change(key._replace(epoch=3), note("b"), now=NOW)

    assert changed.notes == "b"
    assert await versions(database, key) == [1, 2]


async def test_an_order_written_by_a_newer_node_is_read_but_not_written_over(orders, database):
    key = await place(orders)
    async with database.connection() as connection:
        await connection.execute(
            """UPDATE orders SET format = $2, version = 2, body = body || '{"novelty": [1]}' WHERE business_id = $1""",
            key.business_id,
            FORMAT + 1,
        )

    read = await orders.read(key, now=NOW)
    with pytest.raises(NewerFormatError):
        await orders.change(key, note("a"), now=NOW)

    assert read == an_order(business_id=key.business_id)
    assert await table(
        database,
        "SELECT version, body -> 'novelty', body -> 'notes' FROM orders WHERE business_id = $1",
        key.business_id,
    ) == [(2, b"[1]", None)]


async def test_an_order_that_this_node_cannot_read_spoils_nobody_elses_reading(orders, others, database):
    good = await place(orders)
    newer = await place(orders)
    spoilt = await place(orders)
    async with database.connection() as connection:
        for key, form in ((newer, FORMAT + 1), (spoilt, FORMAT)):
            await connection.execute(
                """UPDATE orders SET format = $2, body = body || '{"status": "BEAMED_OVER"}' WHERE business_id = $1""",
                key.business_id,
                form,
            )

    answers = await asyncio.gather(
        *(others.read(key, now=NOW) for key in (spoilt, good, newer)), return_exceptions=True
    )

    assert answers[1] == an_order(business_id=good.business_id)
    assert isinstance(answers[2], NewerFormatError)
    assert "BEAMED_OVER" in str(answers[0])

"""Many asking at once, one statement: who asks together is answered together, each with what is his."""

import asyncio

import pytest

from korob.store.batches import Batches


class Counter:
    """Somebody behind the counter who serves batches only when let."""

    def __init__(self):
        self.batches = []
        self.lanes = []
        self.doors = []

    async def run(self, questions, lane):
        door = asyncio.get_running_loop().create_future()
        self.batches.append(list(questions))
        self.lanes.append(lane)
        self.doors.append(door)
        await door
        return [ValueError(question) if question < 0 else question * 10 for question in questions]

    async def serve(self):
        """Let everybody through until nobody waits."""
        while self.doors:
            self.doors.pop(0).set_result(None)
            for _ in range(3):
                await asyncio.sleep(0)


@pytest.fixture
def counter():
    return Counter()


async def arrive():
    """A turn of the loop, and one for the task to start."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_who_asks_in_the_same_turn_goes_in_one_batch(counter):
    batches = Batches(counter.run)

    asked = [batches.ask(number) for number in (1, 2, 3)]
    await arrive()
    await counter.serve()

    assert counter.batches == [[1, 2, 3]]
    assert await asyncio.gather(*asked) == [10, 20, 30]


async def test_who_asks_while_all_lanes_are_away_goes_with_the_next_batch(counter):
    batches = Batches(counter.run, lanes=2)

    asked = []
    for group in ([1], [2, 3], [4, 5], [6]):
        asked += [batches.ask(number) for number in group]
        await arrive()
    assert counter.batches == [[1], [2, 3]]
    await counter.serve()

    assert counter.batches == [[1], [2, 3], [4, 5, 6]]
    assert sorted(counter.lanes[:2]) == [0, 1]
    assert await asyncio.gather(*asked) == [10, 20, 30, 40, 50, 60]


async def test_no_batch_is_larger_than_wanted_and_nobody_overtakes(counter):
    batches = Batches(counter.run, lanes=1, most=2)

    asked = [batches.ask(number) for number in range(5)]
    await arrive()
    await counter.serve()

    assert counter.batches == [[0, 1], [2, 3], [4]]
    assert await asyncio.gather(*asked) == [0, 10, 20, 30, 40]


async def test_each_gets_the_exception_that_is_his(counter):
    batches = Batches(counter.run)

    asked = [batches.ask(number) for number in (1, -2, 3)]
    await arrive()
    await counter.serve()
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert (answers[0], repr(answers[1]), answers[2]) == (10, "ValueError(-2)", 30)


async def test_when_a_whole_batch_fails_all_of_it_are_told_and_the_lane_is_free_again():
    calls = []

    async def run(questions, lane):
        calls.append(list(questions))
        if len(calls) == 1:
            raise OSError("gone")
        return questions

    batches = Batches(run, lanes=1)

    failed = await asyncio.gather(batches.ask(1), batches.ask(2), return_exceptions=True)

    assert [repr(answer) for answer in failed] == ["OSError('gone')"] * 2
    assert await batches.ask(3) == 3
    assert calls == [[1, 2], [3]]


async def test_who_gives_up_before_the_batch_leaves_is_not_in_it(counter):
    batches = Batches(counter.run, lanes=1)
    first = batches.ask(1)
    await arrive()
    gives_up, stays = batches.ask(2), batches.ask(3)

    gives_up.cancel()
    await counter.serve()

    assert counter.batches == [[1], [3]]
    assert (await first, await stays) == (10, 30)


async def test_who_gives_up_while_the_batch_is_away_does_not_disturb_the_others(counter):
    batches = Batches(counter.run)
    gives_up, stays = batches.ask(1), batches.ask(2)
    await arrive()

    gives_up.cancel()
    await counter.serve()

    assert await stays == 20


async def test_the_size_of_each_batch_is_told(counter):
    batches = Batches(counter.run, lanes=1, most=2)
    sizes = []
    batches.sizes = sizes.append

    asked = [batches.ask(number) for number in range(3)]
    await arrive()
    await counter.serve()
    await asyncio.gather(*asked)

    assert sizes == [2, 1]

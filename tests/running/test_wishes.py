"""A wish to end never breaks into work with the database."""

import asyncio
import signal

import pytest

from korob.running import wishes


@pytest.fixture(autouse=True)
def end():
    """A handler that ends the program at once, wherever it is."""

    def end(number, frame):
        raise SystemExit(number)

    before = signal.signal(signal.SIGTERM, end)
    yield end
    signal.signal(signal.SIGTERM, before)


def test_who_is_asked_to_end_puts_his_work_in_order_first(end):
    done = []

    async def work():
        try:
            signal.raise_signal(signal.SIGTERM)
            done.append("was not broken off")
            await asyncio.sleep(60)
        finally:
            done.append("put in order")

    with pytest.raises(SystemExit) as ended:
        wishes.run(work())

    assert ended.value.code == signal.SIGTERM
    assert done == ["was not broken off", "put in order"]
    assert signal.getsignal(signal.SIGTERM) is end


def test_without_a_wish_it_is_plain_work(end):
    async def work():
        return 7

    assert wishes.run(work()) == 7
    assert signal.getsignal(signal.SIGTERM) is end


def test_what_is_cancelled_for_another_reason_stays_that():
    async def work():
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        wishes.run(work())

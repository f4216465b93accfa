"""`korob listen`: a world's notifications for a program on this machine."""

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager

import pytest

from korob.notifications import listen
from korob.running import commands, knocking
from tests.notifications import receiver as receivers
from tests.notifications.conftest import ORDER
from tests.patience import enough


@pytest.fixture
def listening(client, world, receiver):
    """Have a world's notifications sent on to the receiver; what was, and a way to wait until it has looked again."""

    @asynccontextmanager
    async def listening(*types, from_start=False):
        answered, passed = asyncio.Queue(), []

        async def ask(after):
            path = f"/sandbox/v1/worlds/{world['id']}/notifications"
            answer = (await client.get(path, params={"after": after})).json()["notifications"]
            answered.put_nowait(answer)
            return answer

        async def looked_again():
            while not answered.empty():
                answered.get_nowait()
            for _ in range(3):
                await answered.get()

        task = asyncio.create_task(
            listen.listen(ask, receiver.url, tell=passed.append, types=frozenset(types), from_start=from_start)
        )
        await answered.get()
        yield passed, looked_again
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    return listening


async def test_what_happens_from_now_on_is_sent_on_once(listening, place, receiver, advance):
    await place()
    async with listening() as (passed, looked_again):
        orders = [await place(paymentType="PREPAID") for _ in range(3)]
        await advance("PT30M")
        await receiver.until(6)
        await looked_again()

    assert [(one.type, one.body["orderId"]) for one in receiver.told] == [
        *(("ORDER_CREATED", order_id) for order_id in orders),
        *(("ORDER_CANCELLED", order_id) for order_id in orders),
    ]
    assert {one.attempt.status for one in passed} == {200}
    assert next(iter(receiver.told[0].body)) == "notificationType"


async def test_what_happened_before_too_if_asked_for(listening, place, receiver):
    order_id = await place()

    async with listening(from_start=True):
        await receiver.until(1)

    assert [one.body["orderId"] for one in receiver.told] == [order_id]


async def test_it_comes_under_the_trace_of_the_call_that_caused_it(listening, operator, dbs, receiver):
    trace = "7be1f0d2c8a94f3395d6e4b1a2c07d58"
    async with listening():
        await operator.post(
            f"/operator/v1/campaigns/{dbs}/orders",
            json=ORDER,
            headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"},
        )
        await receiver.until(1)

    assert receiver.told[0].headers["traceparent"].split("-")[1] == trace


async def test_only_of_the_types_asked_for(listening, place, receiver, advance):
    async with listening("ORDER_CANCELLED"):
        await place(paymentType="PREPAID")
        await advance("PT30M")
        await receiver.until(1)

    assert receiver.types == ["ORDER_CANCELLED"]


async def test_a_failure_is_told_and_not_tried_again(listening, place, receiver):
    receiver.next = [receivers.answer(500)]
    async with listening() as (passed, looked_again):
        await place()
        await place()
        await receiver.until(2)
        await looked_again()

    assert [one.attempt.status for one in passed] == [500, 200]
    assert len(receiver.told) == 2


async def test_a_sandbox_that_ends_is_waited_for(receiver, monkeypatch, capsys):
    gone = commands.SandboxGoneError("nobody answers")
    told = {"id": 1, "type": "ORDER_CREATED", "at": "2026-03-02T09:00:00Z", "trace": "5" * 32, "body": {"orderId": 7}}
    told["body"]["notificationType"] = "ORDER_CREATED"
    answers = [{"notifications": []}, gone, gone, {"notifications": [told]}]

    def ask_sandbox(settings, base, verb, path):
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer is gone:
            raise answer
        return answer

    monkeypatch.setattr(knocking.commands, "ask_sandbox", ask_sandbox)
    monkeypatch.setattr(knocking, "AGAIN_SECONDS", 0.01)
    listening = asyncio.create_task(
        knocking.pass_on(None, "http://here", 1, receiver.url, types=frozenset(), from_start=False)
    )
    await receiver.until(1)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)

    assert [one.body["orderId"] for one in receiver.told] == [7]
    assert capsys.readouterr().out.count("nobody answers. Waiting for it") == 1


def test_a_type_that_there_is_not_is_no_silence():
    ran = subprocess.run(
        [sys.executable, "-m", "korob", "listen", "--forward", "http://localhost:3000", "--type", "ORDER_CANCELED"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "there is no type ORDER_CANCELED" in ran.stderr


async def test_a_failure_takes_one_line(receiver, monkeypatch, capsys):
    told = {"id": 1, "type": "ORDER_CREATED", "at": "2026-03-02T09:00:00Z", "trace": "5" * 32}
    told["body"] = {"notificationType": "ORDER_CREATED", "orderId": 7}
    asked = iter([[], [told]])
    monkeypatch.setattr(commands, "ask_sandbox", lambda *_: {"notifications": next(asked, [])})
    receiver.always = receivers.answer(404, "<html>\n<h1>Not here</h1>\n</html>")

    task = asyncio.create_task(
        knocking.pass_on(None, "http://127.0.0.1:8080", 1, receiver.url, types=frozenset(), from_start=False)
    )
    said = ""
    async with enough():
        while "\n" not in said:
            await asyncio.sleep(0.01)
            said += capsys.readouterr().out
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    (line,) = (said + capsys.readouterr().out).splitlines()
    assert line.startswith("2026-03-02T09:00:00Z ORDER_CREATED 7 CANT_GET_RESPONSE HTTP 404 in ")
    assert line.endswith(" ms: <html> <h1>Not here</h1> </html>")

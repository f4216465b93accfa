"""What `korob check-handler` says of handlers, good and bad."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from xml.etree.ElementTree import fromstring

import pytest

from korob.domain.notification import NotificationType
from korob.notifications import handler_check, junit, signature
from korob.notifications.handler_check import Grade
from tests.notifications import receiver as receivers
from tests.patience import ENOUGH_SECONDS

SECRET = b"a secret that nobody else knows."
TENANTS = {"campaignId", "businessId", "itemId"}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
A_SECOND = handler_check.SLOW_SECONDS
PATIENT = (
    "import sys; from korob.notifications import handler_check as check; from korob.cli import main; "
    f"check.PING_SECONDS = check.SLOW_SECONDS = {ENOUGH_SECONDS}; sys.exit(main())"
)
"""The program, for a machine that is slow."""


@pytest.fixture
def check(receiver):
    async def check(secret=None, *, wall=lambda: NOW):
        return await handler_check.check(receiver.url, wall=wall, secret=secret, tell=lambda finding: None)

    return check


def those(report, grade):
    return [one.case for one in report.findings if one.grade is grade]


async def test_a_good_handler_is_told_everything_and_gets_an_a(check, receiver):
    report = await check()

    assert (report.mark, report.passed, set(report.count.values())) == ("A", True, {0, len(report.findings)})
    assert {one.type for one in receiver.received} == {*NotificationType, "ORDER_SANG_A_SONG"}
    ids = {one.body["orderId"] for one in receiver.received if "orderId" in one.body}
    assert max(ids) > 2**62
    assert {float(one) == one for one in ids if one > 2**53} == {False}


async def test_a_handler_that_knows_again_what_it_was_told_gets_an_a_each_time(check, receiver):
    known = set()

    async def look(told):
        of_whom = [told.body[name] for name in told.body if name.endswith("Id") and name not in TENANTS]
        event = (told.type, *of_whom, told.body.get("updatedAt"))
        if told.type != "PING" and event in known:
            receiver.next = [receivers.answer(400, {"error": {"type": "DUPLICATED_EVENT"}})]
        known.add(event)

    receiver.when_told = look
    first, again = await check(), await check(wall=lambda: NOW + timedelta(minutes=1))

    assert (first.mark, again.mark) == ("A", "A")


async def test_a_handler_that_breaks_on_a_status_it_does_not_know(check, receiver):
    async def look(told):
        if told.body.get("status") not in {None, "PROCESSING", "DELIVERY"}:
            receiver.next = [receivers.answer(500)]

    receiver.when_told = look
    report = await check()

    assert those(report, Grade.BAD) == ["A status that nobody knows yet is accepted"]


async def test_a_handler_that_says_which_types_it_does_not_know_is_not_bad(check, receiver):
    async def look(told):
        if "RETURN" in told.type:
            receiver.next = [receivers.answer(400, {"error": {"type": "WRONG_EVENT_FORMAT"}})]

    receiver.when_told = look
    report = await check()

    assert those(report, Grade.POOR) == [
        "ORDER_RETURN_CREATED is accepted",
        "ORDER_RETURN_STATUS_UPDATED is accepted",
    ]
    assert report.passed


async def test_a_handler_that_refuses_what_it_should_know_is_bad(check, receiver):
    receiver.always = receivers.answer(400, {"error": {"type": "UNKNOWN"}})

    report = await check()

    assert "ORDER_RETURN_CREATED is accepted" in those(report, Grade.BAD)


async def test_a_handler_that_hangs_up_on_what_is_no_json_and_goes_on_loses_nothing(check, receiver):
    receiver.when_broken = receivers.reset

    report = await check()

    assert those(report, Grade.POOR) == ["What is no JSON is answered with 400"]
    assert report.passed


async def test_a_handler_that_ends_with_what_is_no_json_is_bad(check, receiver):
    async def end(writer):
        await receiver.stop()

    receiver.when_broken = end

    assert "What is no JSON is answered with 400" in those(await check(), Grade.BAD)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (receivers.answer(404, "<html>\n  <h1>no</h1>"), "CANT_GET_RESPONSE HTTP 404: <html> <h1>no</h1>"),
        (receivers.answer(200, {"name": "shop"}), "INVALID_DATA 200: Object missing required field `version`: {"),
        (receivers.answer(200, kind="text/html"), "UNSUPPORTED_MEDIA_TYPE 200: Content-Type is text/html: {"),
    ],
)
async def test_what_is_bad_is_told_in_a_line_that_says_why(check, receiver, answer, said):
    receiver.always = answer

    report = await check()

    assert said in report.findings[0].said
    assert not [one.said for one in report.findings if "\n" in one.said]


async def test_a_handler_that_breaks_on_what_it_does_not_know(check, receiver):
    known = set(NotificationType)

    async def choose(told):
        if told.type not in known or "giftWrap" in told.body:
            receiver.next = [receivers.answer(500, {"error": {"type": "UNKNOWN"}})]

    receiver.when_told = choose
    report = await check()

    assert those(report, Grade.BAD) == [
        "A type that nobody knows yet does no harm",
        "Fields that nobody knows yet are passed over",
    ]
    assert (report.mark, report.passed) == ("C", False)


async def test_a_handler_that_takes_its_time(check, receiver, monkeypatch):
    assert A_SECOND == 1

    async def think(told):
        # The others are as quick as the machine is, which is no matter here.
        takes_its_time = told.type == "ORDER_CANCELLED"
        monkeypatch.setattr(handler_check, "SLOW_SECONDS", A_SECOND if takes_its_time else ENOUGH_SECONDS)
        if takes_its_time:
            receiver.next = [receivers.late(1.2)]

    receiver.when_told = think
    report = await check()

    assert those(report, Grade.POOR) == ["ORDER_CANCELLED is accepted"]
    assert (report.mark, report.passed) == ("B", True)


async def test_a_handler_that_looks_at_signatures_lets_in_what_is_signed_and_nothing_else(check, receiver):
    async def look(told):
        signed = signature.headers(
            SECRET, message_id=told.headers["webhook-id"], timestamp=int(NOW.timestamp()), body=told.raw
        )
        if told.headers["webhook-signature"] != signed["webhook-signature"]:
            receiver.next = [receivers.answer(401, {"error": {"type": "UNKNOWN"}})]

    receiver.when_told = look
    report = await check(SECRET)

    assert (report.mark, report.findings[-1].said) == ("A", "refused with 401")


async def test_each_signature_has_an_id_and_a_time_of_its_own_however_long_the_check_takes(check, receiver):
    moments = count()

    await check(SECRET, wall=lambda: NOW + timedelta(minutes=next(moments)))

    signed = [(int(one.headers["webhook-timestamp"]), one.headers["webhook-id"]) for one in receiver.received]
    assert len({one for one, _ in signed}) == len({one for _, one in signed}) == len(signed)


async def test_a_handler_that_takes_signatures_on_trust(check, receiver):
    report = await check(SECRET)

    assert those(report, Grade.BAD) == ["A signature that does not fit is refused"]


async def test_nobody_is_there(check, receiver):
    await receiver.stop()

    report = await check()

    assert [one.grade for one in report.findings] == [Grade.BAD]
    assert report.mark == "F"


async def test_somebody_is_there_and_hangs_up_on_a_ping(check, receiver):
    async def hang_up(told):
        if told.type == "PING":
            receiver.next = [receivers.reset]

    receiver.when_told = hang_up
    report = await check()

    assert "nobody" not in report.findings[0].said
    assert those(report, Grade.BAD) == [
        "PING is answered within a second",
        "Requests that break off leave the handler alive",
    ]


async def test_the_report_for_ci_says_the_same(check, receiver):
    receiver.always = receivers.answer(200, "\x1b[31mno\uffff\U0001f4e6")

    report = await check()

    suite = fromstring(junit.document(report))  # noqa: S314
    assert int(suite.get("tests")) == len(report.findings) == len(suite.findall("testcase"))
    assert int(suite.get("failures")) == report.count[Grade.BAD] == len(suite.findall("testcase/failure"))
    assert report.mark == "F"


@pytest.mark.parametrize(("answer", "code"), [(receivers.answer(), 0), (receivers.answer(500), 1)])
async def test_the_exit_code_is_for_ci(receiver, tmp_path, answer, code):
    import asyncio

    receiver.always = answer
    command = [sys.executable, "-c", PATIENT, "check-handler", receiver.url, "--junit", str(tmp_path / "report.xml")]

    ran = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)

    assert ran.returncode == code, ran.stdout + ran.stderr
    assert f"Grade {'A' if code == 0 else 'F'}:" in ran.stdout
    assert fromstring((tmp_path / "report.xml").read_bytes()).tag == "testsuite"  # noqa: S314


def test_what_is_no_link_is_told_in_one_line():
    ran = subprocess.run(
        [sys.executable, "-m", "korob", "check-handler", "localhost:3000"], capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.count("\n") == 1


async def test_samples_have_the_fields_that_documents_name():
    from korob.notifications.samples import sample

    order = json.loads(json.dumps(sample(NotificationType.ORDER_CREATED, NOW)))

    assert order == {
        "notificationType": "ORDER_CREATED",
        "orderId": 41_000_000_017,
        "campaignId": 20_000_123,
        "items": [{"offerId": "MUG-BLUE", "count": 2}],
        "createdAt": "2026-03-02T09:00:00.000Z",
    }

"""Who is told, how often it is tried, and what counts as an answer."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from korob.domain import notification
from korob.domain.notification import (
    BUSINESS_TYPES,
    CAMPAIGN_TYPES,
    LADDER,
    Attempt,
    DeliveryState,
    ErrorSubtype,
    NotificationType,
    Subscription,
    SubscriptionState,
    TypeNotAvailable,
    TypesMissing,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CREATED = NotificationType.ORDER_CREATED
RECEIPT = b'{"version":"1","name":"shop","time":"2026-07-20T10:09:49.759084017Z"}'


def a_subscription(name, *types, campaign_id=None, state=SubscriptionState.ENABLED):
    return Subscription(
        id=1,
        business_id=7,
        campaign_id=campaign_id,
        name=name,
        url="https://shop.example",
        types=frozenset(types or {CREATED}),
        state=state,
        created_at=NOW,
    )


def told(*subscriptions, campaign_id=71):
    return [one.name for one in notification.recipients(CREATED, campaign_id, subscriptions)]


def an_attempt(error=None, status=None):
    return Attempt(seconds=0.1, traceparent="", error=error, status=status)


def test_a_business_is_told_of_all_its_campaigns():
    assert told(a_subscription("business")) == ["business"]


def test_a_campaign_that_wants_the_type_is_told_instead_of_its_business():
    assert told(a_subscription("business"), a_subscription("store", campaign_id=71)) == ["store"]


def test_a_campaign_that_wants_other_types_leaves_this_one_to_the_business():
    store = a_subscription("store", NotificationType.ORDER_CANCELLED, campaign_id=71)

    assert told(a_subscription("business"), store) == ["business"]


def test_another_campaign_changes_nothing():
    assert told(a_subscription("business"), a_subscription("other", campaign_id=72)) == ["business"]


@pytest.mark.parametrize("state", [SubscriptionState.DISABLED, SubscriptionState.SWITCHED_OFF])
def test_what_is_off_is_not_told_and_overrides_nothing(state):
    assert told(a_subscription("business"), a_subscription("store", campaign_id=71, state=state)) == ["business"]
    assert told(a_subscription("business", state=state)) == []


def test_what_is_paused_is_told_later_and_overrides_all_the_same():
    paused = a_subscription("store", campaign_id=71, state=SubscriptionState.PAUSED)

    assert told(a_subscription("business"), paused) == ["store"]


def test_several_of_one_level_are_all_told():
    assert told(a_subscription("one"), a_subscription("two")) == ["one", "two"]


def test_reviews_and_chats_are_for_businesses_only():
    chat = NotificationType.CHAT_CREATED

    assert notification.checked_types([chat, chat], campaign=False) == {chat}
    with pytest.raises(TypeNotAvailable):
        notification.checked_types([chat], campaign=True)


@pytest.mark.parametrize("campaign", [True, False])
def test_nobody_chooses_ping_and_nobody_chooses_nothing(campaign):
    with pytest.raises(TypeNotAvailable):
        notification.checked_types([CREATED, NotificationType.PING], campaign=campaign)
    with pytest.raises(TypesMissing):
        notification.checked_types([], campaign=campaign)


def test_a_campaign_can_be_told_of_everything_about_orders():
    assert {kind for kind in NotificationType if kind.startswith("ORDER_")} == CAMPAIGN_TYPES
    assert set(NotificationType) - {NotificationType.PING} == BUSINESS_TYPES


def test_the_ladder_has_465_rungs_in_two_weeks():
    at, waits = NOW, []
    failed = an_attempt(ErrorSubtype.HTTP, 500)
    while (settled := notification.settled(failed, first_at=NOW, at=at)).state is DeliveryState.WAITING:
        waits.append(settled.due_at - at)
        at = settled.due_at

    assert waits == [timedelta(minutes=1)] * 60 + [timedelta(minutes=15)] * 92 + [timedelta(hours=1)] * 312
    assert (settled.state, at) == (DeliveryState.DROPPED, NOW + timedelta(days=14))
    assert notification.is_given_up(NOW, at=at)
    assert not notification.is_given_up(NOW, at=at - timedelta(microseconds=1))
    assert not notification.is_given_up(None, at=at)


def test_the_ladder_has_the_documented_rungs():
    assert [(rung.until, rung.wait) for rung in LADDER] == [
        (timedelta(hours=1), timedelta(minutes=1)),
        (timedelta(days=1), timedelta(minutes=15)),
        (timedelta(days=14), timedelta(hours=1)),
    ]


def test_acceptance_and_400_are_final():
    assert notification.settled(an_attempt(), first_at=NOW, at=NOW).state is DeliveryState.DELIVERED
    refused = an_attempt(ErrorSubtype.HTTP, 400)
    assert notification.settled(refused, first_at=NOW, at=NOW).state is DeliveryState.REFUSED
    assert notification.is_alive(refused)


@pytest.mark.parametrize("status", [200, 201, 301, 401, 404, 410, 429, 500, 503])
def test_every_other_failure_is_tried_again(status):
    failed = an_attempt(ErrorSubtype.HTTP, status)

    assert notification.settled(failed, first_at=NOW, at=NOW).state is DeliveryState.WAITING
    assert not notification.is_alive(failed)


@pytest.mark.parametrize(
    ("status", "content_type", "body", "fault"),
    [
        (200, "application/json", RECEIPT, None),
        (200, "Application/JSON; charset=UTF-8", RECEIPT, None),
        (204, "application/json", RECEIPT, ErrorSubtype.HTTP),
        (400, "application/json", RECEIPT, ErrorSubtype.HTTP),
        (302, "", b"", ErrorSubtype.HTTP),
        (200, "text/plain", RECEIPT, ErrorSubtype.UNSUPPORTED_MEDIA_TYPE),
        (200, "", RECEIPT, ErrorSubtype.UNSUPPORTED_MEDIA_TYPE),
        (200, "application/json", b"", ErrorSubtype.CANT_PARSE_RESPONSE),
        (200, "application/json", b"OK", ErrorSubtype.CANT_PARSE_RESPONSE),
        (200, "application/json", b'{"version":"\xff"}', ErrorSubtype.CANT_PARSE_RESPONSE),
        (200, "application/json", b'{"a":' + b"[" * 100_000, ErrorSubtype.CANT_PARSE_RESPONSE),
        (200, "application/json", b"[]", ErrorSubtype.INVALID_DATA),
        (200, "application/json", b'{"name":"shop","time":"2026-07-20T10:09:49Z"}', ErrorSubtype.INVALID_DATA),
        (200, "application/json", RECEIPT.replace(b'"1"', b'""'), ErrorSubtype.INVALID_DATA),
        (200, "application/json", RECEIPT.replace(b'"1"', b"1"), ErrorSubtype.INVALID_DATA),
        (200, "application/json", RECEIPT.replace(b"shop", b"s" * 101), ErrorSubtype.INVALID_DATA),
        (200, "application/json", RECEIPT.replace(b"017Z", b""), ErrorSubtype.INVALID_DATA),
        (200, "application/json", RECEIPT.replace(b"2026-", b""), ErrorSubtype.INVALID_DATA),
    ],
)
def test_what_counts_as_an_answer(status, content_type, body, fault):
    assert notification.read(status, content_type, body).fault is fault


@pytest.mark.parametrize(
    ("content_type", "body", "said"),
    [
        ("application/json", RECEIPT.replace(b"017Z", b""), "time"),
        ("application/json", b'{"name":"shop","time":"2026-07-20T10:09:49Z"}', "version"),
        ("application/json", RECEIPT.replace(b"shop", b"s" * 101), "<= 100 - at `$.name`"),
        ("application/json", b"OK", "malformed"),
        ("text/html", RECEIPT, "text/html"),
        ("", RECEIPT, "missing"),
    ],
)
def test_what_is_wrong_with_an_answer_is_told_in_words(content_type, body, said):
    assert said in notification.read(200, content_type, body).why


def test_what_went_wrong_is_told_in_one_line():
    failed = an_attempt(ErrorSubtype.HTTP, 404)

    assert replace(failed, answer="<html>\n  <b>no" + "!" * 200).trouble == (
        "CANT_GET_RESPONSE HTTP 404: <html> <b>no" + "!" * 108
    )
    assert an_attempt().trouble == ""


def test_each_error_has_the_type_of_the_notification_log():
    invalid = {error for error in ErrorSubtype if error.type == "INVALID_RESPONSE"}

    assert invalid == {ErrorSubtype.CANT_PARSE_RESPONSE, ErrorSubtype.INVALID_DATA}
    assert {error.type for error in set(ErrorSubtype) - invalid} == {"CANT_GET_RESPONSE"}

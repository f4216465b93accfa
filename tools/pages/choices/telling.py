"""Notifications on their way: subscriptions, attempts, answers."""

from typing import Final

from tools.pages.choices.choice import CLOSE, EXACT, OURS, Rows

TELLING: Final[Rows] = (
    (
        "A campaign that wants a type is told instead of its business",
        EXACT,
        "page push-notifications",
        "domain/test_notification.py::test_a_campaign_that_wants_the_type_is_told_instead_of_its_business",
    ),
    (
        "Several subscriptions of one level are all told",
        OURS,
        "nothing is published",
        "domain/test_notification.py::test_several_of_one_level_are_all_told",
    ),
    (
        "Each minute for an hour, each quarter of an hour for a day, each hour for 14 days",
        EXACT,
        "page push-notifications, the shop's API does not answer",
        "domain/test_notification.py::test_the_ladder_has_the_documented_rungs",
    ),
    (
        "That makes 465 attempts, the last one on the fourteenth day exactly",
        OURS,
        "the rungs are published, where one ends and the next begins is not",
        "notifications/test_ladder.py::test_after_fourteen_days_of_silence_a_subscription_is_switched_off",
    ),
    (
        "400 is final, everything else is tried again",
        EXACT,
        "page push-notifications/concepts/error-codes",
        "notifications/test_delivery.py::test_400_is_final",
    ),
    (
        "A 200 with a body that is wrong is tried again",
        OURS,
        "it is listed among the errors",
        "domain/test_notification.py::test_what_counts_as_an_answer",
    ),
    (
        "A connection that breaks off before an answer is CONNECTION_REFUSED, in the middle of one CANT_PARSE_RESPONSE",
        OURS,
        "the documented errors have no word for it",
        "notifications/test_sender.py::test_every_trouble_has_its_word",
    ),
    (
        "PING must be answered within a second, when a subscription is made and after it was switched off",
        EXACT,
        "page sendNotification",
        "notifications/test_subscriptions.py::test_one_that_was_switched_off_needs_a_ping_to_come_back",
    ),
    (
        "So must it at a new URL",
        OURS,
        "nothing is published",
        "notifications/test_subscriptions.py::test_a_new_target_must_accept_a_ping",
    ),
    (
        "`/notification` is put behind the path of the URL, a query stays behind it",
        CLOSE,
        "the contract's path, and programs in use; nothing is said of queries",
        "domain/test_target.py::test_notification_is_put_behind_the_path",
    ),
    (
        "One after another, in the order of events as long as none fails; a slow answer is waited for half a second",
        OURS,
        "no order is promised",
        "notifications/test_delivery.py::test_a_slow_answer_holds_the_next_one_up_for_a_moment_only",
    ),
    (
        "Pause, sending again, signatures",
        OURS,
        "the Market has none",
        "notifications/test_subscriptions.py::test_what_happens_in_a_pause_is_told_after_it",
    ),
    (
        "A call and what is told of it share a trace, each attempt has a span of its own",
        CLOSE,
        "page concepts/debug: the header is unique per request",
        "notifications/test_delivery.py::test_a_call_and_what_is_told_of_it_share_a_trace",
    ),
    (
        "What was told is kept for 30 days, unless it still waits; in a world until that ends",
        OURS,
        "nothing is published",
        "notifications/test_keeping.py::test_what_was_told_is_forgotten_after_thirty_days_with_the_attempts",
    ),
    (
        "A target that was not checked when its subscription was made must accept a PING when it is enabled",
        OURS,
        "the check comes before a subscription is enabled; the Market makes none that is not",
        "notifications/test_subscriptions.py::test_a_target_that_nobody_has_checked_must_accept_a_ping_once",
    ),
    (
        "After a pause what failed before it is tried as often as if it had just happened",
        OURS,
        "the Market has no pause",
        "notifications/test_subscriptions.py::test_what_failed_before_a_long_pause_is_tried_as_often_after_it",
    ),
    (
        "Disabling a subscription that was switched off is no way around the PING",
        OURS,
        "nothing is published",
        "notifications/test_subscriptions.py::test_there_is_no_way_around_the_ping_of_one_that_was_switched_off",
    ),
    (
        "Who sets a world's clock while its jump tells somebody is answered 409",
        OURS,
        "the Market has no clock to set",
        "notifications/test_jumps.py::"
        "test_who_sets_the_clock_while_being_told_is_answered_at_once_that_it_is_on_its_way",
    ),
)

TOPICS: Final[dict[str, Rows]] = {"Notifications on their way": TELLING}

"""Figures of notifications for the metrics: counts, and the age of the oldest one that waits.

They are read from the database when somebody asks, so that it makes no difference which process delivers.
"""

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from korob.domain.notification import SubscriptionState
from korob.store import delivery_log
from korob.store.database import Database


async def read(database: Database) -> list[Metric]:
    """The figures as they are now. Raises DatabaseGoneError."""
    figures = await delivery_log.figures(database)
    attempts = CounterMetricFamily("korob_notification_attempts", "Knocks at sellers' doors", labels=["outcome"])
    attempts.add_metric(["accepted"], figures.knocked - figures.failed)
    attempts.add_metric(["failed"], figures.failed)
    subscriptions = GaugeMetricFamily("korob_subscriptions", "Subscriptions to notifications", labels=["state"])
    for state in SubscriptionState:
        subscriptions.add_metric([state], figures.subscriptions.get(state, 0))
    return [
        attempts,
        subscriptions,
        GaugeMetricFamily(
            "korob_notifications_undispatched", "Notifications nobody has looked at yet", figures.undispatched
        ),
        GaugeMetricFamily(
            "korob_notifications_undispatched_seconds", "Age of the oldest one of these", figures.undispatched_seconds
        ),
        GaugeMetricFamily("korob_notifications_waiting", "Notifications on their way", figures.waiting),
        GaugeMetricFamily(
            "korob_notifications_oldest_seconds", "Age of the oldest one on its way", figures.oldest_seconds
        ),
    ]

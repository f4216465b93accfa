"""Figures of notifications for the metrics: counts, and the age of the oldest one that waits.

They are read from the database when somebody asks, so that it makes no difference which process delivers.
"""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from korob.domain.notification import SubscriptionState
from korob.store import delivery_log
from korob.store.database import Database
from korob.store.delivery_log import Figures


async def text(database: Database) -> bytes:
    """The figures in the format of Prometheus. Raises DatabaseGoneError."""
    registry = CollectorRegistry()
    registry.register(_Fixed(await delivery_log.figures(database)))
    return generate_latest(registry)


class _Fixed(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> list[Metric]:
        """The figures as they were read."""
        figures = self._figures
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
            GaugeMetricFamily("korob_notifications_waiting", "Notifications on their way", figures.waiting),
            GaugeMetricFamily(
                "korob_notifications_oldest_seconds", "Age of the oldest one on its way", figures.oldest_seconds
            ),
        ]

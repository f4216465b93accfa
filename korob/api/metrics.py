"""What is counted of calls and batches: plain numbers while it happens, told to Prometheus once a second.

A counter of the library takes microseconds for each step, which is a good part of what a read takes in all.
"""

import asyncio
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from korob.api.journal import Journal
from korob.notifications import metrics as notification_metrics
from korob.store import code_questions, due
from korob.store.batches import Batches
from korob.store.database import Database

TOLD_EVERY: Final = 1.0
"""Seconds between two tellings."""
CALL_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
BATCH_SIZES: Final = (1, 2, 4, 8, 16, 32, 64)
BATCH_SECONDS: Final = (0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1)

REQUESTS: Final = Counter("korob_requests", "Calls of the API's methods", ("operation", "status"))
SECONDS: Final = Histogram("korob_request_seconds", "How long calls took", ("operation",), buckets=CALL_SECONDS)
BATCHES: Final = Histogram("korob_batch_size", "Orders in one statement", ("kind",), buckets=BATCH_SIZES)
WAITS: Final = Histogram(
    "korob_batch_wait_seconds", "How long the first of a batch waited for it to go", ("kind",), buckets=BATCH_SECONDS
)
POOL: Final = Gauge("korob_pool_connections", "Connections to PostgreSQL", ("state",), multiprocess_mode="livesum")
LOGGED: Final = Counter("korob_request_log", "Calls written down, and those for which there was no room", ("outcome",))


async def of_database(database: Database) -> bytes:
    """What the database knows: how late timers, notifications and checks of codes are. Raises DatabaseGoneError.

    It is read when somebody asks, in the format of Prometheus, and the same whichever process is asked.
    """
    late = (await due.lag(database)).total_seconds()
    codes = await code_questions.figures(database)
    registry = CollectorRegistry()
    registry.register(
        _Read(
            [
                GaugeMetricFamily("korob_timers_lag_seconds", "How long the order that waits most is due", late),
                *await notification_metrics.read(database),
                *_of_codes(codes),
            ]
        )
    )
    return generate_latest(registry)


class _Read(Collector):
    def __init__(self, figures: list[Metric]) -> None:
        self._figures = figures

    def collect(self) -> list[Metric]:
        """The figures as they were read: a gauge of the library would be taken for one that each process sets."""
        return self._figures


def _of_codes(codes: code_questions.Figures) -> list[Metric]:
    return [
        GaugeMetricFamily(
            "korob_code_questions_waiting", "Orders that the code authority is to be asked about", codes.waiting
        ),
        GaugeMetricFamily(
            "korob_code_questions_failing", "Those of them that it was in trouble with last", codes.failing
        ),
        GaugeMetricFamily(
            "korob_code_questions_oldest_seconds", "How long the oldest of them waits", codes.oldest_seconds
        ),
    ]


class Tally:
    """Numbers of one kind, by how big they are."""

    __slots__ = ("_bounds", "_counts", "_histogram", "_sum")

    def __init__(self, bounds: Sequence[float], histogram: Any) -> None:
        self._bounds = bounds
        self._histogram = histogram
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def note(self, value: float) -> None:
        """Count one."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def tell(self) -> int:
        """Hand over what was counted since the last time; how many it was."""
        counts, self._counts = self._counts, [0] * len(self._counts)
        total, self._sum = self._sum, 0.0
        if not (count := sum(counts)):
            return 0
        # The library has no door for many observations at once, so this goes in through the window.
        self._histogram._sum.inc(total)
        for bucket, some in zip(self._histogram._buckets, counts, strict=True):
            if some:
                bucket.inc(some)
        return count


class Metrics:
    """What one process counts; the same names in every process, so that they can be summed."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, int], Tally] = {}
        self._batches: list[Tally] = []
        self._telling: asyncio.Task[None] | None = None
        self._pool: Any = None
        self._journal: Journal | None = None
        self._logged = (0, 0)

    def count(self, operation: str, status: int, seconds: float) -> None:
        """Count one call."""
        tally = self._calls.get((operation, status))
        if tally is None:
            tally = self._calls[operation, status] = Tally(CALL_SECONDS, SECONDS.labels(operation))
        tally.note(seconds)

    def watch_batches(self, kind: str, batches: Batches[Any, Any]) -> None:
        """Count the batches of one kind, and how long they were waited for."""
        sizes, waits = Tally(BATCH_SIZES, BATCHES.labels(kind)), Tally(BATCH_SECONDS, WAITS.labels(kind))
        self._batches += sizes, waits
        batches.sizes, batches.waits = sizes.note, waits.note

    def watch(self, database: Database, journal: Journal | None) -> None:
        """Tell of the connections and of the log too, and everything once a second, until `stop`."""
        self._pool = database.pool
        self._journal = journal
        self._telling = asyncio.create_task(self._tell_on_and_on())

    async def stop(self) -> None:
        """Tell the last of it."""
        if self._telling is not None:
            self._telling.cancel()
            with suppress(asyncio.CancelledError):
                await self._telling
        self.tell()

    def tell(self) -> None:
        """Hand over what was counted since the last time."""
        for (operation, status), tally in self._calls.items():
            if count := tally.tell():
                REQUESTS.labels(operation, str(status)).inc(count)
        for tally in self._batches:
            tally.tell()
        if self._pool is not None:
            size, idle = self._pool.get_size(), self._pool.get_idle_size()
            POOL.labels("busy").set(size - idle)
            POOL.labels("idle").set(idle)
        if self._journal is not None:
            before, self._logged = self._logged, (self._journal.written, self._journal.dropped)
            for outcome, then, now in zip(("written", "dropped"), before, self._logged, strict=True):
                LOGGED.labels(outcome).inc(now - then)

    async def _tell_on_and_on(self) -> None:
        while True:
            await asyncio.sleep(TOLD_EVERY)
            self.tell()

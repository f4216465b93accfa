"""What is counted of the calls: how many, how they ended, how long they took."""

from functools import lru_cache
from typing import Any, Final

from prometheus_client import Counter, Histogram

REQUESTS: Final = Counter("korob_requests", "Calls of the API's methods", ("operation", "status"))
SECONDS: Final = Histogram(
    "korob_request_seconds",
    "How long calls took",
    ("operation",),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
BATCHES: Final = Histogram("korob_batch_size", "Orders in one statement", ("kind",), buckets=(1, 2, 4, 8, 16, 32, 64))


class Metrics:
    """Counts calls; the same names for every process, so that they can be summed."""

    def count(self, operation: str, status: int, seconds: float) -> None:
        """Count one call."""
        requests, durations = _series(operation, status)
        requests.inc()
        durations.observe(seconds)


@lru_cache(maxsize=2048)
def _series(operation: str, status: int) -> tuple[Any, Any]:
    return REQUESTS.labels(operation, str(status)), SECONDS.labels(operation)

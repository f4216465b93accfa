"""What one measurement found, and the processor time that processes took."""

from dataclasses import asdict, dataclass, field
from typing import Any

import psutil


@dataclass(frozen=True)
class Load:
    """What the asking side saw. Latencies are seconds, sorted; they may be a sample of all answers."""

    answers: int
    seconds: float
    latencies: list[float]
    received: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    """Answers other than 200, by status and the beginning of their body."""
    client_seconds: float = 0.0
    """Processor time of the asking side itself."""


@dataclass(frozen=True)
class Measurement:
    """One row at one contender in one round. Times ending in `_us` are microseconds."""

    per_second: float
    p50_us: float
    p99_us: float
    server_us: float
    """Processor time per request of the program."""
    postgres_us: float
    """Processor time per request of PostgreSQL: backends, WAL writer, checkpointer and all."""
    client_us: float
    client_share: float
    """How busy the asking side was, as a share of one core: near 1 it was the bottleneck itself."""
    others_share: float
    """How much of the machine went to none of those measured: other programs, and other guests of the host."""
    answer_bytes: float
    answers: int
    refused: dict[str, int]

    @property
    def processor_us(self) -> float:
        """Processor time per request, program and PostgreSQL together."""
        return self.server_us + self.postgres_us

    @property
    def per_second_left(self) -> float:
        """Requests per second if others had taken nothing, and that had been put to use as the rest was."""
        return self.per_second / max(1 - self.others_share, 0.01)

    def as_json(self) -> dict[str, Any]:
        """All figures, for the result file."""
        return asdict(self)


class ProcessorTime:
    """Reads the processor seconds that trees of processes have taken so far, ended children included."""

    def __init__(self, *roots: int, apart: int | None = None) -> None:
        """Follow the trees under these processes, without the tree of `apart` (a PostgreSQL started by a program)."""
        self._roots = roots
        self._apart = apart

    def seconds(self) -> float:
        """User and system time until now."""
        apart = set(_tree(self._apart)) if self._apart else set()
        return sum(_seconds(process) for root in self._roots for process in _tree(root) if process not in apart)


def machine_seconds() -> tuple[float, float]:
    """Processor seconds of the machine so far: busy ones (stolen by other guests included), and all there were."""
    times = psutil.cpu_times()
    idle = times.idle + times.iowait
    busy = times.user + times.system + times.nice + times.irq + times.softirq + times.steal
    return busy, busy + idle


def measured(
    load: Load,
    *,
    server_seconds: float,
    postgres_seconds: float,
    machine_before: tuple[float, float],
    machine_after: tuple[float, float],
) -> Measurement:
    """Put together what the asking side saw and what the answering side took."""
    busy, there_was = (after - before for after, before in zip(machine_after, machine_before, strict=True))
    others = max(0.0, busy - server_seconds - postgres_seconds - load.client_seconds)
    return Measurement(
        per_second=load.answers / load.seconds,
        p50_us=_quantile(load.latencies, 0.50) * 1e6,
        p99_us=_quantile(load.latencies, 0.99) * 1e6,
        server_us=server_seconds / load.answers * 1e6,
        postgres_us=postgres_seconds / load.answers * 1e6,
        client_us=load.client_seconds / load.answers * 1e6,
        client_share=load.client_seconds / load.seconds,
        others_share=others / there_was if there_was else 0.0,
        answer_bytes=load.received / load.answers,
        answers=load.answers,
        refused=load.refused,
    )


def _tree(root: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(root)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    # A child that ended is in the sum of the one that waited for it, so backends that came and went are not lost.
    return float(times.user + times.system + times.children_user + times.children_system)


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0

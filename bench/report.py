"""What a run found: ratios pair by pair, the table, and the file."""

import json
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import psutil
from rich.console import Console
from rich.table import Table

from bench.contender import ROWS
from bench.measure import Measurement

Found = dict[tuple[str, str], list[Measurement]]
"""Measurements by row and contender, one a round."""


class Wanted(NamedTuple):
    """How many times the requests per second of another contender Korob shall answer at least."""

    row: str
    other: str
    times: float


FIGURES: Final = ("req/s", "p50 ms", "p99 ms", "µs server", "µs PostgreSQL", "µs asking", "asking", "others", "bytes")
"""Headings of the figures: processor time per request, and how busy the asking side and other programs were."""
DISTURBED: Final = 0.1
"""The share of the machine that others may take before the figures are called disturbed."""

WANTED: Final = (
    Wanted("read one order", "plain", 12),
    Wanted("list 50", "plain", 6),
    Wanted("remove items", "plain", 8),
    Wanted("boxes", "plain", 8),
    Wanted("read one order", "pgbench", 0.3),
    Wanted("remove items", "pgbench", 0.3),
    Wanted("boxes", "pgbench", 0.3),
)


def ratio(found: Found, row: str, other: str) -> float | None:
    """Korob's requests per second over another's: the median of the ratios of each round; None if not measured."""
    ratios = [ours.per_second / theirs.per_second for ours, theirs in _pairs(found, row, other)]
    return statistics.median(ratios) if ratios else None


def cheaper(found: Found, row: str, other: str) -> float | None:
    """Another's processor time per request over Korob's, likewise: what busy machines disturb least."""
    ratios = [theirs.processor_us / ours.processor_us for ours, theirs in _pairs(found, row, other)]
    return statistics.median(ratios) if ratios else None


def refusals(found: Found) -> list[str]:
    """A line for each kind of answer that was not 200."""
    return [
        f"{contender}, {row}: {count} × {answer}"
        for (row, contender), rounds in found.items()
        for measurement in rounds
        for answer, count in measurement.refused.items()
    ]


def short(found: Found) -> list[str]:
    """A line for each wanted ratio that was measured and is not reached."""
    return [
        f"{wanted.row}: {got:.2f} × {wanted.other}, wanted {wanted.times:g}"
        for wanted in WANTED
        if (got := ratio(found, wanted.row, wanted.other)) is not None and got < wanted.times
    ]


def show(found: Found, console: Console) -> None:
    """Print the table, the ratios and what falls short."""
    table = Table(title="Medians of all rounds", title_justify="left")
    for heading in ("row", "contender"):
        table.add_column(heading)
    for heading in FIGURES:
        table.add_column(heading, justify="right")
    for row in ROWS:
        for (of_row, contender), rounds in found.items():
            if of_row == row:
                table.add_row(row, contender, *_figures(rounds))
        table.add_section()
    console.print(table)

    ratios = Table(title="Korob's requests per second, as a multiple of", title_justify="left")
    for heading in ("row", "of", "wanted", "got", "each round", "µs per request", "by processor time"):
        ratios.add_column(heading, justify="left" if heading in {"row", "of"} else "right")
    for wanted in WANTED:
        got = ratio(found, wanted.row, wanted.other)
        if got is None:
            continue
        ours, theirs = found[wanted.row, "korob"], found[wanted.row, wanted.other]
        pairs = _pairs(found, wanted.row, wanted.other)
        ratios.add_row(
            wanted.row,
            wanted.other,
            f"≥ {wanted.times:g}",
            f"[{'green' if got >= wanted.times else 'red'}]{got:.2f}[/]",
            " ".join(f"{one.per_second / other.per_second:.2f}" for one, other in pairs),
            f"{_median(ours, _processor_us):.0f} : {_median(theirs, _processor_us):.0f}",
            f"{cheaper(found, wanted.row, wanted.other):.2f}",
        )
    console.print(ratios)
    others = [one.others_share for rounds in found.values() for one in rounds]
    disturbed = sum(share > DISTURBED for share in others)
    if disturbed:
        console.print(
            f"[yellow]disturbed[/] In {disturbed} of {len(others)} measurements other programs (or the machine's host) "
            f"took more than {DISTURBED:.0%} of the processors, at most {max(others):.0%}."
        )
    for line in refusals(found):
        console.print(f"[red]refused[/] {line}")
    missed = short(found)
    for line in missed:
        console.print(f"[red]short[/] {line}")
    if not missed:
        console.print("[green]No row falls short.[/]")


def write(found: Found, folder: Path, about: dict[str, Any]) -> Path:
    """Write all figures to a new file in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / time.strftime("%Y-%m-%d-%H%M%S.json")
    content = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "machine": {
            "processors": psutil.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
        },
        **about,
        "ratios": [
            {
                "row": wanted.row,
                "of": wanted.other,
                "wanted": wanted.times,
                "got": ratio(found, wanted.row, wanted.other),
                "by_processor_time": cheaper(found, wanted.row, wanted.other),
            }
            for wanted in WANTED
        ],
        "short": short(found),
        "refused": refusals(found),
        "rounds": [
            {"row": row, "contender": contender, "round": number, **measurement.as_json()}
            for (row, contender), rounds in found.items()
            for number, measurement in enumerate(rounds, 1)
        ],
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return path


def _pairs(found: Found, row: str, other: str) -> list[tuple[Measurement, Measurement]]:
    return list(zip(found.get((row, "korob"), ()), found.get((row, other), ()), strict=True))


def _figures(rounds: list[Measurement]) -> list[str]:
    return [
        f"{_median(rounds, lambda one: one.per_second):,.0f}",
        f"{_median(rounds, lambda one: one.p50_us) / 1000:.2f}",
        f"{_median(rounds, lambda one: one.p99_us) / 1000:.2f}",
        f"{_median(rounds, lambda one: one.server_us):.0f}",
        f"{_median(rounds, lambda one: one.postgres_us):.0f}",
        f"{_median(rounds, lambda one: one.client_us):.0f}",
        f"{_median(rounds, lambda one: one.client_share):.0%}",
        f"{_median(rounds, lambda one: one.others_share):.0%}",
        f"{_median(rounds, lambda one: one.answer_bytes):.0f}",
    ]


def _processor_us(measurement: Measurement) -> float:
    return measurement.processor_us


def _median(rounds: list[Measurement], of: Callable[[Measurement], float]) -> float:
    return statistics.median(of(measurement) for measurement in rounds)

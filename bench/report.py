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

from bench import overhead
from bench.contender import ROWS
from bench.measure import Measurement

Found = dict[tuple[str, str], list[Measurement]]
"""Measurements by row and contender, one a round."""
Around = dict[str, float]
"""What a read costs without this and that around it."""


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


AROUND_MAX: Final = 0.15
"""The part of a read that key, quota and log may take."""


def ratio(found: Found, row: str, other: str) -> float | None:
    """Korob's requests per second over another's: the median of the ratios of each round; None if not measured."""
    ratios = [ours.per_second / theirs.per_second for ours, theirs in _pairs(found, row, other)]
    return statistics.median(ratios) if ratios else None


def undisturbed(found: Found, row: str, other: str) -> float | None:
    """Likewise, of the part of the machine that other programs left to each: they leave more to many processes."""
    ratios = [ours.per_second_left / theirs.per_second_left for ours, theirs in _pairs(found, row, other)]
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


def short(found: Found, around: Around | None) -> list[str]:
    """A line for each wanted figure that was measured and is not reached."""
    lines = [
        f"{wanted.row}: {got:.2f} × {wanted.other}, wanted {wanted.times:g} "
        f"({undisturbed(found, wanted.row, wanted.other):.2f} of what others left, "
        f"{cheaper(found, wanted.row, wanted.other):.2f} by processor time)"
        for wanted in WANTED
        if (got := ratio(found, wanted.row, wanted.other)) is not None and got < wanted.times
    ]
    if around and overhead.share(around) > AROUND_MAX:
        lines.append(f"{overhead.ROW}: {overhead.share(around):.0%} of it, wanted {AROUND_MAX:.0%}")
    return lines


def show(found: Found, around: Around | None, console: Console) -> None:
    """Print the tables, the ratios and what falls short."""
    if found:
        _show_found(found, console)
    if around:
        _show_around(around, console)
    for line in refusals(found):
        console.print(f"[red]refused[/] {line}")
    missed = short(found, around)
    for line in missed:
        console.print(f"[red]short[/] {line}")
    if not missed:
        console.print("[green]No row falls short.[/]")


def _show_around(around: Around, console: Console) -> None:
    table = Table(title="A read within one process, HTTP left out: all of it, then without", title_justify="left")
    for heading in ("what", "µs of processor", "of all"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    whole = around["everything"]
    for name, figure in around.items():
        table.add_row(name, f"{figure:.1f}", f"{figure / whole:.0%}")
    console.print(table)
    console.print(f"Key, quota and log take {overhead.share(around):.1%} of a read, wanted ≤ {AROUND_MAX:.0%}.")


def _show_found(found: Found, console: Console) -> None:
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
    for heading in (
        "row", "of", "wanted", "got", "each round", "of what others left", "µs per request", "by processor time",
    ):  # fmt: skip
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
            f"{undisturbed(found, wanted.row, wanted.other):.2f}",
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


def write(found: Found, around: Around | None, folder: Path, about: dict[str, Any]) -> Path:
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
                "of_what_others_left": undisturbed(found, wanted.row, wanted.other),
                "by_processor_time": cheaper(found, wanted.row, wanted.other),
            }
            for wanted in WANTED
        ],
        "around_a_read_us": around,
        "short": short(found, around),
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

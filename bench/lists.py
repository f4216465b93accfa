"""`python -m bench.lists`: does a page of a list take with a million orders what it takes with ten thousand?"""

import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench import load, many_orders
from bench.contender import Program, end_in_order, watched
from bench.list_mixes import MIXES, Mix, Request, get_orders
from bench.load import NoAnswerError
from bench.measure import Measurement, ProcessorTime
from bench.orders import AnyOf
from bench.ports import free_port
from bench.postgres import NotDurableError, Postgres
from korob.store import worlds
from korob.store.database import Database, migrate
from korob.store.worlds import World

RESULTS: Final = Path(__file__).parent / "results"
DATA_DIR: Final = "/var/tmp"  # noqa: S108 - a folder of its own is made in it
TIMES_MAX: Final = 1.3
PAGES: Final = 20
"""So many different pages of a mix are asked for in a round, fewer where the smaller business has fewer."""
PAGE: Final = 50

Found = dict[str, list[tuple[Measurement, Measurement]]]
"""By mix, one pair a round: with few orders and with many."""


class Side(NamedTuple):
    """A database of its own with so many orders, and a Korob of its own at it."""

    count: int
    world: World
    program: Program

    def spelt(self, request: Request) -> bytes:
        """The bytes of a request."""
        headers = {"Api-Key": self.world.api_key}
        return load.request(request.verb, request.path, headers=headers, body=request.body)


@click.command()
@click.option("--few", default=10_000, show_default=True, help="Orders of the smaller business.")
@click.option("--many", default=1_000_000, show_default=True, help="Orders of the larger one, 10 KB of disk each.")
@click.option("--rounds", default=7, show_default=True, help="How often each mix is measured at each business.")
@click.option("--seconds", default=1.0, show_default=True, help="How long each measurement takes.")
@click.option("--data-dir", default=DATA_DIR, show_default=True, help="Where the databases are made; a real disk.")
def main(*, few: int, many: int, rounds: int, seconds: float, data_dir: str) -> None:
    """Ask two businesses, one with many more orders, for the same pages."""
    console = Console(stderr=False, width=None if sys.stdout.isatty() else 140)
    end_in_order()
    folder = Path(tempfile.mkdtemp(prefix="korob-lists-", dir=data_dir))
    folder.chmod(0o755)
    try:
        found, limits = _measure(console, folder, (few, many), rounds=rounds, seconds=seconds)
    except (NoAnswerError, NotDurableError) as trouble:
        console.print(f"[red]{type(trouble).__name__}[/]", escape(str(trouble)))
        sys.exit(1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _show(found, limits, (few, many), console)
    console.print(f"All figures: {_write(found, few=few, many=many, rounds=rounds, seconds=seconds)}")


def _measure(
    console: Console, folder: Path, counts: tuple[int, int], *, rounds: int, seconds: float
) -> tuple[Found, dict[str, int]]:
    running: list[Any] = []
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    ) as progress:
        try:
            postgres = Postgres(folder / "data")
            running.append(postgres)
            made = []
            for count in counts:
                making = progress.add_task(f"Writing {count:,} orders", total=count)
                made.append(_fill(postgres, count, lambda more, task=making: progress.advance(task, more)))
            sides = []
            for count, world in zip(counts, made, strict=True):
                program = _serve(postgres, _name(count), folder)
                running.append(program)
                sides.append(Side(count, world, program))
            found: Found = {}
            limits = {}
            measuring = progress.add_task("Walking", total=len(MIXES))
            asked: dict[str, list[list[bytes]]] = {}
            for mix in MIXES:
                limits[mix.name] = _page_size(mix, sides[0])
                asked[mix.name] = [_pages(mix, side, limits[mix.name]) for side in sides]
                progress.advance(measuring)
            asked[NUMBERED] = [[side.spelt(_numbered(side.world))] for side in sides]
            limits[NUMBERED] = PAGE
            progress.reset(measuring, total=rounds * len(asked), description="Measuring")
            watch = ProcessorTime(postgres.pid)
            for number in range(rounds):
                for name, requests in asked.items():
                    # Who comes first takes turns: the second finds the machine as the first has left it.
                    order = (0, 1) if number % 2 else (1, 0)
                    pages = _of_a_round(requests, number)
                    pair = {place: _ask(sides[place], pages[place], watch, seconds) for place in order}
                    found.setdefault(name, []).append((pair[0], pair[1]))
                    progress.advance(measuring)
        finally:
            for thing in reversed(running):
                thing.stop()
    return found, limits


def _name(count: int) -> str:
    return f"korob_{count}"


def _fill(postgres: Postgres, count: int, told: Callable[[int], None]) -> World:
    """A database with a world whose clock stands still, and the orders of its year."""
    postgres.create(_name(count))

    async def fill() -> World:
        database = await Database.open(postgres.url(_name(count)))
        await migrate(database)
        now = datetime.now(UTC)
        world = await worlds.create(database, seed=1, now=now, wall=now, limits=False, frozen=True)
        await many_orders.fill(database, world, count, told=told)
        await database.close()
        return world

    world = asyncio.run(fill())
    postgres.execute(_name(count), "VACUUM ANALYZE", "CHECKPOINT")
    return world


def _serve(postgres: Postgres, database: str, folder: Path) -> Program:
    """One process, without timers: nothing else shall be done meanwhile."""
    port = free_port()
    command = ["korob", "serve", "--port", str(port), "--data-dir", str(folder / f"of-{database}")]
    command += ["--database-url", postgres.url(database), "--workers", "1", "--no-timers"]
    return Program(
        command, port=port, ready="/readyz", log=folder / f"{database}.log", environment={}, apart=postgres.pid
    )


def _page_size(mix: Mix, few: Side) -> int:
    """As many orders as fill two pages even where there are few; a page shall hold as many on both sides."""
    orders, token = _page(few, mix.request(few.world, limit=PAGE))
    if not orders:
        raise NoAnswerError(f"{mix.name}: no orders")
    return PAGE if token and _page(few, mix.request(few.world, limit=PAGE, token=token))[0] == PAGE else -(-orders // 2)


def _pages(mix: Mix, side: Side, limit: int) -> list[bytes]:
    """Requests for all full pages there are."""
    requests = [mix.request(side.world, limit=limit)]
    full = []
    while requests:
        request = requests.pop()
        orders, token = _page(side, request)
        if orders == limit:
            full.append(side.spelt(request))
        if token:
            requests.append(mix.request(side.world, limit=limit, token=token))
    return full


def _of_a_round(requests: list[list[bytes]], number: int) -> list[list[bytes]]:
    """Pages of each side, evenly spread over all it has, others each round.

    They are equally many on both sides. Else the one with more would be slower for no other reason than that more
    different orders go through the processor's caches, and whoever asks a large business for two pages pays for two.
    """
    variety = min(PAGES, *map(len, requests))
    return [
        [full[(number + place * len(full) // variety) % len(full)] for place in range(variety)] for full in requests
    ]


def _page(side: Side, request: Request) -> tuple[int, str | None]:
    """How many orders are on the page, and the token of the next."""
    status, body = load.fetch(side.program.port, side.spelt(request))
    if status != 200:
        raise NoAnswerError(f"the list answered {status}: {body[:300].decode(errors='replace')}")
    answer = json.loads(body)
    return len(answer["orders"]), answer.get("paging", {}).get("nextPageToken")


NUMBERED: Final = "orders by number, with the total"


def _numbered(world: World) -> Request:
    return get_orders(world, {}, {"page": 1, "pageSize": PAGE})


def _ask(side: Side, requests: list[bytes], postgres: ProcessorTime, seconds: float) -> Measurement:
    """One page after another, for so many seconds."""

    def ask(duration: float) -> load.Load:
        return load.run(side.program.port, AnyOf(requests), connections=1, seconds=duration)

    ask(seconds / 5)
    seen = watched(lambda: ask(seconds), server=side.program.processor_time, postgres=postgres)
    if seen.refused:
        raise NoAnswerError(f"refused: {seen.refused}")
    return seen


def _show(found: Found, limits: dict[str, int], counts: tuple[int, int], console: Console) -> None:
    """Print the table, and what falls short."""
    table = Table(title=f"A page, with {counts[0]:,} orders and with {counts[1]:,}", title_justify="left")
    table.add_column("mix")
    for heading in ("orders", "ms", "ms", "times", "each round", "µs korob + PostgreSQL", "µs", "times"):
        table.add_column(heading, justify="right")
    for name, pairs in found.items():
        got = _times(pairs, _latency)
        table.add_row(
            name,
            str(limits[name]),
            *(f"{_median(pairs, place, _latency) / 1000:.2f}" for place in (0, 1)),
            f"[{'green' if got <= TIMES_MAX else 'red'}]{got:.2f}[/]",
            f"{min(_each(pairs, _latency)):.2f} – {max(_each(pairs, _latency)):.2f}",
            *(f"{_median(pairs, place, _server):.0f} + {_median(pairs, place, _postgres):.0f}" for place in (0, 1)),
            f"{_times(pairs, _processor):.2f}",
        )
    console.print(table)
    short = [
        f"{name}: {got:.2f} times, wanted at most {TIMES_MAX}"
        for name, pairs in found.items()
        if name != NUMBERED and (got := _times(pairs, _latency)) > TIMES_MAX
    ]
    for line in short:
        console.print(f"[red]short[/] {line}")
    if not short:
        console.print(f"[green]No mix takes more than {TIMES_MAX} times.[/]")


def _write(found: Found, **about: Any) -> Path:
    """Write all figures to a new file."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / time.strftime("lists-%Y-%m-%d-%H%M%S.json")
    content = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        **about,
        "times": {name: _times(pairs, _latency) for name, pairs in found.items()},
        "rounds": [
            {"mix": name, "round": number, "few": few.as_json(), "many": many.as_json()}
            for name, pairs in found.items()
            for number, (few, many) in enumerate(pairs, 1)
        ],
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return path


Pairs = Sequence[tuple[Measurement, Measurement]]
Figure = Callable[[Measurement], float]


def _times(pairs: Pairs, figure: Figure) -> float:
    return statistics.median(_each(pairs, figure))


def _each(pairs: Pairs, figure: Figure) -> list[float]:
    return [figure(many) / figure(few) for few, many in pairs]


def _median(pairs: Pairs, place: int, figure: Figure) -> float:
    return statistics.median(figure(pair[place]) for pair in pairs)


def _latency(measurement: Measurement) -> float:
    return measurement.p50_us


def _server(measurement: Measurement) -> float:
    return measurement.server_us


def _postgres(measurement: Measurement) -> float:
    return measurement.postgres_us


def _processor(measurement: Measurement) -> float:
    return measurement.processor_us


if __name__ == "__main__":
    main()

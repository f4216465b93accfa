"""`python -m bench`: everything in one run, interleaved, and what falls short."""

import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import korob_program, overhead, plain_program, report, same
from bench.contender import ROWS, Contender, end_in_order
from bench.load import NoAnswerError
from bench.pgbench import Pgbench, StatementError
from bench.ports import free_port
from bench.postgres import NotDurableError, Postgres
from bench.same import DifferentAnswersError

RESULTS: Final = Path(__file__).parent / "results"
ALL_ROWS: Final = (*ROWS, overhead.ROW)
DATA_DIR: Final = "/var/tmp"  # noqa: S108 - a folder of its own is made in it


@click.command()
@click.option("--rounds", default=4, show_default=True, help="How often each row is measured at each contender.")
@click.option("--seconds", default=4, show_default=True, help="How long each measurement takes.")
@click.option("--orders", default=10_000, show_default=True, help="How many orders there are.")
@click.option("--row", "rows", multiple=True, type=click.Choice(ALL_ROWS), help="Only this row; may be given again.")
@click.option("--workers", type=int, help="Korob's workers; as shipped if not given.")
@click.option("--quick", is_flag=True, help="One short round on few orders: does it run at all?")
@click.option("--data-dir", default=DATA_DIR, show_default=True, help="Where the databases are made; a real disk.")
def main(
    *, rounds: int, seconds: int, orders: int, rows: tuple[str, ...], workers: int | None, quick: bool, data_dir: str
) -> None:
    """Compare Korob with a plain program and with bare PostgreSQL."""
    console = Console(stderr=False, width=None if sys.stdout.isatty() else 140)
    if quick:
        rounds, seconds, orders = 1, 1, min(orders, 500)
    rows = rows or ALL_ROWS
    end_in_order()
    folder = Path(tempfile.mkdtemp(prefix="korob-bench-", dir=data_dir))
    folder.chmod(0o755)
    try:
        found, around, about = _measure(
            console, folder, rows, rounds=rounds, seconds=seconds, orders=orders, workers=workers
        )
    except (NoAnswerError, NotDurableError, DifferentAnswersError, StatementError) as trouble:
        console.print(f"[red]{type(trouble).__name__}[/]", escape(str(trouble)))
        sys.exit(1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.show(found, around, console)
    path = report.write(found, around, RESULTS, about)
    console.print(f"All figures: {path}")
    if report.refusals(found):
        sys.exit(1)


def _measure(
    console: Console,
    folder: Path,
    rows: tuple[str, ...],
    *,
    rounds: int,
    seconds: int,
    orders: int,
    workers: int | None,
) -> tuple[report.Found, report.Around | None, dict[str, Any]]:
    compared = tuple(row for row in rows if row != overhead.ROW)
    found: report.Found = {}
    around = None
    with (
        Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        ) as progress,
        ExitStack() as running,
    ):
        postgres = Postgres(folder / "data")
        running.callback(postgres.stop)
        if compared:
            found = _compare(
                progress, postgres, folder, compared, rounds=rounds, seconds=seconds, orders=orders, workers=workers
            )
        if overhead.ROW in rows:
            measuring = progress.add_task(overhead.ROW, total=1)
            around = overhead.measure(postgres, rounds)
            progress.advance(measuring)
    about = {"postgres": postgres.settings, "rounds": rounds, "seconds": seconds, "orders": orders, "workers": workers}
    return found, around, about


def _compare(
    progress: Progress,
    postgres: Postgres,
    folder: Path,
    rows: tuple[str, ...],
    *,
    rounds: int,
    seconds: int,
    orders: int,
    workers: int | None,
) -> report.Found:
    found: report.Found = {}
    with ExitStack() as running:
        korob = korob_program.start(postgres, port=free_port(), folder=folder, workers=workers)
        running.callback(korob.stop)
        world = korob_program.World(korob)
        placing = progress.add_task("Placing orders", total=orders)
        world.place(orders, lambda more: progress.advance(placing, more))
        plain = plain_program.start(postgres, world.orders, world.placed_at(postgres), port=free_port(), folder=folder)
        running.callback(plain.stop)
        pgbench = Pgbench(
            postgres,
            korob_program.DATABASE,
            business_id=world.business_id,
            campaign_id=world.campaign_id,
            folder=folder,
        )
        postgres.execute(korob_program.DATABASE, "VACUUM ANALYZE")
        postgres.execute("postgres", "CHECKPOINT")
        contenders: tuple[Contender, ...] = (
            world.contender(postgres),
            plain_program.contender(plain, postgres, world.orders),
            pgbench,
        )
        same.check(korob, world.client, plain, plain_program.CLIENT, [order["id"] for order in world.orders])
        measuring = progress.add_task("Measuring", total=rounds * len(rows) * len(contenders))
        for _ in range(rounds):
            for row in rows:
                for contender in contenders:
                    progress.update(measuring, description=f"{row}: {contender.name}")
                    found.setdefault((row, contender.name), []).append(contender.measure(row, seconds))
                    progress.advance(measuring)
        progress.update(measuring, description="Measured")
    return found


if __name__ == "__main__":
    main()

"""`python -m bench`: everything in one run, interleaved, and what falls short."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import korob_program, plain_program, report, same
from bench.contender import ROWS, Contender
from bench.pgbench import Pgbench
from bench.ports import free_port
from bench.postgres import Postgres

RESULTS: Final = Path(__file__).parent / "results"


def main(  # noqa: PLR0917
    rounds: Annotated[int, typer.Option(help="How often each row is measured at each contender.")] = 4,
    seconds: Annotated[float, typer.Option(help="How long each measurement takes.")] = 4,
    orders: Annotated[int, typer.Option(help="How many orders there are.")] = 10_000,
    row: Annotated[list[str] | None, typer.Option(help=f"Only this row; one of: {', '.join(ROWS)}.")] = None,
    workers: Annotated[int | None, typer.Option(help="Korob's workers; as shipped if not given.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="One short round on few orders: does it run at all?")] = False,
    data_dir: Annotated[Path, typer.Option(help="Where the databases are made; on a real disk.")] = Path("/var/tmp"),  # noqa: S108
) -> None:
    """Compare Korob with a plain program and with bare PostgreSQL."""
    console = Console(stderr=False, width=None if sys.stdout.isatty() else 140)
    if quick:
        rounds, seconds, orders = 1, 1, min(orders, 500)
    rows = tuple(row or ROWS)
    if unknown := set(rows) - set(ROWS):
        raise typer.BadParameter(f"no such row: {', '.join(unknown)}")
    folder = Path(tempfile.mkdtemp(prefix="korob-bench-", dir=data_dir))
    folder.chmod(0o755)
    try:
        found, about = _measure(console, folder, rows, rounds=rounds, seconds=seconds, orders=orders, workers=workers)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.show(found, console)
    path = report.write(found, RESULTS, about)
    console.print(f"All figures: {path}")
    if report.refusals(found):
        raise typer.Exit(1)


def _measure(
    console: Console,
    folder: Path,
    rows: tuple[str, ...],
    *,
    rounds: int,
    seconds: float,
    orders: int,
    workers: int | None,
) -> tuple[report.Found, dict[str, Any]]:
    running: list[Any] = []
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    ) as progress:
        try:
            postgres = Postgres(folder / "data")
            running.append(postgres)
            korob = korob_program.start(postgres, port=free_port(), folder=folder, workers=workers)
            running.append(korob)
            world = korob_program.World(korob)
            placing = progress.add_task("Placing orders", total=orders)
            world.place(orders, lambda more: progress.advance(placing, more))
            plain = plain_program.start(postgres, world.orders, port=free_port(), folder=folder)
            running.append(plain)
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
            found: report.Found = {}
            measuring = progress.add_task("Measuring", total=rounds * len(rows) * len(contenders))
            for _ in range(rounds):
                for row in rows:
                    for contender in contenders:
                        progress.update(measuring, description=f"{row}: {contender.name}")
                        found.setdefault((row, contender.name), []).append(contender.measure(row, seconds))
                        progress.advance(measuring)
            progress.update(measuring, description="Measured")
        finally:
            for thing in reversed(running):
                thing.stop()
    about = {"postgres": postgres.settings, "rounds": rounds, "seconds": seconds, "orders": orders, "workers": workers}
    return found, about


if __name__ == "__main__":
    typer.run(main)

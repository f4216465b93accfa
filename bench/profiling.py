"""Where the time goes: `python -m bench.profiling "read one order"` watches a worker of Korob under load.

It needs py-spy. It prints shares of the samples in which the worker was at work: functions with all they call, then
single lines. The profile says what might be made cheaper, the bench says whether it became so.
"""

import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click
import psutil

from bench import korob_program
from bench.contender import ROWS, end_in_order
from bench.ports import free_port
from bench.postgres import Postgres

IDLE: Final = (" ", "_PollLikeSelector.select", "Thread.", "wait (threading.py")
"""Beginnings of the last frame of threads that wait although they seem to be at work."""


@click.command()
@click.argument("row", type=click.Choice(ROWS))
@click.option("--seconds", default=10, show_default=True, help="How long the worker is watched.")
@click.option("--orders", default=2_000, show_default=True, help="How many orders there are.")
@click.option("--workers", type=int, help="Korob's workers; as shipped if not given.")
@click.option("--native", is_flag=True, help="Look into C and Rust as well.")
@click.option("--most", default=60, show_default=True, help="How many functions are printed.")
def main(*, row: str, seconds: int, orders: int, workers: int | None, native: bool, most: int) -> None:
    """Watch the busiest process of Korob while it answers one row."""
    end_in_order()
    folder = Path(tempfile.mkdtemp(prefix="korob-profile-", dir="/var/tmp"))
    folder.chmod(0o755)
    stacks = folder / "stacks"
    postgres = Postgres(folder / "data")
    try:
        korob = korob_program.start(postgres, port=free_port(), folder=folder, workers=workers)
        try:
            world = korob_program.World(korob)
            world.place(orders, lambda more: None)
            contender = world.contender(postgres)
            worker = _busiest(korob.pid, lambda: contender.measure(row, 1))
            spy = subprocess.Popen(
                ["py-spy", "record", "--pid", str(worker), "--duration", str(seconds), "--rate", "250",
                 "--format", "raw", "--output", str(stacks), *(["--native"] if native else [])],
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
            before = _threads(worker)
            measurement = contender.measure(row, seconds + 1)
            after = _threads(worker)
            spy.wait()
            click.echo(measurement)
        finally:
            korob.stop()
        _show_threads(before, after)
        _show(stacks.read_text(), most)
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _busiest(root: int, work: Callable[[], object]) -> int:
    processes = psutil.Process(root).children(recursive=True)
    before = [process.cpu_times().user for process in processes]
    work()
    spent = [process.cpu_times().user - earlier for process, earlier in zip(processes, before, strict=True)]
    return int(processes[spent.index(max(spent))].pid)


def _threads(process: int) -> dict[tuple[str, int], float]:
    """Processor seconds of each thread of a process, by name and number."""
    return {
        (Path(f"/proc/{process}/task/{thread.id}/comm").read_text().strip(), thread.id): thread.user_time
        + thread.system_time
        for thread in psutil.Process(process).threads()
    }


def _show_threads(before: dict[tuple[str, int], float], after: dict[tuple[str, int], float]) -> None:
    spent = {thread: seconds - before.get(thread, 0.0) for thread, seconds in after.items()}
    total = sum(spent.values())
    click.echo("Threads of the worker, by their share of its processor time (Python runs in the first thread):")
    for (name, number), seconds in sorted(spent.items(), key=lambda pair: -pair[1]):
        if seconds > total / 100:
            click.echo(f"{seconds / total:6.1%}  {name} {number}")
    click.echo()


def _show(stacks: str, most: int) -> None:
    functions: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    total = 0
    for sample in stacks.splitlines():
        stack, _, seen = sample.rpartition(" ")
        frames = stack.split(";")
        times = int(seen)
        if not stack or frames[-1].startswith(IDLE):
            continue
        total += times
        lines[frames[-1]] += times
        for function in {frame.rpartition(":")[0] or frame for frame in frames}:
            functions[function] += times
    for counter, shown in ((functions, most), (lines, most // 2)):
        for name, times in counter.most_common(shown):
            click.echo(f"{times / total:6.1%}  {name}")
        click.echo()


if __name__ == "__main__":
    main()

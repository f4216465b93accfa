"""What is compared: something that can do the work of a row for some seconds."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from bench import load, orders
from bench.measure import Load, Measurement, ProcessorTime, machine_seconds, measured

ROWS: Final = ("read one order", "list 50", "remove items", "boxes")
WARM_UP_SECONDS: Final = 0.5


class Contender(Protocol):
    """One of those compared."""

    name: str

    def measure(self, row: str, seconds: float) -> Measurement:
        """Do the work of a row for so many seconds."""


class Http:
    """A program that speaks the API, asked by the generator of this package."""

    def __init__(
        self, name: str, program: "Program", postgres: ProcessorTime, *, client: orders.Client, book: orders.Book
    ) -> None:
        """Write the requests of all rows beforehand; the program must be ready."""
        self.name = name
        self._program = program
        self._postgres = postgres
        self._requests: dict[str, load.Requests] = {
            "read one order": orders.AnyOf([client.read(order_id) for order_id in book.order_ids]),
            "list 50": orders.AnyOf([client.list(token) for token in orders.pages(program.port, client)]),
            "remove items": orders.removals(book, client),
            "boxes": orders.layouts(book, client),
        }

    def measure(self, row: str, seconds: float, *, connections: int = 32) -> Measurement:
        """Warm up, then measure."""
        requests = self._requests[row]

        def ask(duration: float) -> Load:
            return load.run(self._program.port, requests, connections=connections, seconds=duration)

        ask(WARM_UP_SECONDS)
        return watched(lambda: ask(seconds), server=self._program.processor_time, postgres=self._postgres)


def watched(ask: Callable[[], Load], *, server: ProcessorTime | None, postgres: ProcessorTime) -> Measurement:
    """Ask while watching what the server's and PostgreSQL's processes take."""
    server_before, postgres_before = server.seconds() if server else 0.0, postgres.seconds()
    machine_before = machine_seconds()
    seen = ask()
    machine_after = machine_seconds()
    server_after, postgres_after = server.seconds() if server else 0.0, postgres.seconds()
    return measured(
        seen,
        server_seconds=server_after - server_before,
        postgres_seconds=postgres_after - postgres_before,
        machine_before=machine_before,
        machine_after=machine_after,
    )


def end_in_order() -> None:
    """Let a request to end unwind the stack, so that no server is left behind."""
    for wish in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(wish, lambda number, _: sys.exit(128 + number))


class Program:
    """A server program in processes of its own, its output in a file."""

    def __init__(
        self, command: list[str], *, port: int, ready: str, log: Path, environment: dict[str, str], apart: int
    ) -> None:
        """Start it and wait until `ready` (a path) is answered at all; `apart` is PostgreSQL's first process."""
        self.port = port
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        self.pid = self._process.pid
        self.processor_time = ProcessorTime(self.pid, apart=apart)
        self._wait(ready)

    def stop(self) -> None:
        """Ask it to stop, and make it stop after ten seconds."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.pid, signal.SIGKILL)
                self._process.wait()

    def _wait(self, ready: str, seconds: float = 40) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                status, _ = load.fetch(self.port, load.request("GET", ready, headers={}))
            except (OSError, load.NoAnswerError):
                status = 0
            if 0 < status < 500:
                return
            time.sleep(0.1)
        self.stop()
        raise load.NoAnswerError(f"did not start:\n{self._log.read_text(errors='replace')[-3000:]}")

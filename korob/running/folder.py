"""What an installation remembers in its data folder, beside the database."""

import os
import secrets
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

FORMAT: Final = "1"
"""Grows when a folder of an older korob can't be used as it is."""


class FolderError(Exception):
    """The data folder can't be used; the message says why in one line."""


class Demo(Struct, frozen=True, rename="camel"):
    """The world that `make run` shows around in, with its tokens."""

    business_id: int
    api_key: str
    operator_token: str
    campaigns: tuple[tuple[str, int], ...]
    """Model and id."""


def prepare(data_dir: Path) -> None:
    """Make the folder, or make sure that it is one this korob can use. Raises FolderError."""
    mark = data_dir / "format"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not mark.exists():
            _write(mark, FORMAT)
        found = mark.read_text().strip()
    except OSError as trouble:
        raise FolderError(f"the data folder {data_dir} can't be used: {trouble.strerror or trouble}") from trouble
    if found != FORMAT:
        raise FolderError(
            f"the data folder {data_dir} has format {found[:20]!r}, this korob works on format {FORMAT!r}: "
            "choose another --data-dir, or the korob that made it"
        )


def operator_token(data_dir: Path) -> str:
    """The operator's token that this installation made for itself, made on first use. Raises FolderError."""
    path = data_dir / "operator-token"
    try:
        if not path.exists():
            _write(path, secrets.token_urlsafe(32))
        token = path.read_text().strip()
    except OSError as trouble:
        raise FolderError(f"the operator's token in {path} can't be read: {trouble.strerror or trouble}") from trouble
    if not token:
        raise FolderError(f"the operator's token in {path} is empty: remove the file, and a new one is made")
    return token


def known_operator_token(data_dir: Path) -> str:
    """The token that was made earlier; empty if there is none, or it is not for this user to read."""
    try:
        return (data_dir / "operator-token").read_text().strip()
    except OSError:
        return ""


def demo(data_dir: Path) -> Demo | None:
    """The demo world that was made earlier; None if there is none, or nobody can tell any more."""
    try:
        return msgspec.json.decode((data_dir / "demo.json").read_bytes(), type=Demo)
    except (OSError, msgspec.DecodeError):
        return None


def keep_demo(data_dir: Path, made: Demo) -> None:
    """Remember the demo world for the next start."""
    _write(data_dir / "demo.json", msgspec.json.format(msgspec.json.encode(made)).decode())


def _write(path: Path, text: str) -> None:
    """Written beside and renamed: a reader finds the whole text or none, and nobody else finds anything."""
    draft = path.with_name(f"{path.name}.new-{os.getpid()}")
    with open(draft, "w", opener=lambda name, flags: os.open(name, flags | os.O_EXCL, 0o600)) as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)

"""What the environment is made of: pinned, whole, and from whichever index a machine has."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = ("requirements.txt", "requirements-dev.txt")


def pinned(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


@pytest.mark.parametrize("name", FILES)
def test_requirements_are_exact_versions_and_nothing_else(name):
    lines = [line for line in (ROOT / name).read_text().splitlines() if not line.startswith(("#", "-r "))]

    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)] == []
    assert lines == sorted(lines, key=lambda line: line.split("=="))


@pytest.mark.parametrize("name", [*FILES, "Makefile", "tools/environment", ".ci/run", "pyproject.toml"])
def test_no_file_says_where_packages_are_downloaded(name):
    said = (ROOT / name).read_text()

    assert re.findall(r"https?://(?!127\.0\.0\.1)|--(?:extra-)?index-url|--find-links|file:|/opt/|/tmp/", said) == []


def test_what_the_program_asks_for_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.match(r"[a-z0-9-]+", wish)[0] for wish in project["dependencies"]}

    assert names - pinned("requirements.txt").keys() == set()


def test_nothing_is_pinned_twice():
    assert pinned("requirements.txt").keys() & pinned("requirements-dev.txt").keys() == set()


def test_continuous_integration_runs_make_test_and_nothing_less():
    commands = [line for line in (ROOT / ".ci/run").read_text().splitlines() if re.match(r"\s*make\b", line)]

    assert commands == ["make test"]
    assert "set -euo pipefail" in (ROOT / ".ci/run").read_text()


def program(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)


def test_an_installation_that_was_broken_off_is_done_again_though_the_files_are_again_what_they_were(tmp_path):
    for name in (*FILES, "pyproject.toml", "tools/environment"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    program(tmp_path / ".venv/bin/korob")
    program(
        tmp_path / ".venv/bin/python",
        'case "$*" in *" install "*) echo "$*" >>installed; test ! -f broken-off;; esac',
    )
    (tmp_path / ".venv/place").write_text(f"{tmp_path.resolve()}\n")

    def run() -> tuple[int, int]:
        """The exit code, and how often something was installed since."""
        (tmp_path / "installed").write_text("")
        ended = subprocess.run([tmp_path / "tools/environment"], capture_output=True, check=False)
        return ended.returncode, len((tmp_path / "installed").read_text().splitlines())

    made = [run(), run()]
    (tmp_path / "requirements.txt").write_text("another==1.0\n")
    (tmp_path / "broken-off").touch()
    broken_off = run()
    (tmp_path / "broken-off").unlink()
    shutil.copy(ROOT / "requirements.txt", tmp_path / "requirements.txt")

    assert (made, broken_off) == ([(0, 2), (0, 0)], (1, 1))
    assert [run(), run()] == [(0, 2), (0, 0)]


def test_continuous_integration_waits_for_somebody_else_who_installs(tmp_path):
    programs = tmp_path / "bin"
    for name in ("bash", "dirname", "env", "sh", "cat"):
        programs.mkdir(exist_ok=True)
        (programs / name).symlink_to(shutil.which(name))
    program(programs / "sudo", 'exec "$@"')
    program(programs / "sleep", 'echo "slept $1" >>$CALLS')
    busy_twice = 'case "$(cat $CALLS)" in *slept*slept*) exit 0;; *) exit 100;; esac'
    program(programs / "apt-get", 'echo "$1" >>$CALLS', busy_twice)
    program(programs / "python3", 'case "$(cat $CALLS)" in *install*) exit 0;; esac', "exit 1")
    program(programs / "make", 'echo "make $1" >>$CALLS')
    (tmp_path / "calls").touch()

    environment = {"PATH": str(programs), "CALLS": str(tmp_path / "calls")}
    ended = subprocess.run([ROOT / ".ci/run"], env=environment, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "calls").read_text().split("\n") == [
        *("update", "slept 5", "update", "slept 10", "update"),
        *("install", "make test", ""),
    ]

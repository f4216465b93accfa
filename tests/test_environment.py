"""What the environment is made of: pinned, whole, and from whichever index a machine has."""

import re
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

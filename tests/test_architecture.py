"""What may know what: arrows point down only, SQL lives in the store, no rule looks at a clock."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "korob"

MAY_IMPORT = {
    "domain": {"domain"},
    "contract": {"contract", "domain"},
    "store": {"store", "domain", "clock"},
    "actions": {"actions", "store", "domain", "clock"},
    "notifications": {"notifications", "store", "domain", "clock"},
    "authority": {"authority", "store", "domain", "clock"},
    "labels": {"labels", "domain"},
    "api": {"api", "contract", "actions", "notifications", "labels", "store", "domain", "clock", "config"},
    "operator": {"operator", "api", "contract", "actions", "notifications", "store", "domain", "clock", "config"},
    "sandbox": {
        "sandbox",
        "operator",
        "api",
        "contract",
        "actions",
        "notifications",
        "store",
        "domain",
        "clock",
        "config",
    },
    "office": {"office", "contract", "actions", "notifications", "labels", "store", "domain", "clock", "config"},
    "timers": {"timers", "actions", "authority", "notifications", "store", "domain", "clock", "config", "logs"},
    "running": {"running", "wiring", "timers", "notifications", "domain", "store", "clock", "config", "logs"},
    "cli": {"running", "config"},
    "clock": {"domain"},
    "config": set(),
    "logs": {"config", "domain"},
}
PURE = {
    "__future__", "bisect", "calendar", "collections", "contextlib", "dataclasses", "datetime", "decimal", "enum",
    "functools", "gettext", "hashlib", "itertools", "math", "operator", "random", "re", "string", "typing", "zlib",
    "unicodedata", "msgspec", "biip", "pycountry", "binascii", "uuid", "abc", "types", "copy", "ipaddress", "urllib",
}  # fmt: skip


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        yield parts[0], path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: say where from"
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_arrows_point_down_only(layer):
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for place, path in modules()
        if place == layer
        for name in imports(path)
        if name.startswith("korob.") and name.split(".")[1] not in MAY_IMPORT[layer] and name != "korob.__version__"
    ]

    assert wrong == []


def test_every_folder_has_its_place_among_the_layers():
    unplaced = {place for place, _ in modules()} - MAY_IMPORT.keys() - {"__init__", "__main__", "wiring"}

    assert unplaced == set()


def test_the_domain_needs_the_standard_library_and_pure_values_only():
    wrong = [
        f"{path.name} imports {name}"
        for place, path in modules()
        if place == "domain"
        for name in imports(path)
        if name.split(".")[0] not in PURE | {"korob"}
    ]

    assert wrong == []


def test_no_rule_looks_at_a_clock():
    reads = re.compile(r"\.now\(|\.today\(|\.utcnow\(|time\.time|monotonic|perf_counter")
    wrong = [path.name for place, path in modules() if place == "domain" and reads.search(path.read_text())]

    assert wrong == []


def test_sql_lives_in_the_store_only():
    statement = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b[\s\S]{0,400}\b(FROM|VALUES|SET|WHERE)\b")
    wrong = [
        f"{path.relative_to(PACKAGE)}: {node.value[:60]!r}"
        for place, path in modules()
        if place not in {"store", "domain", "contract"}
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and statement.search(node.value)
    ]

    assert wrong == []

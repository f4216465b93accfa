"""Every refusal has its answer."""

import importlib
import pkgutil

import korob
from korob.api import refusals
from korob.domain.refusal import Refusal


def kinds(base: type) -> set[type]:
    return {base, *(deeper for kind in base.__subclasses__() for deeper in kinds(kind))}


def ours(kind: type) -> bool:
    return kind.__module__.startswith("korob.")


def every_refusal() -> set[type]:
    for module in pkgutil.walk_packages(korob.__path__, "korob."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return {kind for kind in kinds(Refusal) - {Refusal} if ours(kind)}


def test_every_refusal_has_a_status_and_a_code():
    assert {kind.__name__ for kind in every_refusal() if kind not in refusals.ANSWERS} == set()


def test_every_refusal_says_what_would_succeed():
    assert {kind.__name__ for kind, row in refusals.ANSWERS.items() if not row.remedy} == set()

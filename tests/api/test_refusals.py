"""Every refusal has its answer."""

import importlib
import pkgutil

import pytest

import korob
from korob.api import refusals, remedies
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
    silent = {kind.__name__ for kind in every_refusal() if not remedies.REMEDIES.get(kind)}

    assert silent == set()


@pytest.mark.parametrize("table", [refusals.ANSWERS, remedies.REMEDIES])
def test_no_row_is_for_a_refusal_that_is_no_more(table):
    assert {kind for kind in table if not issubclass(kind, Refusal)} == set()

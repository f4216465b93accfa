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


def test_every_refusal_has_a_status_and_a_code():
    for module in pkgutil.walk_packages(korob.__path__, "korob."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    unanswered = {kind.__name__ for kind in kinds(Refusal) - {Refusal} if ours(kind) and kind not in refusals.ANSWERS}

    assert unanswered == set()


def test_no_row_is_for_a_refusal_that_is_no_more():
    assert {kind for kind in refusals.ANSWERS if not issubclass(kind, Refusal)} == set()

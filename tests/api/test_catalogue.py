"""The catalogue of errors: complete, and of one mind with what is published."""

import pytest

from korob.api import catalogue, published, refusals
from korob.api.catalogue import shape
from korob.domain.moves import Knowledge

SAID = [entry for entry in catalogue.entries() if entry.rule]
LAAS = {"updateOrder", "getOrderUpdateOptions"}
"""Methods that declare no 404."""


def test_nothing_is_published_twice_for_one_status():
    seen = [(row.status, shape(row.template), row.where) for row in published.PUBLISHED]

    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("entry", [entry for entry in SAID if entry.knowledge is Knowledge.EXACT])
def test_a_published_text_has_the_published_status_and_code(entry):
    fitting = {(row.status, row.code) for row in published.PUBLISHED if shape(row.template) == shape(entry.template)}

    assert (entry.status, entry.code) in fitting | ({(400, "BAD_REQUEST")} if entry.where in LAAS else set())


@pytest.mark.parametrize("entry", SAID)
def test_every_error_says_why_and_what_helps(entry):
    assert entry.where
    assert entry.cause
    assert entry.remedy


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 415, 420, 500, 503])
def test_every_status_that_a_method_may_answer_has_a_row(status):
    assert any(entry.status == status for entry in SAID)


def test_no_module_is_asked_that_refuses_nothing():
    assert catalogue.WHERE.keys() <= {kind.__module__.rsplit(".", 1)[-1] for kind in refusals.ANSWERS}

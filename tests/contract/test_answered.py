"""The one who holds answers to the contract sees what is wrong with them."""

import json

import httpx
import pytest

ORDER_REFUSED = {"status": "ERROR", "errors": [{"code": "BAD_REQUEST", "message": "no"}]}
RIGHT = {"id": "1", "type": "ORDER_RECIPIENT_UPDATE", "status": "DONE"}


def operations(*listed):
    return {"status": "OK", "result": {"operations": list(listed)}}


def answered(status, body, kind="application/json;charset=UTF-8"):
    return httpx.Response(status, content=json.dumps(body).encode(), headers={"content-type": kind})


def test_what_is_right_passes(answers):
    answers.check("updateOrderItems", httpx.Response(200))
    answers.check("updateOrderItems", answered(400, ORDER_REFUSED))
    answers.check("updateOrderItems", answered(405, ORDER_REFUSED))
    answers.check("getOperations", answered(200, operations(RIGHT)))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, ORDER_REFUSED),
        (500, ORDER_REFUSED),
        (409, ORDER_REFUSED),
        (400, {"status": "OK", "errors": [{"code": "BAD_REQUEST", "message": "no"}]}),
        (400, {"status": "ERROR", "errors": []}),
        (400, {"status": "ERROR", "errors": [{"code": "BAD_REQUEST", "message": ""}]}),
        (400, ORDER_REFUSED | {"traceback": "line 1"}),
        (200, {"status": "OK"}),
    ],
)
def test_what_is_wrong_does_not(answers, status, body):
    with pytest.raises(AssertionError):
        answers.check("updateOrderItems", answered(status, body))


@pytest.mark.parametrize(
    "wrong",
    [RIGHT | {"colour": "red"}, RIGHT | {"status": None}, RIGHT | {"type": "DANCE"}, RIGHT | {"id": 1}, {"id": "1"}],
)
def test_what_is_wrong_deep_inside_does_not_either(answers, wrong):
    with pytest.raises(AssertionError):
        answers.check("getOperations", answered(200, operations(RIGHT, wrong)))


def test_json_says_that_it_is_json(answers):
    with pytest.raises(AssertionError):
        answers.check("updateOrderItems", answered(400, ORDER_REFUSED, "text/plain"))

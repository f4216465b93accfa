"""Requests in flight at once."""

from contextlib import ExitStack

import pytest

from korob.contract.method import Method, Quota
from korob.domain.quota import TooManyAtOnce
from korob.store.parallel import Parallel

OURS = ("campaignId", 5)


def a_method(name, parallel=4):
    return Method(
        operation_id=name,
        verb="GET",
        path=f"/v2/{name}",
        family="orders",
        summary="",
        models=frozenset(),
        scopes=frozenset(),
        quota=Quota(100, parallel=parallel),
    )


READ = a_method("read", 6)
PACK = a_method("pack")
MOVE = a_method("move")


def test_a_fifth_request_at_once_is_refused_and_let_in_when_one_has_left():
    parallel = Parallel()

    with ExitStack() as in_flight:
        for method in (PACK, MOVE, PACK, MOVE):
            in_flight.enter_context(parallel.request(OURS, method))
        with pytest.raises(TooManyAtOnce, match="Hit rate limit of 4 parallel requests for campaignId 5"):
            parallel.request(OURS, PACK)

    with parallel.request(OURS, PACK):
        pass


def test_a_method_with_a_number_of_its_own_has_a_place_of_its_own():
    parallel = Parallel()

    with ExitStack() as in_flight:
        for method in (PACK,) * 4 + (READ,) * 6:
            in_flight.enter_context(parallel.request(OURS, method))
        with pytest.raises(TooManyAtOnce, match="of 6 parallel"):
            parallel.request(OURS, READ)
        with pytest.raises(TooManyAtOnce, match="of 4 parallel"):
            parallel.request(OURS, MOVE)


def test_entities_do_not_stand_in_each_other_s_way():
    parallel = Parallel()

    with ExitStack() as in_flight:
        for _ in range(4):
            in_flight.enter_context(parallel.request(OURS, PACK))
        in_flight.enter_context(parallel.request(("campaignId", 6), PACK))
        in_flight.enter_context(parallel.request(("businessId", 5), PACK))


def test_a_request_that_fails_makes_room_too():
    parallel = Parallel()

    for _ in range(5):
        with pytest.raises(ZeroDivisionError), parallel.request(OURS, PACK):
            1 / 0  # noqa: B018


def test_a_world_without_limits_has_none():
    parallel = Parallel()

    with ExitStack() as in_flight:
        for _ in range(50):
            in_flight.enter_context(parallel.request(OURS, PACK, unlimited=True))
        in_flight.enter_context(parallel.request(OURS, PACK))

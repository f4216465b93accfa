"""Before anything is measured: the plain program answers what Korob answers."""

import json
from collections.abc import Sequence
from typing import Any

from bench import load
from bench.contender import Program
from bench.orders import Client


class DifferentAnswersError(Exception):
    """The two programs do not do the same work, so comparing their speed would say nothing."""


def check(korob: Program, korob_client: Client, plain: Program, plain_client: Client, order_ids: Sequence[int]) -> None:
    """Compare some orders, and the first page of the list. Raises DifferentAnswersError with the first difference."""
    for order_id in order_ids[:: max(1, len(order_ids) // 20)]:
        _compare(
            f"order {order_id}",
            _fetch(korob, korob_client.read(order_id))["order"],
            _fetch(plain, plain_client.read(order_id))["order"],
        )
    _compare(
        "the list",
        _fetch(korob, korob_client.list(None))["orders"],
        _fetch(plain, plain_client.list(None))["orders"],
    )


def _fetch(program: Program, request: bytes) -> Any:
    status, body = load.fetch(program.port, request)
    if status != 200:
        raise DifferentAnswersError(f"{status}: {body[:500].decode(errors='replace')}")
    return json.loads(body)


def _compare(where: str, ours: Any, theirs: Any) -> None:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            _compare(f"{where}, {name}", ours.get(name), theirs.get(name))
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for place, (our, their) in enumerate(zip(ours, theirs, strict=True)):
            _compare(f"{where}, {place}", our, their)
    elif ours != theirs:
        raise DifferentAnswersError(f"{where}: korob {ours!r}, plain {theirs!r}")

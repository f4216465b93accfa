"""Korob as a contender: a real `korob serve`, a world without limits, and orders placed through its operator API."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bench import load, orders
from bench.contender import Http, Program
from bench.measure import ProcessorTime
from bench.postgres import Postgres

DATABASE: Final = "korob"
_OPERATOR: Final = "operator-token-of-the-bench"


def start(postgres: Postgres, *, port: int, folder: Path, workers: int | None) -> Program:
    """Start the server on its database; without a number of workers, as many as it takes by itself."""
    command = ["korob", "serve", "--port", str(port), "--data-dir", str(folder / "korob")]
    command += ["--database-url", postgres.url(DATABASE)]
    if workers is not None:
        command += ["--workers", str(workers)]
    return Program(
        command,
        port=port,
        ready="/readyz",
        log=folder / "korob.log",
        environment={"KOROB_OPERATOR_TOKEN": _OPERATOR},
        apart=postgres.pid,
    )


class World:
    """A world without limits, and the orders of its DBS campaign."""

    def __init__(self, program: Program) -> None:
        """Make the world."""
        self._program = program
        body = json.dumps({"seed": 1, "limits": False}).encode()
        world = self._ask(load.request("POST", "/sandbox/v1/worlds", headers={}, body=body))
        self.business_id: int = world["businessId"]
        self.campaign_id: int = next(
            campaign["id"] for campaign in world["campaigns"] if campaign["placementType"] == "DBS"
        )
        self.client = orders.Client(self.campaign_id, world["apiKey"])
        self._headers = {"Authorization": f"Bearer {world['operatorToken']}"}
        self.orders: list[dict[str, Any]] = []

    def place(self, count: int, told: Callable[[int], None]) -> None:
        """Place so many orders, eight at a time; `told` learns how many more are there."""
        path = f"/operator/v1/campaigns/{self.campaign_id}/orders"
        placing = _Placing(count, path, self._headers, told)
        load.run(self._program.port, placing, connections=8, seconds=600)
        self.orders = placing.placed

    def placed_at(self, postgres: Postgres) -> dict[int, datetime]:
        """The moment of each order, to the microsecond."""
        rows = postgres.fetch(
            DATABASE, "SELECT order_id, created_at FROM orders WHERE business_id = $1", self.business_id
        )
        return {row["order_id"]: row["created_at"] for row in rows}

    def contender(self, postgres: Postgres) -> Http:
        """The contender, ready to be measured."""
        book = orders.Book(self.orders)
        return Http("korob", self._program, ProcessorTime(postgres.pid), client=self.client, book=book)

    def _ask(self, request: bytes) -> Any:
        status, body = load.fetch(self._program.port, request)
        if not 200 <= status < 300:
            raise load.NoAnswerError(f"{status}: {body[:500].decode(errors='replace')}")
        return json.loads(body)


class _Placing:
    """The requests that place orders, each once."""

    def __init__(self, count: int, path: str, headers: dict[str, str], told: Callable[[int], None]) -> None:
        self.placed: list[dict[str, Any]] = []
        self._numbers = iter(range(1, count + 1))
        self._path = path
        self._headers = headers
        self._told = told

    def next(self, slot: int) -> bytes | None:
        number = next(self._numbers, None)
        if number is None:
            return None
        body = json.dumps(orders.wish(number), ensure_ascii=False).encode()
        return load.request("POST", self._path, headers=self._headers, body=body)

    def answered(self, slot: int, accepted: bool, answer: bytes) -> None:
        if answer[9:10] != b"2":
            raise load.NoAnswerError(f"an order was not placed: {answer[:600].decode(errors='replace')}")
        self.placed.append(json.loads(answer.partition(b"\r\n\r\n")[2])["order"])
        self._told(1)

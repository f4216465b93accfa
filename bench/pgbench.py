"""Bare PostgreSQL as a contender: Korob's own rows, read one by one and written in one round trip each, by pgbench.

It works on a copy of Korob's tables, with the orders numbered from 1, so that Korob's own orders stay what they are.
"""

import os
import subprocess
from pathlib import Path
from typing import Final

from bench.contender import WARM_UP_SECONDS, watched
from bench.measure import Load, Measurement, ProcessorTime
from bench.postgres import BIN, Postgres

_DATABASE: Final = "bare"
_SAMPLED: Final = 0.1
"""The share of transactions whose latency is written down; all of them would slow pgbench itself."""

READ: Final = """
SELECT body FROM orders WHERE business_id = :business AND order_id = :n;
"""
LIST: Final = """
SELECT body
FROM orders
WHERE campaign_id = :campaign AND (created_at, order_id) < (SELECT created_at, order_id FROM pages WHERE n = :n)
  AND NOT fake
ORDER BY created_at DESC, order_id DESC
LIMIT 50;
"""
WRITE: Final = """
WITH written AS (
    UPDATE orders
    SET version = version + 1, updated_at = now(), body = :body
    WHERE business_id = :business AND order_id = :n
    RETURNING business_id, order_id, version, status, substatus
), remembered AS (
    INSERT INTO history (business_id, order_id, version, change_id, at, actor, act, status, substatus, events)
    SELECT business_id, order_id, version, gen_random_uuid(), now(), 'SELLER', :act, status, substatus, :events
    FROM written
){beside}
SELECT version FROM written;
"""
HELD: Final = """, held AS (
    INSERT INTO stock_movements (business_id, order_id, version, campaign_id, offer_id, held, gone, at)
    SELECT business_id, order_id, version, :campaign, 'bench-1', -1, 0, now()
    FROM written
)"""


class StatementError(Exception):
    """PostgreSQL refuses a statement: mostly because a table has changed since it was written."""


class Pgbench:
    """The statements of each row, run by pgbench over 32 connections."""

    name = "pgbench"

    def __init__(self, postgres: Postgres, source: str, *, business_id: int, campaign_id: int, folder: Path) -> None:
        """Copy the tables of Korob's database and write the scripts."""
        self._postgres = postgres
        self._processor_time = ProcessorTime(postgres.pid)
        self._folder = folder
        postgres.copy(source, _DATABASE)
        postgres.execute(
            _DATABASE,
            "TRUNCATE history, stock_movements",
            f"""
            UPDATE orders o SET order_id = numbered.n
            FROM (SELECT order_id, row_number() OVER (ORDER BY order_id) AS n
                  FROM orders WHERE campaign_id = {campaign_id}) AS numbered
            WHERE numbered.order_id = o.order_id
            """,
            f"""
            CREATE TABLE pages AS
            SELECT row_number() OVER () AS n, created_at, order_id
            FROM (SELECT created_at, order_id, row_number() OVER (ORDER BY created_at DESC, order_id DESC) AS place
                  FROM orders WHERE campaign_id = {campaign_id}) AS placed
            WHERE place % 50 = 0
            """,
            "ALTER TABLE pages ADD PRIMARY KEY (n)",
            "VACUUM FULL ANALYZE",
        )
        rows = postgres.fetch(
            _DATABASE, "SELECT count(*), min(body::text) FROM orders WHERE campaign_id = $1", campaign_id
        )
        orders, body = rows[0]
        self._variables = {"business": business_id, "campaign": campaign_id, "body": body}
        pages = postgres.fetch(_DATABASE, "SELECT count(*) FROM pages")[0][0]
        self._scripts = {
            "read one order": self._script("read", orders, READ),
            # The last mark has nothing after it.
            "list 50": self._script("list", max(1, pages - 1), LIST),
            "remove items": self._script("items", orders, WRITE.format(beside=HELD)),
            "boxes": self._script("boxes", orders, WRITE.format(beside="")),
        }

    def measure(self, row: str, seconds: float, *, connections: int = 32) -> Measurement:
        """Warm up, then measure. Raises StatementError."""
        self._run(row, WARM_UP_SECONDS, connections)
        return watched(lambda: self._run(row, seconds, connections), server=None, postgres=self._processor_time)

    def _script(self, name: str, most: int, statement: str) -> Path:
        path = self._folder / f"{name}.sql"
        path.write_text(f"\\set n random(1, {most})\n{statement.strip()}\n")
        return path

    def _run(self, row: str, seconds: float, connections: int) -> Load:
        log = self._folder / "pgbench"
        variables = {**self._variables, "act": row.upper().replace(" ", "_"), "events": '[{"event":"Measured"}]'}
        before = os.times()
        done = subprocess.run(
            [BIN / "pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", "2",
             "-T", str(max(1, round(seconds))), "-f", self._scripts[row],
             "-l", f"--log-prefix={log}", f"--sampling-rate={_SAMPLED}",
             *(f"--define={name}={value}" for name, value in variables.items()),
             self._postgres.url(_DATABASE)],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        after = os.times()
        if done.returncode:
            raise StatementError(f"{row}: {done.stderr.strip()}")
        latencies = []
        for part in self._folder.glob("pgbench.*"):
            latencies += [int(line.split()[2]) / 1e6 for line in part.read_text().splitlines()]
            part.unlink()
        said = dict(line.split(" = ") for line in done.stdout.splitlines() if " = " in line)
        answers = int(_after("number of transactions actually processed:", done.stdout).split("/")[0])
        failed = int(_after("number of failed transactions:", done.stdout).split()[0])
        rate = float(said["tps"].split()[0])
        return Load(
            answers=answers,
            seconds=answers / rate,
            latencies=sorted(latencies),
            refused={"failed transactions": failed} if failed else {},
            client_seconds=sum(after[2:4]) - sum(before[2:4]),
        )


def _after(words: str, said: str) -> str:
    return next(line[len(words) :].strip() for line in said.splitlines() if line.startswith(words))

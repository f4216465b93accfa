"""What a save of orders writes: the rows of each table, and the statements that write them together."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct

from korob.domain import codes
from korob.domain.change import Change, CodesAsked, CodesGiven, Event, OperationEnded, OperationStarted
from korob.domain.order import Order
from korob.domain.refusal import Refusal
from korob.domain.words import OperationStatus
from korob.store import order_rows
from korob.store.given_codes import ClaimedCode


class News(NamedTuple):
    """One thing the seller is to be told: a row of the outbox."""

    type: str
    at: datetime
    body: bytes


class Save(NamedTuple):
    """Changes of one order that go in together: `expected` is the version they were decided on (0: a new order)."""

    expected: int
    changes: tuple[Change, ...]
    id: uuid.UUID
    birth: int = 0
    epoch: int | None = None
    """The setting of the world's clock that it was decided by; with another one it does not go in."""
    refused: Refusal | None = None
    """The answer to the one who asked, when only what was due goes in."""
    trace: str | None = None
    """The trace of the call that it was decided in."""


def rows(saves: Sequence[Save], tell: Callable[[Change], Sequence[News]]) -> tuple[list[Any], ...]:
    """The rows of orders, history, outbox, ledger, operations, questions and codes that these saves write."""
    orders: list[order_rows.Row] = []
    history: list[HistoryRow] = []
    told: list[OutboxRow] = []
    ledger: list[LedgerRow] = []
    operations: dict[tuple[int, str], OperationRow] = {}
    questions: dict[tuple[int, int], QuestionRow] = {}
    given: dict[tuple[int, int, str], CodeRow] = {}
    for save in saves:
        version = save.expected
        for change in save.changes:
            version += 1
            order = change.order
            place = order.business_id, order.id, version
            history.append(
                HistoryRow(
                    *place,
                    save.id,
                    change.at,
                    change.actor,
                    change.act,
                    order.status,
                    order.substatus,
                    change.events,
                )
            )
            for news in tell(change):
                body = msgspec.Raw(news.body)
                told.append(OutboxRow(*place, order.campaign_id, news.type, news.at, body, save.trace))
            for movement in change.stock:
                ledger.append(
                    LedgerRow(*place, order.campaign_id, movement.offer_id, movement.count, movement.gone, change.at)
                )
            for event in change.events:
                if isinstance(event, OperationStarted | OperationEnded):
                    # A statement can't write the same row twice: the last word on an operation counts.
                    operations[order.business_id, event.id] = OperationRow(
                        *place[:2], event.id, event.type, order.campaign_id, _status(event), change.at
                    )
                elif isinstance(event, CodesAsked):
                    questions[place[:2]] = QuestionRow(*place, order.campaign_id)
                elif isinstance(event, CodesGiven):
                    for value, code in _codes_on(order):
                        # On a second position it is no good.
                        given.setdefault((*place[:2], code), CodeRow(*place[:2], code, value))
        last = save.changes[-1].order
        orders.append(
            order_rows.row(last, save.expected, version, save.birth, save.epoch)
            if save.expected
            else order_rows.new_row(last, version)
        )
    return (
        orders,
        history,
        told,
        ledger,
        list(operations.values()),
        list(questions.values()),
        list(given.values()),
    )


def claims(saves: Sequence[Save]) -> list[ClaimedCode]:
    """The codes that these saves were decided on as on no other order."""
    return [
        ClaimedCode(change.order.business_id, change.order.id, code)
        for save in saves
        for change in save.changes
        for code in change.claims
    ]


def _codes_on(order: Order) -> Iterator[tuple[str, str]]:
    for item in order.items:
        for instance in item.instances:
            yield from codes.compared(instance)


def _status(event: OperationStarted | OperationEnded) -> OperationStatus:
    return OperationStatus.IN_PROGRESS if isinstance(event, OperationStarted) else event.status


class HistoryRow(Struct):
    """A change, as it is remembered."""

    business_id: int
    order_id: int
    version: int
    change_id: uuid.UUID
    at: datetime
    actor: str
    act: str
    status: str
    substatus: str
    events: tuple[Event, ...]


class OutboxRow(Struct):
    """News for the seller."""

    business_id: int
    order_id: int
    version: int
    campaign_id: int
    type: str
    at: datetime
    body: msgspec.Raw
    trace: str | None


class LedgerRow(Struct):
    """Stock that is held, given back or gone."""

    business_id: int
    order_id: int
    version: int
    campaign_id: int
    offer_id: str
    held: int
    gone: int
    at: datetime


class OperationRow(Struct):
    """What an operation has come to."""

    business_id: int
    order_id: int
    id: str
    type: str
    campaign_id: int
    status: str
    at: datetime


class QuestionRow(Struct):
    """Codes of an order that the code authority is to be asked about."""

    business_id: int
    order_id: int
    version: int
    campaign_id: int


class CodeRow(Struct):
    """A marking code that was given for an order."""

    business_id: int
    order_id: int
    code: str
    value: str


_BESIDE: Final = """
, remembered AS (
    INSERT INTO history (business_id, order_id, version, change_id, at, actor, act, status, substatus, events)
    SELECT h.*
    FROM jsonb_to_recordset($2)
         AS h(business_id bigint, order_id bigint, version int, change_id uuid, at timestamptz, actor text, act text,
              status text, substatus text, events jsonb)
    JOIN written USING (business_id, order_id)
), told AS (
    INSERT INTO outbox (business_id, order_id, version, campaign_id, type, at, body, trace)
    SELECT n.business_id, n.order_id, n.version, n.campaign_id, n.type, n.at, n.body,
           coalesce(n.trace, gen_random_uuid())
    FROM jsonb_to_recordset($3)
         AS n(business_id bigint, order_id bigint, version int, campaign_id bigint, type text, at timestamptz,
              body jsonb, trace uuid)
    JOIN written USING (business_id, order_id)
), held AS (
    INSERT INTO stock_movements (business_id, order_id, version, campaign_id, offer_id, held, gone, at)
    SELECT m.*
    FROM jsonb_to_recordset($4)
         AS m(business_id bigint, order_id bigint, version int, campaign_id bigint, offer_id text, held int,
              gone int, at timestamptz)
    JOIN written USING (business_id, order_id)
), operated AS (
    INSERT INTO operations (business_id, order_id, id, type, campaign_id, status, at)
    SELECT o.*
    FROM jsonb_to_recordset($5)
         AS o(business_id bigint, order_id bigint, id text, type text, campaign_id bigint, status text, at timestamptz)
    JOIN written USING (business_id, order_id)
    ON CONFLICT (business_id, id) DO UPDATE SET status = excluded.status, at = excluded.at
)
"""
_CODES: Final = """
, asked AS (
    INSERT INTO code_questions (business_id, order_id, version, campaign_id)
    SELECT q.*
    FROM jsonb_to_recordset($6) AS q(business_id bigint, order_id bigint, version int, campaign_id bigint)
    JOIN written USING (business_id, order_id)
    -- Locked in the order of keys, as whoever asks takes them.
    ORDER BY business_id, order_id
    ON CONFLICT (business_id, order_id) DO UPDATE
    SET version = excluded.version, next_at = excluded.next_at, attempts = 0, trouble = NULL
), given AS (
    INSERT INTO given_codes (business_id, order_id, code, value)
    SELECT c.*
    FROM jsonb_to_recordset($7) AS c(business_id bigint, order_id bigint, code text, value text)
    JOIN written USING (business_id, order_id)
    ON CONFLICT (business_id, code, order_id) DO UPDATE SET value = excluded.value
)
"""
_SAVE: Final = """
WITH locked AS MATERIALIZED (
    SELECT s.*, o.found
    FROM (
        SELECT *
        FROM jsonb_to_recordset($1)
             AS r(business_id bigint, order_id bigint, expected int, version int, status text, substatus text,
                  updated_at timestamptz, look_at timestamptz, ships_on date, external_id text,
                  has_cis boolean, cancel_requested boolean, estimated boolean, format smallint, body jsonb,
                  birth bigint, epoch bigint)
        WHERE epoch IS NULL
           OR epoch = coalesce((SELECT w.epoch FROM worlds w WHERE w.business_id = r.business_id), 0)
        ORDER BY business_id, order_id
    ) s
    -- Row by row, so that they are locked in the order of keys, whatever else would be a plan.
    CROSS JOIN LATERAL (
        SELECT version AS found
        FROM orders
        WHERE business_id = s.business_id AND order_id = s.order_id
        LIMIT 1
        FOR NO KEY UPDATE
    ) o
), written AS (
    UPDATE orders o
    SET version = s.version, status = s.status, substatus = s.substatus, updated_at = s.updated_at,
        look_at = s.look_at, ships_on = s.ships_on, external_id = s.external_id, has_cis = s.has_cis,
        cancel_requested = s.cancel_requested, estimated = s.estimated, format = s.format, body = s.body
    FROM locked s
    WHERE o.business_id = s.business_id AND o.order_id = s.order_id AND s.found = s.expected
      AND o.version = s.expected AND o.birth = s.birth AND o.format <= s.format
    RETURNING o.business_id, o.order_id, o.birth
)
"""
_PLACE: Final = """
WITH written AS (
    INSERT INTO orders (business_id, order_id, version, status, substatus, updated_at, look_at, ships_on,
                        external_id, has_cis, cancel_requested, estimated, format, body, campaign_id, model,
                        created_at, buyer_type, dispatch, source_platform, fake)
    SELECT business_id, order_id, version, status, substatus, updated_at, look_at, ships_on, external_id,
           has_cis, cancel_requested, estimated, format, body, campaign_id, model, created_at, buyer_type,
           dispatch, source_platform, fake
    FROM jsonb_to_recordset($1)
         AS s(business_id bigint, order_id bigint, version int, status text, substatus text,
              updated_at timestamptz, look_at timestamptz, ships_on date, external_id text, has_cis boolean,
              cancel_requested boolean, estimated boolean, format smallint, body jsonb, campaign_id bigint,
              model text, created_at timestamptz, buyer_type text, dispatch text, source_platform text,
              fake boolean)
    ON CONFLICT DO NOTHING
    RETURNING business_id, order_id, birth
)
"""
_WRITTEN: Final = """
SELECT business_id, order_id, birth FROM written
"""

WITH_CODES: Final = {"save": "save with codes", "place": "place with codes"}
"""The statements that write codes too, and questions about them: the others are spared a tenth of their time."""
STATEMENTS: Final = {
    "save": _SAVE + _BESIDE + _WRITTEN,
    "place": _PLACE + _BESIDE + _WRITTEN,
    WITH_CODES["save"]: _SAVE + _BESIDE + _CODES + _WRITTEN,
    WITH_CODES["place"]: _PLACE + _BESIDE + _CODES + _WRITTEN,
}
"""Each gives a row for an order that went in: its business, its id and its birth."""

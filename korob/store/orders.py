"""The one door to orders: load, settle what is due, decide, save — batched, each batch one statement."""

import asyncio
import uuid
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

import asyncpg
import msgspec

from korob.domain import deadlines
from korob.domain.change import Change
from korob.domain.order import FORMAT, Order
from korob.domain.refusal import Refusal
from korob.store import given_codes, order_rows, order_saves, outbox
from korob.store.batches import Batches
from korob.store.database import BROKEN, PASSING, Database, DatabaseGoneError, UnclearError, as_array, as_json
from korob.store.given_codes import ClaimedCode, CodesTakenError
from korob.store.lanes import Lanes
from korob.store.order_saves import News, Save
from korob.store.queues import Queues

ATTEMPTS: Final = 12
"""How often a change that lost a race is decided anew before the caller is told to come again."""
TRIES: Final = 6
"""How often a statement that met a passing fault is tried, and a database that broke off is asked what arrived."""
KNOWN_ORDERS: Final = 16_384
"""Orders remembered per process; each use asks PostgreSQL whether the version is still the same."""


class OrderNotFound(Refusal):
    """No such order in this campaign; another campaign's order is answered the same."""

    template = "Order not found: partnerId = {campaign}, orderId = {order}"


class TooBusyError(Exception):
    """A change lost every race, or the id of a new order is taken; the caller may try again later."""


class IdTakenError(Exception):
    """There is an order with this id. Draw another one, after `Ids.forget`: the block at hand is of another life."""


class ClockMovedError(Exception):
    """The clock of the world was set since the caller read it: `now` is not now any more."""


class NewerFormatError(TooBusyError):
    """The order was written by a newer node, and this one must not write over it; asked again, that one may."""


class OrderKey(NamedTuple):
    """Which order. `epoch` is the setting of the world's clock that `now` was read from; None: it does not matter."""

    business_id: int
    campaign_id: int
    order_id: int
    epoch: int | None = None


class Listed(NamedTuple):
    """An order that a list has found, and which version of it."""

    order_id: int
    campaign_id: int
    version: int
    birth: int


class Known(NamedTuple):
    """An order as it was at a version, when the clock should look at it, and the stored form's number."""

    version: int
    order: Order
    look_at: datetime | None
    format: int
    birth: int
    """Tells it from another order that once had the same id."""


Decide = Callable[[Order, datetime], Change]
"""Decides on an order as it is, at a moment that is never before the order's last change."""


class Orders:
    """Reads and changes orders. `news` says what of a change the seller is told."""

    def __init__(self, database: Database, *, news: Callable[[Change], Sequence[News]]) -> None:
        self.database = database
        self._news = news
        self._known: OrderedDict[tuple[int, int], Known] = OrderedDict()
        self._queues: Queues[tuple[int, int]] = Queues()
        self._lanes = Lanes(database, _STATEMENTS)
        self.loads: Batches[OrderKey, Known] = Batches(self._load, lanes=2, most=64)
        self.saves: Batches[Save, bool | None] = Batches(partial(self._save, "save"), lanes=2, most=64)
        self.placings: Batches[Save, bool | None] = Batches(partial(self._save, "place"), lanes=1, most=64)
        self.batches: Final[dict[str, Batches[Any, Any]]] = {
            "load": self.loads,
            "save": self.saves,
            "place": self.placings,
        }
        """By what is done in them."""

    async def read(self, key: OrderKey, *, now: datetime) -> Order:
        """The order, with all that is due settled. Raises OrderNotFound, ClockMovedError."""
        known = await self.loads.ask(key)
        if known.look_at is not None and known.look_at <= now:
            return (await self._change(key, None, now=now))[0]
        return known.order

    async def listed(self, business_id: int, found: Sequence[Listed]) -> tuple[Order, ...]:
        """The orders of a list as it found them; those that are not remembered are loaded, as they are by then."""
        known = [self._known.get((business_id, one.order_id)) for one in found]
        missing = {
            place: self.loads.ask(OrderKey(business_id, one.campaign_id, one.order_id))
            for place, (one, seen) in enumerate(zip(found, known, strict=True))
            if seen is None or seen.version != one.version or seen.birth != one.birth
        }
        if missing:
            for place, seen in zip(missing, await asyncio.gather(*missing.values()), strict=True):
                known[place] = seen
        return tuple([seen.order for seen in known if seen is not None])

    async def change(self, key: OrderKey, decide: Decide, *, now: datetime) -> Order:
        """Settle what is due, let `decide` decide, save, and return the order as saved.

        `decide` may run several times. Raises OrderNotFound, what `decide` raises, ClockMovedError, TooBusyError,
        CodesTakenError if it claims codes in vain, and UnclearError if it may have been saved.
        """
        return (await self._change(key, decide, now=now))[0]

    async def settle(self, key: OrderKey, *, now: datetime) -> int:
        """Apply every deadline that is due; how many were. Nothing due is no error."""
        return (await self._change(key, None, now=now))[1]

    async def place(self, change: Change) -> Order:
        """Write a new order. Raises IdTakenError if the id is, UnclearError if it may have been written."""
        save = Save(0, (change,), uuid.uuid4(), trace=outbox.trace_id())
        unclear = False
        for _ in range(TRIES):
            try:
                saved = await self.placings.ask(save)
                if saved or (unclear and saved is not None and await self._arrived([save])):
                    return change.order
            except DatabaseGoneError as trouble:
                raise (UnclearError if unclear else DatabaseGoneError).of(trouble) from trouble
            if saved is not None:
                raise IdTakenError(f"order {change.order.id} exists already")
            unclear = True
        raise UnclearError(f"the connection broke off {TRIES} times")

    def forget_business(self, business_id: int) -> None:
        """Drop what is remembered of a business that is gone."""
        for key in [key for key in self._known if key[0] == business_id]:
            del self._known[key]

    async def close(self) -> None:
        """Give the connections back."""
        await self._lanes.close()

    async def _change(self, key: OrderKey, decide: Decide | None, *, now: datetime) -> tuple[Order, int]:
        place = key[0], key[2]
        await self._queues.wait(place)
        unclear: list[Save] = []
        try:
            return await self._change_in_turn(key, decide, unclear, now=now)
        except (DatabaseGoneError, TooBusyError) as trouble:
            if unclear:
                raise UnclearError.of(trouble) from trouble
            raise
        finally:
            self._queues.end(place)

    async def _change_in_turn(
        self, key: OrderKey, decide: Decide | None, unclear: list[Save], *, now: datetime
    ) -> tuple[Order, int]:
        """Change it in the caller's turn; `unclear` are the saves of which nobody knows yet whether they went in."""
        known = self._remembered(key)
        for attempt in range(ATTEMPTS):
            if attempt > 2:
                # Another process is at the same order; come back at different moments.
                await asyncio.sleep(0.001 * (attempt + hash(key) % 3))
            remembered = known is not None
            if unclear:
                known, arrived = await self._look_for(key, unclear)
                if arrived:
                    return _outcome(arrived)
            elif known is None:
                known = await self.loads.ask(key)
            assert known is not None  # noqa: S101
            save = _decided(known, decide, now=now)._replace(epoch=key.epoch)
            if not save.changes:
                if not remembered:
                    if save.refused:
                        raise save.refused
                    return known.order, 0
                # A no, and what changes nothing, must be said of the order as it is now.
                known = None
                continue
            if known.format > FORMAT:
                raise NewerFormatError(f"order {key.order_id} has format {known.format}, this node knows {FORMAT}")
            saved = await self.saves.ask(save)
            if saved:
                return _outcome(save)
            if saved is None:
                unclear.append(save)
            known = None
        raise TooBusyError(f"order {key.order_id} was changed by others {ATTEMPTS} times")

    async def _look_for(self, key: OrderKey, unclear: list[Save]) -> tuple[Known, Save | None]:
        """The order, and which of these saves went in although the connection broke off."""
        known = await self._load_patiently(key)
        if known.version == unclear[0].expected:
            # The server may still be at it. It does not matter: what is decided now and that can't both go in.
            return known, None
        arrived = await self._arrived(unclear)
        found = next((save for save in unclear if save.id in arrived), None)
        unclear.clear()
        return known, found

    def _remembered(self, key: OrderKey) -> Known | None:
        """The order as this process saw it last. A decision on it is safe: a save that is too late does not go in."""
        known = self._known.get((key[0], key[2]))
        return known if known is not None and known.order.campaign_id == key[1] else None

    async def _load_patiently(self, key: OrderKey) -> Known:
        """The order after the connection broke off: it must be found out whether a save arrived."""
        for attempt in range(1, TRIES):
            try:
                return await self.loads.ask(key._replace(epoch=None))
            except DatabaseGoneError:
                await asyncio.sleep(0.1 * attempt)
        return await self.loads.ask(key._replace(epoch=None))

    async def _load(self, keys: Sequence[OrderKey], lane: int) -> Sequence[Known | BaseException]:
        known = [self._known.get((key[0], key[2])) for key in keys]
        arguments = (
            as_array([key[0] for key in keys]),
            as_array([key[2] for key in keys]),
            as_array([seen.version if seen else 0 for seen in known]),
            as_array([seen.birth if seen else 0 for seen in known]),
            as_array([key[3] for key in keys]),
        )
        otherwise = {row[0]: row for row in await self._lanes.read("load", lane, *arguments)}
        answers: list[Known | BaseException] = []
        for place, (key, seen) in enumerate(zip(keys, known, strict=True), 1):
            answer = seen if place not in otherwise else _loaded(key, otherwise[place])
            assert answer is not None  # noqa: S101
            if isinstance(answer, Known):
                self._remember(key[0], key[2], answer)
                if answer.order.campaign_id != key[1]:
                    answer = OrderNotFound(campaign=key[1], order=key[2])
            answers.append(answer)
        return answers

    def _remember(self, business_id: int, order_id: int, known: Known) -> None:
        place = business_id, order_id
        self._known[place] = known
        self._known.move_to_end(place)
        if len(self._known) > KNOWN_ORDERS:
            self._known.popitem(last=False)

    async def _save(
        self, name: str, saves: Sequence[Save], lane: int, *, tries: int = TRIES
    ) -> Sequence[bool | BaseException | None]:
        """Write a batch: whether each went in, None if the connection broke off and nobody knows.

        When a row spoils it, or somebody else has one locked, it is halved until that row stands alone.
        """
        try:
            return await self._save_together(name, saves, lane)
        except PASSING as trouble:
            if len(saves) > 1 and isinstance(trouble, asyncpg.LockNotAvailableError):
                return await self._save_by_halves(name, saves, lane)
            if tries == 1:
                return [TooBusyError(str(trouble))] * len(saves)
            await asyncio.sleep(0.005 * (TRIES + 1 - tries))
            return await self._save(name, saves, lane, tries=tries - 1)
        except BROKEN:
            self._lanes.lose(name, lane)
            self._lanes.lose(order_saves.WITH_CODES[name], lane)
            return [None] * len(saves)
        except DatabaseGoneError as trouble:
            return [trouble] * len(saves)
        except Exception as trouble:
            if len(saves) == 1:
                return [trouble]
            return await self._save_by_halves(name, saves, lane)

    async def _save_by_halves(
        self, name: str, saves: Sequence[Save], lane: int
    ) -> Sequence[bool | BaseException | None]:
        half = len(saves) // 2
        return [*await self._save(name, saves[:half], lane), *await self._save(name, saves[half:], lane)]

    async def _arrived(self, saves: Sequence[Save]) -> set[uuid.UUID]:
        """Which of these saves went in, by their ids in the history; asked until PostgreSQL answers, some times."""
        for attempt in range(1, TRIES):
            try:
                return await self._found(saves)
            except DatabaseGoneError:
                await asyncio.sleep(0.1 * attempt)
        return await self._found(saves)

    async def _found(self, saves: Sequence[Save]) -> set[uuid.UUID]:
        async with self.database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT h.change_id
                FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::uuid[])
                     AS s(business_id, order_id, version, change_id)
                JOIN history h USING (business_id, order_id, version, change_id)
                """,
                [save.changes[0].order.business_id for save in saves],
                [save.changes[0].order.id for save in saves],
                [save.expected + 1 for save in saves],
                [save.id for save in saves],
            )
        return {row["change_id"] for row in rows}

    async def _save_together(self, name: str, saves: Sequence[Save], lane: int) -> Sequence[bool | BaseException]:
        if claims := order_saves.claims(saves):
            return await self._save_claiming(order_saves.WITH_CODES[name], saves, claims, lane)
        *parts, questions, given = order_saves.rows(saves, self._news)
        if questions or given:
            parts += questions, given
            name = order_saves.WITH_CODES[name]
        statement = await self._lanes.statement(name, lane)
        rows = await statement.fetch(*map(as_json, parts))
        return self._saved(saves, rows)

    async def _save_claiming(
        self, name: str, saves: Sequence[Save], claims: Sequence[ClaimedCode], lane: int
    ) -> Sequence[bool | BaseException]:
        """Write a batch with codes that no other order may have: all but those that claim in vain.

        Of two that claim the same code the second is decided anew, when it is known what became of the first.
        """
        first: dict[tuple[int, str], int] = {}
        held_back = {
            claim[:2]
            for claim in claims
            if first.setdefault((claim.business_id, claim.code), claim.order_id) != claim.order_id
        }
        statement = await self._lanes.statement(name, lane)
        connection = self._lanes.connection(name, lane)
        async with connection.transaction():
            in_vain: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
            for claim in await given_codes.taken(connection, claims):
                in_vain[claim[:2]].add(claim.code)
            going = [save for save in saves if not {_place(save)} & (in_vain.keys() | held_back)]
            rows = await statement.fetch(*map(as_json, order_saves.rows(going, self._news))) if going else ()
        saved = dict(zip(map(_place, going), self._saved(going, rows), strict=True))
        places = map(_place, saves)
        return [CodesTakenError(in_vain[at]) if at in in_vain else saved.get(at, False) for at in places]

    def _saved(self, saves: Sequence[Save], rows: Sequence[Any]) -> list[bool]:
        """Whether each went in; those that did are remembered."""
        written = {(business_id, order_id): birth for business_id, order_id, birth in rows}
        answers = []
        for save in saves:
            birth = written.get(_place(save))
            if birth is not None:
                self._remember_saved(save, birth)
            answers.append(birth is not None)
        return answers

    def _remember_saved(self, save: Save, birth: int) -> None:
        order = save.changes[-1].order
        self._remember(
            order.business_id,
            order.id,
            Known(save.expected + len(save.changes), order, deadlines.look_at(order), FORMAT, birth),
        )


def _place(save: Save) -> tuple[int, int]:
    order = save.changes[-1].order
    return order.business_id, order.id


def _loaded(key: OrderKey, row: Any) -> Known | BaseException:
    """An order that is not as it was remembered, or why there is none to give."""
    _, version, campaign_id, form, body, epoch, birth = row
    if version is None or campaign_id != key.campaign_id:
        return OrderNotFound(campaign=key.campaign_id, order=key.order_id)
    if key.epoch is not None and key.epoch != epoch:
        return ClockMovedError()
    try:
        order = order_rows.read(body)
    except msgspec.MsgspecError as trouble:
        # One order that can't be read must not keep its neighbours from being read.
        if form > FORMAT:
            return NewerFormatError(f"order {key.order_id} has format {form}, this node knows {FORMAT}")
        return trouble
    return Known(version, order, deadlines.look_at(order), form, birth)


def _decided(known: Known, decide: Decide | None, *, now: datetime) -> Save:
    """What was due and what was decided, and the refusal if there was one."""
    order = known.order
    now = max(now, order.updated_at)
    changes: list[Change] = []
    refused = None
    if known.look_at is not None and known.look_at <= now:
        while (change := deadlines.settle(order, now=now)) is not None:
            changes.append(change)
            order = change.order
    if decide is not None:
        try:
            change = decide(order, now)
        except Refusal as refusal:
            # What was due has happened all the same.
            refused = refusal
        else:
            if change.order is not order:
                changes.append(change)
    return Save(known.version, tuple(changes), uuid.uuid4(), known.birth, refused=refused, trace=outbox.trace_id())


def _outcome(save: Save) -> tuple[Order, int]:
    """The order as saved and how many changes went in. Raises the refusal, after what was due was saved."""
    if save.refused:
        raise save.refused
    return save.changes[-1].order, len(save.changes)


# What is as it was remembered is not among the rows: most of what is asked for.
_LOAD: Final = """
SELECT k.place, o.version, o.campaign_id, o.format, o.body, coalesce(w.epoch, 0), o.birth
FROM unnest($1::text::bigint[], $2::text::bigint[], $3::text::int[], $4::text::bigint[], $5::text::bigint[])
     WITH ORDINALITY AS k(business_id, order_id, version, birth, epoch, place)
LEFT JOIN orders o USING (business_id, order_id)
LEFT JOIN worlds w ON w.business_id = k.business_id
WHERE o.version IS DISTINCT FROM k.version
   OR o.birth IS DISTINCT FROM k.birth
   OR k.epoch <> coalesce(w.epoch, 0)
"""
_STATEMENTS: Final = {"load": _LOAD} | order_saves.STATEMENTS

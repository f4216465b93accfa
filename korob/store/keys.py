"""What a token opens, remembered for seconds, so that a request seldom asks PostgreSQL for it."""

import asyncio
from collections import defaultdict
from contextlib import suppress
from contextvars import Context
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final

import msgspec
from msgspec import Struct

from korob.clock import WALL, Clock
from korob.domain import api_key
from korob.domain.authority import Authority
from korob.domain.campaign import Campaign, Key, Scope
from korob.domain.quota import Limit
from korob.domain.words import ApiAvailability
from korob.store import campaign_rows
from korob.store.campaigns import secret, token_hash
from korob.store.database import Database, DatabaseGoneError

KEY_TTL: Final = 5.0
"""Seconds after which a deleted or edited key, or a switched campaign, is known to every process."""
CACHED_MAX: Final = 20_000
"""Tokens remembered per process, and as many that open nothing."""
USE_NOTED_EVERY: Final = 60.0
"""Seconds between two notes of a key's last use."""


class Found(Struct, frozen=True):
    """What a token opens: a key, the clock of its business and the campaigns of it by id."""

    key: Key
    clock: Clock
    campaigns: dict[int, Campaign]
    revoked: bool
    fresh_until: float
    """The moment of the monotonic clock until which it may be believed."""
    limits: dict[str, Limit] = {}
    """What the operator set for methods of this business, by their names; mostly nothing."""
    all_disabled: bool = False
    """Whether the API of every campaign, if there is one, is switched off."""
    authority: Authority | None = None
    """Who checks codes in its world, None outside of worlds."""

    @property
    def in_world(self) -> bool:
        """Whether the business was made for a test."""
        return self.clock is not WALL


class Keys:
    """The keys of all businesses, as one process knows them: nothing it says is older than KEY_TTL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._live: dict[str, Found] = {}
        self._tokens_of: defaultdict[int, set[str]] = defaultdict(set)
        self._dead: dict[str, tuple[Found | None, float]] = {}
        self._waiting: dict[str, asyncio.Future[Found | None]] = {}
        self._under_way: dict[str, asyncio.Future[Found | None]] = {}
        self._asking: asyncio.Task[None] | None = None
        self._meanwhile: dict[int, Clock | None] = {}
        self._secret: bytes | None = None
        self._used: dict[str, datetime] = {}
        self._noting: asyncio.Task[None] | None = None

    def cached(self, token: str, *, oauth: bool = False) -> Found | None:
        """What a live token opens, if that is still known; None says nothing about the token: then `find` it."""
        found = self._live.get(token)
        if found is None or found.fresh_until < monotonic() or found.key.oauth is not oauth:
            return None
        return found

    async def find(self, token: str, *, oauth: bool = False) -> Found | None:
        """What a token opens, None if nobody has it; `revoked` is true of a deleted one, which opens nothing.

        With `oauth` it is looked for among the tokens of the Authorization header, else among Api-Keys. Raises
        DatabaseGoneError.
        """
        if not oauth and (api_key.fault(token) or not api_key.is_ours(token)):
            return None
        found = self._live.get(token)
        fresh_until = 0.0 if found is None else found.fresh_until
        if found is None:
            found, fresh_until = self._dead.get(token, (None, 0.0))
        if fresh_until < monotonic():
            under_way = self._under_way.get(token)
            found = await (self._asked(token) if under_way is None else asyncio.shield(under_way))
        return found if found is not None and found.key.oauth is oauth else None

    async def refresh(self, token: str, *, oauth: bool = False) -> Found | None:
        """What a token opens as of now, whatever is remembered of it. Raises DatabaseGoneError."""
        found = await self._asked(token)
        return found if found is not None and found.key.oauth is oauth else None

    def put_clock(self, business_id: int, clock: Clock) -> None:
        """Have every token of a business show this clock from now on, unless a later setting of it is known."""
        if self._under_way:
            self._meanwhile[business_id] = clock
        for token in tuple(self._tokens_of.get(business_id, ())):
            if clock.epoch > self._live[token].clock.epoch + 1:
                # Another process has set something meanwhile: its clock, or the rules that its codes are checked by.
                self._drop(token)
            else:
                self._live[token] = _showing(self._live[token], clock)

    def forget_business(self, business_id: int) -> None:
        """Look up all keys and campaigns of a business again when they are next asked for."""
        if self._under_way:
            self._meanwhile[business_id] = None
        for token in self._tokens_of.pop(business_id, ()):
            del self._live[token]

    async def stop(self) -> None:
        """Write down the last uses that are not noted yet."""
        if self._noting is not None:
            self._noting.cancel()
            with suppress(asyncio.CancelledError):
                await self._noting
        with suppress(DatabaseGoneError):
            await self._note_uses()

    async def _asked(self, token: str) -> Found | None:
        answer = self._waiting.get(token)
        if answer is None:
            answer = self._waiting[token] = asyncio.get_running_loop().create_future()
            if self._asking is None:
                self._asking = asyncio.create_task(self._ask(), context=Context())
        return await asyncio.shield(answer)

    async def _ask(self) -> None:
        # Whoever asks while a question is under way waits for the next one, which asks for all of them at once.
        while self._waiting:
            self._under_way, self._waiting = self._waiting, {}
            answers = self._under_way
            try:
                by_token = await self._read(list(answers))
            except Exception as trouble:
                for answer in answers.values():
                    answer.set_exception(trouble)
                    answer.exception()
            else:
                for token, answer in answers.items():
                    answer.set_result(self._remember(token, by_token.get(token)))
            self._under_way = {}
            self._meanwhile.clear()
        self._asking = None

    def _remember(self, token: str, found: Found | None) -> Found | None:
        self._drop(token)
        if found is None or found.revoked:
            if len(self._dead) >= CACHED_MAX:
                self._dead.clear()
            self._dead[token] = (found, monotonic() + KEY_TTL)
            return found
        self._use(token)
        business_id = found.key.business_id
        if business_id in self._meanwhile:
            # The answer may have been read before the business was changed.
            clock = self._meanwhile[business_id]
            if clock is None or clock.epoch > found.clock.epoch + 1:
                return found
            found = _showing(found, clock)
        if len(self._live) >= CACHED_MAX:
            # Each look-up puts its token at the end, so the first ones are the oldest.
            for oldest in list(self._live)[: CACHED_MAX // 10]:
                self._drop(oldest)
        self._live[token] = found
        self._tokens_of[business_id].add(token)
        return found

    def _drop(self, token: str) -> None:
        found = self._live.pop(token, None)
        if found is not None:
            tokens = self._tokens_of[found.key.business_id]
            tokens.discard(token)
            if not tokens:
                del self._tokens_of[found.key.business_id]

    async def _read(self, tokens: list[str]) -> dict[str, Found]:
        fresh_until = monotonic() + KEY_TTL
        if self._secret is None:
            self._secret = await secret(self._database)
        by_hash = {token_hash(self._secret, token): token for token in tokens}
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                """
                SELECT
                    k.hash, k.id, k.business_id, k.name, k.scopes, k.oauth, k.revoked_at IS NOT NULL AS revoked,
                    b.yandex_go, w.limits, w.clock_offset, w.frozen_at, w.epoch, r.rules,
                    (
                        SELECT coalesce(jsonb_agg(to_jsonb(c) || jsonb_build_object('business_name', b.name)), '[]')
                        FROM campaigns c
                        WHERE c.business_id = k.business_id
                    ) AS campaigns,
                    (
                        SELECT jsonb_object_agg(
                            operation,
                            jsonb_build_object(
                                'amount', amount, 'per', extract(epoch FROM per), 'parallel', parallel
                            )
                        )
                        FROM quota_limits l
                        WHERE l.business_id = k.business_id
                    ) AS own_limits
                FROM api_keys k
                JOIN businesses b ON b.id = k.business_id
                LEFT JOIN worlds w ON w.business_id = k.business_id
                LEFT JOIN code_rules r ON r.business_id = k.business_id
                WHERE k.hash = ANY($1::bytea[])
                """,
                list(by_hash),
            )
        return {by_hash[row["hash"]]: _found(row, fresh_until) for row in rows}

    def _use(self, token: str) -> None:
        self._used[token] = datetime.now(UTC)
        if self._noting is None or self._noting.done():
            self._noting = asyncio.create_task(self._note_uses_later(), context=Context())

    async def _note_uses_later(self) -> None:
        await asyncio.sleep(USE_NOTED_EVERY)
        with suppress(DatabaseGoneError):
            await self._note_uses()

    async def _note_uses(self) -> None:
        if not self._used or self._secret is None:
            return
        used, self._used = self._used, {}
        try:
            async with self._database.connection() as connection:
                # Locked in one order everywhere: two processes that note the same keys must not deadlock.
                await connection.execute(
                    """
                    WITH used AS (
                        SELECT k.hash, u.at
                        FROM unnest($1::bytea[], $2::timestamptz[]) AS u (hash, at)
                        JOIN api_keys k ON k.hash = u.hash
                        WHERE coalesce(k.last_used_at < u.at, true)
                        ORDER BY k.hash
                        FOR NO KEY UPDATE OF k
                    )
                    UPDATE api_keys SET last_used_at = used.at
                    FROM used
                    WHERE api_keys.hash = used.hash
                    """,
                    [token_hash(self._secret, token) for token in used],
                    list(used.values()),
                )
        except BaseException:
            # Whoever breaks it off, to stop, notes them himself.
            self._used = used | self._used
            raise


def _found(row: Any, fresh_until: float) -> Found:
    in_world = row["epoch"] is not None
    campaigns = _CAMPAIGNS.decode(row["campaigns"])
    return Found(
        key=Key(
            id=row["id"],
            business_id=row["business_id"],
            name=row["name"],
            scopes=frozenset(map(Scope, row["scopes"])),
            oauth=row["oauth"],
            yandex_go=row["yandex_go"],
            limits=row["limits"] if in_world else True,
        ),
        clock=Clock(row["clock_offset"], row["frozen_at"], row["epoch"]) if in_world else WALL,
        campaigns={campaign.id: campaign for campaign in campaigns},
        revoked=row["revoked"],
        fresh_until=fresh_until,
        limits=_LIMITS.decode(row["own_limits"]) if row["own_limits"] else {},
        all_disabled=bool(campaigns)
        and all(campaign.availability is not ApiAvailability.AVAILABLE for campaign in campaigns),
        authority=campaign_rows.authority(row["rules"]) if in_world else None,
    )


def _showing(found: Found, clock: Clock) -> Found:
    return found if clock.epoch < found.clock.epoch else msgspec.structs.replace(found, clock=clock)


_CAMPAIGNS: Final = msgspec.json.Decoder(list[Campaign])
_LIMITS: Final = msgspec.json.Decoder(dict[str, Limit], strict=False)

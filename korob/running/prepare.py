"""What is done to a database before it is worked on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from korob import clock, config
from korob.config import Mode, Settings
from korob.running import folder, wishes
from korob.running.folder import Demo
from korob.store import fitness, reference, worlds
from korob.store.database import Database, DatabaseGoneError, migrate

REACH_SECONDS_MAX: Final = 10
DEMO_SEED: Final = 1

OfMode = Callable[[Database, str], Awaitable[None]]


async def _nothing(database: Database, mode: str) -> None:
    """A step that is left out."""


def ready(settings: Settings) -> tuple[str, ...]:
    """Have it ready to be worked on in this mode, from now on in no other. The migrations applied.

    Raises DatabaseGoneError, UnfitError and SchemaError.
    """
    return wishes.run(_ready(settings, fitness.check_mode, fitness.claim))


def migrated(settings: Settings) -> tuple[str, ...]:
    """Bring schema and reference data up to date, whatever is worked on there. The migrations applied.

    Raises DatabaseGoneError, UnfitError and SchemaError.
    """
    return wishes.run(_ready(settings))


def moved(settings: Settings) -> tuple[str, ...]:
    """Have it ready to be worked on in this mode, whatever its mode was. The migrations applied.

    Raises DatabaseGoneError, UnfitError and SchemaError.
    """
    return wishes.run(_ready(settings, then=fitness.change_mode))


def demo(settings: Settings) -> Demo:
    """The demo world of an earlier start, if it is still there; else a new one. Raises DatabaseGoneError."""
    return wishes.run(_demo(settings))


async def _ready(settings: Settings, before: OfMode = _nothing, then: OfMode = _nothing) -> tuple[str, ...]:
    production = settings.mode is Mode.PRODUCTION
    opened = await _reach(settings.database_url)
    try:
        await fitness.check_server(opened, production=production)
        await fitness.check_clock(opened, clock.WALL.now)
        await before(opened, settings.mode)
        applied = await migrate(opened)
        await reference.fill(opened)
        if production:
            await fitness.check_no_worlds(opened)
        await then(opened, settings.mode)
    finally:
        await opened.close()
    return applied


async def _demo(settings: Settings) -> Demo:
    opened = await _reach(settings.database_url)
    try:
        known = folder.demo(settings.data_dir)
        if known and any(world.id == known.business_id for world in await worlds.every(opened)):
            return known
        made = await worlds.create(opened, seed=DEMO_SEED, now=None, wall=clock.WALL.now(), limits=True)
    finally:
        await opened.close()
    campaigns = tuple((campaign.model.value, campaign.id) for campaign in made.campaigns)
    shown = Demo(made.business_id, made.api_key, made.operator_token, campaigns)
    folder.keep_demo(settings.data_dir, shown)
    return shown


async def _reach(url: str) -> Database:
    try:
        async with asyncio.timeout(REACH_SECONDS_MAX):
            # A migration that rebuilds a large table takes long, and so does the wait for another node that is at it.
            return await Database.open(url, connections=2, patient=True)
    except (DatabaseGoneError, TimeoutError) as trouble:
        said = str(trouble) or f"no answer within {REACH_SECONDS_MAX} s"
        raise DatabaseGoneError(f"the database {config.without_password(url)} can't be reached: {said}") from trouble

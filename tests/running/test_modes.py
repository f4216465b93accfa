"""A database is worked on in one mode, until somebody changes that on purpose."""

import pytest

from korob import config
from korob.clock import WALL
from korob.running import commands, prepare
from korob.store import fitness, worlds
from korob.store.fitness import UnfitError


@pytest.fixture(autouse=True)
def forgetful(monkeypatch):
    """The PostgreSQL of tests does not wait for its disk."""
    monkeypatch.setattr(fitness, "KEEPS_WRITES", ())


@pytest.fixture
def of_mode(fresh_url):
    """The settings of a program on the database."""
    return lambda mode: config.read({"KOROB_DATABASE_URL": fresh_url, "KOROB_MODE": mode})


@pytest.mark.parametrize(("served", "other"), [("production", "sandbox"), ("sandbox", "production")])
def test_whoever_comes_first_says_what_the_mode_is_until_it_is_changed_on_purpose(of_mode, served, other):
    prepare.ready(of_mode(served))
    prepare.ready(of_mode(served))

    with pytest.raises(UnfitError) as refused:
        prepare.ready(of_mode(other))

    assert str(refused.value) == (
        f"the database is one of {served}, and this is {other}: set KOROB_MODE={served}, or end all that runs on it "
        f"and make it one of {other} with: korob migrate --mode {other} --change-mode"
    )
    commands.migrate(of_mode(other))
    with pytest.raises(UnfitError):
        prepare.ready(of_mode(other))
    commands.migrate(of_mode(other), change_mode=True)
    prepare.ready(of_mode(other))
    with pytest.raises(UnfitError):
        prepare.ready(of_mode(served))


async def a_world(database):
    await worlds.create(database, seed=None, now=None, wall=WALL.now(), limits=True)


async def test_a_database_with_worlds_cannot_be_made_one_of_production(database, of_mode):
    await a_world(database)

    with pytest.raises(UnfitError, match="has worlds in it"):
        await prepare._ready(of_mode("production"), then=fitness.change_mode)

    await fitness.claim(database, "sandbox")

"""What is done to a database before it is worked on."""

from korob import config
from korob.running import prepare
from korob.store import database


def test_a_migration_may_take_longer_than_any_other_statement(fresh_url, monkeypatch):
    known = database._migrations()
    monkeypatch.setattr(database, "_migrations", lambda: [*known, ("9999_long.sql", "SELECT pg_sleep(0.2)")])
    monkeypatch.setattr(database, "STATEMENT_SECONDS_MAX", 0.02)

    applied = prepare.migrated(config.read({"KOROB_DATABASE_URL": fresh_url}))

    assert applied == ("9999_long.sql",)

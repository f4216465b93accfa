"""Connections to PostgreSQL."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from korob.store import fitness
from korob.store.database import Database, DatabaseGoneError, UnclearError


@pytest.mark.parametrize(("hasty", "waits"), [(False, "on"), (True, "off")])
async def test_only_the_hasty_do_not_wait_for_the_disk(fresh_url, hasty, waits):
    database = await Database.open(fresh_url, hasty=hasty)
    try:
        async with database.connection() as connection:
            assert await connection.fetchval("SHOW synchronous_commit") == waits
    finally:
        await database.close()


async def test_what_was_begun_and_not_ended_is_undone_before_the_next_one_has_the_connection(fresh_url):
    database = await Database.open(fresh_url, connections=1)
    try:
        with suppress(ZeroDivisionError):
            async with database.transaction() as connection:
                await connection.execute("CREATE TABLE begun ()")
                raise ZeroDivisionError
        async with database.connection() as connection:
            assert await connection.fetchval("SELECT to_regclass('begun')") is None
            assert not connection.is_in_transaction()
    finally:
        await database.close()


@pytest.mark.parametrize("trouble", ["disk_full", "io_error", "serialization_failure", "query_canceled"])
async def test_what_postgresql_gave_up_by_itself_was_not_done_and_may_be_tried_again(database, trouble):
    with pytest.raises(DatabaseGoneError) as told:
        async with database.connection() as connection:
            await connection.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{trouble}'; END $$")

    assert not isinstance(told.value, UnclearError)


async def test_nobody_waits_long_for_a_row_that_somebody_else_has_and_nobody_keeps_one_without_working(database):
    async with database.connection() as connection:
        waits = await connection.fetchval("SHOW lock_timeout")
        keeps = await connection.fetchval("SHOW idle_in_transaction_session_timeout")

    assert (waits, keeps) == ("5s", "15s")


async def test_a_server_that_can_only_be_read_is_not_worked_on(fresh_url):
    plain = await asyncpg.connect(fresh_url)
    name = await plain.fetchval("SELECT current_database()")
    await plain.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    await plain.close()

    with pytest.raises(DatabaseGoneError, match="read-write"):
        await Database.open(fresh_url, silence=60)


@pytest.mark.parametrize("minutes", [-5, 5])
async def test_a_machine_whose_clock_goes_wrong_is_told_by_how_much(database, minutes):
    def wall():
        return datetime.now(UTC) + timedelta(minutes=minutes)

    await fitness.check_clock(database, lambda: datetime.now(UTC))
    with pytest.raises(fitness.UnfitError, match="of this machine and of the database differ by"):
        await fitness.check_clock(database, wall)

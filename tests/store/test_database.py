"""Connections to PostgreSQL."""

from contextlib import suppress

import pytest

from korob.store.database import Database


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

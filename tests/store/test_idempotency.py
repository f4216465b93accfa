"""Keys of requests: what was answered stays answered for a day."""

import pytest

from korob.store import campaigns, idempotency
from korob.store.campaigns import BusinessNotFound
from korob.store.idempotency import Claim, KeyReused

REQUEST = idempotency.digest("POST", "/orders", b"{}")


@pytest.fixture
async def business_id(shared_database):
    return await campaigns.create_business(shared_database, "Лавка")


@pytest.mark.parametrize("other", [("PUT", "/orders", b"{}"), ("POST", "/order", b"{}"), ("POST", "/orders", b"{ }")])
def test_verb_path_and_body_make_a_request(other):
    assert idempotency.digest(*other) != REQUEST


async def test_what_nobody_claimed_is_not_found(shared_database, business_id):
    assert await idempotency.find(shared_database, business_id, "one", REQUEST) is None


async def test_an_answer_is_kept_to_the_letter(shared_database, business_id):
    answer = '{"b": 1.50, "a": "é\\u0000"}'.encode()
    await idempotency.claim(shared_database, business_id, "one", REQUEST, reserved=7)
    claimed = await idempotency.find(shared_database, business_id, "one", REQUEST)

    await idempotency.keep(shared_database, business_id, "one", answer)

    assert claimed == Claim(reserved=7)
    assert (await idempotency.find(shared_database, business_id, "one", REQUEST)).answer.encode() == answer
    with pytest.raises(KeyReused, match="one was used for another request"):
        await idempotency.find(shared_database, business_id, "one", b"another")


async def test_a_key_given_up_is_free(shared_database, business_id):
    await idempotency.claim(shared_database, business_id, "one", REQUEST)

    await idempotency.release(shared_database, business_id, "one")

    assert await idempotency.find(shared_database, business_id, "one", b"another") is None


async def test_a_business_that_is_gone_has_no_keys(shared_database):
    with pytest.raises(BusinessNotFound):
        await idempotency.claim(shared_database, 404, "one", REQUEST)


async def test_keys_are_forgotten_after_a_day(database):
    business_id = await campaigns.create_business(database, "Лавка")
    for key in ("old", "young"):
        await idempotency.claim(database, business_id, key, REQUEST)
    async with database.connection() as connection:
        await connection.execute("UPDATE idempotency SET made_at = now() - interval '24 hours' WHERE key = 'old'")

    forgotten = await idempotency.forget_old(database)

    assert forgotten == 1
    assert await idempotency.find(database, business_id, "young", REQUEST) == Claim()

"""What a request with an Idempotency-Key does once, and what everybody who asks again is answered."""

from collections.abc import Awaitable, Callable

from korob.api.errors import AnswerError
from korob.domain.refusal import Refusal
from korob.operator.endpoint import Call
from korob.store import idempotency, turns


async def answer(
    call: Call,
    business_id: int,
    *,
    reserve: Callable[[], Awaitable[int]],
    make: Callable[[int], Awaitable[bytes]],
    find: Callable[[int], Awaitable[bytes | None]],
) -> bytes:
    """The answer to a call that makes something under an id: made once for its key, by one at a time.

    `reserve` gives a fresh id, `make` makes the thing, and `find` spells it if an earlier try that did not come to its
    end has made it. Raises KeyReused. A refused call leaves its key free.
    """
    key = call.idempotency_key
    if key is None:
        return await make(await reserve())
    database = call.services.database
    async with turns.shared(database).of(f"key {key} of {business_id}"):
        claim = await idempotency.find(database, business_id, key, call.request)
        if claim is not None and claim.answer is not None:
            return claim.answer.encode()
        found = None
        if claim is not None and claim.reserved is not None:
            reserved = claim.reserved
            found = await find(reserved)
        else:
            reserved = await reserve()
            await idempotency.claim(database, business_id, key, call.request, reserved=reserved)
        try:
            text = found or await make(reserved)
        except (Refusal, AnswerError):
            await idempotency.release(database, business_id, key)
            raise
        await idempotency.keep(database, business_id, key, text)
        return text

"""The W3C traceparent that joins a call, what it changed, and what was told of it."""

import re
from random import getrandbits
from typing import Final


def parent(received: bytes | None) -> bytes:
    """The traceparent of an answer: the caller's trace if it sent a valid one, a span of our own."""
    if received and (match := _FORM.fullmatch(received)) and match[1] != _NO_TRACE:
        return b"00-%b-%016x-%b" % (match[1], getrandbits(64) or 1, match[2])
    return b"00-%032x-%016x-01" % (getrandbits(128) or 1, getrandbits(64) or 1)


_FORM: Final = re.compile(rb"00-([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
_NO_TRACE: Final = b"0" * 32

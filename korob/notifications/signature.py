"""Signatures by the Standard Webhooks specification, for receivers that want to know who knocks (an extension)."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32


def new_secret() -> bytes:
    """A secret that nobody knows yet."""
    return secrets.token_bytes(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """The secret as receivers' libraries take it."""
    return PREFIX + base64.b64encode(secret).decode()


def read(shown: str) -> bytes:
    """The secret that was shown. Raises ValueError for anything else."""
    if not shown.startswith(PREFIX):
        raise ValueError("no prefix")
    return base64.b64decode(shown.removeprefix(PREFIX), validate=True)


def headers(secret: bytes, *, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that sign a body. The id stays the same when it is sent again, `timestamp` is the wall's time."""
    signed = b"%b.%d.%b" % (message_id.encode(), timestamp, body)
    signature = base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": f"v1,{signature}"}

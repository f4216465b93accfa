"""Tokens of pages: opaque to callers, and only what was handed out is taken back."""

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta
from typing import Final

from korob.domain.refusal import Refusal


class BadPageToken(Refusal):
    """Not a token that this API handed out."""

    template = "Bad page token"


def of_offset(offset: int) -> str:
    """The token of a page that begins after so many rows."""
    return _written(_OFFSET.pack(_OFFSET_KIND, offset))


def read_offset(token: str) -> int:
    """How many rows come before the page. Raises BadPageToken."""
    raw = _read(token)
    if len(raw) != _OFFSET.size or raw[0] != _OFFSET_KIND:
        raise BadPageToken
    return int(_OFFSET.unpack(raw)[1])


def of_id(id: int) -> str:
    """The token of a page that begins after what has this id."""
    return _written(_ID.pack(_ID_KIND, id))


def read_id(token: str) -> int:
    """The id of what comes before the page. Raises BadPageToken."""
    raw = _read(token)
    if len(raw) != _ID.size or raw[0] != _ID_KIND:
        raise BadPageToken
    return int(_ID.unpack(raw)[1])


def of_text(text: str) -> str:
    """The token of a page that begins after what has this name."""
    return _written(bytes((_TEXT_KIND,)) + text.encode())


def read_text(token: str) -> str:
    """The name of what comes before the page. Raises BadPageToken."""
    raw = _read(token)
    if raw[0] != _TEXT_KIND or b"\0" in raw:
        raise BadPageToken
    try:
        return raw[1:].decode()
    except UnicodeDecodeError:
        raise BadPageToken from None


def of_position(moment: datetime, order_id: int) -> str:
    """The token of a page that begins after an order."""
    return _written(_POSITION.pack(_POSITION_KIND, (moment - _EPOCH) // _MICROSECOND, order_id))


def read_position(token: str) -> tuple[datetime, int]:
    """When the order was placed that comes before the page, and its id. Raises BadPageToken."""
    raw = _read(token)
    if len(raw) != _POSITION.size or raw[0] != _POSITION_KIND:
        raise BadPageToken
    _, microseconds, order_id = _POSITION.unpack(raw)
    try:
        return _EPOCH + microseconds * _MICROSECOND, order_id
    except OverflowError:
        raise BadPageToken from None


def _written(raw: bytes) -> str:
    checksum = binascii.crc32(raw) & 0xFFFF
    return base64.urlsafe_b64encode(raw + checksum.to_bytes(2, "big")).decode().rstrip("=")


def _read(token: str) -> bytes:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise BadPageToken from None
    if (
        len(raw) < 3
        or (binascii.crc32(raw[:-2]) & 0xFFFF).to_bytes(2, "big") != raw[-2:]
        or _written(raw[:-2]) != token
    ):
        raise BadPageToken
    return raw[:-2]


_OFFSET_KIND: Final = 1
_OFFSET: Final = struct.Struct(">BI")
_POSITION_KIND: Final = 2
_POSITION: Final = struct.Struct(">Bqq")
_ID_KIND: Final = 3
_ID: Final = struct.Struct(">Bq")
_TEXT_KIND: Final = 4
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

"""What is wrong with a body: all of its faults, in the published words.

The decoder stops at the first fault and does not say what was rejected. So, when it has refused a body and only
then, the body is read a second time without a type and held against the type's description, field by field.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any, Final

import msgspec
from msgspec import Struct, inspect

from korob.contract.wire import INT32_MAX, INT64_MAX, check_calendar, published

FAULTS_MAX: Final = 50
"""So many are told; a body of half a megabyte can have a hundred thousand."""
VALUE_MAX: Final = 200
"""A rejected value is repeated up to here."""

MISSING_BODY: Final = "Required request body is missing"
MISSING: Final = "{field} must not be null (rejected value: null)"
EMPTY: Final = "{field} must not be empty (rejected value: {value})"
NULL_ELEMENTS: Final = "{field} elements must be not null (rejected value: null)"
TWICE: Final = "{field} elements must be unique (rejected value: {value})"
COLLECTION_SIZE: Final = "{field} size must be between {least} and {most} (rejected size: {size})"
TEXT_SIZE: Final = "{field} size must be between {least} and {most} (rejected value: {value})"
TOO_SMALL: Final = "{field} must be greater than or equal to {bound} (rejected value: {value})"
TOO_BIG: Final = "{field} must be less than or equal to {bound} (rejected value: {value})"
MISMATCH: Final = "{field} must match {pattern} (rejected value: {value})"
ILLEGAL: Final = "Illegal input at {path}"

MALFORMED: Final = "JSON is malformed: "
TRUNCATED: Final = "Input data was truncated"
BROKEN_OFF: Final = "Unexpected end of content"
"""What is said of a body that ends too soon, or never."""
TYPE_BOUNDS: Final = {INT32_MAX, -INT32_MAX - 1, INT64_MAX, -INT64_MAX - 1}
"""Bounds that come from the type of a number: what is beyond them is no such number at all."""

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""Some programs begin a body with it."""

_PATH: Final = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")


class Fault(Exception):
    """A request that can't be read, for any number of reasons; each becomes an error of a 400.

    `wanted` says what belongs where the request has something of another type.
    """

    def __init__(self, *texts: str, wanted: Sequence[str] = ()) -> None:
        super().__init__(*texts)
        self.texts = texts
        self.wanted = wanted


def of_body(struct_type: type[Struct], raw: bytes) -> tuple[str, ...]:
    """Say all that is wrong with a body, at most 50 things; nothing if it can be read as this struct."""
    body = raw.removeprefix(BYTE_ORDER_MARK)
    if is_absent(body):
        return (MISSING_BODY,)
    try:
        body.decode()
        decoder(struct_type).decode(body)
        return _of_nul(body)
    except UnicodeDecodeError as error:
        return (f"JSON: invalid UTF-8 (byte {error.start})",)
    except RecursionError:
        return ("JSON: the nesting is too deep",)
    except msgspec.DecodeError as error:
        return _of_refused(struct_type, body, str(error))


def is_absent(body: bytes) -> bool:
    """Whether a body says nothing: it is empty, blank or `null`."""
    return not body or body.strip() in {b"", b"null"}


@cache
def decoder(struct_type: type[Struct]) -> msgspec.json.Decoder[Any]:
    """The one decoder of a body."""
    return msgspec.json.Decoder(struct_type)


def of_value(struct_type: type[Struct], value: Any) -> tuple[str, ...]:
    """Say all that keeps a value, read without a type, from being this struct, as far as the description tells."""
    return tuple(islice(_of_any(described(struct_type), value, ""), FAULTS_MAX))


@cache
def described(struct_type: type[Struct]) -> inspect.Type:
    """The description of a struct's fields."""
    return inspect.type_info(struct_type)


def path_in(why: str) -> str:
    """The place that the decoder's words name; the empty text for the body itself."""
    found = _PATH.search(why)
    return found["path"] if found else ""


def shown(value: Any) -> str:
    """A rejected value as it is repeated to the caller."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= VALUE_MAX else f"{text[:VALUE_MAX]}…"


def illegal(path: str) -> str:
    """Say that what stands at a path is not of its type; the body itself is `$`."""
    return ILLEGAL.format(path=path or "$")


def illegal_paths(texts: Iterable[str]) -> list[str]:
    """The places of which these texts say that something of another type stands there."""
    before = ILLEGAL.format(path="")
    return [text.removeprefix(before).removeprefix("$") for text in texts if text.startswith(before)]


def bare(wrapped: inspect.Type) -> tuple[inspect.Type, dict[str, Any]]:
    """A type without its wrappings, and what they say of it; `optional` is whether it may be null."""
    extra: dict[str, Any] = {"optional": False}
    while isinstance(wrapped, inspect.Metadata | inspect.UnionType):
        if isinstance(wrapped, inspect.Metadata):
            extra |= wrapped.extra or {}
            wrapped = wrapped.type
        else:
            extra["optional"] |= wrapped.includes_none
            wrapped = next(each for each in wrapped.types if not isinstance(each, inspect.NoneType))
    return wrapped, extra


def of_size(type_: inspect.StrType | inspect.CollectionType, field: str, value: Any) -> Iterator[str]:
    """Say that a text or a collection is too short or too long."""
    size, least, most = len(value), type_.min_length or 0, type_.max_length
    if least <= size and (most is None or size <= most):
        return
    if most is None:
        yield EMPTY.format(field=field, value=shown(value))
    elif isinstance(value, str):
        yield TEXT_SIZE.format(field=field, least=least, most=most, value=shown(value))
    else:
        yield COLLECTION_SIZE.format(field=field, least=least, most=most, size=size)


def of_collection(
    type_: inspect.CollectionType, field: str, values: list[Any], *, extra: dict[str, Any]
) -> Iterator[str]:
    """Say what is wrong with a list as a whole: its size, and what it holds for a second time."""
    yield from of_size(type_, field, values)
    if extra.get("unique"):
        seen: set[bytes] = set()
        for value in values:
            if (spelt := msgspec.json.encode(value)) in seen:
                yield TWICE.format(field=field, value=shown(value))
                return
            seen.add(spelt)


def _of_refused(struct_type: type[Struct], body: bytes, why: str) -> tuple[str, ...]:
    try:
        value = msgspec.json.decode(body)
    except msgspec.ValidationError:
        # A number that no reader can hold; the first reading may know where.
        return (illegal(path_in(why)),)
    except msgspec.DecodeError as error:
        return (_of_syntax(str(error)),)
    except RecursionError:
        return (illegal(path_in(why)),)
    return of_value(struct_type, value) or (illegal(path_in(why)),)


def _of_syntax(why: str) -> str:
    return BROKEN_OFF if why == TRUNCATED else f"JSON: {why.removeprefix(MALFORMED)}"


def _of_nul(body: bytes) -> tuple[str, ...]:
    if b"\\u0000" not in body:
        return ()
    return tuple(islice(_nul_in(msgspec.json.decode(body), ""), FAULTS_MAX))


def _nul_in(value: Any, path: str) -> Iterator[str]:
    match value:
        case str() if "\0" in value:
            yield illegal(path)
        case list():
            for place, element in enumerate(value):
                yield from _nul_in(element, f"{path}[{place}]")
        case dict():
            for name, element in value.items():
                yield from _nul_in(name, path)
                yield from _nul_in(element, _within(path, name))
        case _:
            return


def _of_any(wrapped: inspect.Type, value: Any, path: str) -> Iterator[str]:
    type_, extra = bare(wrapped)
    if value is None:
        if not extra["optional"]:
            yield MISSING.format(field=path)
    elif check := CHECKS.get(type(type_)):
        yield from check(type_, value, path, extra)


def _of_struct(type_: Any, value: Any, path: str, _extra: dict[str, Any]) -> Iterator[str]:
    if not isinstance(value, dict):
        yield illegal(path)
        return
    for field in type_.fields:
        name = field.encode_name
        if name in value or field.required:
            yield from _of_any(field.type, value.get(name), _within(path, name))


def _of_collection(type_: Any, value: Any, path: str, extra: dict[str, Any]) -> Iterator[str]:
    if not isinstance(value, list):
        yield illegal(path)
        return
    yield from of_collection(type_, path, value, extra=extra)
    if None in value:
        yield NULL_ELEMENTS.format(field=path)
    for place, element in enumerate(value):
        if element is not None:
            yield from _of_any(type_.item_type, element, f"{path}[{place}]")


def _of_number(type_: Any, value: Any, path: str, _extra: dict[str, Any]) -> Iterator[str]:
    if type(value) is not int:
        yield illegal(path)
    elif type_.ge is not None and value < type_.ge:
        yield _beyond(TOO_SMALL, type_.ge, value, path)
    elif type_.le is not None and value > type_.le:
        yield _beyond(TOO_BIG, type_.le, value, path)


def _of_amount(_type: Any, value: Any, path: str, _extra: dict[str, Any]) -> Iterator[str]:
    if type(value) not in {int, float}:
        yield illegal(path)


def _beyond(template: str, bound: int, value: int, path: str) -> str:
    return illegal(path) if bound in TYPE_BOUNDS else template.format(field=path, bound=bound, value=shown(value))


def _of_text(type_: Any, value: Any, path: str, _extra: dict[str, Any]) -> Iterator[str]:
    if not isinstance(value, str):
        yield illegal(path)
        return
    yield from of_size(type_, path, value)
    if type_.pattern is not None and not re.search(type_.pattern, value):
        yield MISMATCH.format(field=path, pattern=published(type_.pattern), value=shown(value))


def _of_bool(_type: Any, value: Any, path: str, _extra: dict[str, Any]) -> Iterator[str]:
    if not isinstance(value, bool):
        yield illegal(path)


def _of_word(type_: Any, value: Any, path: str, _extra: dict[str, Any]) -> Iterator[str]:
    if not isinstance(value, str) or value not in type_.cls.__members__.values():
        yield illegal(path)


def _of_day(_type: Any, value: Any, path: str, _extra: dict[str, Any]) -> Iterator[str]:
    if not _reads_as(date, value):
        yield illegal(path)


def _of_moment(_type: Any, value: Any, path: str, _extra: dict[str, Any]) -> Iterator[str]:
    if not _reads_as(datetime, value):
        yield illegal(path)


def _reads_as(kind: type[date], value: Any) -> bool:
    try:
        read = msgspec.convert(value, kind)
        check_calendar(read)
    except ValueError:
        return False
    return not isinstance(read, datetime) or read.tzinfo is not None


def _within(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


CHECKS: Final[dict[type[inspect.Type], Callable[[Any, Any, str, dict[str, Any]], Iterator[str]]]] = {
    inspect.StructType: _of_struct,
    inspect.VarTupleType: _of_collection,
    inspect.IntType: _of_number,
    inspect.FloatType: _of_amount,
    inspect.StrType: _of_text,
    inspect.BoolType: _of_bool,
    inspect.EnumType: _of_word,
    inspect.DateType: _of_day,
    inspect.DateTimeType: _of_moment,
}
"""How a value is held against each kind of type that bodies are made of."""

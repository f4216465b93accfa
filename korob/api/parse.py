"""Values made of what came in: the body, the query, the ids of the path. What can't be read is a Fault."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache, partial
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct, inspect

from korob.api import expected, faults
from korob.api.faults import Fault
from korob.contract.wire import INT64_MAX, check_calendar

S = TypeVar("S", bound=Struct)

NOT_PRESENT: Final = "Required request parameter {field} is not present"
TYPE_MISMATCH: Final = "Type mismatch: {value}"
TOO_BIG: Final = "Parameter {field} must be less than or equal to {bound} (rejected value: {value})"

SURE_DIGITS: Final = 19
"""A number of fewer digits is an int64."""

_INTEGER: Final = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_DAY_FIRST: Final = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LOST_PLUS: Final = re.compile(r" (?=[0-9]{2}:?[0-9]{2}\Z)")
"""Where the plus of an offset stood that nobody had escaped: in a query it means a space."""
_SWITCHES: Final = {"true": True, "false": False, "1": True, "0": False}
"""Programs written in PHP send the numbers: their library makes them of the words."""


def body(struct_type: type[S], raw: bytes, *, required: bool = True) -> S:
    """Read a body. One that is empty, blank or `null` is the struct without values if it is not required.

    Raises Fault with everything that is wrong with it.
    """
    try:
        if raw.isascii() or raw.decode():
            read: S = faults.decoder(struct_type).decode(raw)
            if b"\\u0000" not in raw:
                return read
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    return _body_with_care(struct_type, raw.removeprefix(faults.BYTE_ORDER_MARK), required)


def query(struct_type: type[S], raw: str | bytes) -> S:
    """Read a query: lists repeated or joined by commas, other names of parameters, bounds to cut to.

    Of a parameter given twice the first counts. Raises Fault with everything that is wrong with it.
    """
    if not raw:
        empty: S = _without_parameters(struct_type)
        return empty
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    names = _names(struct_type)
    given: dict[str, list[str]] = {}
    for name, value in _pairs(text):
        if name in names:
            given.setdefault(names[name], []).append(value)
    return _of_given(struct_type, given)


def identifier(text: str) -> int:
    """Read an id of the path. Raises Fault for what is no int64."""
    if text.isascii() and text.isdigit() and len(text) < SURE_DIGITS:
        return int(text)
    if not _INTEGER.fullmatch(text) or not -INT64_MAX - 1 <= (number := int(text)) <= INT64_MAX:
        raise _mismatch(text)
    return number


def _body_with_care(struct_type: type[S], raw: bytes, required: bool) -> S:
    if not required and faults.is_absent(raw):
        return struct_type()
    if texts := faults.of_body(struct_type, raw):
        raise Fault(*texts, wanted=expected.at(struct_type, faults.illegal_paths(texts)))
    read: S = faults.decoder(struct_type).decode(raw)
    return read


def _pairs(text: str) -> list[tuple[str, str]]:
    if "%" in text or "+" in text:
        try:
            return parse_qsl(text, errors="strict")
        except ValueError as error:
            raise _mismatch(text) from error
    # Most queries have nothing escaped, and are read in a third of the time without the library's care.
    split = [pair.partition("=") for pair in text.split("&")]
    return [(name, value) for name, _, value in split if value]


@cache
def _without_parameters(struct_type: type[Struct]) -> Any:
    return _of_given(struct_type, {})


class _Parameter(Struct, frozen=True):
    """A field of a query, taken apart once."""

    field: str
    name: str
    read: Callable[[str], Any]
    of_list: Callable[[list[str]], Iterator[str]] | None
    """Says what is wrong with a list as a whole; None if this is no list."""


def _of_given(struct_type: type[S], given: dict[str, list[str]]) -> S:
    texts = [NOT_PRESENT.format(field=name) for name in _required(struct_type) if name not in given]
    wrong: list[str] = []
    values: dict[str, Any] = {}
    parameters = _parameters(struct_type)
    for name, several in given.items():
        parameter = parameters[name]
        try:
            values[parameter.field] = _value(parameter, several)
        except Fault as fault:
            texts += fault.texts
            wrong.append(name)
    if texts:
        raise Fault(*texts, wanted=expected.at(struct_type, wrong))
    return struct_type(**values)


def _value(parameter: _Parameter, given: list[str]) -> Any:
    if parameter.of_list is None:
        return parameter.read(given[0])
    elements = [element for several in given for element in several.split(",") if element]
    if texts := tuple(parameter.of_list(elements)):
        raise Fault(*texts)
    return tuple([parameter.read(element) for element in elements])


@cache
def _names(struct_type: type[Struct]) -> dict[str, str]:
    """The parameter that each name stands for."""
    described: Any = inspect.type_info(struct_type)
    names = {field.encode_name: field.encode_name for field in described.fields}
    for field in described.fields:
        _, extra = faults.bare(field.type)
        names |= dict.fromkeys(extra.get("aliases", ()), field.encode_name)
    return names


@cache
def _required(struct_type: type[Struct]) -> tuple[str, ...]:
    described: Any = inspect.type_info(struct_type)
    return tuple(field.encode_name for field in described.fields if field.required)


@cache
def _parameters(struct_type: type[Struct]) -> dict[str, _Parameter]:
    described: Any = inspect.type_info(struct_type)
    return {field.encode_name: _parameter(field) for field in described.fields}


def _parameter(field: inspect.Field) -> _Parameter:
    name = field.encode_name
    type_, extra = faults.bare(field.type)
    if not isinstance(type_, inspect.VarTupleType):
        return _Parameter(field.name, name, _reader(type_, name, extra), None)
    item_type, item_extra = faults.bare(type_.item_type)
    of_list = partial(faults.of_collection, type_, name, extra=extra)
    return _Parameter(field.name, name, _reader(item_type, name, item_extra), of_list)


def _reader(type_: inspect.Type, name: str, extra: dict[str, Any]) -> Callable[[str], Any]:
    return partial(READERS[type(type_)], type_, name, extra)


def _number(type_: Any, name: str, extra: dict[str, Any], text: str) -> int:
    number = identifier(text)
    number = max(number, extra.get("floor", number))
    if type_.ge is not None and number < type_.ge:
        raise _beyond(faults.TOO_SMALL, type_.ge, text, name)
    if type_.le is not None and number > type_.le:
        raise _beyond(TOO_BIG, type_.le, text, name)
    cut: int = min(number, extra.get("ceiling", number))
    return cut


def _beyond(template: str, bound: int, text: str, name: str) -> Fault:
    if bound in faults.TYPE_BOUNDS:
        return _mismatch(text)
    return Fault(template.format(field=name, bound=bound, value=faults.shown(text)))


def _switch(_type: Any, _name: str, _extra: dict[str, Any], text: str) -> bool:
    if (word := text.lower()) not in _SWITCHES:
        raise _mismatch(text)
    return _SWITCHES[word]


def _word(type_: Any, _name: str, _extra: dict[str, Any], text: str) -> Any:
    try:
        return type_.cls(text)
    except ValueError as error:
        raise _mismatch(text) from error


def _day(_type: Any, _name: str, _extra: dict[str, Any], text: str) -> date:
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
        iso = f"{year}-{month}-{day}"
    elif _DAY.fullmatch(text):
        iso = text
    else:
        raise _mismatch(text)
    try:
        read = date.fromisoformat(iso)
        check_calendar(read)
    except ValueError as error:
        raise _mismatch(text) from error
    return read


def _moment(_type: Any, _name: str, _extra: dict[str, Any], text: str) -> datetime:
    try:
        read = datetime.fromisoformat(_LOST_PLUS.sub("+", text))
        check_calendar(read)
    except ValueError as error:
        raise _mismatch(text) from error
    if read.tzinfo is None:
        raise _mismatch(text)
    return read


def _text(_type: Any, name: str, extra: dict[str, Any], text: str) -> str:
    if "\0" in text and not extra.get("opaque"):
        # PostgreSQL has no such character.
        raise Fault(faults.illegal(name))
    return text


def _mismatch(text: str) -> Fault:
    return Fault(TYPE_MISMATCH.format(value=faults.shown(text)))


READERS: Final[dict[type[inspect.Type], Callable[[Any, str, dict[str, Any], str], Any]]] = {
    inspect.IntType: _number,
    inspect.BoolType: _switch,
    inspect.EnumType: _word,
    inspect.DateType: _day,
    inspect.DateTimeType: _moment,
    inspect.StrType: _text,
}
"""How one value of each kind is read."""

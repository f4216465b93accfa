"""What a field of a request takes, in words, for those who sent something else."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec import Struct, inspect

from korob.api import faults


def at(struct_type: type[Struct], paths: Iterable[str]) -> list[str]:
    """What belongs at each of these places: `items[0].count takes a whole number`."""
    told = ((path, of(struct_type, path)) for path in paths)
    return [f"{path or 'it'} takes {words}" for path, words in told if words]


def of(struct_type: type[Struct], path: str) -> str:
    """What belongs at a place, `items[0].count`, or in the whole; the empty text where nothing does."""
    type_, _ = faults.bare(faults.described(struct_type))
    for name in _NAMES(path):
        match type_:
            case inspect.VarTupleType():
                type_, _ = faults.bare(type_.item_type)
            case inspect.StructType():
                found = next((field for field in type_.fields if field.encode_name == name), None)
                if found is None:
                    return ""
                type_, _ = faults.bare(found.type)
            case _:
                return ""
    words = WORDS.get(type(type_))
    return words(type_) if words else ""


def _one_of(words: Iterable[Any]) -> str:
    return f"one of {', '.join(sorted(map(str, words)))}"


WORDS: Final[dict[type[inspect.Type], Callable[[Any], str]]] = {
    inspect.EnumType: lambda type_: _one_of(type_.cls.__members__.values()),
    inspect.LiteralType: lambda type_: _one_of(type_.values),
    inspect.StructType: lambda type_: f"the fields {', '.join(field.encode_name for field in type_.fields)}",
    inspect.VarTupleType: lambda _: "a list",
    inspect.DateType: lambda _: "a day, YYYY-MM-DD",
    inspect.DateTimeType: lambda _: "a moment with its zone, YYYY-MM-DDTHH:MM:SSZ",
    inspect.UUIDType: lambda _: "32 hex digits",
    inspect.BoolType: lambda _: "true or false",
    inspect.IntType: lambda _: "a whole number",
    inspect.FloatType: lambda _: "a number",
    inspect.StrType: lambda _: "text",
}
"""The words for each kind of type that requests are made of."""
_NAMES: Final = re.compile(r"[^.\[\]]+").findall

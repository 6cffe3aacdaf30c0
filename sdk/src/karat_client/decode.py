"""JSON into frozen records, by the annotations of their fields.

What a newer server adds is passed over; what is missing and has no default is an answer that this client cannot read.
"""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from karat_client.errors import AnswerUnreadable

T = TypeVar("T")
Convert = Callable[[Any], Any]


def decode(kind: type[T], value: Any) -> T:
    """A record, or a tuple of them, from parsed JSON.

    Raises:
        AnswerUnreadable: it is something else.
    """
    try:
        found: T = _converter(cast("Any", kind))(value)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise AnswerUnreadable(detail=f"No {getattr(kind, '__name__', kind)} could be read from it: {error}") from error
    return found


@cache
def _converter(kind: Any) -> Convert:
    origin, arguments = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _record_converter(kind)
    if kind is UUID:
        return UUID
    if kind is datetime:
        return datetime.fromisoformat
    if kind is float:
        return float
    if origin is tuple:
        one = _converter(arguments[0])
        return lambda value: tuple([one(part) for part in value])
    if origin is dict:
        inner = _converter(arguments[1])
        return lambda value: {name: inner(part) for name, part in value.items()}
    if origin in (Union, UnionType):
        return _union_converter(tuple(one for one in arguments if one is not NoneType))
    return _plain_converter(str if origin is Literal else kind)


def _plain_converter(kind: Any) -> Convert:
    """Text, whole numbers and truth values are what they are; Any is anything."""
    if kind is Any:
        return lambda value: value

    def check(value: Any) -> Any:
        if not isinstance(value, kind):
            raise TypeError(f"{value!r:.60} is not {kind.__name__}")
        return value

    return check


def _union_converter(kinds: tuple[Any, ...]) -> Convert:
    """Where several kinds are possible, JSON's own types tell them apart, and records by the words that are theirs."""
    records = {words: _converter(kind) for kind in kinds if (words := _words(kind))}
    if records:
        return lambda value: _one_of(records, value)
    if len(kinds) != 1:
        return lambda value: value
    one = _converter(kinds[0])
    return lambda value: None if value is None else one(value)


def _words(kind: Any) -> frozenset[tuple[str, str]]:
    """The fields of a record that can only be one word, and that word."""
    if not dataclasses.is_dataclass(kind):
        return frozenset()
    hints = get_type_hints(kind)
    arguments = {name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is Literal}
    return frozenset((name, words[0]) for name, words in arguments.items() if len(words) == 1)


def _one_of(records: Mapping[frozenset[tuple[str, str]], Convert], value: Any) -> Any:
    """A record that only a newer server knows comes through as it is."""
    if isinstance(value, dict):
        for words, convert in records.items():
            if all(value.get(name) == word for name, word in words):
                return convert(value)
    return value


def _record_converter(kind: Any) -> Convert:
    hints = get_type_hints(kind)
    fields = [
        (one.name, _converter(hints[one.name]), _is_required(one)) for one in dataclasses.fields(kind) if one.init
    ]

    def convert(value: Any) -> Any:
        if not isinstance(value, dict):
            raise TypeError(f"{value!r:.60} is not an object")
        given = {}
        for name, part, is_required in fields:
            if name in value:
                given[name] = part(value[name])
            elif is_required:
                raise KeyError(f"{kind.__name__}.{name}")
        return kind(**given)

    return convert


def _is_required(one: "dataclasses.Field[Any]") -> bool:
    return one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING

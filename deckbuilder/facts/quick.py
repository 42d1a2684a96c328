"""Plain values to facts, for files in which nothing is wrong: that is nearly all of them, nearly always.

It is made once from `models.py`, and knows nothing of mistakes: at the first thing that is not plainly right it gives
the file up. `judge.py` then says what is wrong, or that nothing is. So this way may be narrower, and must never be
wider; a test holds both against each other.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from sys import intern
from types import UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from deckbuilder.facts.keys import (
    MOST_ROOMS,
    AtLeast,
    Check,
    Key,
    MistakeError,
    Strict,
    by_class,
    keys_of,
    room_for,
    setter_of,
)
from deckbuilder.facts.models import FactsFile, check_words

_Reader = Callable[[Any], Any]
# The class of a fact, and for each of its keys in turn what writes it and what reads it.
_Way = tuple[type[Strict], tuple[tuple[Callable[[object, Any], None], _Reader], ...]]

# What is space to Unicode, and so to pydantic; Python also takes off separators such as U+001C.
_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
_TRUTH = {"true": True, "false": False, "yes": True, "no": False}


class _NotPlainError(Exception):
    """Something that only the judge can judge."""


class _Readers(dict[str, _Reader]):
    def __missing__(self, name: str) -> _Reader:
        raise _NotPlainError


def quick(value: Any) -> FactsFile | None:
    """The facts of a file, if all of it is plainly right."""
    try:
        return cast("FactsFile", _mapping(FactsFile)(value))
    except (_NotPlainError, MistakeError, UnicodeEncodeError):
        return None


@by_class
def _mapping(model: type[Strict]) -> _Reader:
    # What is made of a mapping in full, by its keys as they are written: few mappings differ in them.
    ways: dict[tuple[str, ...], _Way] = {}

    def read(value: Any) -> Any:
        if type(value) is str and model.SHORT is not None:
            value = {model.SHORT: value}
        way = ways.get(tuple(value)) if type(value) is dict else None
        if way is None:
            value, way = another(value)
        room, steps = way
        fact = object.__new__(room)
        for (put, read_key), inner in zip(steps, value.values(), strict=True):
            put(fact, read_key(inner))
        return fact

    def another(value: Any) -> tuple[dict[str, Any], _Way]:
        full = model.in_full(value)
        if type(full) is not dict:
            raise _NotPlainError
        names = tuple(full)
        way = _ways(model)(names)  # not above: a member holds members
        if model.NOT_IN_FULL.isdisjoint(names) and len(ways) < MOST_ROOMS:
            ways[names] = way
        return full, way

    return read


@by_class
def _ways(model: type[Strict]) -> Callable[[tuple[str, ...]], _Way]:
    readers = _Readers({name: _bounded(_reader(key.kind), key) for name, key in keys_of(model).items()})

    @lru_cache(MOST_ROOMS)
    def way(names: tuple[str, ...]) -> _Way:
        if not model.NEEDED.issubset(names):
            raise _NotPlainError
        reading = [readers[name] for name in names]  # before there is room for a key that is none
        room = room_for(model, names)
        return room, tuple(zip([setter_of(room, name) for name in names], reading, strict=True))

    return way


@cache
def _reader(kind: Any) -> _Reader:
    """What reads a value of an annotation of the schema; many keys have the same one."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        read = _reader(parts[0])
        for mark in parts[1:]:
            read = _marked(read, mark)
        return read
    if origin in {Union, UnionType}:
        # None stands where nothing is written, and that is a mistake.
        (inner,) = (part for part in parts if part is not type(None))
        return _reader(inner)
    if origin is tuple:
        return _list(_reader(parts[0]), None if parts[-1] is ... else len(parts))
    if origin is Mapping:
        return _names(*map(_reader, parts))
    if origin is Literal:
        return _word(frozenset(parts))
    return _PLAIN[kind] if kind in _PLAIN else _mapping(kind)


def _marked(read: _Reader, mark: Any) -> _Reader:
    if isinstance(mark, Check):
        check = mark.function
        if read is _text and check is check_words:
            return _words
        # Ids, tags and languages repeat: each is held once.
        return lambda value: intern(check(read(value)))
    if isinstance(mark, AtLeast):
        return _long_enough(read, mark.entries)
    return lambda value: read([value] if type(value) is str else value)


def _long_enough(read: _Reader, least: int) -> _Reader:
    def checked(value: Any) -> Any:
        entries = read(value)
        if len(entries) < least:
            raise _NotPlainError
        return entries

    return checked


def _bounded(read: _Reader, key: Key) -> _Reader:
    if key.least is None and key.most is None:
        return read
    least, most = key.least, key.most

    def bounded(value: Any) -> Any:
        number = read(value)
        if (least is not None and number < least) or (most is not None and number > most):
            raise _NotPlainError
        return number

    return bounded


def _list(read: _Reader, length: int | None) -> _Reader:
    def entries(value: Any) -> tuple[Any, ...]:
        if type(value) is not list or length not in {None, len(value)}:
            raise _NotPlainError
        return tuple([read(one) for one in value])

    return entries


def _names(read_name: _Reader, read: _Reader) -> _Reader:
    def names(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise _NotPlainError
        return {read_name(name): read(inner) for name, inner in value.items()}

    return names


def _word(words: frozenset[str]) -> _Reader:
    def word(value: Any) -> str:
        if type(value) is not str or value not in words:
            raise _NotPlainError
        return value

    return word


def _text(value: Any) -> str:
    if type(value) is not str:
        raise _NotPlainError
    if not value.isascii():
        value.encode()  # half of a surrogate pair is no text
    return value.strip(_SPACES)


def _words(value: Any) -> str:
    # Nearly every text begins with a letter, and has no space around it to take off.
    if type(value) is str and value.isascii() and value[:1].isalnum() and not value[-1].isspace():
        return value
    return check_words(_text(value))


def _whole(value: Any) -> int:
    if type(value) is not str or not _WHOLE.fullmatch(value):
        raise _NotPlainError
    return int(value)


def _decimal(value: Any) -> float:
    if type(value) is not str or not _DECIMAL.fullmatch(value):
        raise _NotPlainError
    return float(value)


def _truth(value: Any) -> bool:
    if type(value) is not str or value not in _TRUTH:
        raise _NotPlainError
    return _TRUTH[value]


_PLAIN: Mapping[Any, _Reader] = {str: _text, int: _whole, float: _decimal, bool: _truth}

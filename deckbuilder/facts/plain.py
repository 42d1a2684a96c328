"""YAML to plain values, for files whose notation is plain: that is nearly all of them, nearly always.

It takes a third less time than `events.py`, and knows neither mistakes nor places: at the first anchor, tag or mistake
it gives the file up. `events.py` then says what is wrong, or that nothing is. So this way may be narrower, and must
never be wider; a test holds both against each other.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import yaml
from yaml.events import (
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

Value = str | list["Value"] | dict[str, "Value"] | None

DEEPEST = 100
# The remedy where a backslash is no backslash.
SINGLE_QUOTES = "put the text in single quotes, where a backslash stands for itself"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL = re.compile("[\x00-\x08\x0b-\x0d\x0e-\x1f\x7f]")
_BROKEN_MATH = re.compile(r"\$[^$]*[\n\t][^$]*\$")


class NotPlainError(Exception):
    """Something that only the reader of events can judge."""


def parser() -> Any:
    """The class that gives a text's events: in C where libyaml is there, else in Python."""
    return _LOADER


def plain_value(text: str) -> Value:
    """The value of a file's text. Raises NotPlainError."""
    if not is_composed(text):
        raise NotPlainError
    try:
        loader = parser()(text)
        try:
            return _document(loader.get_event)
        finally:
            loader.dispose()
    except yaml.YAMLError:
        raise NotPlainError from None


def is_composed(text: str) -> bool:
    """Whether each letter with a mark is one sign; every file that is not is read as if it were."""
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def has_lost_backslash(event: ScalarEvent) -> bool:
    """In double quotes `\\beta` is a backspace and `eta`: an author of math meant neither."""
    return event.style == '"' and bool(_CONTROL.search(event.value) or _BROKEN_MATH.search(event.value))


def _document(following: Callable[[], Event]) -> Value:
    following()  # the stream begins
    if isinstance(following(), StreamEndEvent):
        return None
    root = _value(following(), following, 0)
    following()  # the document ends
    if not isinstance(following(), StreamEndEvent):
        raise NotPlainError
    return root


def _value(event: Event, following: Callable[[], Event], depth: int) -> Value:
    """What begins with an event; `depth` lists and mappings are open around it."""
    if type(event) is ScalarEvent:
        return _written(event)
    if type(event) is SequenceStartEvent:
        _check_opening(event, depth)
        entries: list[Value] = []
        while type(event := following()) is not SequenceEndEvent:
            entries.append(_value(event, following, depth + 1))
        return entries
    if type(event) is MappingStartEvent:
        _check_opening(event, depth)
        mapping: dict[str, Value] = {}
        while type(event := following()) is not MappingEndEvent:
            key = _key(event)
            if key in mapping:
                raise NotPlainError
            mapping[key] = _value(following(), following, depth + 1)
        return mapping
    raise NotPlainError  # an alias


def _written(event: ScalarEvent) -> str | None:
    if event.tag is not None or event.anchor is not None or has_lost_backslash(event):
        raise NotPlainError
    # An empty plain scalar is no text at all: `term:` with nothing behind it.
    return event.value or ("" if event.style else None)


def _key(event: Event) -> str:
    if type(event) is not ScalarEvent or event.value == "<<":
        raise NotPlainError
    # The schema takes off spaces around a key, so two keys that differ in them alone are one.
    return (_written(event) or "").strip()


def _check_opening(event: MappingStartEvent | SequenceStartEvent, depth: int) -> None:
    if event.tag is not None or event.anchor is not None or depth >= DEEPEST:
        raise NotPlainError

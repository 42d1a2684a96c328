"""YAML's event stream to plain values: every scalar as the text that stands there.

Reading events rather than composing nodes keeps `NO` a text, finds duplicate keys, and costs a fifth of
PyYAML's loader. `plain.py` does it for most files; what stands here does it for all, and tells what is wrong.
Values carry no places; `index_places` reads the events once more when a place is wanted, which only a mistake,
a preview or a lock conflict ever needs.
"""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from deckbuilder.facts.plain import (
    DEEPEST,
    SINGLE_QUOTES,
    NotPlainError,
    Value,
    has_lost_backslash,
    is_composed,
    parser,
    plain_value,
)
from deckbuilder.facts.source import Source
from deckbuilder.problems import Problem

# PyYAML's marks, of its C or its Python parser: a line and a column from 0.
Mark = Any
YamlPath = tuple[str | int, ...]

MOST_ALIASED = 100_000


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands, and where the key before it does (lines and columns from 0)."""

    line: int
    column: int
    key_line: int
    key_column: int


@dataclass(slots=True)
class Places:
    """The spots of all values of a file by their path, and the keys of each mapping.

    Not `whole` if the rest of the file could not be read.
    """

    spots: dict[YamlPath, Spot] = field(default_factory=dict)
    keys: dict[YamlPath, list[str]] = field(default_factory=dict)
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's value and all that is wrong with its notation; not `whole` if the rest could not be read."""

    value: Value
    problems: tuple[Problem, ...]
    whole: bool


class _Frame:
    """A list or mapping that is still open."""

    __slots__ = ("anchor", "container", "key", "key_mark", "path", "size")

    def __init__(self, container: Value, path: YamlPath, anchor: str | None) -> None:
        self.container = container
        self.path = path
        self.anchor = anchor
        self.key: str | None = None
        self.key_mark: Mark | None = None
        self.size = 1


class _Stop(Exception):  # noqa: N818 - not an error: the file is not read further
    """The rest of the file cannot be read in a meaningful way."""


def read_values(source: Source) -> Reading:
    try:
        return Reading(plain_value(source.text), (), whole=True)
    except NotPlainError:
        return read_events(source)


def read_events(source: Source) -> Reading:
    """As `read_values`, for all that can stand in a file."""
    reader = _Reader(source, None)
    whole = reader.read()
    return Reading(reader.root, tuple(reader.problems), whole)


def scalar_ends(source: Source) -> dict[tuple[int, int], tuple[int, int]]:
    """Where each scalar of a file without mistakes ends, by where it begins (lines and columns from 0)."""
    marks: list[tuple[Mark, Mark]] = [
        (event.start_mark, event.end_mark)
        for event in yaml.parse(source.text, Loader=parser())
        if isinstance(event, ScalarEvent)
    ]
    return {(start.line, start.column): (end.line, end.column) for start, end in marks}


def index_places(source: Source) -> Places:
    """Where each value of a file stands; of a broken file, as far as it can be read."""
    places = Places()
    places.whole = _Reader(source, places).read()
    return places


class _Reader:
    def __init__(self, source: Source, places: Places | None) -> None:
        self.source = source
        self.places = places
        self.problems: list[Problem] = []
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[Value, int]] = {}
        self.unused: dict[str, Mark] = {}
        self.aliased = 0
        self.documents = 0
        self.root: Value = None
        self.to_compose = not is_composed(source.text)

    def read(self) -> bool:
        """Whether the file could be read to its end."""
        try:
            for event in yaml.parse(self.source.text, Loader=parser()):
                self._take(event)
        except yaml.YAMLError as error:
            from deckbuilder.facts.syntax import explain  # noqa: PLC0415 - only mistakes pay for it

            self.problems.append(explain(error, self.source))
            return False
        except _Stop:
            return False
        for name, mark in self.unused.items():
            self._tell(mark, f"the anchor {name!r} is never used", "put a text that begins with & in quotes")
        return True

    def _take(self, event: Event) -> None:
        if isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, MappingStartEvent):
            self._open({}, event)
        elif isinstance(event, SequenceStartEvent):
            self._open([], event)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._close()
        elif isinstance(event, AliasEvent):
            self._alias(event)
        elif isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._tell(
                    event.start_mark, "a second document begins here", "keep one document a file: remove the '---'"
                )
                raise _Stop

    def _scalar(self, event: ScalarEvent) -> None:
        text: str = event.value
        if event.tag is not None:
            self._refuse_tag(event)
        if has_lost_backslash(event):
            self._tell(
                event.start_mark,
                "a backslash in double quotes is an escape here, not a backslash",
                SINGLE_QUOTES,
            )
        if self.to_compose:
            text = unicodedata.normalize("NFC", text)
        if self._wants_key():
            # The schema takes off spaces around a key, so two keys that differ in them alone are one.
            self._key(self.stack[-1], text.strip(), event)
            return
        # An empty plain scalar is no text at all: `term:` with nothing behind it.
        value = None if not text and not event.style else text
        self._add(value, event.start_mark, 1)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
            self.unused[event.anchor] = event.start_mark

    def _key(self, frame: _Frame, key: str, event: ScalarEvent) -> None:
        container = frame.container
        assert isinstance(container, dict)  # noqa: S101 - a key belongs to a mapping, for mypy
        frame.key_mark = event.start_mark
        frame.key = key
        if key == "<<" and not event.style:
            self._tell(event.start_mark, "merge keys ('<<') are not read", "write the keys out")
        if key in container:
            self._tell(
                event.start_mark,
                f"the key {key!r} stands twice in this mapping",
                "keep one of the two",
                "duplicate-key",
            )

    def _open(self, container: Value, event: MappingStartEvent | SequenceStartEvent) -> None:
        if event.tag is not None:
            self._refuse_tag(event)
        if self._wants_key():
            self._tell(
                event.start_mark,
                "a list or mapping stands where a key belongs",
                "put a text that begins with [ or { in quotes",
            )
            raise _Stop
        if len(self.stack) >= DEEPEST:
            self._tell(event.start_mark, f"nested deeper than {DEEPEST} levels", "flatten the list")
            raise _Stop
        frame = _Frame(container, self._path(), event.anchor)
        if event.anchor:
            self.unused[event.anchor] = event.start_mark
        if self.places is not None:
            self._record(frame.path, event.start_mark)
            if isinstance(container, dict):
                self.places.keys.setdefault(frame.path, [])
        self.stack.append(frame)

    def _close(self) -> None:
        frame = self.stack.pop()
        if frame.anchor:
            self.anchors[frame.anchor] = (frame.container, frame.size)
        self._add(frame.container, None, frame.size)

    def _alias(self, event: AliasEvent) -> None:
        name = event.anchor or ""
        if self._wants_key():
            self._tell(
                event.start_mark, "an alias stands where a key belongs", "put a text that begins with * in quotes"
            )
            raise _Stop
        if any(frame.anchor == name for frame in self.stack):
            self._tell(
                event.start_mark, f"the anchor {name!r} contains itself", "write the values out", "alias-recursive"
            )
            raise _Stop
        if name not in self.anchors:
            self._tell(
                event.start_mark,
                f"no anchor {name!r} before this place",
                "put a text that begins with * in quotes",
            )
            self._add("*" + name, event.start_mark, 1)
            return
        self.unused.pop(name, None)
        value, size = self.anchors[name]
        self.aliased += size
        if self.aliased > MOST_ALIASED:
            self._tell(event.start_mark, f"aliases expand to more than {MOST_ALIASED:,} values", "write the values out")
            raise _Stop
        self._add(value, event.start_mark, size)

    def _add(self, value: Value, mark: Mark | None, size: int) -> None:
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        if self.places is not None and mark is not None:
            self._record(self._path(), mark)
        frame.size += size
        if isinstance(frame.container, list):
            frame.container.append(value)
        elif isinstance(frame.container, dict) and frame.key is not None:
            if frame.key == "<<" and isinstance(value, dict):
                # Already told; merged all the same, so that what it brings is not told as missing.
                frame.container.update({key: inner for key, inner in value.items() if key not in frame.container})
            else:
                frame.container.setdefault(frame.key, value)
            if self.places is not None:
                self.places.keys[frame.path].append(frame.key)
            frame.key = None

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].container, dict) and self.stack[-1].key is None

    def _path(self) -> YamlPath:
        """The path of the value that comes next; empty unless places are recorded."""
        if self.places is None or not self.stack:
            return ()
        frame = self.stack[-1]
        if isinstance(frame.container, list):
            return (*frame.path, len(frame.container))
        return (*frame.path, frame.key or "")

    def _record(self, path: YamlPath, mark: Mark) -> None:
        assert self.places is not None  # noqa: S101 - callers asked, for mypy
        frame = self.stack[-1] if self.stack else None
        key_mark = (
            frame.key_mark if frame is not None and isinstance(frame.container, dict) and frame.key_mark else mark
        )
        self.places.spots.setdefault(path, Spot(mark.line, mark.column, key_mark.line, key_mark.column))

    def _refuse_tag(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent) -> None:
        shown = (event.tag or "").replace("tag:yaml.org,2002:", "!!")
        self._tell(
            event.start_mark,
            f"the YAML tag {shown!r} is not read",
            "remove it, or put a text that begins with ! in quotes",
        )

    def _tell(self, mark: Mark, message: str, fix: str, rule: str = "yaml") -> None:
        self.problems.append(Problem(self.source.place(mark.line, mark.column), rule, message, fix))

"""From a file's bytes to its text, refusing what YAML could not carry."""

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from deckbuilder.problems import Place, Problem

# YAML 1.1 ends a line at each of these; an editor shows only the first three to end one.
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_SEEN_LINE_END = re.compile("\r\n|[\n\r]")
_UNSEEN_LINE_END = re.compile("[\x85\u2028\u2029]")
# Signs that nobody can see or type, and YAML does not take.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# RTF, what today's word processors write, and what older ones wrote.
_DOCUMENTS = (b"{\\rtf", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
PACKAGES = (".apkg", ".colpkg")
_BEGINNING = 200
_MOST_CONTROLS_TOLD = 5
# What git leaves where two branches changed the same lines.
_CONFLICT_SIGN = re.compile(r"^(?:<<<<<<<|>>>>>>>)(?=\s)", re.MULTILINE)
_MOST_CONFLICTS_TOLD = 20


@dataclass(frozen=True)
class Source:
    """One file's text, and where things stand in it. Lines and columns of YAML's marks count from 0."""

    file: Path
    text: str

    def place(self, line: int, column: int) -> Place:
        """The place of a mark, its line counted as editors count."""
        return self.place_at(self.position(line, column))

    def place_at(self, position: int) -> Place:
        number = bisect_right(self._line_starts, position)
        start, end = self._line_starts[number - 1], (*self._line_starts[number : number + 1], len(self.text))[0]
        return Place(self.file, number, position - start + 1, self.text[start:end].rstrip("\r\n"))

    def place_in(self, line: int, column: int) -> Place:
        """A place by its line and column, counted from 1 as editors do."""
        return self.place_at(self._line_starts[line - 1] + column - 1)

    def lines_above(self, line: int, most: int) -> Iterator[tuple[int, str]]:
        """The nearest lines above one that are not empty, with their numbers, the nearest first."""
        for number in range(line - 1, max(line - 1 - most, 0), -1):
            text = self.place_in(number, 1).text
            if text.strip():
                yield number, text

    def position(self, line: int, column: int) -> int:
        """How many characters stand before a mark."""
        starts = self._yaml_line_starts
        # libyaml ends every file with a line of its own.
        return starts[line] + column if line < len(starts) else len(self.text)

    def unseen_line_end(self, first: int, last: int) -> int | None:
        """The position of a sign that ends one of these lines for YAML and in no editor."""
        found = _UNSEEN_LINE_END.search(self.text, self.position(max(first, 0), 0), self.position(last + 1, 0))
        return found.start() if found else None

    # Remembered, since every problem of a file asks for them.
    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(end.end() for end in _SEEN_LINE_END.finditer(self.text))]

    @cached_property
    def _yaml_line_starts(self) -> list[int]:
        return [0, *(end.end() for end in _LINE_END.finditer(self.text))]


def split_lines(text: str) -> list[str]:
    """The lines of a text, without their ends, as places count them."""
    return _SEEN_LINE_END.split(text)


def _is_half_empty(data: bytes) -> bool:
    """Whether each second byte at the beginning is none, as in UTF-16 of Latin letters."""
    most = len(data) // 4
    return max(data[::2].count(0), data[1::2].count(0)) > most > 0


def read_source(file: Path) -> tuple[Source | None, list[Problem]]:
    """The text of `file`, or the problems that keep it from being read."""
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        return None, [Problem(Place(file), "unreadable", f"cannot be read: {reason}", "check its permissions")]
    if data.startswith(_UTF16_MARKS) or _is_half_empty(data[:_BEGINNING]):
        return None, [Problem(Place(file), "encoding", "is saved as UTF-16", "save it as UTF-8")]
    if file.suffix.lower() in PACKAGES:
        fix = f"name the facts that it was made of; for a package of somebody else: deckbuilder import {file}"
        return None, [Problem(Place(file), "encoding", "is a package for Anki, not facts", fix)]
    if data.startswith(_DOCUMENTS):
        fix = "save it as plain text, in UTF-8: in TextEdit with 'Format', 'Make Plain Text'"
        return None, [Problem(Place(file), "encoding", "is a document of a word processor, not plain text", fix)]
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        shown = Source(file, data.decode("utf-8", "replace"))
        place = shown.place_at(len(data[: error.start].decode("utf-8")))
        found = f"is not UTF-8: byte 0x{data[error.start]:02x} cannot be read"
        return None, [Problem(place, "encoding", found, "save it as UTF-8: editors ask for the encoding at 'Save as'")]
    source = Source(file, text)
    controls = [
        Problem(
            source.place_at(match.start()),
            "control-character",
            f"control character U+{ord(match.group()):04X} in the file",
            "delete it and type the text again",
        )
        for match, _ in zip(FORBIDDEN.finditer(text), range(_MOST_CONTROLS_TOLD), strict=False)
    ]
    problems = controls or list(_conflicts(source))
    return (None, problems) if problems else (source, [])


def _conflicts(source: Source) -> Iterator[Problem]:
    """The places at which git could not merge two branches: what stands there is neither of both, and no YAML."""
    signs = [*_CONFLICT_SIGN.finditer(source.text)] if "<<<<<<<" in source.text else []
    begun = [one.start() for one, end in pairwise(signs) if one.group() < end.group()]
    for start in begun[:_MOST_CONFLICTS_TOLD]:
        yield Problem(
            source.place_at(start),
            "yaml",
            "an unresolved merge conflict",
            "keep the lines that are right, and delete those with <<<<<<<, ======= and >>>>>>>",
        )

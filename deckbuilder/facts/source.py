"""From a file's bytes to its text, refusing what YAML could not carry."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from deckbuilder.problems import Place, Problem

# YAML 1.1 ends a line at each of these.
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MOST_CONTROLS_TOLD = 5


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text; `place` finds the line of a position in it."""

    file: Path
    text: str

    def place(self, line: int, column: int) -> Place:
        """The place at `line` and `column`, both from 0 as YAML's marks count."""
        lines = split_lines(self.text)
        return Place(self.file, line + 1, column + 1, lines[line] if line < len(lines) else "")


def split_lines(text: str) -> list[str]:
    return _LINE_END.split(text)


def read_source(file: Path) -> tuple[Source | None, list[Problem]]:
    """The text of `file`, or the problems that keep it from being read."""
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        return None, [Problem(Place(file), "unreadable", f"cannot be read: {reason}", "check its permissions")]
    if data.startswith(_UTF16_MARKS):
        return None, [Problem(Place(file), "encoding", "is saved as UTF-16", "save it as UTF-8")]
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        shown = Source(file, data.decode("utf-8", "replace"))
        place = shown.place(*_position(before))
        found = f"is not UTF-8: byte 0x{data[error.start]:02x} cannot be read"
        return None, [Problem(place, "encoding", found, "save the file as UTF-8")]
    source = Source(file, text)
    controls = [
        Problem(
            source.place(*_position(text[: match.start()])),
            "control-character",
            f"control character U+{ord(match.group()):04X} in the file",
            "delete it and type the text again",
        )
        for match, _ in zip(_FORBIDDEN.finditer(text), range(_MOST_CONTROLS_TOLD), strict=False)
    ]
    return (None, controls) if controls else (source, [])


def _position(before: str) -> tuple[int, int]:
    lines = split_lines(before)
    return len(lines) - 1, len(lines[-1])

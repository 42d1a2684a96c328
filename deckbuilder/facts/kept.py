"""The values of a deck's files as they were read the last time: only a file that changed is read from its YAML again.

What is kept are values, as YAML's events gave them, and never what was made of them: the schema judges them anew each
time. They are known by all of a file's text and by the program that read it. All files of a deck have one entry in the
cache: to write a thousand of them takes as long as reading half of these files from their YAML.
"""

import hashlib
import json
import zlib
from io import BytesIO
from itertools import chain
from pathlib import Path

from deckbuilder import cache
from deckbuilder.facts.events import Reading, read_values
from deckbuilder.facts.plain import Value
from deckbuilder.facts.source import Source
from deckbuilder.spool import Spool

# The digits of a hash, at the beginning of a line.
_HASH = 64


def text_hash(source: Source) -> bytes:
    """What a file's text is known by."""
    return hashlib.sha256(source.text.encode()).hexdigest().encode()


class Kept:
    """What is remembered of the files of a deck, by the hash of their text; the deck is known by its first file."""

    def __init__(self, heading: Path) -> None:
        # Two decks may get one name by chance; each then takes the place of the other.
        self._name = f"values-{zlib.crc32(str(heading.absolute()).encode('utf-8', 'surrogateescape')):08x}"
        self._program = json.dumps(cache.program()).encode() + b"\n"
        self._kept = cache.read(self._name) or b""
        self._before = _values_in(self._kept, self._program)
        self._again: set[bytes] = set()
        self._new: set[bytes] = set()
        self._has_room = True
        self._lines = Spool()

    def read(self, source: Source) -> Reading:
        """As `read_values`; a file without a problem is remembered."""
        text = text_hash(source)
        known = self.values(text)
        if known is not None:
            self._again.add(text)
            return known
        reading = read_values(source)
        if reading.whole and not reading.problems:
            self._remember(text, reading.value)
        return reading

    def values(self, text: bytes) -> Reading | None:
        """Of the text with this hash what was kept of it."""
        where = self._before.get(text)
        try:
            return None if where is None else Reading(json.loads(self._kept[where]), (), whole=True)
        except (ValueError, RecursionError):
            return None  # damaged: it is read again

    def _remember(self, text: bytes, value: Value) -> None:
        if text in self._new:
            return  # two files can have the same text
        self._new.add(text)
        said = json.dumps(value, ensure_ascii=False, check_circular=False)
        try:
            self._lines.file.write(text + said.encode("utf-8", "surrogateescape") + b"\n")
        except OSError:
            self._has_room = False

    def keep(self) -> None:
        """Remember the files that were read, and no others."""
        if self._has_room and (self._new or self._again != self._before.keys()):
            again = (text + self._kept[self._before[text]] for text in self._before if text in self._again)
            cache.write(self._name, chain([self._program], again, self._lines()))


def _values_in(kept: bytes, program: bytes) -> dict[bytes, slice]:
    """Where the values of each file stand in an entry of this very program."""
    found = {}
    lines = BytesIO(kept)
    if lines.readline() == program:
        start = len(program)
        for line in lines:
            found[line[:_HASH]] = slice(start + _HASH, start + len(line))
            start += len(line)
    return found

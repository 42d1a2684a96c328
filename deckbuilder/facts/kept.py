"""The values of a deck's files as they were read the last time: only a file that changed is read from its YAML again.

What is kept are values, as YAML's events gave them, and never what was made of them: the schema judges them anew each
time. They are known by all of a file's text and by the program that read it. All files of a deck have one entry in the
cache: to write a thousand of them takes as long as reading half of these files from their YAML.
"""

import hashlib
import json
import weakref
import zlib
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import SpooledTemporaryFile

from deckbuilder import cache
from deckbuilder.facts.events import Reading, read_values
from deckbuilder.facts.source import Source

# The digits of a hash, at the beginning of a line.
_HASH = 64
# Bytes that are held until they are kept; what is more waits in a temporary file.
_HELD = 1 << 20


class Kept:
    """What is remembered of the files of a deck, by the hash of their text; the deck is known by its first file."""

    def __init__(self, heading: Path) -> None:
        # Two decks may get one name by chance; each then takes the place of the other.
        self._name = f"values-{zlib.crc32(str(heading.absolute()).encode('utf-8', 'surrogateescape')):08x}"
        self._program = json.dumps(cache.program()).encode()
        program, *lines = (cache.read(self._name) or b"").split(b"\n")
        self._before = {line[:_HASH]: line for line in lines} if program == self._program else {}
        self._now: set[bytes] = set()
        self._is_new = False
        self._has_room = True
        self._lines = SpooledTemporaryFile(_HELD)  # noqa: SIM115 - until all files are read
        weakref.finalize(self, self._lines.close)

    def read(self, source: Source) -> Reading:
        """As `read_values`; a file without a problem is remembered."""
        text = hashlib.sha256(source.text.encode()).hexdigest().encode()
        line = self._before.get(text)
        if line is not None:
            try:
                reading = Reading(json.loads(line[_HASH:]), (), whole=True)
            except (ValueError, RecursionError):
                pass  # damaged: it is read again
            else:
                self._remember(text, line)
                return reading
        reading = read_values(source)
        if reading.whole and not reading.problems:
            line = text + json.dumps(reading.value, ensure_ascii=False).encode("utf-8", "surrogateescape")
            self._is_new |= self._remember(text, line)
        return reading

    def _remember(self, text: bytes, line: bytes) -> bool:
        """Whether a file's line was not remembered yet: two files can have the same text."""
        if text in self._now:
            return False
        self._now.add(text)
        try:
            self._lines.write(b"\n" + line)
        except OSError:
            self._has_room = False
        return True

    def keep(self) -> None:
        """Remember the files that were read, and no others."""
        if self._has_room and (self._is_new or self._now != self._before.keys()):
            self._lines.seek(0)
            cache.write(self._name, chain([self._program], iter(partial(self._lines.read, _HELD), b"")))

"""The values of a deck's files as they were read the last time: only a file that changed is read from its YAML again.

What is kept are values, as YAML's events gave them, and never what was made of them: the schema judges them anew each
time. They are known by all of a file's text and by the program that read it. All files of a deck have one entry in the
cache: to write a thousand of them takes as long as reading half of these files from their YAML.
"""

import hashlib
import json
import zlib
from pathlib import Path

from deckbuilder import cache
from deckbuilder.facts.events import Reading, read_values
from deckbuilder.facts.source import Source

# The digits of a hash, at the beginning of a line.
_HASH = 64


class Kept:
    """What is remembered of the files of a deck, by the hash of their text; the deck is known by its first file."""

    def __init__(self, heading: Path) -> None:
        # Two decks may get one name by chance; each then takes the place of the other.
        self._name = f"values-{zlib.crc32(str(heading.absolute()).encode('utf-8', 'surrogateescape')):08x}"
        self._program = json.dumps(cache.program()).encode()
        program, *lines = (cache.read(self._name) or b"").split(b"\n")
        self._before = {line[:_HASH]: line for line in lines} if program == self._program else {}
        self._now: dict[bytes, bytes] = {}

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
                self._now[text] = line
                return reading
        reading = read_values(source)
        if reading.whole and not reading.problems:
            self._now[text] = text + json.dumps(reading.value, ensure_ascii=False).encode("utf-8", "surrogateescape")
        return reading

    def keep(self) -> None:
        """Remember the files that were read, and no others."""
        if self._now != self._before:
            cache.write(self._name, b"\n".join([self._program, *self._now.values()]))

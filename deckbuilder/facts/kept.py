"""The values of files as they were read the last time: only a file that changed is read from its YAML again.

What is kept are values, as YAML's events gave them, and never what was made of them: the schema judges them anew each
time. They are known by all of the file's text and by the program that read it.
"""

import hashlib
import json
import zlib

from deckbuilder import cache
from deckbuilder.facts.events import Reading, read_values
from deckbuilder.facts.source import Source


def read_or_remember(source: Source) -> Reading:
    """As `read_values`; a file without a problem is remembered."""
    # Two files may get one name by chance; each then takes the place of the other.
    name = f"values-{zlib.crc32(str(source.file.absolute()).encode('utf-8', 'surrogateescape')):08x}"
    key = [*cache.program(), hashlib.sha256(source.text.encode()).hexdigest()]
    kept = cache.read(name)
    if kept is not None:
        try:
            known, value = json.loads(kept)
            if known == key:
                return Reading(value, (), whole=True)
        except (ValueError, TypeError, RecursionError):
            pass  # damaged: it is read again
    reading = read_values(source)
    if reading.whole and not reading.problems:
        cache.write(name, json.dumps([key, reading.value], ensure_ascii=False).encode("utf-8", "surrogateescape"))
    return reading

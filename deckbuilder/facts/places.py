"""From a value in the schema back to its line in the author's file."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from deckbuilder.facts.events import Places, YamlPath, index_places
from deckbuilder.facts.recover import readable
from deckbuilder.facts.source import Source, read_source
from deckbuilder.problems import Place


@dataclass(frozen=True, slots=True)
class Origin:
    """A value's path in the schema, as ("concepts", "dystrophic", "examples", 0, "of", 2)."""

    file: Path
    path: YamlPath = ()

    def at(self, *steps: str | int) -> "Origin":
        return Origin(self.file, (*self.path, *steps))


def place_of(origin: Origin, *, key: bool = False) -> Place:
    """Where the value stands, or its key; the nearest value around it when it has no place of its own."""
    source, places = _indexed(origin.file, _version(origin.file))
    if source is None:
        return Place(origin.file)
    path, whole = _written_path(origin.path, places)
    spot = places.spots.get(path)
    if spot is None or not path:
        return Place(origin.file)
    # A mapping begins at its first key, lines below its name: the name is what an author looks for.
    if key or not whole or path in places.keys:
        return source.place(spot.key_line, spot.key_column)
    return source.place(spot.line, spot.column)


def _written_path(path: YamlPath, places: Places) -> tuple[YamlPath, bool]:
    """`path` as the author wrote it, and whether all of it is there.

    A plain string stands for its `text` or for a list of one; `Name: [...]` stands for `text` and `of`.
    """
    written: YamlPath = ()
    for step in path:
        if (*written, step) in places.spots:
            written = (*written, step)
        elif step == "of" and len(places.keys.get(written, ())) == 1:
            written = (*written, places.keys[written][0])
        elif step not in {"text", 0} or written in places.keys:
            return written, step == "text"
    return written, True


def _version(file: Path) -> float:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


# Problems of a deck come in the order of its cards, so from one of its files and then another.
@lru_cache(maxsize=256)
def _indexed(file: Path, version: float) -> tuple[Source | None, Places]:
    """The places of a file's version; `version` only tells one from the next."""
    del version
    source, _ = read_source(file)
    if source is None:
        return None, Places()
    places = index_places(source)
    # The lines that are shown are the author's own, however the text had to be mended to be read.
    return source, places if places.whole else index_places(readable(source)[0])

"""From a value in the schema back to its line in the author's file."""

from functools import lru_cache
from pathlib import Path

from deckbuilder.facts.events import Places, YamlPath, index_places
from deckbuilder.facts.source import Source, read_source
from deckbuilder.problems import Place


class Origin:
    """A value's path in the schema, as ("concepts", "dystrophic", "examples", 0, "of", 2).

    Every fact has one, and only where something is told does anybody ask for it: so one that stands within another
    holds that and the last step alone.
    """

    __slots__ = ("_around", "_step")

    def __init__(self, around: "Path | Origin", step: YamlPath | str | int = ()) -> None:
        """In a file by the whole path, or within another value by one step."""
        self._around = around
        self._step = step

    def at(self, *steps: str | int) -> "Origin":
        here = self
        for step in steps:
            here = Origin(here, step)
        return here

    def way_from(self, around: "Origin") -> YamlPath | None:
        """The steps to this from a value around it; None from one that is not, or that another object stands for."""
        if self is around:
            return ()
        if self._around is around and not isinstance(self._step, tuple):
            return (self._step,)
        steps: list[str | int] = []
        here = self
        while here is not around:
            if not isinstance(here._around, Origin):
                return None
            steps += reversed(here._step) if isinstance(here._step, tuple) else (here._step,)
            here = here._around
        return tuple(reversed(steps))

    @property
    def file(self) -> Path:
        return self._around.file if isinstance(self._around, Origin) else self._around

    @property
    def path(self) -> YamlPath:
        steps = self._step if isinstance(self._step, tuple) else (self._step,)
        return (*self._around.path, *steps) if isinstance(self._around, Origin) else steps

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Origin) and self.path == other.path and self.file == other.file

    def __hash__(self) -> int:
        return hash((self.file, self.path))

    def __repr__(self) -> str:
        return f"Origin({self.file!r}, {self.path!r})"


def place_of(origin: Origin, *, key: bool = False) -> Place:
    """Where the value stands, or its key; the nearest value around it when it has no place of its own."""
    source, near, places = _indexed(origin.file, _version(origin.file))
    if source is None:
        return Place(origin.file)
    path, whole = _written_path(origin.path, places)
    spot = places.spots.get(path)
    if spot is None or not path:
        return Place(origin.file)
    # A mapping begins at its first key, lines below its name: the name is what an author looks for.
    on_key = key or not whole or path in places.keys
    place = near.place(spot.key_line, spot.key_column) if on_key else near.place(spot.line, spot.column)
    if near is source:
        return place
    from deckbuilder.facts.recover import written_place  # noqa: PLC0415 - as below

    return written_place(place, source)


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
def _indexed(file: Path, version: float) -> tuple[Source | None, Source, Places]:
    """A file's version, the text near it that can be read, and the places in that one.

    `version` only tells one from the next.
    """
    del version
    source, _ = read_source(file)
    if source is None:
        return None, Source(file, ""), Places()
    # Only mistakes pay for it.
    from deckbuilder.facts.recover import readable, straight  # noqa: PLC0415

    near = straight(source)
    places = index_places(near)
    if not places.whole:
        near, _ = readable(source)
        places = index_places(near)
    return source, near, places

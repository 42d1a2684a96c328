"""Whether a build would do again what the last one did: then its answer is given at once.

A file is taken for unchanged if its size, its times and its number on the disk are. The facts are looked at before
they are read, so what is saved while a build runs is met by the next one.
"""

import json
import os
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from importlib.machinery import PathFinder
from pathlib import Path

import deckbuilder
from deckbuilder import cache
from deckbuilder.built import Built, BuiltDeck
from deckbuilder.problems import Severity

# A file can change twice within one tick of its clock (two seconds on some disks): what is so new is looked at again.
_TICK_NS = 2_000_000_000
_FORM = "1"
_ENDINGS = (".yaml", ".yml")
_HEADING_FILE = "deck.yaml"
# What makes cards beside this program: another version of one could make others.
_PARTS = ("genanki", "markdown_it", "pydantic", "yaml")

Look = dict[str, list[int] | None]


class Call:
    """One way of calling `build`, and what the facts look like before it begins."""

    def __init__(self, paths: Sequence[Path], out: Path, *options: bool) -> None:
        given = [os.environ.get("SOURCE_DATE_EPOCH", ""), *map(str, options), str(out), *map(str, paths)]
        self._given = [str(Path.cwd()), *given]
        # Two calls may get one name by chance; each then takes the place of the other.
        self._name = f"built-{zlib.crc32(chr(0).join(self._given).encode('utf-8', 'surrogateescape')):08x}"
        self._facts = {str(file): _look(file) for path in paths for file in _facts_at(path)}

    def answer(self) -> Built | None:
        """What the last build answered, if nothing has changed since."""
        data = cache.read(self._name)
        if data is None:
            return None
        try:
            known = json.loads(data)
            if (known["call"], known["program"], known["facts"]) != (self._given, _program(), self._facts):
                return None
            if any(_look(Path(file)) != look for file, look in known["beside"].items()):
                return None
            return Built(tuple(_deck(record) for record in known["decks"]), ())
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def remember(self, built: Built, started_ns: int) -> None:
        """Keep an answer without problems, if every file that it came from is older than the build."""
        beside = {str(file): _look(file) for file in built.beside}
        written = {str(path) for deck in built.decks for path in (deck.package, deck.update)}
        read = [*self._facts.values(), *(look for file, look in beside.items() if not _is_ours(file, written))]
        newest = max((max(look[1:3]) for look in read if look), default=0)
        if built.problems or newest > started_ns - _TICK_NS:
            return
        known = {
            "call": self._given,
            "program": _program(),
            "facts": self._facts,
            "beside": beside,
            "decks": [_record(deck) for deck in built.decks],
        }
        cache.write(self._name, json.dumps(known, ensure_ascii=False).encode("utf-8", "surrogateescape"))


def _is_ours(file: str, written: set[str]) -> bool:
    """Whether a build writes this file itself."""
    return file in written or file.endswith(".lock")


def _facts_at(path: Path) -> Iterator[Path]:
    """Every file that could hold facts of a deck at `path`; more than those that do is no harm."""
    if path.is_dir():
        yield from _below(path)
        return
    # A file of a deck's folder stands for the whole deck.
    home = next((folder for folder in path.parents if (folder / _HEADING_FILE).is_file()), None)
    yield from [path] if home is None else _below(home)


def _below(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.startswith("."):
                continue
            if entry.name.endswith(_ENDINGS):
                yield Path(entry.path)
            elif entry.is_dir():
                yield from _below(Path(entry.path))


def _look(file: Path) -> list[int] | None:
    """Size, time of change, time of any change (even of the time), and number on the disk; None if it is not there."""
    try:
        found = os.stat(file)  # noqa: PTH116 - a thousand times, and a good deal faster so
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _program() -> list[object]:
    """The very program: its version, its files, and the libraries that it makes cards with."""
    home = Path(deckbuilder.__file__).parent
    parts = (PathFinder.find_spec(name) for name in _PARTS)
    files = [*_code(home), *(Path(part.origin) for part in parts if part and part.origin)]
    looks = [_look(file) for file in files]
    return [_FORM, deckbuilder.__version__, sys.version, len(files), sum(look[1] + look[0] for look in looks if look)]


def _code(folder: Path) -> Iterable[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from () if entry.name == "__pycache__" else _code(Path(entry.path))
            else:
                yield Path(entry.path)


def _record(deck: BuiltDeck) -> dict[str, object]:
    record: dict[str, object] = {name: getattr(deck, name) for name in deck.__slots__}
    return {**record, "package": str(deck.package), "update": deck.update and str(deck.update)}


def _deck(record: dict[str, object]) -> BuiltDeck:
    findings = record["findings"]
    counted = {Severity(name): count for name, count in findings.items()} if isinstance(findings, dict) else None
    update = Path(str(record["update"])) if record["update"] else None
    return BuiltDeck(**{**record, "package": Path(str(record["package"])), "update": update, "findings": counted})  # type: ignore[arg-type] # as it was written

"""Whether a build would do again what the last one did: then its answer is given at once.

If only some files of a large deck have changed, what is known of the last build is given.

A file is taken for unchanged if its size, its times and its number on the disk are. The facts are looked at before
they are read, so what is saved while a build runs is met by the next one.
"""

import json
import os
import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from deckbuilder import cache
from deckbuilder.built import Built, BuiltDeck, LastBuild
from deckbuilder.problems import Severity

# A file can change twice within one tick of its clock (two seconds on some disks): what is so new is looked at again.
_TICK_NS = 2_000_000_000
_ENDINGS = (".yaml", ".yml")
_HEADING_FILE = "deck.yaml"


class Call:
    """One way of calling `build`, and what the facts look like before it begins."""

    def __init__(self, paths: Sequence[Path], out: Path, *options: bool) -> None:
        given = [os.environ.get("SOURCE_DATE_EPOCH", ""), *map(str, options), str(out), *map(str, paths)]
        self._given = [str(Path.cwd()), *given]
        # Two calls may get one name by chance; each then takes the place of the other.
        self._name = f"built-{zlib.crc32(chr(0).join(self._given).encode('utf-8', 'surrogateescape')):08x}"
        self._more = f"{self._name}-more"
        self._facts = {file: _look(file) for path in paths for file in _facts_at(path)}

    def answer(self) -> Built | None:
        """What the last build answered, if nothing has changed since."""
        last = self._last(cache.read(self._name))
        return None if last is None or last.changed else last.built

    def last(self) -> LastBuild | None:
        """The last build, if it was that of a large deck and some files of its facts have changed since."""
        record, more = cache.read(self._name), cache.read(self._more)
        last = self._last(record)
        if record is None or more is None or last is None or not last.changed:
            return None
        head, _, numbers = more.partition(b"\n")
        try:
            of, texts = json.loads(head)
            questions = array("I", numbers)
        except (ValueError, TypeError):
            return None
        if of != _digest(record):
            return None
        return replace(last, built=replace(last.built, questions=questions), texts=texts)

    def _last(self, record: bytes | None) -> LastBuild | None:
        if record is None:
            return None
        try:
            known = json.loads(record)
            facts = known["facts"]
            if (known["call"], known["program"], list(facts)) != (self._given, cache.program(), list(self._facts)):
                return None
            if any(_look(file) != look for file, look in known["beside"].items()):
                return None
            changed = tuple(Path(file) for file, look in self._facts.items() if facts[file] != look)
            decks = tuple(_deck(deck) for deck in known["decks"])
            return LastBuild(Built(decks, (), frozenset(map(Path, known["beside"]))), changed, {})
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def remember(self, built: Built, started_ns: int) -> None:
        """Keep an answer without problems, if every file that it came from is older than the build."""
        beside = {str(file): _look(str(file)) for file in built.beside}
        written = {str(path) for deck in built.decks for path in (deck.package, deck.update)}
        read = [*self._facts.values(), *(look for file, look in beside.items() if not _is_ours(file, written))]
        newest = max((max(look[1:3]) for look in read if look), default=0)
        if built.problems or newest > started_ns - _TICK_NS:
            return
        known = {
            "call": self._given,
            "program": cache.program(),
            "facts": self._facts,
            "beside": beside,
            "decks": [_record(deck) for deck in built.decks],
        }
        record = json.dumps(known, ensure_ascii=False).encode("utf-8", "surrogateescape")
        cache.write(self._name, [record])
        if built.questions:
            texts = {file: _text(file) for file in self._facts}
            # What was saved while this was read is not what was built.
            if {file: _look(file) for file in self._facts} == self._facts:
                head = json.dumps([_digest(record), texts]).encode("utf-8", "surrogateescape")
                cache.write(self._more, [head, b"\n", array("I", built.questions).tobytes()])


def _digest(record: bytes) -> str:
    # Most builds have no use for it.
    import hashlib  # noqa: PLC0415

    return hashlib.sha256(record).hexdigest()


def _text(file: str) -> str:
    """The hash of a file's text; nothing where that cannot be read."""
    from deckbuilder.facts.kept import text_hash  # noqa: PLC0415
    from deckbuilder.facts.source import read_source  # noqa: PLC0415

    source, _ = read_source(Path(file))
    return "" if source is None else text_hash(source).decode()


def _is_ours(file: str, written: set[str]) -> bool:
    """Whether a build writes this file itself."""
    return file in written or file.endswith(".lock")


def _facts_at(path: Path) -> Iterator[str]:
    """Every file that could hold facts of a deck at `path`; more than those that do is no harm."""
    if path.is_dir():
        yield from _below(str(path), {os.path.realpath(path)})
        return
    # A file of a deck's folder stands for the whole deck.
    home = next((folder for folder in path.parents if (folder / _HEADING_FILE).is_file()), None)
    yield from [str(path)] if home is None else _below(str(home), {os.path.realpath(home)})


def _below(folder: str, seen: set[str]) -> Iterator[str]:
    """The files in a folder and those within; links to folders are followed once, since they can lead back."""
    # Names, not paths: there can be thousands, and this is most of what an unchanged build does.
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.startswith("."):
                continue
            if entry.name.lower().endswith(_ENDINGS):
                yield entry.path
            elif entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path, seen)
            elif entry.is_symlink() and os.path.isdir(entry.path):  # noqa: PTH112 - as above
                real = os.path.realpath(entry.path)
                if real not in seen:
                    seen.add(real)
                    yield from _below(entry.path, seen)


def _look(file: str) -> list[int] | None:
    """Size, time of change, time of any change (even of the time), and number on the disk; None if it is not there."""
    try:
        found = os.stat(file)  # noqa: PTH116 - as above
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _record(deck: BuiltDeck) -> dict[str, object]:
    record: dict[str, object] = {name: getattr(deck, name) for name in deck.__slots__}
    return {**record, "package": str(deck.package), "update": deck.update and str(deck.update)}


def _deck(record: dict[str, object]) -> BuiltDeck:
    findings = record["findings"]
    counted = {Severity(name): count for name, count in findings.items()} if isinstance(findings, dict) else None
    update = Path(str(record["update"])) if record["update"] else None
    return BuiltDeck(**{**record, "package": Path(str(record["package"])), "update": update, "findings": counted})  # type: ignore[arg-type] # as it was written

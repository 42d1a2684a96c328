"""What students have of our decks: by the locks beside the facts, and the packages that were released last."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from deckbuilder.beside import files_of, last_package
from deckbuilder.facts.load import load
from deckbuilder.lock import Lock, parse_lock
from deckbuilder.lock.text import is_lock
from deckbuilder.package.content import Content
from deckbuilder.package.open import read_content
from deckbuilder.problems import Place, Problem


@dataclass(frozen=True, slots=True)
class Students:
    """One deck as students have it; `content` is its last package, if it is there.

    `by_guid` leads from a note to its key in the lock.
    """

    file: Path
    lock: Lock
    content: Content | None
    by_guid: Mapping[str, str]


def students_of(paths: Iterable[Path], out: Path) -> tuple[list[Students], list[Problem]]:
    """Our decks at `paths` (folders or files of facts), their packages being in `out`."""
    found: list[Students] = []
    problems: list[Problem] = []
    for file in dict.fromkeys(file for path in paths for file in _locks_at(path, out)):
        lock, wrong = _read(file)
        problems += wrong
        if lock is not None:
            package = last_package(out / f"{lock.deck}.apkg")
            content, wrong = read_content(package) if package else (None, [])
            problems += wrong
            by_guid = {entry.guid: key for key, entry in lock.entries.items()}
            found.append(Students(file, lock, content, by_guid))
    return found, problems


def _locks_at(path: Path, out: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in sorted(path.rglob("*.lock")) if is_lock(file))
        return
    loaded = load([path])
    locks = (files_of(deck, out).lock for deck in (*loaded.decks, *loaded.broken))
    yield from (lock for lock in locks if lock.exists())


def _read(file: Path) -> tuple[Lock | None, list[Problem]]:
    try:
        return parse_lock(file.read_text(encoding="utf-8"), file)
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem(Place(file), "lock-broken", f"cannot be read: {error}", "take the file from git")]

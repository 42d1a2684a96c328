"""The whole way through the house: facts read, notes made, pinned, and written, deck by deck."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.load import load
from deckbuilder.files import replace_files
from deckbuilder.kinds import make_notes
from deckbuilder.lock import Lock, format_lock, parse_lock, pin
from deckbuilder.notes import PinnedNote
from deckbuilder.problems import Place, Problem, Progress, by_place, has_errors, unwatched


@dataclass(frozen=True, slots=True)
class BuiltDeck:
    """A package that was written. `kinds` counts cards by kind; `held` and `disputed` count facts."""

    id: str
    name: str
    package: Path
    notes: int
    cards: int
    kinds: dict[str, int]
    held: int
    disputed: int


@dataclass(frozen=True, slots=True)
class Built:
    decks: tuple[BuiltDeck, ...]
    problems: tuple[Problem, ...]


def build(paths: Iterable[Path], out: Path, *, accept_removals: bool = False, progress: Progress = unwatched) -> Built:
    """Build every deck at `paths` into `out`; a deck with an error is left as it was, package and lock.

    `progress` is told of each stage: its name, how much is done, and how much there is.
    Raises OSError when a package or a lock cannot be written.
    """
    loaded = load(paths, progress)
    problems = list(loaded.problems)
    built: list[BuiltDeck] = []
    for deck in loaded.decks:
        result, found = _build_deck(deck, out, progress, accept_removals=accept_removals)
        problems += found
        if result is not None:
            built.append(result)
    return Built(tuple(built), tuple(by_place(problems)))


def _build_deck(
    deck: Deck, out: Path, progress: Progress, *, accept_removals: bool
) -> tuple[BuiltDeck | None, list[Problem]]:
    made = make_notes(deck, progress)
    problems = list(made.problems)
    package = out / f"{deck.heading.id}.apkg"
    lock, found = _read_lock(deck, package)
    problems += found
    if lock is None or has_errors(problems):
        return None, problems
    pinned = pin(deck, made.notes, lock, now(), accept_removals=accept_removals)
    problems += pinned.problems
    if has_errors(problems):
        return None, problems
    _write(deck, pinned.notes, pinned.lock, package, progress)
    counts = Counter(note.kind for note in pinned.notes for _ in note.ords)
    result = BuiltDeck(
        id=deck.heading.id,
        name=deck.heading.name,
        package=package,
        notes=len(pinned.notes),
        cards=counts.total(),
        kinds=dict(counts),
        held=made.held,
        disputed=made.disputed,
    )
    return result, problems


def _write(deck: Deck, notes: Sequence[PinnedNote], lock: Lock, package: Path, progress: Progress) -> None:
    # genanki is slow to import, and a build that ends with problems has no use for it.
    from deckbuilder.package import PackageDeck, package_bytes  # noqa: PLC0415
    from deckbuilder.package.description import describe  # noqa: PLC0415

    description = describe(deck, len(notes), sum(len(note.ords) for note in notes))
    data = package_bytes(PackageDeck(deck.heading.id, deck.heading.name, description, notes), progress)
    replace_files({lock_file(deck): format_lock(lock).encode(), package: data})


def lock_file(deck: Deck) -> Path:
    """The lock stands beside the file that holds the deck's heading."""
    return deck.file.parent / f"{deck.heading.id}.lock"


def now() -> int:
    """The time of a release in Unix seconds; SOURCE_DATE_EPOCH makes builds reproducible."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())


def _read_lock(deck: Deck, package: Path) -> tuple[Lock | None, list[Problem]]:
    file = lock_file(deck)
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        if not package.exists():
            return Lock(deck.heading.id), []
        message = f"the lock is missing, and students may have {package}"
        fix = f"take {file.name} from git; if nobody ever got the package, delete the package"
        return None, [Problem(Place(file), "lock-missing", message, fix)]
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem(Place(file), "lock-broken", f"cannot be read: {error}", "take the file from git")]
    return parse_lock(text, file)

"""Facts to a release, without writing anything: what would be built, and with which lock."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.load import load
from deckbuilder.files import finish_replacing
from deckbuilder.kinds import Made, make_notes
from deckbuilder.kinds.words import words_for
from deckbuilder.lock import Lock, parse_lock, pin, remember_retired, retired_notes
from deckbuilder.lock.pin import DUE_STEP
from deckbuilder.notes import PinnedNote, ShippedNote
from deckbuilder.package.read import read_package
from deckbuilder.problems import Place, Problem, Progress, has_errors, unwatched


@dataclass(frozen=True, slots=True)
class Files:
    """Where a deck's lock and packages stand, and the journal that keeps them together."""

    lock: Path
    package: Path
    update: Path
    journal: Path


@dataclass(frozen=True, slots=True)
class Plan:
    """One deck's next release. `retired` are the notes that only students of earlier versions get."""

    deck: Deck
    made: Made
    notes: tuple[PinnedNote, ...]
    retired: tuple[PinnedNote, ...]
    lock: Lock
    before: Lock
    files: Files


@dataclass(frozen=True, slots=True)
class Planned:
    """The releases of all decks without errors, and all problems."""

    plans: tuple[Plan, ...]
    problems: tuple[Problem, ...]


def plan(paths: Iterable[Path], out: Path, *, accept_removals: bool = False, progress: Progress = unwatched) -> Planned:
    """Plan every deck at `paths` with its lock and the packages in `out`."""
    loaded = load(paths, progress)
    problems = list(loaded.problems)
    plans: list[Plan] = []
    for deck in loaded.decks:
        planned, found = _plan(deck, out, progress, accept_removals=accept_removals)
        problems += found
        if planned is not None and not has_errors(found):
            plans.append(planned)
    return Planned(tuple(plans), tuple(problems))


def files_of(deck: Deck, out: Path) -> Files:
    """The lock stands beside the file that holds the deck's heading; all are named by the deck's id."""
    name, folder = deck.heading.id, deck.file.parent
    return Files(
        folder / f"{name}.lock", out / f"{name}.apkg", out / f"{name}-update.apkg", folder / f".{name}.journal"
    )


def now() -> int:
    """The time of a release in Unix seconds; SOURCE_DATE_EPOCH makes builds reproducible."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())


def _plan(deck: Deck, out: Path, progress: Progress, *, accept_removals: bool) -> tuple[Plan | None, list[Problem]]:
    made = make_notes(deck, progress)
    files = files_of(deck, out)
    # A build that was stopped while it replaced its files is completed before anything is compared.
    finish_replacing(files.journal)
    before, problems = _read_lock(deck, files)
    problems = [*made.problems, *problems]
    if before is None or has_errors(problems):
        return None, problems
    pinned = pin(deck, made.notes, before, now(), accept_removals=accept_removals)
    lock = remember_retired(pinned.lock, lambda: _shipped(files))
    retired = retired_notes(lock, words_for(deck.heading.language), (len(pinned.notes) + 1) * DUE_STEP)
    return Plan(deck, made, pinned.notes, tuple(retired), lock, before, files), [*problems, *pinned.problems]


def _shipped(files: Files) -> list[ShippedNote]:
    """All notes of the last packages, as far as they can be read."""
    packages = [read_package(file)[0] for file in (files.update, files.package) if file.exists()]
    return [note for shipped in packages if shipped is not None for note in shipped.notes]


def _read_lock(deck: Deck, files: Files) -> tuple[Lock | None, list[Problem]]:
    try:
        text = files.lock.read_bytes().decode("utf-8")
    except FileNotFoundError:
        if not files.package.exists():
            return Lock(deck.heading.id), []
        message = f"the lock is missing, and students may have {files.package}"
        fix = (
            f"take it from git, or run 'deckbuilder lock restore {files.package} -o {files.lock.parent}'; "
            "if nobody ever got the package, delete the package"
        )
        return None, [Problem(Place(files.lock), "lock-missing", message, fix)]
    except (OSError, UnicodeDecodeError) as error:
        fix = "take the file from git"
        return None, [Problem(Place(files.lock), "lock-broken", f"cannot be read: {error}", fix)]
    lock, problems = parse_lock(text, files.lock)
    if lock is not None and lock.deck not in {deck.heading.id, *deck.heading.formerly}:
        message = f"this lock belongs to the deck {lock.deck!r}"
        fix = f"add 'formerly: [{lock.deck}]' to the deck's heading if it is the same deck"
        return None, [Problem(Place(files.lock), "lock-broken", message, fix)]
    return lock, problems

"""What stands beside a deck's facts, and among the packages: the lock, and what students may have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.load import deck_ids_in
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.lock import Lock, parse_lock
from deckbuilder.lock.guid import is_ours
from deckbuilder.lock.text import is_lock, two_names
from deckbuilder.problems import Place, Problem

# The folder of the packages that were released last, among the packages.
RELEASED = "released"
# The locks of a folder whose decks are not there.
Orphans = Callable[[Path], Sequence[Path]]


@dataclass(frozen=True, slots=True)
class Files:
    """Where a deck's lock and packages stand, and the journal that keeps them together."""

    lock: Path
    package: Path
    update: Path
    journal: Path
    former_lock: Path | None = None

    def of_output(self, deck_id: str, name: str) -> "Files":
        """The same with the packages of an output of the deck. A dot is in no deck's id."""
        stem = f"{deck_id}.{name}"
        package, update = (self.package.with_name(f"{stem}{ending}.apkg") for ending in ("", "-update"))
        return replace(self, package=package, update=update)


def files_of(deck: Deck, out: Path) -> Files:
    """The lock stands beside the file that holds the deck's heading; all are named by the deck's id."""
    name, folder = deck.heading.id, deck.file.parent
    lock = folder / f"{name}.lock"
    former = (folder / f"{before}.lock" for before in deck.heading.formerly)
    renamed = None if lock.exists() else next((file for file in former if file.exists()), None)
    return Files(
        lock=lock,
        package=out / f"{name}.apkg",
        update=out / f"{name}-update.apkg",
        journal=folder / f".{name}.journal",
        former_lock=renamed,
    )


def last_package(package: Path) -> Path | None:
    """What students have of a package: the one that was released last, or else the one that was built last."""
    known = (package.parent / RELEASED / package.name, package)
    return next((file for file in known if file.exists()), None)


def read_lock(
    deck: Deck, files: Files, packages: Sequence[Path], orphans_in: Orphans
) -> tuple[Lock | None, list[Problem]]:
    """A deck's lock, an empty one if it was never shipped; `packages` are those that would show that it was."""
    file = files.former_lock or files.lock
    try:
        text = file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        problems = _lock_that_should_be(deck, files, packages, orphans_in)
        return (None if problems else Lock(deck.heading.id)), problems
    except (OSError, UnicodeDecodeError) as error:
        fix = "take the file from git"
        return None, [Problem(Place(file), "lock-broken", f"cannot be read: {error}", fix)]
    lock, problems = parse_lock(text, file)
    if lock is not None and lock.deck not in {deck.heading.id, *deck.heading.formerly}:
        return None, [
            Problem(Place(file), "lock-broken", f"this lock belongs to the deck {lock.deck!r}", _same(lock.deck))
        ]
    if lock is not None:
        problems += [*two_names(text, lock, file), *_imported_and_lost(deck, lock, file), *_lost_beside(deck, lock)]
    return None if problems else lock, problems


def _imported_and_lost(deck: Deck, lock: Lock, file: Path) -> list[Problem]:
    """Imported notes that a lock does not know: they would be built as new ones, a second time for everybody."""
    known = {entry.guid for entry in lock.entries.values()} if deck.carried.notes else set()
    lost = sum(guid not in known for guid in deck.carried.notes)
    message = f"{lost:,} of the notes that were imported {'is' if lost == 1 else 'are'} missing in the lock"
    return [Problem(Place(file), "lock-broken", message, "take the file from git")] if lost else []


def _lost_beside(deck: Deck, lock: Lock) -> list[Problem]:
    """Imported notes of which it is forgotten what the facts do not say. Notes that were added since have our GUIDs."""
    carried = deck.carried
    lost = sum(
        entry.carried in carried.models and entry.guid not in carried.notes and not is_ours(entry.guid)
        for entry in lock.living.values()
        if entry.carried
    )
    message = f"{lost:,} of the notes that were imported {'is' if lost == 1 else 'are'} missing here"
    return [Problem(Place(carried.file), "carried-missing", message, "take the file from git")] if lost else []


def orphans_in(folder: Path) -> list[Path]:
    """The locks of a folder whose decks are not there."""
    locks = [lock for lock in sorted(folder.glob("*.lock")) if is_lock(lock)]
    known = deck_ids_in(folder) if locks else set()
    # A deck in another language has a lock of its own, named for both.
    return [lock for lock in locks if lock.stem.partition("@")[0] not in known]


def _lock_that_should_be(deck: Deck, files: Files, packages: Sequence[Path], orphans_in: Orphans) -> list[Problem]:
    """Signs that students have this deck although it has no lock: an import, a package, or the lock of a deck gone."""
    if deck.carried.notes:
        # No package and no fact tells which note is which: to build would give students all of it a second time.
        message = "the lock is missing, and this deck was imported: students have its notes"
        fix = (
            "take it from git; if it is not there, import the old file once more into another folder, "
            f"with -o FOLDER/{files.lock.stem}.yaml, and take the lock from there"
        )
        return [Problem(Place(files.lock), "lock-missing", message, fix)]
    package = next((last for file in packages if (last := last_package(file))), None)
    if package is not None:
        message = f"the lock is missing, and students may have {package}"
        fix = (
            f"take it from git, or run 'deckbuilder lock restore {package} -o {files.lock.parent}'; "
            "if nobody ever got the package, delete the package"
        )
        return [Problem(Place(files.lock), "lock-missing", message, fix)]
    return [
        Problem(
            place_of(Origin(deck.file, ("deck", "id"))),
            "identity-lost",
            f"the deck {deck.heading.id!r} is new, and {orphan} belongs to no deck any more",
            f"{_same(orphan.stem)}; otherwise delete {orphan}",
        )
        for orphan in orphans_in(files.lock.parent)
    ]


def _same(former: str) -> str:
    return f"add 'formerly: [{former}]' to the deck's heading if it is the same deck"

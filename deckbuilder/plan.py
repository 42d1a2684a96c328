"""Facts to a release, without writing anything: what would be built, and with which lock."""

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.load import deck_ids_in, load
from deckbuilder.facts.models import Output
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.files import finish_replacing
from deckbuilder.kinds import Made, make_notes
from deckbuilder.kinds.words import words_for
from deckbuilder.lock import Lock, parse_lock, pin, retire
from deckbuilder.lock.pin import DUE_STEP
from deckbuilder.lock.text import is_lock
from deckbuilder.notes import PinnedNote, ShippedNote
from deckbuilder.outputs.select import holds, holds_withdrawn, is_part, output_problems
from deckbuilder.problems import Place, Problem, Progress, UsageError, has_errors, unwatched

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


@dataclass(frozen=True, slots=True)
class Plan:
    """One deck's next release. `retired` are the notes that only students of earlier versions get.

    `outputs` are its further packages by id: each a plan of its own for a part of the same notes, with the same lock.
    `output` is the id of the one that this is.
    """

    deck: Deck
    made: Made
    notes: tuple[PinnedNote, ...]
    retired: tuple[PinnedNote, ...]
    lock: Lock
    before: Lock
    files: Files
    outputs: Mapping[str, "Plan"] = field(default_factory=dict)
    output: str = ""

    @property
    def all(self) -> tuple["Plan", ...]:
        """The plans of all packages of the deck, its own first."""
        return (self, *self.outputs.values())

    @property
    def selection(self) -> str:
        """The id of the output that this is, if that leaves out notes of the deck."""
        return self.output if self.output and is_part(self.deck.outputs[self.output]) else ""


@dataclass(frozen=True, slots=True)
class Planned:
    """The releases of all decks without errors, all whose notes could be made, and all problems.

    `broken` are decks with an error in their facts or notes, as far as they can be understood.
    """

    plans: tuple[Plan, ...]
    made: tuple[tuple[Deck, Made], ...]
    broken: tuple[tuple[Deck, Made], ...]
    problems: tuple[Problem, ...]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Values alone are made within, and all of them are needed: looking for garbage takes a third of the time."""
    was_running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_running:
            gc.enable()


def _unseen(deck: Deck, made: Made) -> None:
    del deck, made


def plan(
    paths: Iterable[Path],
    out: Path,
    *,
    accept_removals: bool = False,
    progress: Progress = unwatched,
    see: Callable[[Deck, Made], None] = _unseen,
) -> Planned:
    """Plan every deck at `paths` with its lock and the packages in `out`.

    `see` is shown the notes of each deck before they are pinned: what it makes of a large deck and needs no longer
    then makes room for that.
    """
    with collector_paused():
        return _plan_all(paths, out, accept_removals=accept_removals, progress=progress, see=see)


def _plan_all(
    paths: Iterable[Path],
    out: Path,
    *,
    accept_removals: bool,
    progress: Progress,
    see: Callable[[Deck, Made], None],
) -> Planned:
    loaded = load(paths, progress)
    problems = list(loaded.problems)
    plans: list[Plan] = []
    whole: list[tuple[Deck, Made]] = []
    # Once for all decks of a folder, since it reads all of them.
    orphans_in = cache(_orphans_in)
    broken = [(deck, make_notes(deck, progress)) for deck in loaded.broken]
    problems += [problem for _, made in broken for problem in made.problems if problem.rule != "no-cards"]
    for deck in loaded.decks:
        made = make_notes(deck, progress)
        problems += made.problems
        if has_errors(made.problems):
            broken.append((deck, made))
            continue
        whole.append((deck, made))
        see(deck, made)
        planned, found = _plan(deck, made, out, orphans_in, accept_removals=accept_removals)
        problems += found
        if planned is not None and not has_errors(found):
            plans.append(planned)
    return Planned(tuple(plans), tuple(whole), tuple(broken), tuple(problems))


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


def now() -> int:
    """The time of a release in Unix seconds; SOURCE_DATE_EPOCH makes builds reproducible. Raises UsageError."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if given and not given.isdecimal():
        raise UsageError(f"SOURCE_DATE_EPOCH is {given!r}: set it to a number of seconds since 1970, or unset it")
    return int(given or time.time())


def _plan(
    deck: Deck, made: Made, out: Path, orphans_in: Orphans, *, accept_removals: bool
) -> tuple[Plan | None, list[Problem]]:
    files = files_of(deck, out)
    # A build that was stopped while it replaced its files is completed before anything is compared.
    finish_replacing(files.journal)
    before, problems = _read_lock(deck, files, orphans_in)
    if before is None or has_errors(problems):
        return None, problems
    released = now()
    pinned = pin(deck, made, before, released, accept_removals=accept_removals)
    due = (len(pinned.notes) + 1) * DUE_STEP
    words = words_for(deck.heading.language)
    lock, retired = retire(pinned.lock, lambda: _shipped(files), words, pinned.types, due=due, now=released)
    whole = Plan(deck, made, pinned.notes, tuple(retired), lock, before, files)
    outputs = {name: _output(whole, name, output) for name, output in deck.outputs.items()}
    return replace(whole, outputs=outputs), [*problems, *pinned.problems, *output_problems(deck, made)]


def _output(whole: Plan, name: str, output: Output) -> Plan:
    """The plan of a further package: those of the deck's notes that it holds."""
    deck, made, files = whole.deck, whole.made, whole.files
    said = {key: words for key in ("name", "description") if (words := getattr(output, key))}
    chosen = [
        (note, pinned)
        for note, pinned in zip(made.notes, whole.notes, strict=True)
        if holds(output, note.tags, note.concepts)
    ]
    stem = f"{files.package.stem}.{name}"
    return Plan(
        deck=replace(deck, heading=replace(deck.heading, **said)),
        made=replace(made, notes=tuple(note for note, _ in chosen)),
        notes=tuple(pinned for _, pinned in chosen),
        retired=tuple(note for note in whole.retired if holds_withdrawn(deck, output, note.key, note.tags)),
        lock=whole.lock,
        before=whole.before,
        files=replace(
            files,
            package=files.package.with_name(f"{stem}.apkg"),
            update=files.package.with_name(f"{stem}-update.apkg"),
        ),
        output=name,
    )


def _shipped(files: Files) -> list[ShippedNote]:
    """All notes of the last packages, as far as they can be read."""
    # Only a deck that withdraws notes reads packages, and reading them needs a good deal.
    from deckbuilder.package.read import read_package  # noqa: PLC0415

    packages = [read_package(file)[0] for file in (files.update, files.package) if file.exists()]
    return [note for shipped in packages if shipped is not None for note in shipped.notes]


def _read_lock(deck: Deck, files: Files, orphans_in: Orphans) -> tuple[Lock | None, list[Problem]]:
    file = files.former_lock or files.lock
    try:
        text = file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        problems = _lock_that_should_be(deck, files, orphans_in(files.lock.parent))
        return (None if problems else Lock(deck.heading.id)), problems
    except (OSError, UnicodeDecodeError) as error:
        fix = "take the file from git"
        return None, [Problem(Place(file), "lock-broken", f"cannot be read: {error}", fix)]
    lock, problems = parse_lock(text, file)
    if lock is not None and lock.deck not in {deck.heading.id, *deck.heading.formerly}:
        return None, [
            Problem(Place(file), "lock-broken", f"this lock belongs to the deck {lock.deck!r}", _same(lock.deck))
        ]
    return lock, problems


def _lock_that_should_be(deck: Deck, files: Files, orphans: Sequence[Path]) -> list[Problem]:
    """Signs that students have this deck although it has no lock: a package, or the lock of a deck that is gone."""
    if files.package.exists():
        message = f"the lock is missing, and students may have {files.package}"
        fix = (
            f"take it from git, or run 'deckbuilder lock restore {files.package} -o {files.lock.parent}'; "
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
        for orphan in orphans
    ]


def _orphans_in(folder: Path) -> list[Path]:
    """The locks of a folder whose decks are not there."""
    locks = [lock for lock in sorted(folder.glob("*.lock")) if is_lock(lock)]
    known = deck_ids_in(folder) if locks else set()
    return [lock for lock in locks if lock.stem not in known]


def _same(former: str) -> str:
    return f"add 'formerly: [{former}]' to the deck's heading if it is the same deck"

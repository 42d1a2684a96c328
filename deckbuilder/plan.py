"""Facts to a release, without writing anything: what would be built, and with which lock."""

import gc
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from deckbuilder.beside import Files, Orphans, files_of, orphans_in, read_lock
from deckbuilder.facts.deck import Deck
from deckbuilder.facts.load import Loaded, load
from deckbuilder.facts.models import Output
from deckbuilder.files import finish_replacing
from deckbuilder.kinds import Made, make_notes
from deckbuilder.kinds.words import words_for
from deckbuilder.lock import Lock, pin, retire
from deckbuilder.lock.pin import DUE_STEP
from deckbuilder.notes import Note, PinnedNote, ShippedNote
from deckbuilder.outputs.select import holds, holds_withdrawn, is_part, output_problems
from deckbuilder.outputs.tell import in_edition
from deckbuilder.outputs.translate import in_language, languages_of
from deckbuilder.problems import Problem, Progress, UsageError, has_errors, unwatched


class Reviewer:
    """Is shown the notes of a deck before they are pinned; this one thinks nothing of them."""

    def see(self, notes: Sequence[Note]) -> None:
        """Some of a large deck, before they are laid aside."""

    def seen(self, made: Made) -> None:
        """All of them."""


# A reviewer for each deck.
Review = Callable[[Deck], Reviewer]


def _unreviewed(deck: Deck) -> Reviewer:
    del deck
    return Reviewer()


@dataclass(frozen=True, slots=True)
class Plan:
    """One deck's next release. `retired` are the notes that only students of earlier versions get.

    `outputs` are its further packages by id: each a plan of its own for a part of the notes. Those in the deck's own
    language have the same notes and the same lock. `output` is the id of the one that this is, and `selection` too if
    it leaves notes out.
    `editions` are the deck in its other languages, whole.
    """

    deck: Deck
    made: Made
    notes: Sequence[PinnedNote]
    retired: tuple[PinnedNote, ...]
    lock: Lock
    before: Lock
    files: Files
    outputs: Mapping[str, "Plan"] = field(default_factory=dict)
    output: str = ""
    selection: str = ""
    editions: tuple["Plan", ...] = ()

    @property
    def all(self) -> tuple["Plan", ...]:
        """The plans of all packages of the deck, its own first."""
        return (self, *self.outputs.values())


@dataclass(frozen=True, slots=True)
class PlannedDeck:
    """What became of one deck: its release, unless one of its problems is in the way.

    It is `broken` if it has an error in its facts or notes, and is then understood as far as can be.
    """

    deck: Deck
    made: Made
    plan: Plan | None
    problems: tuple[Problem, ...]
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """All decks, and all problems: theirs, and those of files that are no deck."""

    decks: tuple[PlannedDeck, ...]
    problems: tuple[Problem, ...]

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The releases of the decks that have one."""
        return tuple(one.plan for one in self.decks if one.plan is not None)


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


def plan(paths: Iterable[Path], out: Path, *, accept_removals: bool = False, progress: Progress = unwatched) -> Planned:
    """Plan every deck at `paths` with its lock and the packages in `out`."""
    with collector_paused():
        loaded = load(paths, progress)
        planned = tuple(plan_each(loaded, out, accept_removals=accept_removals, progress=progress))
    return Planned(planned, (*loaded.problems, *(problem for one in planned for problem in one.problems)))


def plan_each(  # noqa: PLR0913 - what a build wants, one by one
    loaded: Loaded,
    out: Path,
    *,
    accept_removals: bool = False,
    progress: Progress = unwatched,
    review: Review = _unreviewed,
    spend: bool = False,
) -> Iterator[PlannedDeck]:
    """The same deck by deck, each planned when it is asked for: who is done with one can let it go before the next.

    `review` is asked for a reviewer of each deck, and of each
    language that it is made in, who is shown its notes before they are pinned.
    With `spend` so do its facts once they are notes: the plan of a large deck is then good for writing it alone.
    """
    # The locks of a folder are looked for once for all its decks, since that reads all of them.
    planner = _Planner(out, accept_removals, review, cache(orphans_in), progress, spend)
    return _each(deque(loaded.broken), deque(loaded.decks), planner)


def _each(broken: deque[Deck], whole: deque[Deck], planner: "_Planner") -> Iterator[PlannedDeck]:
    while broken:
        yield planner.as_far_as_can_be(broken.popleft())
    while whole:
        yield planner.planned(whole.popleft())


def now() -> int:
    """The time of a release in Unix seconds; SOURCE_DATE_EPOCH makes builds reproducible. Raises UsageError."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if given and not given.isdecimal():
        raise UsageError(f"SOURCE_DATE_EPOCH is {given!r}: set it to a number of seconds since 1970, or unset it")
    return int(given or time.time())


@dataclass(frozen=True, slots=True)
class _Planner:
    """What the plans of all decks have in common: where packages go, and what the call wants."""

    out: Path
    accept_removals: bool
    review: Review
    orphans_in: Orphans
    progress: Progress
    spend: bool

    def as_far_as_can_be(self, deck: Deck) -> PlannedDeck:
        """A deck with an error in its facts, which has been told."""
        made = make_notes(deck, self.progress)
        problems = tuple(problem for problem in made.problems if problem.rule != "no-cards")
        return PlannedDeck(deck, made, None, problems, broken=True)

    def planned(self, deck: Deck) -> PlannedDeck:
        # Outputs take their part of the notes, or translate the facts; imported notes are held against these.
        is_asked_again = bool(deck.outputs or deck.carried.notes)
        reviewer = self.review(deck)
        made = make_notes(deck, self.progress, spend=self.spend and not is_asked_again, see=reviewer.see)
        if has_errors(made.problems):
            return PlannedDeck(deck, made, None, made.problems, broken=True)
        reviewer.seen(made)
        found, problems = self._plan(deck, made)
        return PlannedDeck(deck, made, None if has_errors(problems) else found, (*made.problems, *problems))

    def _plan(self, deck: Deck, made: Made) -> tuple[Plan | None, list[Problem]]:
        """The plan of a deck, with those of its outputs in all languages."""
        files = files_of(deck, self.out)
        # A build that was stopped while it replaced its files is completed before anything is compared.
        finish_replacing(files.journal)
        spoken = languages_of(deck)
        packages: dict[str, list[Files]] = {"": [files]}
        for name, language in spoken.items():
            packages.setdefault(language, []).append(files.of_output(deck.heading.id, name))
        whole, problems = self._pinned(deck, made, packages.pop(""), self.orphans_in)
        problems += output_problems(deck, made)
        plans = {} if whole is None else {"": whole}
        for language, outputs in packages.items():
            edition, found = self._edition(deck, language, outputs)
            problems += in_edition(language, found, problems)
            plans |= {} if edition is None else {language: edition}
        if whole is None or len(plans) <= len(packages):
            return None, problems
        made_of = {name: _output(plans[language], name, deck.outputs[name], files) for name, language in spoken.items()}
        return replace(whole, outputs=made_of, editions=tuple(plans[language] for language in packages)), problems

    def _edition(self, deck: Deck, language: str, outputs: Sequence[Files]) -> tuple[Plan | None, list[Problem]]:
        """The plan of a deck in another language, which outputs with these files are made in."""
        edition = in_language(deck, language)
        made = make_notes(edition)
        if has_errors(made.problems):
            return None, list(made.problems)
        self.review(edition).seen(made)
        files = replace(files_of(edition, self.out), journal=files_of(deck, self.out).journal)
        planned, found = self._pinned(edition, made, (files, *outputs), lambda _: ())
        # What the author says of withdrawn notes is said of those in the deck's own language.
        return planned, [*made.problems, *(problem for problem in found if problem.rule != "retired")]

    def _pinned(
        self, deck: Deck, made: Made, shipped: Sequence[Files], orphans_in: Orphans
    ) -> tuple[Plan | None, list[Problem]]:
        """The plan of a deck in one language; `shipped` are the files of all packages with its notes, its own first."""
        files = shipped[0]
        before, problems = read_lock(deck, files, [one.package for one in shipped], orphans_in)
        if before is None or has_errors(problems):
            return None, problems
        released = now()
        pinned = pin(deck, made, before, released, accept_removals=self.accept_removals)
        due = (len(pinned.notes) + 1) * DUE_STEP
        words = words_for(deck.heading.language)
        lock, retired = retire(
            pinned.lock, pinned.withdrawn, lambda: _shipped(shipped), words, pinned.types, due=due, now=released
        )
        return Plan(deck, made, pinned.notes, tuple(retired), lock, before, files), [*problems, *pinned.problems]


def _output(whole: Plan, name: str, output: Output, files: Files) -> Plan:
    """The plan of a further package of the deck with these files: those of the notes of `whole` that it holds."""
    deck, made, heading = whole.deck, whole.made, whole.deck.heading
    said = {key: words for key in ("name", "description", "disclaimer") if (words := getattr(output, key))}
    if heading.id != files.package.stem:
        # In one deck of Anki, cards in two languages would be mixed.
        said.setdefault("name", f"{heading.name} ({heading.language})")
    of_output = files.of_output(files.package.stem, name)
    chosen = [
        (note, pinned)
        for note, pinned in zip(made.notes, whole.notes, strict=True)
        if holds(output, note.tags, note.concepts)
    ]
    return replace(
        whole,
        deck=replace(deck, heading=replace(heading, **said)),
        made=replace(made, notes=[note for note, _ in chosen]),
        notes=tuple(pinned for _, pinned in chosen),
        retired=tuple(note for note in whole.retired if holds_withdrawn(deck, output, note.key, note.tags)),
        files=replace(whole.files, package=of_output.package, update=of_output.update),
        output=name,
        selection=name if is_part(output) else "",
    )


def _shipped(packages: Sequence[Files]) -> list[ShippedNote]:
    """All notes of the last packages, as far as they can be read."""
    # Only a deck that withdraws notes reads packages, and reading them needs a good deal.
    from deckbuilder.package.read import read_package  # noqa: PLC0415

    files = [file for one in packages for file in (one.update, one.package)]
    found = [read_package(file)[0] for file in files if file.exists()]
    return [note for shipped in found if shipped is not None for note in shipped.notes]

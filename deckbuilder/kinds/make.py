"""All notes of a deck, kind by kind, in the order in which they are taught."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.letting_go import let_go
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.facts.references import offers_choices
from deckbuilder.kinds import (
    choice,
    classification,
    cloze,
    contrast,
    definition,
    exceptions,
    image,
    lists,
    mechanism,
    note,
    occlusion,
    orders,
    pairs,
    question,
)
from deckbuilder.kinds.around import count_status
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.order import teaching_order
from deckbuilder.kinds.sounds import with_sounds
from deckbuilder.markup import visible_text
from deckbuilder.notes import Note, Outline
from deckbuilder.problems import Problem, Progress, unwatched
from deckbuilder.shelf import Shelf
from deckbuilder.shelved import ShelvedNotes

Maker = Callable[[Bench, str], Iterator[Note]]

# To add a kind of card: a file with `make`, a line here, a page in the docs, a test.
KINDS: dict[str, Maker] = {
    "definition": definition.make,
    "contrast": contrast.make,
    "cloze": cloze.make,
    "exception": exceptions.make,
    "question": question.make,
    "pair": pairs.make,
    "image": image.make,
    "occlusion": occlusion.make,
    "mechanism": mechanism.make,
    "list": lists.make,
    "order": orders.make,
    "note": note.make,
    "classification": classification.make,
    "choice": choice.make,
}


# A deck of more facts than these is one whose facts, notes and texts are not all held together if that can be had.
_LARGE = 20_000


@dataclass(frozen=True, slots=True)
class Made:
    """A deck's notes in teaching order, those that are not asked, mistakes, and facts counted by status.

    Those of a deck so large that its facts are gone once they are notes lie on a shelf.
    """

    notes: Sequence[Note]
    unasked: tuple[Note, ...]
    held: int
    disputed: int
    problems: tuple[Problem, ...]

    @property
    def shelf(self) -> Shelf | None:
        return self.notes.shelf if isinstance(self.notes, ShelvedNotes) else None

    def outlines(self) -> Iterator[Outline]:
        """Of each note what tells who it is; on a shelf each is put together when it is asked for."""
        return self.notes.outlines() if isinstance(self.notes, ShelvedNotes) else iter(self.notes)

    @property
    def may_have_renamed_items(self) -> bool:
        return self.notes.has_renamed_items if isinstance(self.notes, ShelvedNotes) else True

    def taken(self) -> Iterator[Note]:
        """The notes one by one; on a shelf each is let go before the next, and in the end none is left."""
        return self.notes.taken() if isinstance(self.notes, ShelvedNotes) else iter(self.notes)


def _unseen(notes: Sequence[Note]) -> None:
    del notes


def make_notes(
    deck: Deck,
    progress: Progress = unwatched,
    *,
    spend: bool = False,
    see: Callable[[Sequence[Note]], None] = _unseen,
) -> Made:
    """All notes of a deck; with `spend` the facts of a large one are let go as they become notes.

    Those notes lie on a shelf, and are shown to `see` before they are laid there. Raises OSError when there is no room.
    """
    statuses = count_status(deck)
    is_large = spend and statuses.total() > _LARGE
    notes: list[Note] | ShelvedNotes = ShelvedNotes() if is_large else []
    unasked: list[Note] = []
    problems = _make(deck, notes, unasked, see, progress)
    return Made(
        notes=_taught(deck, notes),
        unasked=tuple(unasked),
        held=statuses["hold"],
        disputed=statuses["disputed"],
        problems=problems or tuple(_no_cards(deck, notes)),
    )


def _make(
    deck: Deck,
    notes: list[Note] | ShelvedNotes,
    unasked: list[Note],
    see: Callable[[Sequence[Note]], None],
    progress: Progress,
) -> tuple[Problem, ...]:
    """Add a deck's notes, concept by concept; what is only needed to make them is let go when all are made."""
    is_large = isinstance(notes, ShelvedNotes)
    bench = Bench(deck)
    names = _Names()
    choosing = is_large and offers_choices(deck)
    for done, concept_id in enumerate(deck.concepts, start=1):
        made = list(_notes_of(bench, concept_id))
        names.see(made)
        asked = [note for note in made if note.asked]
        if len(asked) < len(made):
            unasked += [note for note in made if not note.asked]
        if is_large:
            see(asked)
            let_go(deck, concept_id, bench.drawn_from(concept_id) if choosing else ())
        notes.extend(asked)
        progress("making", done, len(deck.concepts))
    # What a broken text would be named cannot be known, so names are compared once all texts are whole.
    return tuple(dict.fromkeys(bench.problems)) or tuple(names.problems)


def remake(deck: Deck, concept_ids: Iterable[str]) -> tuple[list[Note], tuple[Problem, ...]]:
    """The notes of some concepts of a deck in the order in which they are made, also those that are not asked."""
    bench = Bench(deck)
    names = _Names()
    notes = [note for concept_id in concept_ids for note in _notes_of(bench, concept_id)]
    names.see(notes)
    return notes, (*bench.problems, *names.problems)


def _taught(deck: Deck, notes: list[Note] | ShelvedNotes) -> Sequence[Note]:
    if not isinstance(notes, ShelvedNotes):
        return [notes[place] for place in teaching_order(deck, notes)]
    notes.sort(teaching_order(deck, notes.outlines()))
    return notes


def _notes_of(bench: Bench, concept_id: str) -> Iterator[Note]:
    skipped = {*bench.deck.heading.skip, *bench.deck.concepts[concept_id].skip}
    for kind, make in KINDS.items():
        if kind not in skipped:
            made = make(bench, concept_id)
            yield from (with_sounds(bench, one) for one in made) if bench.is_heard else made
        elif kind != "contrast":
            # Pairs take their names from concepts and axes, and there can be very many of them.
            yield from (one._replace(asked=False) for one in make(bench, concept_id))


def _no_cards(deck: Deck, notes: Sequence[Note]) -> Iterator[Problem]:
    if not notes:
        place = place_of(Origin(deck.file, ("deck",)), key=True)
        fix = "give its concepts definitions, statements, questions or lists"
        yield Problem(place, "no-cards", "this deck makes no cards", fix)


class _Names:
    """What notes and their blanks are named; two facts of one identity would share one history."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._first: dict[str, Origin] = {}

    def see(self, notes: Iterable[Note]) -> None:
        for one in notes:
            other = self._first.setdefault(one.key, one.origin)
            if other is not one.origin:
                there = place_of(other)
                message = f"this has the same identity as {there.file}:{there.line} ({one.key})"
                fix = "give one of them an 'id:' of its own"
                self.problems.append(Problem(place_of(one.origin), "key-duplicate", message, fix))
            if one.cloze:
                self.problems += _same_blanks(one)


def _same_blanks(note: Note) -> Iterator[Problem]:
    """Members and steps are told apart by their ids; within a text equal answers are one, and only they."""
    blanks = note.hidden
    if _differ([item.name for item in note.items]) and _differ([hidden.id for hidden in blanks]):
        return
    asked = {hidden.id.partition(".")[0] for hidden in blanks}
    seen: set[str] = set()
    for item in note.items:
        if item.name in seen & asked:
            message = f"two entries have the same identity {item.name!r}"
            yield Problem(place_of(item.origin), "key-duplicate", message, "give one of them an 'id:' of its own")
        seen.add(item.name)
    answers: dict[str, str] = {}
    for hidden in blanks:
        if hidden.id in seen:
            continue
        answer = " ".join(visible_text(hidden.html).casefold().split())
        other = answers.setdefault(hidden.id, answer)
        if hidden.number is None and other != answer:
            message = f"two blanks with different answers would hide together: {other!r} and {answer!r}"
            fix = "number them yourself: {{c1::...}} and {{c2::...}}"
            yield Problem(place_of(hidden.origin), "key-duplicate", message, fix)


def _differ(names: Sequence[str]) -> bool:
    return len(set(names)) == len(names)

"""The cards of a deck as questions to answer in writing. One note is one question, however many blanks it has."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deckbuilder.kinds import KINDS
from deckbuilder.kinds.words import Words
from deckbuilder.markup import escape
from deckbuilder.notes import Note
from deckbuilder.preview.handout.paper import answers, with_gaps
from deckbuilder.preview.handout.words import HandoutWords

_ROOM = {
    "definition": "below",
    "contrast": "below",
    "cloze": "within",
    "question": "below",
    "mechanism": "within",
    "list": "listed",
    "classification": "beside",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what to answer, as HTML. `number` is the same on the sheet and among the answers."""

    number: int
    context: str
    ask: str
    answers: tuple[str, ...]
    reason: str
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class Exercise:
    """Questions of one sort under one heading; `options` are the answers to choose from, as HTML, if there are any.

    `room` is where there is room to write: below a question, within it, within a list, or beside it.
    """

    title: str
    room: str
    options: str
    questions: tuple[Question, ...]


def exercises(notes: Iterable[Note], words: Words, own: HandoutWords) -> Iterator[Exercise]:
    """All notes that are asked, kind by kind, each kind in the order of teaching, numbered throughout."""
    titles = {
        "definition": words.definition,
        "contrast": words.contrast,
        "cloze": words.complete,
        "question": words.question,
        "mechanism": words.mechanism,
        "list": own.lists,
    }
    groups: dict[tuple[str, str, str], list[Note]] = {}
    for kind in KINDS:
        for note in notes:
            if note.kind == kind:
                title = escape(titles[kind]) if kind in titles else _field(note, "Ask")
                options = "" if kind in titles else _field(note, "Options")
                groups.setdefault((kind, title, options), []).append(note)
    number = 1
    for (kind, title, options), group in groups.items():
        yield Exercise(
            title, _ROOM[kind], options, tuple(_question(note, n) for n, note in enumerate(group, start=number))
        )
        number += len(group)


def _question(note: Note, number: int) -> Question:
    is_disputed = bool(_field(note, "Status"))
    if note.cloze:
        context = _field(note, "Context") if note.kind == "list" else ""
        ask = with_gaps(note.cloze, lambda hidden: hidden.hint)
        return Question(number, context, ask, tuple(answers(note.cloze, lambda h: h.html)), "", is_disputed)
    if note.kind == "classification":
        # The features of the class, which follow, are the same for all its items.
        reason = _field(note, "Reason").partition("<dl>")[0]
        return Question(number, "", _field(note, "Item"), (_field(note, "Class"),), reason, is_disputed)
    return Question(number, "", _field(note, "Front"), (_field(note, "Back"),), "", is_disputed)


def _field(note: Note, name: str) -> str:
    return note.row[note.type.positions[name]]

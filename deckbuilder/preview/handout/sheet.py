"""The cards of a deck as questions to answer in writing. One note is one question, however many blanks it has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from deckbuilder.kinds import KINDS
from deckbuilder.kinds.words import Words
from deckbuilder.markup import escape
from deckbuilder.notes import Note
from deckbuilder.notetypes import CarriedType
from deckbuilder.preview.handout.masks import numbers_of, with_numbers
from deckbuilder.preview.handout.notes import BLANK, fields_in_words
from deckbuilder.preview.handout.paper import answers, gap, with_gaps
from deckbuilder.preview.handout.words import HandoutWords

# Where there is room to write, by kind; below the question otherwise.
_ROOM = {
    "pair": "beside",
    "classification": "beside",
    "choice": "within",
    "cloze": "within",
    "exception": "within",
    "mechanism": "within",
    "order": "within",
    "occlusion": "within",
    "list": "listed",
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


def exercises(notes: Sequence[Note], words: Words, own: HandoutWords) -> Iterator[Exercise]:
    """All notes that are asked, kind by kind, each kind in the order of teaching, numbered throughout."""
    groups: dict[tuple[str, str, str], list[Note]] = {}
    for kind in KINDS:
        for note in notes:
            if note.kind == kind:
                sort = (_title(note, words, own), _ROOM.get(kind, "below"), _field(note, "Options"))
                groups.setdefault(sort, []).append(note)
    number = 1
    for (title, room, options), group in groups.items():
        yield Exercise(title, room, options, tuple(_question(note, n) for n, note in enumerate(group, start=number)))
        number += len(group)


def _title(note: Note, words: Words, own: HandoutWords) -> str:
    """What is asked of all notes of one sort, as it stands above the question on a card."""
    if note.kind == "list":
        return escape(own.lists)
    return _field(note, "Ask") or _field(note, "Context") or escape(words.question)


def _question(note: Note, number: int) -> Question:
    context, ask, answered = _READ.get(note.kind, _with_blanks if note.cloze else _plainly)(note)
    # The features of the class, which follow, are the same for all its items.
    reason = _field(note, "Reason").partition("<dl>")[0] if note.kind == "classification" else ""
    return Question(number, context, ask, tuple(answered), reason, bool(_field(note, "Status")))


# What a note asks: what is told above, the question, and the answers.
_Asked = tuple[str, str, Sequence[str]]


def _plainly(note: Note) -> _Asked:
    return "", _field(note, "Front"), [_field(note, "Back")]


def _with_blanks(note: Note) -> _Asked:
    context = _field(note, "Context") if note.kind == "list" else ""
    return context, with_gaps(note.cloze, lambda hidden: hidden.hint), answers(note.cloze, lambda hidden: hidden.html)


def _item(note: Note) -> _Asked:
    return "", _field(note, "Item"), [_field(note, "Class")]


def _masked(note: Note) -> _Asked:
    numbers = numbers_of(note.cloze)
    gaps = "".join(f"<li>{number} {gap()}</li>" for number in numbers.values())
    drawn = with_numbers(_field(note, "Image"), note.cloze, covered=True)
    told = [f"{numbers[part.id]} {part.html}" for part in note.beside["Answers"]]
    head = f'<p class="head"><strong>{_field(note, "Header")}</strong></p>'
    return "", f'{head}{drawn}<ul class="parts">{gaps}</ul>', told


def _imported(note: Note) -> _Asked:
    """A note of somebody else's type: its first field is most often the question, or the text with the blanks."""
    first, *others = fields_in_words(note.row) or ("",)
    if note.type.is_cloze:
        blanks = BLANK.findall(first)
        hints = iter(hint for _, hint in blanks)
        return "", BLANK.sub(lambda _: gap(next(hints)), first), [answer for answer, _ in blanks]
    return "", first, others


_READ: Mapping[str, Callable[[Note], _Asked]] = {
    "classification": _item,
    "occlusion": _masked,
    "note": _imported,
}


def _field(note: Note, name: str) -> str:
    """A field of one of our own note types; other people's have none that we know."""
    known = {} if isinstance(note.type, CarriedType) else note.type.positions
    return note.row[known[name]] if name in known else ""

"""What a rule sees: the facts, and every card with the words that a student reads."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.models import Limits
from deckbuilder.facts.places import Origin
from deckbuilder.markup import shown_text
from deckbuilder.notes import Hidden, Note
from deckbuilder.notetypes import OCCLUSION, TYPED, TYPED_REVERSE, CarriedType

_WORD = re.compile(r"\w+(?:['\u2019\-]\w+)*")
BLANK = "[…]"
_SUMMARY = re.compile(r"<summary>.*?</summary>", re.DOTALL)


class Card(NamedTuple):
    """One card in words: `front` with its blank as `[…]`, `hint` where one is shown, and what is to be recalled.

    `typed` if the student types the answer.
    """

    note: Note
    front: str
    answer: str
    hint: str
    origin: Origin
    typed: bool = False

    @property
    def kind(self) -> str:
        return self.note.kind


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Subject:
    """A deck under review; known by itself alone, so that what is found out about it can be remembered.

    `cards` are all of its cards, or those that may be wrong, and `kinds` counts all by their kind.
    """

    deck: Deck
    notes: Sequence[Note]
    cards: Sequence[Card]
    kinds: Counter[str]
    limits: Limits


def front_of(card: Card) -> Origin:
    """Where the author wrote what a card asks."""
    return card.origin.at("ask" if card.kind in {"question", "image"} else "text")


def answer_of(card: Card) -> Origin:
    """Where the author wrote what a card wants to hear."""
    return card.origin.at("answer" if card.kind in {"question", "image", "occlusion"} else "text")


def words(text: str) -> list[str]:
    """The words of a text, for counting them: without the marks that many scripts set beside their letters."""
    if text.isascii():
        return _WORD.findall(text)
    return _WORD.findall("".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] != "M"))


def cards_of(note: Note) -> Iterator[Card]:
    """The cards that a note makes, in words."""
    return (
        Card(note, _in_a_line(front), _in_a_line(answer), _in_a_line(hint), origin, typed)
        for _, front, answer, hint, origin, typed in sides_of(note)
    )


def _in_a_line(text: str) -> str:
    return " ".join(text.split())


def sides_of(note: Note) -> Iterator[Card]:
    """The cards that a note makes, in words with spaces and ends of lines between them as the HTML has them."""
    if note.type is OCCLUSION:
        return _masked(note)
    if isinstance(note.type, CarriedType):
        # What its author wrote is HTML for templates of its own: rules for words have no say in it.
        return iter(())
    return _blanked(note) if note.type.is_cloze else _asked(note)


def _asked(note: Note) -> Iterator[Card]:
    row, at = note.row[:], note.type.positions
    hint = _hint(row[at["Hint"]])
    if note.kind == "classification":
        yield Card(note, shown_text(row[at["Item"]]), shown_text(row[at["Class"]]), hint, note.origin)
        return
    # In front of a picture stands what is asked of it.
    front = shown_text(row[at["Context" if note.kind == "image" else "Front"]])
    yield Card(note, front, shown_text(row[at["Back"]]), hint, note.origin, bool(row[at[TYPED]]))
    reverse = shown_text(row[at["Reverse"]])
    if reverse and not reverse.isspace():
        answer = shown_text(row[at["Reverse back"]])
        yield Card(note, reverse, answer, "", note.origin, bool(row[at[TYPED_REVERSE]]))


def _hint(html: str) -> str:
    # The word that opens a hint is the program's, not the author's.
    return shown_text(_SUMMARY.sub("", html)) if html else ""


def _masked(note: Note) -> Iterator[Card]:
    header = shown_text(note.row[note.type.positions["Header"]])
    hints = {hidden.id: hidden.html for hidden in note.beside["Hint"]}
    for hidden in note.beside["Answers"]:
        yield Card(note, header, shown_text(hidden.html), shown_text(hints.get(hidden.id, "")), hidden.origin)


def _blanked(note: Note) -> Iterator[Card]:
    row, at = note.row[:], note.type.positions
    typed = bool(row[at[TYPED]])
    pieces = [f"{shown_text(row[at['Context']])} " if note.kind != "cloze" else ""]
    asked: dict[tuple[str, int | None], list[tuple[int, Hidden]]] = {}
    for place, piece in enumerate(note.cloze, start=1):
        if isinstance(piece, str):
            pieces.append(shown_text(piece))
        else:
            pieces.append(shown_text(piece.html))
            asked.setdefault((piece.id, piece.number), []).append((place, piece))
    for (name, _), blanks in asked.items():
        first, mine = blanks[0]
        # Of an order only what comes before is in view; its dates are asked among all others.
        last = note.kind == "order" and not name.endswith(".at")
        shown = pieces[: first + 1] if last else pieces[:]
        for place, _ in blanks[:1] if last else blanks:
            shown[place] = BLANK
        yield Card(note, "".join(shown), pieces[first], shown_text(mine.hint), mine.origin, typed)

"""What a rule sees: the facts, and every card with the words that a student reads."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.models import Limits
from deckbuilder.facts.places import Origin
from deckbuilder.markup import visible_text
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
    """A deck under review; known by itself alone, so that what is found out about it can be remembered."""

    deck: Deck
    notes: Sequence[Note]
    cards: Sequence[Card]
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
    return map(in_words, sides_of(note))


def in_words(card: Card) -> Card:
    """A card of HTML in the words that a student reads."""
    # The word that opens a hint is the program's, not the author's.
    hint = visible_text(_SUMMARY.sub("", card.hint)) if card.hint else ""
    return Card(card.note, visible_text(card.front), visible_text(card.answer), hint, card.origin, card.typed)


def sides_of(note: Note) -> Iterator[Card]:
    """The cards that a note makes, with all that they say as HTML."""
    if note.type is OCCLUSION:
        return _masked(note)
    if isinstance(note.type, CarriedType):
        # What its author wrote is HTML for templates of its own: rules for words have no say in it.
        return iter(())
    if note.type.is_cloze:
        return _blanked(note)
    return _asked(note)


def _asked(note: Note) -> Iterator[Card]:
    row, at = note.row, note.type.positions
    if note.kind == "classification":
        yield Card(note, row[at["Item"]], row[at["Class"]], row[at["Hint"]], note.origin)
        return
    # In front of a picture stands what is asked of it.
    front = row[at["Context" if note.kind == "image" else "Front"]]
    yield Card(note, front, row[at["Back"]], row[at["Hint"]], note.origin, bool(row[at[TYPED]]))
    reverse = row[at["Reverse"]]
    if reverse and visible_text(reverse):
        yield Card(note, reverse, row[at["Reverse back"]], "", note.origin, bool(row[at[TYPED_REVERSE]]))


def _masked(note: Note) -> Iterator[Card]:
    header = note.row[note.type.positions["Header"]]
    hints = {hidden.id: hidden.html for hidden in note.beside["Hint"]}
    for hidden in note.beside["Answers"]:
        yield Card(note, header, hidden.html, hints.get(hidden.id, ""), hidden.origin)


def _blanked(note: Note) -> Iterator[Card]:
    context = f"{note.row[note.type.positions['Context']]} " if note.kind != "cloze" else ""
    typed = bool(note.row[note.type.positions[TYPED]])
    first: dict[tuple[str, int | None], Hidden] = {}
    for hidden in note.hidden:
        first.setdefault((hidden.id, hidden.number), hidden)
    for asked, mine in first.items():
        # Of an order only what comes before is in view; its dates are asked among all others.
        last = note.kind == "order" and not asked[0].endswith(".at")
        pieces = [_piece(piece, asked) for piece in (_up_to(note, asked) if last else note.cloze)]
        yield Card(note, context + "".join(pieces), mine.html, mine.hint, mine.origin, typed)


def _up_to(note: Note, asked: tuple[str, int | None]) -> tuple[str | Hidden, ...]:
    for n, piece in enumerate(note.cloze, start=1):
        if isinstance(piece, Hidden) and (piece.id, piece.number) == asked:
            return note.cloze[:n]
    return note.cloze


def _piece(piece: str | Hidden, asked: tuple[str, int | None]) -> str:
    if isinstance(piece, str):
        return piece
    return BLANK if (piece.id, piece.number) == asked else piece.html

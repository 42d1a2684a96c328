"""Anki's own backend as a judge: a package imported into a fresh collection, and all that Anki says of it."""

import html
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anki.collection import Collection, ImportAnkiPackageRequest
from anki.sound import SoundOrVideoTag, TTSTag

from deckbuilder.build import build
from deckbuilder.built import BuiltDeck

if TYPE_CHECKING:
    from anki.cards import Card as AnkiCard  # at run time anki.collection must come first

_UNSEEN = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
_LINE_END = re.compile(
    r"<(?:br|hr|/p|/h\d|/li|/div|/tr|/dt|/dd|/summary|/details|/ul|/ol|/aside|/article|/pre)\b[^>]*>"
)
# A list inside an entry begins a line of its own.
_LINE_START = re.compile(r"<(?:ul|ol|p|dl|table)\b[^>]*>")
_CELL_END = re.compile(r"</(?:td|th)>")
_TAG = re.compile(r"<[^>]*>")
_OUTCOMES = ("new", "updated", "duplicate", "conflicting", "first_field_match", "missing_notetype", "missing_deck")
_KIND_TAG = "deckbuilder::kind::"


@dataclass(frozen=True)
class Card:
    """One card as Anki shows it. `front` and `back` are the lines that a student reads.

    `back` holds what the back adds where it repeats the front, and all of it on a cloze card.
    """

    kind: str
    key: str
    note_type: str
    number: int
    due: int
    tags: tuple[str, ...]
    fields: dict[str, str]
    front: list[str]
    back: list[str]
    front_html: str
    back_html: str
    css: str
    sounds: int
    heard: list[tuple[str, str]]


@dataclass(frozen=True)
class InAnki:
    """A package after its import: its cards in the order of study, and what Anki's own checks say."""

    cards: list[Card]
    notes: int
    deck: dict[str, Any]
    first_import: dict[str, int]
    second_import: dict[str, int]
    empty_cards: str
    database_check: str
    changed_by_check: bool

    def of_kind(self, kind: str) -> list[Card]:
        return [card for card in self.cards if card.kind == kind]


def visible_lines(side: str) -> list[str]:
    """What a reader sees of a side, line by line; a hidden answer in `data-cloze` is not seen."""
    text = _LINE_START.sub("\n", _LINE_END.sub("\n", " ".join(_UNSEEN.sub("", side).split())))
    shown = html.unescape(_TAG.sub("", _CELL_END.sub(" ", text)))
    return [line for line in (" ".join(line.split()) for line in shown.split("\n")) if line]


def build_deck(facts: str, folder: Path) -> BuiltDeck:
    """The only deck of `facts` (YAML), built in `folder`; the facts must have no problem."""
    file = folder / "facts.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(textwrap.dedent(facts), encoding="utf-8")
    built = build([file], folder / "dist")
    told = "\n".join(f"{problem.place.line}: {problem.message}" for problem in built.problems)
    assert not told, told
    (deck,) = built.decks
    return deck


def study(facts: str, folder: Path) -> InAnki:
    """A deck of facts (YAML) as a student gets to see it."""
    return import_package(build_deck(facts, folder).package, folder)


def import_package(package: Path, folder: Path) -> InAnki:
    """`package` imported into a fresh collection in `folder`, looked at, and imported once more."""
    collection = Collection(str(folder / "collection.anki2"))
    try:
        first = _import(collection, package)
        ids = collection.find_cards("", order="c.due asc, c.ord asc")
        cards = [_card(collection.get_card(card_id)) for card_id in ids]
        (deck_id,) = {collection.get_card(card_id).did for card_id in ids} or {1}
        empty = collection.get_empty_cards().report
        before = _rows(collection)
        report, _ = collection.fix_integrity()
        changed = _rows(collection) != before
        second = _import(collection, package)
        return InAnki(
            cards=cards,
            notes=collection.note_count(),
            deck=dict(collection.decks.get(deck_id) or {}),
            first_import=first,
            second_import=second,
            empty_cards=empty,
            database_check=report,
            changed_by_check=changed,
        )
    finally:
        collection.close()


def _import(collection: Collection, package: Path) -> dict[str, int]:
    """How many notes had which outcome; outcomes that no note had are left out."""
    log = collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package))).log
    counts = {outcome: len(getattr(log, outcome)) for outcome in (*_OUTCOMES, "empty_first_field")}
    return {outcome: count for outcome, count in counts.items() if count}


def _rows(collection: Collection) -> tuple[list[Any], list[Any]]:
    assert collection.db is not None
    return (
        collection.db.all("select id, guid, mid, mod, tags, flds, sfld, csum from notes order by id"),
        collection.db.all("select id, nid, did, ord, mod, type, queue, due from cards order by id"),
    )


def _heard(tag: SoundOrVideoTag | TTSTag) -> tuple[str, str]:
    """A file, or words and the language in which they are spoken."""
    return (tag.filename, "") if isinstance(tag, SoundOrVideoTag) else (tag.field_text, tag.lang)


def _card(card: "AnkiCard") -> Card:
    output, note = card.render_output(), card.note()
    note_type = note.note_type()
    assert note_type is not None
    front, back = output.question_text, output.answer_text
    return Card(
        kind=next((tag.removeprefix(_KIND_TAG) for tag in note.tags if tag.startswith(_KIND_TAG)), ""),
        key=note["Key"].split(" ")[0],
        note_type=note_type["name"],
        number=card.ord + 1,
        due=card.due,
        tags=tuple(note.tags),
        fields=dict(note.items()),
        front=visible_lines(front),
        back=visible_lines(back.split('<hr id="answer">')[-1]),
        front_html=front,
        back_html=back,
        css=output.css,
        sounds=len(output.question_av_tags) + len(output.answer_av_tags),
        heard=[_heard(tag) for tag in (*output.question_av_tags, *output.answer_av_tags)],
    )

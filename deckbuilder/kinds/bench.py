"""What every kind of card needs to turn facts into a note: rendering, sources, tags, and a place for mistakes."""

from collections.abc import Iterable, Mapping, Sequence

from deckbuilder.facts.deck import Deck, classified, contrasted
from deckbuilder.facts.models import Annotations, Audio, Image, SourceEntry
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.facts.references import is_heard
from deckbuilder.kinds.around import Around, around_concept
from deckbuilder.kinds.direction import set_apart
from deckbuilder.kinds.words import words_for
from deckbuilder.markup import Rendered, escape, is_plain, render_block, render_inline
from deckbuilder.notes import Hidden, Named, Note
from deckbuilder.notetypes import NoteType, carried_type
from deckbuilder.problems import Problem

_NOTHING: Mapping[str, tuple[Hidden, ...]] = {}
_LINKED = ("http://", "https://", "mailto:")


class Bench:
    """Where one deck's notes are made; mistakes met on the way gather in `problems`."""

    def __init__(self, deck: Deck) -> None:
        self.deck = deck
        self.words = words_for(deck.heading.language)
        self.contrasted = contrasted(deck)
        self.is_heard = is_heard(deck)
        self.classified = classified(deck)
        self.carried_types = {model.name: carried_type(model.model) for model in deck.carried.models.values()}
        self.problems: list[Problem] = []
        self._prefix = "::".join("_".join(part.split()) for part in deck.heading.name.replace('"', "").split("::"))
        # What many notes have in common is made once: terms, sources, tags, and what a concept's facts stand in.
        self._terms: dict[str, str] = {}
        self._cited: dict[tuple[str, ...], str] = {}
        self._tagged: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._origins: dict[str, Origin] = {}
        self._arounds: dict[str, Around] = {}
        self._concept_tags: dict[str, str] = {}
        self._met: dict[tuple[str, ...], tuple[str, ...]] = {}

    def inline(self, text: str, origin: Origin, lang: str | None = None) -> str:
        """HTML of a text in which no blank may stand."""
        if lang is None and is_plain(text):
            return text
        rendered = self.with_blanks(text, origin, lang)
        if rendered.blanks:
            self.tell(
                origin,
                "cloze-syntax",
                "a blank stands where none can",
                "blanks belong to statements, definitions, steps",
            )
        return rendered.html

    def with_blanks(self, text: str, origin: Origin, lang: str | None = None) -> Rendered:
        """A text in pieces. In a language of its own it is also set apart in its direction."""
        rendered = render_inline(text)
        if rendered.mistakes or not rendered.shown:
            self._tell_mistakes(rendered, origin)
        return rendered if lang is None else set_apart(rendered, lang)

    def block(self, text: str | None, origin: Origin) -> str:
        """HTML of a text with paragraphs and lists; nothing for no text."""
        if text is None:
            return ""
        rendered = render_block(text)
        if rendered.mistakes or not rendered.shown:
            self._tell_mistakes(rendered, origin)
        return rendered.html

    def term(self, concept_id: str) -> str:
        if concept_id not in self._terms:
            concept = self.deck.concepts[concept_id]
            self._terms[concept_id] = self.inline(concept.term, self.origin(concept_id, "term"), concept.lang)
        return self._terms[concept_id]

    def origin(self, concept_id: str, *steps: str | int) -> Origin:
        if concept_id not in self._origins:
            self._origins[concept_id] = self.deck.origin(concept_id)
        return self._origins[concept_id].at(*steps)

    def around(self, concept_id: str) -> Around:
        """What is in force for a concept's facts."""
        if concept_id not in self._arounds:
            self._arounds[concept_id] = around_concept(self.deck, concept_id)
        return self._arounds[concept_id]

    def drawn_from(self, concept_id: str) -> set[str]:
        """The lists of a concept that others' cards draw from too, as wrong answers."""
        return {name for _, classification in self.classified.get(concept_id, ()) for name in classification.items}

    def tell(self, origin: Origin, rule: str, message: str, fix: str) -> None:
        self.problems.append(Problem(place_of(origin), rule, message, fix))

    def note(  # noqa: PLR0913 - a note has this many independent parts
        self,
        kind: str,
        note_type: NoteType,
        keys: Sequence[str],
        origin: Origin,
        around: Around,
        concepts: Sequence[str],
        fields: Mapping[str, str],
        *,
        tags: Sequence[str] = (),
        cloze: tuple[str | Hidden, ...] = (),
        beside: Mapping[str, tuple[Hidden, ...]] = _NOTHING,
        items: tuple[Named, ...] = (),
        asked: bool = True,
    ) -> Note:
        """A note with the fields that all kinds share filled in; `keys` begins with its key."""
        shared = {
            "Key": keys[0],
            "Source": self.sources(around.sources),
            "Language": self.deck.heading.language,
            "Status": escape(self.words.disputed) if around.status == "disputed" else "",
        }
        return self.finished_note(
            kind,
            note_type,
            keys,
            origin,
            around,
            concepts,
            note_type.row(shared, fields),
            tags,
            cloze,
            beside,
            items,
            asked=asked,
        )

    def finished_note(  # noqa: PLR0913 - as above
        self,
        kind: str,
        note_type: NoteType,
        keys: Sequence[str],
        origin: Origin,
        around: Around,
        concepts: Sequence[str],
        row: tuple[str, ...],
        tags: Sequence[str] = (),
        cloze: tuple[str | Hidden, ...] = (),
        beside: Mapping[str, tuple[Hidden, ...]] = _NOTHING,
        items: tuple[Named, ...] = (),
        *,
        asked: bool = True,
    ) -> Note:
        """A note whose fields are all said; `keys` begins with its key."""
        return Note(
            keys[0],
            kind,
            note_type,
            row,
            self._tags(kind, around, tags),
            origin,
            self._met.setdefault(together := tuple(concepts), together),
            cloze,
            beside,
            items,
            tuple(keys[1:]),
            asked and around.status != "hold",
        )

    def hint(self, html: str) -> str:
        """Help that opens when it is tapped; needs no script."""
        return f"<details><summary>{escape(self.words.hint)}</summary>{html}</details>" if html else ""

    def asides(self, fact: Annotations, origin: Origin) -> dict[str, str]:
        """The fields that hold a single fact's hint, reason, note and extra."""
        hint = self.inline(fact.hint, origin.at("hint")) if fact.hint else ""
        return {
            "Hint": self.hint(hint),
            "Reason": self.inline(fact.why, origin.at("why")) if fact.why else "",
            "Note": self.note_with_picture(fact, origin),
            "Extra": self.block(fact.extra, origin.at("extra")) if fact.extra is not None else "",
        }

    def note_with_picture(self, fact: Annotations, origin: Origin) -> str:
        """A fact's picture with whose it is, when it was so, then its note."""
        if fact.image is None and fact.as_of is None:
            return "" if fact.note is None else self.block(fact.note, origin.at("note"))
        shown = picture(fact.image, self.deck.media[fact.image.file].name) if fact.image else ""
        dated = f'<p class="also">{escape(self.words.as_of)} {escape(fact.as_of)}</p>' if fact.as_of else ""
        noted = self.block(fact.note, origin.at("note")) if fact.note is not None else ""
        return shown + dated + noted

    def picture(self, image: Image) -> str:
        """A picture alone."""
        return _shown(image, self.deck.media[image.file].name)

    def concept_tag(self, concept_id: str) -> str:
        """`Pathology::Calcification::dystrophic`: the deck's name, as a tag can hold it, and the concept."""
        if concept_id not in self._concept_tags:
            self._concept_tags[concept_id] = f"{self._prefix}::{concept_id}"
        return self._concept_tags[concept_id]

    def sources(self, ids: Sequence[str]) -> str:
        """The sources of a note, one a paragraph."""
        names = tuple(dict.fromkeys(ids))
        if names not in self._cited:
            cited = [cite(self.deck.sources[name]) for name in names]
            self._cited[names] = "".join(f"<p>{escape(self.words.source)}: {citation}</p>" for citation in cited)
        return self._cited[names]

    def _tags(self, kind: str, around: Around, more: Sequence[str]) -> tuple[str, ...]:
        disputed = ("deckbuilder::status::disputed",) if around.status == "disputed" else ()
        given = (f"deckbuilder::kind::{kind}", *around.tags, *more, *disputed)
        if given not in self._tagged:
            tags = {*self.deck.heading.tags, *given}
            self._tagged[given] = in_order(tags)
        return self._tagged[given]

    def _tell_mistakes(self, rendered: Rendered, origin: Origin) -> None:
        for mistake in rendered.mistakes:
            # Some say what to do.
            message, _, fix = mistake.partition(" → ")
            self.tell(origin, "cloze-syntax", message, fix or "a blank is written [[answer]] or [[answer|hint]]")
        if not rendered.mistakes:
            self.tell(origin, "empty-text", "this text shows nothing on a card", "write words, or remove it")


def in_order(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(sorted(tags), key=str.casefold))


def picture(image: Image, name: str) -> str:
    """A picture, named as Anki knows it, with whose it is."""
    told = credit(image)
    caption = f"<figcaption>{told}</figcaption>" if told else ""
    return f"<figure>{_shown(image, name)}{caption}</figure>"


def _shown(image: Image, name: str) -> str:
    alt = escape(image.alt or "").replace('"', "&quot;")
    return f'<img src="{name}" alt="{alt}">'


def credit(image: Image | Audio) -> str:
    """Whose picture or recording it is, and under which license."""
    return ", ".join(escape(part) for part in (image.credit, image.license) if part)


def cite(source: SourceEntry) -> str:
    """A source as HTML, with its address in words."""
    parts = [escape(part) for part in (source.author,) if part]
    parts.append(f"<cite>{escape(source.title)}</cite>")
    parts += [escape(", ".join(part for part in (source.publisher, source.date) if part))]
    if source.url:
        parts.append(_link(source.url))
    parts += [escape(part) for part in (source.license, source.remark) if part]
    return " ".join(part if part.endswith((".", "!", "?", "</a>")) else f"{part}." for part in parts if part)


def _link(url: str) -> str:
    shown = escape(url)
    attribute = shown.replace('"', "%22")
    return f'<a href="{attribute}">{shown}</a>' if url.startswith(_LINKED) else shown

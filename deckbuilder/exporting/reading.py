"""A deck as a text to read: concept by concept, what its cards ask and answer, in Markdown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from deckbuilder.check.subject import cards_of
from deckbuilder.facts.deck import Deck
from deckbuilder.facts.models import ForeignNote, Question, Text
from deckbuilder.lock.carry import fact_at
from deckbuilder.markup import visible_text
from deckbuilder.markup.from_html import UnsayableError, literal_markdown, to_markdown
from deckbuilder.notes import Hidden, Note, PinnedNote

_BLANK = re.compile(r"\[\[(?P<ours>[^|\]]+)(?:\|[^\]]*)?\]\]|\{\{c\d+::(?P<ankis>.+?)(?:::.*?)?\}\}", re.DOTALL)
_SHAPES = re.compile(r"\{\{c\d+::image-occlusion:[^{}]*\}\}")
_TERM_END = re.compile(r"</dt>|</h\d>")
_LINE_END = re.compile(r"</(?:dd|p|li|div|tr)>|<br\b[^>]*>")
_FORMULA = re.compile(r"\\[(\[](.*?)\\[)\]]", re.DOTALL)
_TERM = re.compile(r"<h2>.*?</h2>\s*", re.DOTALL)


def as_text(deck: Deck, notes: Sequence[tuple[Note, PinnedNote]], media: str) -> str:
    """The Markdown of a deck. `media` is the folder with its pictures, as seen from the file."""
    lines = [f"# {deck.heading.name}", ""]
    if deck.heading.description:
        lines += [deck.heading.description, ""]
    by_concept: dict[str, list[tuple[Note, PinnedNote]]] = {}
    for made, pinned in notes:
        by_concept.setdefault(made.key.split("/")[1], []).append((made, pinned))
    for concept_id, concept in deck.concepts.items():
        if concept_id in by_concept:
            lines += [f"## {concept.term}", ""]
            for made, pinned in by_concept[concept_id]:
                lines += [*_said(deck, made, pinned), *_pictures(deck, made, media)]
                # Items to classify make one list.
                lines += [] if made.kind == "classification" else [""]
            lines += [] if lines[-1] == "" else [""]
    if deck.sources:
        lines += ["## Sources", "", *(f"- {source.title}" for source in deck.sources.values()), ""]
    return "\n".join(lines).rstrip() + "\n"


def _said(deck: Deck, made: Note, pinned: PinnedNote) -> Iterator[str]:
    fact = fact_at(deck, made.origin)
    if isinstance(fact, ForeignNote):
        named = zip(pinned.type.fields, pinned.row, strict=True)
        shown = ((field.name, content) for field, content in named if visible_text(_SHAPES.sub("", content)))
        yield from (f"- {name}: {_markdown(content)}" for name, content in shown)
    elif isinstance(fact, Question) and made.kind == "question":
        yield from (f"Q: {fact.ask}", f"A: {fact.answer}")
    elif made.kind == "definition" and isinstance(fact, Text):
        yield f"**{deck.concepts[made.concepts[0]].term}**: {_BLANK.sub(_bold, fact.text)}"
    elif made.kind == "cloze" and isinstance(fact, Text):
        yield _BLANK.sub(_bold, fact.text)
    elif made.cloze:
        yield from _filled_in(made)
    else:
        card = next(cards_of(made), None)
        if card is not None and made.kind == "classification":
            yield f"- {_field(made, 'Item', card.front)} \u2192 {_field(made, 'Class', card.answer)}"
        elif card is not None:
            yield from (f"Q: {_field(made, 'Front', card.front)}", f"A: {_field(made, 'Back', card.answer)}")


def _field(made: Note, name: str, otherwise: str) -> str:
    position = made.type.positions.get(name)
    return literal_markdown(otherwise) if position is None else _markdown(made.row[position])


def _bold(blank: re.Match[str]) -> str:
    """An answer in bold, unless it stands in a formula, where stars are signs of multiplication."""
    answer = blank["ours"] or blank["ankis"]
    in_formula = blank.string.count("$", 0, blank.start()) % 2 == 1
    return answer if in_formula else f"**{answer}**"


def _filled_in(made: Note) -> Iterator[str]:
    """A text with its blanks filled in, each in bold; a list or mechanism under its own heading."""
    pieces = (f"<b>{piece.html}</b>" if isinstance(piece, Hidden) else piece for piece in made.cloze)
    text = "".join(pieces)
    heading = _TERM.match(text)
    if heading:
        yield from (f"*{visible_text(made.row[made.type.positions['Context']])}*", "")
    yield _markdown(text[heading.end() :] if heading else text)


def _markdown(html: str) -> str:
    try:
        return to_markdown(html)[0]
    except UnsayableError:
        # Lists of terms and headings on our own cards: what they say, a line each.
        lines = (visible_text(line) for line in _LINE_END.sub("\n", _TERM_END.sub(": ", html)).split("\n"))
        return "\n".join(_FORMULA.sub(r"$\1$", line) for line in lines if line)


def _pictures(deck: Deck, made: Note, media: str) -> Iterator[str]:
    shown: Mapping[str, None] = {
        one.name: None for one in deck.media.values() if any(f'src="{one.name}"' in field for field in made.row)
    }
    for name in shown:
        yield f"![]({PurePosixPath(media, name)})"

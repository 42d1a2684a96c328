"""Sentences with blanks: free statements, and definitions that have blanks."""

from collections import defaultdict
from collections.abc import Iterator

from deckbuilder.facts.models import Definition, Statement, Text
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.identity import concept_names, item_id, item_names, note_keys, slug
from deckbuilder.markup import Blank, Rendered, escape, visible_text
from deckbuilder.notes import Hidden, Note
from deckbuilder.notetypes import CLOZE, TYPED


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    concept, origin = bench.deck.concepts[concept_id], bench.origin(concept_id)
    definition = concept.definition
    if definition is not None:
        names = (definition.id or "definition", *definition.formerly)
        yield _note(bench, concept_id, definition, origin.at("definition"), names)
    statements = origin.at("statements")
    for index, statement in enumerate(concept.statements):
        place = statements.at(index)
        if bench.with_blanks(statement.text, place).blanks:
            yield _note(bench, concept_id, statement, place, item_names(statement, statement.text))
        else:
            bench.tell(place, "cloze-syntax", "a statement has no blank", "mark what to recall: [[answer]]")


def _note(bench: Bench, concept_id: str, text: Text, origin: Origin, names: tuple[str, ...]) -> Note:
    rendered = bench.with_blanks(text.text, origin, text.lang)
    return bench.note(
        "cloze",
        CLOZE,
        note_keys(bench.deck, concept_names(bench.deck, concept_id), "cloze", names),
        origin,
        bench.around(concept_id).within(text),
        [concept_id],
        # Most definitions have no blanks, and keep their names alone.
        _fields(bench, text, origin) if rendered.blanks else {},
        tags=[bench.concept_tag(concept_id)],
        cloze=hide(rendered, origin, value=text.number),
        asked=bool(rendered.blanks),
    )


def _fields(bench: Bench, text: Text, origin: Origin) -> dict[str, str]:
    asides = bench.asides(text, origin)
    asides["Reason"] += _exceptions(bench, text, origin)
    typed = "1" if isinstance(text, Definition | Statement) and text.type else ""
    return {"Context": escape(bench.words.complete), **asides, TYPED: typed}


def _exceptions(bench: Bench, text: Text, origin: Origin) -> str:
    """What a rule does not hold for, so that it is never learned as a rule without exceptions."""
    told = [
        bench.with_blanks(fact.text, origin.at("exceptions", n), fact.lang).html
        for n, fact in enumerate(text.exceptions if isinstance(text, Statement) else ())
        if fact.status != "hold"
    ]
    return f'<p class="also">{escape(bench.words.exceptions)}: {"; ".join(told)}</p>' if told else ""


def hide(
    rendered: Rendered, origin: Origin, prefix: str = "", hint: str = "", value: str = ""
) -> tuple[str | Hidden, ...]:
    """A rendered text whose blanks are named by their answers; `hint` serves those that have none.

    A blank that hides the fact's own `value` is named for that, so that its number stays when the value changes.

    Equal answers are one fact and hide together, and so do answers to which the author gave one number.
    """
    by_number: dict[int, list[str]] = defaultdict(list)
    for blank in rendered.blanks:
        if blank.number is not None:
            by_number[blank.number].append(_answer_id(blank, value))
    return tuple(
        piece
        if isinstance(piece, str)
        else Hidden(
            prefix + ("+".join(by_number[piece.number]) if piece.number is not None else _answer_id(piece, value)),
            piece.html,
            origin,
            piece.hint or hint,
            piece.number,
            prefix + slug(visible_text(piece.html)) if _is_value(piece, value) else "",
        )
        for piece in rendered.segments
    )


def hide_part_or_all(bench: Bench, fact: Text, origin: Origin) -> Iterator[str | Hidden]:
    """A text with its blanks, or if it has none, hidden as a whole."""
    rendered = bench.with_blanks(fact.text, origin, fact.lang)
    name = item_id(fact, fact.text)
    hint = bench.inline(fact.hint, origin.at("hint")) if fact.hint else ""
    if rendered.blanks:
        yield from hide(rendered, origin, f"{name}.", hint, fact.number)
    else:
        yield Hidden(name, rendered.html, origin, hint)


def _answer_id(blank: Blank, value: str) -> str:
    return "value" if _is_value(blank, value) else slug(visible_text(blank.html))


def _is_value(blank: Blank, value: str) -> bool:
    return bool(value) and visible_text(blank.html) == " ".join(value.split())

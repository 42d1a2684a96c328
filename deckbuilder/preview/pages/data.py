"""A deck's cards as the scripts of its pages read them: one file that all of them share."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from deckbuilder.markup import visible_text
from deckbuilder.preview.cards import ShownCard, ShownDeck
from deckbuilder.problems import Place, Problem

# Where Anki's window puts a box to type in, and behind the answer the comparison.
_TYPED = re.compile(r"\[\[type:[^\]]*\]\]")
_BOX = '<input type="text" aria-label="Your answer">'
# A card's styling asks how wide Anki's window is; here each side of a card is such a window.
_WINDOW = re.compile(r"@media(?=\s*\((?:min-|max-)?width)")


def deck_script(deck: ShownDeck, folder: Path) -> bytes:
    """`deck.js`, which stands in `folder` beside the pages of its deck. A browser parses a text faster than code."""
    parts = map(_within_text, _record_parts(deck, folder))
    return b"".join((b'deckbuilder.deck = JSON.parse("', *parts, b'");\n'))


def _within_text(part: str) -> bytes:
    return json.dumps(part, ensure_ascii=False)[1:-1].encode(errors="replace")  # a file can have a name that is no text


def sides_css(css: str) -> str:
    """The styling of a note type for cards that stand in a page."""
    return _WINDOW.sub("@container", css)


def _record_parts(deck: ShownDeck, folder: Path) -> Iterator[str]:
    """The record of a deck as JSON, card by card: that of a large deck is long, and would be held several times."""
    looks = {css: position for position, css in enumerate(dict.fromkeys(card.css for card in deck.cards))}
    links = {file: _link(file, folder) for file in {card.place.file for card in deck.cards}}
    head = {
        "id": deck.id,
        "names": {"concept": deck.concepts, "source": deck.sources},
        "css": [sides_css(css) for css in looks],
        "loose": problem_records(deck.loose),
    }
    yield f'{_json(head).removesuffix("}")},"cards":['
    for number, card in enumerate(deck.cards):
        yield ("," if number else "") + _json(_card_record(card, looks[card.css], links[card.place.file]))
    yield "]}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _card_record(card: ShownCard, look: int, link: str) -> dict[str, object]:
    return {
        "address": card.address,
        "kind": card.kind,
        "number": card.number,
        "stage": card.stage,
        "concepts": card.concepts,
        "tags": card.tags,
        "sources": card.sources,
        "status": card.status,
        "question": _TYPED.sub(_BOX, card.sides.question),
        "answer": _TYPED.sub("", card.sides.answer),
        "text": visible_text(_TYPED.sub("", card.sides.answer)),
        "css": look,
        "place": in_words(card.place),
        "href": link,
        "problems": problem_records(card.problems),
    }


def problem_records(problems: Iterable[Problem]) -> list[Mapping[str, str]]:
    """Problems as the scripts of pages show them."""
    return [
        {
            "severity": problem.severity.value,
            "rule": problem.rule,
            "message": problem.message,
            "fix": problem.fix,
            "place": in_words(problem.place),
        }
        for problem in problems
    ]


def in_words(place: Place) -> str:
    return f"{place.file.as_posix()}:{place.line}" if place.line else place.file.as_posix()


def _link(file: Path, folder: Path) -> str:
    """The way from a page to the facts where both stand in the folder that one works in, and nothing else."""
    here = Path.cwd()
    facts, page = (path.absolute() for path in (file, folder))
    if not (facts.is_relative_to(here) and page.is_relative_to(here)):
        return ""
    return quote(Path(os.path.relpath(facts, page)).as_posix(), errors="surrogateescape")

"""The pages of a preview as values: every file of the site by its path, from decks alone."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from urllib.parse import quote

from deckbuilder.markup import visible_text
from deckbuilder.preview.cards import ShownCard, ShownDeck
from deckbuilder.problems import Place, Problem, Severity

# A card's styling asks how wide Anki's window is; here each side of a card is such a window.
_WINDOW = re.compile(r"@media(?=\s*\((?:min-|max-)?width)")
# Signs that could end the script that holds the data, or begin a comment in it; JSON reads them back.
_FOR_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_MATH = ("\\(", "\\[")
_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}


def site(decks: Sequence[ShownDeck], folder: Path, mathjax: bytes | None = None) -> dict[str, bytes]:
    """All files of the site by their path within `folder`, where they will stand.

    `mathjax` is the program that sets formulas; without it they are shown as they are written.
    """
    pages = {"index.html": _index(decks)}
    for deck in decks:
        pages[f"decks/{deck.id}.html"] = _deck_page(deck, folder / "decks", mathjax=mathjax is not None)
        pages |= {f"media/{name}": data for name, data in deck.media.items()}
        if mathjax is not None and shows_math(deck):
            pages["assets/mathjax.js"] = mathjax
    return pages | {f"assets/{name}": _asset(name).encode() for name in ("preview.css", "preview.js")}


def shows_math(deck: ShownDeck) -> bool:
    return any(sign in card.sides.answer for card in deck.cards for sign in _MATH)


def _index(decks: Sequence[ShownDeck]) -> bytes:
    entry = Template(_asset("index-deck.html"))
    entries = [
        entry.substitute(
            file=escape(f"{deck.id}.html"),
            name=escape(_title(deck.name)),
            summary=escape(_summary(deck)),
            kinds=escape(", ".join(f"{kind} {number:,}" for kind, number in _kinds(deck.cards).items())),
        )
        for deck in decks
    ]
    return Template(_asset("index.html")).substitute(decks="".join(entries)).encode()


def _deck_page(deck: ShownDeck, folder: Path, *, mathjax: bool) -> bytes:
    return (
        Template(_asset("deck.html"))
        .substitute(
            name=escape(_title(deck.name)),
            summary=escape(_summary(deck)),
            data=_script_data(_deck_record(deck, folder, mathjax=mathjax)),
        )
        .encode()
    )


def _script_data(record: object) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).translate(_FOR_SCRIPT)


def _deck_record(deck: ShownDeck, folder: Path, *, mathjax: bool) -> dict[str, object]:
    looks = list(dict.fromkeys(card.css for card in deck.cards))
    links = {file: _link(file, folder) for file in {card.place.file for card in deck.cards}}
    return {
        "mathjax": mathjax,
        "concepts": deck.concepts,
        "css": [_WINDOW.sub("@container", css) for css in looks],
        "loose": _problem_records(deck.loose),
        "cards": [
            {
                "address": card.address,
                "kind": card.kind,
                "number": card.number,
                "concepts": card.concepts,
                "tags": card.tags,
                "status": card.status,
                "question": card.sides.question,
                "answer": card.sides.answer,
                "text": visible_text(card.sides.answer),
                "css": looks.index(card.css),
                "place": _in_words(card.place),
                "href": links[card.place.file],
                "problems": _problem_records(card.problems),
            }
            for card in deck.cards
        ],
    }


def _problem_records(problems: Iterable[Problem]) -> list[Mapping[str, str]]:
    return [
        {
            "severity": problem.severity.value,
            "rule": problem.rule,
            "message": problem.message,
            "fix": problem.fix,
            "place": _in_words(problem.place),
        }
        for problem in problems
    ]


def _in_words(place: Place) -> str:
    return f"{place.file.as_posix()}:{place.line}" if place.line else place.file.as_posix()


def _link(file: Path, folder: Path) -> str:
    """The way from a page to the facts where both stand in the folder that one works in, and nothing else."""
    here = Path.cwd()
    facts, page = (path.absolute() for path in (file, folder))
    if not (facts.is_relative_to(here) and page.is_relative_to(here)):
        return ""
    return quote(Path(os.path.relpath(facts, page)).as_posix())


def _title(name: str) -> str:
    """Anki writes `Pathology::Calcification` for a deck within a deck."""
    return name.replace("::", " › ")  # noqa: RUF001 - a sign for people


def _summary(deck: ShownDeck) -> str:
    found = Counter(
        problem.severity for problem in {*deck.loose, *(one for card in deck.cards for one in card.problems)}
    )
    told = [_count(found[severity], noun) for severity, noun in _NOUNS.items() if found[severity]]
    return f"{_count(len(deck.cards), 'card')} · {', '.join(told) or 'nothing to mend'}"


def _kinds(cards: Iterable[ShownCard]) -> Counter[str]:
    return Counter(card.kind for card in cards)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _asset(name: str) -> str:
    return files("deckbuilder.preview").joinpath("assets", name).read_text(encoding="utf-8")

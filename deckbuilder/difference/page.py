"""The page of a change: one file with its styles, scripts and pictures inside, which fetches nothing.

A reviewer gets it as an attachment and opens it with a double click; a folder would have to be unpacked first.
"""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from markupsafe import Markup

from deckbuilder.changes.text import verdict_text
from deckbuilder.colours import colours
from deckbuilder.difference.cards import Difference, Face, Fate, TouchedCard, TouchedNote
from deckbuilder.markup import visible_text
from deckbuilder.preview.pages.data import problem_records, sides_css
from deckbuilder.preview.pages.frame import asset, page, title
from deckbuilder.preview.site import mathjax
from deckbuilder.problems import Problem
from deckbuilder.serving import type_of

_STYLES = ("page.css", "diff.css")
_SCRIPTS = ("page.js", "math.js", "side.js", "occlusion.js", "diff.js")
_NAMES = {Fate.CHANGED: "Changed", Fate.NEW: "New", Fate.WITHDRAWN: "Withdrawn", Fate.LOOK: "New look"}
_MARKED = re.compile(r"<(del|ins)>(.*?)</\1>", re.DOTALL)
_MATH = ("\\(", "\\[")


def difference_page(decks: Sequence[Difference], problems: Sequence[Problem]) -> bytes:
    """The decks' changes, and what kept other decks from being compared."""
    # Together, so that a name of one is known in the next as it is in a page with several files.
    script = "".join(asset(name).decode() for name in _SCRIPTS)
    record = _record(decks)
    formulas = {"mathjax": mathjax().decode()} if _shows_math(decks) else {}
    record["enclosed"] = {**_files(decks), **formulas}
    found = Counter(note.fate for deck in decks for note in deck.notes)
    fates = [("", "All"), *((fate.value, name) for fate, name in _NAMES.items() if found[fate])]
    return page(
        "diff.html",
        "",
        title=title(decks[0].name) if len(decks) == 1 else "Changes",
        policy=_policy(script, *formulas.values()),
        styles=Markup("".join(one.decode() for one in (colours(), *map(asset, _STYLES)))),  # noqa: S704 - files of ours
        decks=[_summary(deck) for deck in decks],
        problems=problem_records(problems),
        fates=fates,
        data=Markup(json.dumps(record, ensure_ascii=False).replace("<", "\\u003c")),  # noqa: S704 - nothing ends it
        scripts=[Markup(script)],  # noqa: S704 - files of ours
    )


def _policy(*scripts: str) -> str:
    """What the page may do: run these scripts and no others, and show what it holds."""
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{one}'" for one in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "media-src data:; base-uri 'none'; form-action 'none'"
    )


def _summary(deck: Difference) -> dict[str, object]:
    changes = deck.changes
    counts = {"new": changes.new, "changed": changes.changed, "withdrawn": changes.retired}
    return {
        "title": title(deck.name),
        "language": deck.language,
        "verdict": changes.verdict.value,
        "sentence": verdict_text(changes),
        "counts": [
            *((name, f"{len(notes):,}") for name, notes in counts.items()),
            ("unchanged", f"{changes.unchanged:,}"),
            *([("not in it any more", f"{changes.left:,}")] if changes.left else []),
        ],
        "conflicts": changes.conflicting,
    }


def _record(decks: Sequence[Difference]) -> dict[str, object]:
    faces = (face for deck in decks for note in deck.notes for card in note.cards for face in (card.before, card.after))
    looks = {css: at for at, css in enumerate(dict.fromkeys(face.css for face in faces if face))}
    return {
        "css": [sides_css(css) for css in looks],
        "notes": [_note(note, looks) for deck in decks for note in deck.notes],
    }


def _note(note: TouchedNote, looks: Mapping[str, int]) -> dict[str, object]:
    same = f"{note.same} card{'' if note.same == 1 else 's'} of this note look{'s' if note.same == 1 else ''} as before"
    return {
        "key": note.key,
        "kind": note.kind,
        "title": note.title,
        "fate": note.fate.value,
        "told": [*note.told, *([same] if note.same else [])],
        "text": " ".join(visible_text(face.sides.answer) for card in note.cards for face in _faces(card)),
        "cards": list(_cards(note.cards, looks)),
    }


def _cards(cards: Sequence[TouchedCard], looks: Mapping[str, int]) -> Iterator[dict[str, object]]:
    """The cards of a note; `again` are those that show the same words changing as the ones before them."""
    told: set[tuple[str, str]] = set()
    for card in cards:
        before, after = card.before, card.after
        both = before is not None and after is not None
        fronts = {change for face in _faces(card) for change in _changed_words(face.sides.question)}
        backs = {change for face in _faces(card) for change in _changed_words(face.sides.answer)}
        yield {
            "number": card.number,
            "again": both and bool(told) and fronts | backs <= told,
            # The back of most cards repeats the front.
            "front": both and not fronts <= backs,
            "before": before and _face(before, looks),
            "after": after and _face(after, looks),
        }
        told |= fronts | backs


def _changed_words(side: str) -> set[tuple[str, str]]:
    return {(mark[1], word) for mark in _MARKED.finditer(side) for word in visible_text(mark[2]).split()}


def _faces(card: TouchedCard) -> Iterable[Face]:
    return (face for face in (card.before, card.after) if face)


def _face(face: Face, looks: Mapping[str, int]) -> dict[str, object]:
    return {"question": face.sides.question, "answer": face.sides.answer, "css": looks[face.css]}


def _files(decks: Sequence[Difference]) -> dict[str, str]:
    shown = {name: data for deck in decks for name, data in deck.files.items()}
    return {
        f"media/{name}": f"data:{type_of(name)};base64,{base64.b64encode(data).decode()}"
        for name, data in shown.items()
    }


def _shows_math(decks: Sequence[Difference]) -> bool:
    faces = (face for deck in decks for note in deck.notes for card in note.cards for face in _faces(card))
    return any(sign in face.sides.answer for face in faces for sign in _MATH)

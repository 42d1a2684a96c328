"""What is in a package, for people and for programs."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from deckbuilder.package.content import Form, Kind, TypeContent
from deckbuilder.received.absorb import Absorbed
from deckbuilder.received.arrival import Arrival
from deckbuilder.received.survey import Count, Some, Survey, date_of

# Signs that turn the direction of what follows them, on a terminal too.
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FORMS = {
    Form.OLDEST: "for every Anki",
    Form.LEGACY: "for Anki 2.1.28 and later",
    Form.MODERN: "for Anki 2.1.50 and later",
}
# Anki's own note types, by their number.
STOCK = (
    "",
    "Basic",
    "Basic (and reversed card)",
    "Basic (optional reversed card)",
    "Basic (type in the answer)",
    "Cloze",
    "Image Occlusion",
)
_UNITS = ("bytes", "KB", "MB", "GB")
_THOUSAND = 1000


def plain(text: str) -> str:
    """A text from a package as a terminal can show it: in one line, and with nothing that a terminal obeys."""
    shown = (
        " " if sign in "\t\n\r" else "\ufffd" if unicodedata.category(sign) in {"Cc", "Cs"} else sign for sign in text
    )
    return " ".join("".join(sign for sign in shown if sign not in _TURNS).split(" "))


def size_text(size: int) -> str:
    """`1.9 MB`."""
    value, unit = float(size), 0
    while value >= _THOUSAND and unit < len(_UNITS) - 1:
        value, unit = value / _THOUSAND, unit + 1
    return f"{size:,} bytes" if not unit else f"{value:.1f} {_UNITS[unit]}"


def form_text(survey: Survey) -> str:
    """What kind of file it is."""
    what = "A whole collection" if survey.package.whole_collection else "A deck package"
    return f"{what}, {_FORMS[survey.package.form]}"


def card_names(note_type: TypeContent, count: Count) -> Iterator[tuple[str, int]]:
    """How many cards each template makes; a cloze note's cards all come from one."""
    if note_type.kind is Kind.CLOZE:
        names = [template.name for template in note_type.templates]
        yield (names or ["Cloze"])[0], count.cards.total()
        return
    for template in note_type.templates:
        yield template.name, count.cards[template.ord]
    lost = sum(number for ord_, number in count.cards.items() if ord_ >= len(note_type.templates))
    if lost:
        yield "of no template", lost


def media_kinds(survey: Survey) -> list[tuple[str, int, int]]:
    """The media files by the ending of their names: ending, number, bytes; the largest first."""
    counts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for media in survey.package.media:
        ending = PurePath(media.name).suffix.lower() or "(no ending)"
        counts[ending] += 1
        sizes[ending] += media.size
    return [(ending, counts[ending], size) for ending, size in sizes.most_common()]


def to_record(survey: Survey, arrivals: Iterable[Arrival]) -> dict[str, object]:
    """A survey as JSON holds it."""
    package = survey.package
    return {
        "file": str(package.file),
        "format": package.form.value,
        "whole_collection": package.whole_collection,
        "notes": survey.notes,
        "cards": survey.cards,
        "dates": {
            "first_note": date_of(survey.made[0]) if survey.made else None,
            "last_note": date_of(survey.made[1]) if survey.made else None,
            "last_change": date_of(survey.changed) if survey.notes else None,
        },
        "decks": [
            {
                "name": deck.name,
                "notes": count.notes,
                "cards": count.cards.total(),
                "description": deck.description,
                "filtered": deck.filtered,
            }
            for deck, count in survey.decks
        ],
        "note_types": [
            {
                "id": one.id,
                "name": one.name,
                "kind": one.kind.value,
                "stock": STOCK[one.stock] if 0 < one.stock < len(STOCK) else None,
                "fields": [field.name for field in one.fields],
                "notes": count.notes,
                "cards": [{"template": name, "cards": cards} for name, cards in card_names(one, count)],
            }
            for one, count in survey.types
        ],
        "tags": dict(survey.tags),
        "media": {
            "files": [{"name": media.name, "size": media.size} for media in package.media],
            "size": survey.media_size,
            "unused": [media.name for media in survey.unused],
            "missing": dict(survey.missing),
        },
        "history": {"reviews": survey.reviews, "studied_cards": survey.studied, "suspended_cards": survey.suspended},
        "same_guid": _some(survey.same_guid),
        "same_front": _some(survey.same_front),
        "empty_cards": _some(survey.empty_cards),
        "notes_without_cards": _some(survey.without_cards),
        "arrivals": [
            {
                "deck": arrival.deck,
                "lock": arrival.lock,
                "new": arrival.new,
                "updated": arrival.updated,
                "kept": arrival.kept,
                "withdrawn": arrival.withdrawn,
                "conflicting": arrival.conflicting,
                "absent": arrival.absent,
                "reasons": arrival.reasons,
                "looks": arrival.looks,
            }
            for arrival in arrivals
        ],
    }


def _some(some: Some) -> dict[str, object]:
    return {"count": some.count, "examples": some.examples}


def absorbed_record(absorbed: Absorbed, *, applied: bool) -> dict[str, object]:
    """Corrections as JSON holds them."""
    return {
        "deck": absorbed.deck,
        "applied": applied,
        "unchanged": absorbed.unchanged,
        "added": list(absorbed.added),
        "also_changed": list(absorbed.also),
        "corrections": [
            {
                "key": correction.key,
                "file": str(correction.place.file),
                "line": correction.place.line,
                "tags_added": list(correction.tags_added),
                "tags_removed": list(correction.tags_removed),
                "fields": [
                    {
                        "field": wish.field,
                        "state": wish.state.value,
                        "before": wish.before,
                        "ours": wish.ours,
                        "theirs": wish.theirs,
                        "why": wish.why,
                        "edits": [
                            {
                                "file": str(edit.place.file),
                                "line": edit.place.line,
                                "before": edit.before,
                                "after": edit.after,
                                "id": edit.identity,
                            }
                            for edit in wish.edits
                        ],
                    }
                    for wish in correction.fields
                ],
            }
            for correction in absorbed.corrections
        ],
    }

"""Several facts on one note: what each has to say beside its words."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from deckbuilder.facts.models import Annotations
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.around import Around
from deckbuilder.kinds.bench import Bench


class Entry(NamedTuple):
    """One of a note's facts: what it shows (HTML), what is in force for it, and where it stands."""

    fact: Annotations
    html: str
    around: Around
    origin: Origin


def notes_of(bench: Bench, entries: Sequence[Entry]) -> dict[str, str]:
    """The notes and extras of all entries, each under the entry's own words."""
    return {
        "Note": _list(entries, lambda entry: bench.note_with_picture(entry.fact, entry.origin)),
        "Extra": _list(entries, lambda entry: extra_of(bench, entry)),
    }


def extra_of(bench: Bench, entry: Entry) -> str:
    return bench.block(entry.fact.extra, entry.origin.at("extra")) if entry.fact.extra is not None else ""


def hints_of(bench: Bench, entries: Sequence[Entry]) -> str:
    return _list(
        entries, lambda entry: bench.inline(entry.fact.hint, entry.origin.at("hint")) if entry.fact.hint else ""
    )


def reasons_of(bench: Bench, entries: Sequence[Entry]) -> str:
    return _list(entries, lambda entry: bench.inline(entry.fact.why, entry.origin.at("why")) if entry.fact.why else "")


def _list(entries: Sequence[Entry], say: Callable[[Entry], str]) -> str:
    said = [(entry.html, text) for entry in entries if (text := say(entry))]
    return "<dl>" + "".join(f"<dt>{html}</dt><dd>{text}</dd>" for html, text in said) + "</dl>" if said else ""

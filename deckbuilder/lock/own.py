"""A deck's own note types in a release: with its theme, and with the time since when they look so.

Anki never moves a note to another note type: a note stays in the type in which students have it. So a deck that gets a
theme late shows it on new notes alone, and one that loses its theme keeps its own types, which then look like the
shared ones. The types are named and numbered by the id that the deck had at first, so that it may be renamed.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.lock.hashes import hash_type
from deckbuilder.lock.model import Lock, TypeEntry
from deckbuilder.notes import PinnedNote
from deckbuilder.notetypes import NOTE_TYPES, OwnType, own_type
from deckbuilder.problems import Problem, Severity


def own_types(deck: Deck, lock: Lock, now: int) -> dict[int, OwnType]:
    """By the id of the shared type that each stands for; nothing if the deck never had a theme."""
    home = lock.home or (deck.heading.id if deck.theme else "")
    css = deck.theme.css if deck.theme else ""
    return {base.id: _dated(own_type(base, home, css), lock.types, now) for base in NOTE_TYPES} if home else {}


def _dated(made: OwnType, known: Mapping[str, TypeEntry], now: int) -> OwnType:
    """Anki takes over a look that is newer, and what a student styled is gone: only a new look may be newer."""
    before = known.get(made.name)
    if before is None:
        return replace(made, changed=now)
    return replace(made, changed=before.mod if before.hash == hash_type(made) else max(now, before.mod + 1))


def without_theme(deck: Deck, notes: Collection[PinnedNote]) -> list[Problem]:
    """Notes that were made before their deck had a theme."""
    plain = sum(not isinstance(note.type, OwnType) for note in notes) if deck.theme else 0
    if not plain:
        return []
    fix = "nothing is lost, and new notes get the theme"
    if not deck.carried.notes:
        # The lock of an imported deck is the only one that knows its students' notes.
        fix += f"; if nobody has the deck yet, delete {deck.heading.id}.lock and its packages, and build again"
    told = f"{plain:,} of {len(notes):,} notes keep their look" if plain > 1 else "1 note keeps its look"
    return [
        Problem(
            place_of(Origin(deck.file, ("deck", "theme"))),
            "theme-late",
            f"{told}: the theme came after them, and Anki cannot move a note to another note type",
            fix,
            Severity.INFO,
        )
    ]

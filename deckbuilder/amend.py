"""A large deck of which a few facts are worded anew: its last release is amended, and is what a build would make of it.

Facts are read and checked as ever, all of them. Only notes whose facts changed are made, judged, pinned and written;
the lines of the lock and the rows of the package that tell of the others stay. That is done only where these cannot
have changed: what other concepts show of a changed one is as it was, it makes the same notes with the same cards, and
what was known of the last build proves true. In all other cases the whole deck is built.
"""

import sqlite3
import zipfile
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckbuilder.beside import Files, files_of
from deckbuilder.built import Built, BuiltDeck, LastBuild
from deckbuilder.check import questions_after
from deckbuilder.facts.deck import Deck, lists_of
from deckbuilder.facts.kept import Kept
from deckbuilder.facts.letting_go import seen_by_others
from deckbuilder.facts.load import HEADING_FILE, Loaded
from deckbuilder.facts.models import Concept
from deckbuilder.facts.quick import quick
from deckbuilder.facts.references import offers_choices
from deckbuilder.files import replace_files
from deckbuilder.kinds import Made, remake
from deckbuilder.kinds.around import count_status
from deckbuilder.lock import Lock, Pinned, pin
from deckbuilder.lock.text import lock_of, with_entries
from deckbuilder.notes import Note
from deckbuilder.plan import now

# Files that may have changed: of more than these much is to be made anyway.
_FEW = 20

# The concepts of each file that has changed, as they were.
Before = Mapping[Path, Mapping[str, Concept]]


def concepts_before(last: LastBuild) -> Before | None:
    """The concepts of the changed files as they were built; None if that is not known.

    To be asked before the facts are read, since then what was known of earlier ones is forgotten.
    """
    headings = [Path(file) for file in last.texts if Path(file).name == HEADING_FILE]
    is_one = len(headings) == len(last.built.decks) == 1 and not last.built.decks[0].update
    if not is_one or headings[0] in last.changed or len(last.changed) > _FEW:
        return None
    kept = Kept(headings[0])
    before: dict[Path, Mapping[str, Concept]] = {}
    for file in last.changed:
        reading = kept.values(last.texts[str(file)].encode())
        facts = None if reading is None else quick(reading.value)
        if facts is None:
            return None
        before[file] = facts.concepts
    return before


def amend(last: LastBuild, before: Before, loaded: Loaded, out: Path) -> Built | None:
    """The same as a build, if the last one can be amended: `before` are the concepts of changed files as they were.

    Raises OSError when lock or package cannot be written.
    """
    if loaded.problems or loaded.broken or len(loaded.decks) != 1 or not _is_plain(loaded.decks[0]):
        return None
    (deck,) = loaded.decks
    was = _as_it_was(deck, before)
    changed = None if was is None else _changed(deck, was, before)
    if was is None or changed is None:
        return None
    made = _remade(deck, was, changed)
    return None if made is None else _Amendment(deck, was, changed, *made, last, files_of(deck, out)).carried_out()


def _is_plain(deck: Deck) -> bool:
    """Whether the deck is made of texts alone, in note types that all decks share."""
    carried = deck.carried
    imported = carried.models or carried.notes or carried.decks or carried.media
    return not (imported or deck.media or deck.theme)


def _as_it_was(deck: Deck, before: Before) -> Deck | None:
    """The deck with the facts that the last build read; None if it had other concepts, or had them in other places."""
    here: dict[Path, list[str]] = {file: [] for file in before}
    for name, file in deck.homes.items():
        if file in here:
            here[file].append(name)
    if any(here[file] != list(concepts) for file, concepts in before.items()):
        return None
    return replace(deck, concepts={**deck.concepts, **ChainMap(*map(dict, before.values()))})


def _changed(deck: Deck, was: Deck, before: Before) -> list[str] | None:
    """The concepts that say something else now; None if other concepts could show that too."""
    # In the words that tell all that is written, in its order.
    changed = [
        name
        for concepts in before.values()
        for name in concepts
        if repr(deck.concepts[name]) != repr(was.concepts[name])
    ]
    draws = offers_choices(deck) or offers_choices(was)
    for name in changed:
        now_, then = deck.concepts[name], was.concepts[name]
        lists = {*lists_of(now_), *lists_of(then)} if draws else ()
        if repr(seen_by_others(now_, lists)) != repr(seen_by_others(then, lists)):
            return None
    return changed


def _remade(deck: Deck, was: Deck, changed: Sequence[str]) -> tuple[list[Note], list[Note]] | None:
    """The notes of these concepts that are asked, as they are and as they were; None if they are not the same notes."""
    notes, problems = remake(deck, changed)
    notes_before, _ = remake(was, changed)
    if problems or list(map(_identity, notes)) != list(map(_identity, notes_before)):
        return None
    return [note for note in notes if note.asked], [note for note in notes_before if note.asked]


def _identity(note: Note) -> tuple[object, ...]:
    """What tells a note from others; when it is taught, what others can see of its concept tells too."""
    items = [(item.name, item.former) for item in note.items]
    return (note.key, note.kind, note.type, note.concepts, note.former, note.asked, items)


@dataclass(frozen=True, slots=True)
class _Amendment:
    """A deck now and at its last build, the notes that may say something else now, and where it all stands."""

    deck: Deck
    was: Deck
    changed: Sequence[str]
    notes: Sequence[Note]
    notes_before: Sequence[Note]
    last: LastBuild
    files: Files

    def carried_out(self) -> Built | None:
        """The release, written; None if anything is not as it should be, and then nothing was written."""
        (built,) = self.last.built.decks
        asked = self.last.built.questions
        questions = questions_after(self.deck, self.notes_before, self.notes, asked, built.kinds)
        text = self.files.lock.read_bytes().decode()
        lock = lock_of(text, {note.key for note in self.notes}, self.files.lock)
        # What is known of the last build must be what students have.
        if questions is None or lock is None or _pinned(self.was, self.notes_before, lock).lock != lock:
            return None
        pinned = _pinned(self.deck, self.notes, lock)
        if pinned.problems or not self._write(built, text, pinned, lock):
            return None
        now_, then = (count_status(_part(deck, self.changed)) for deck in (self.deck, self.was))
        held, disputed = (now_[status] - then[status] for status in ("hold", "disputed"))
        decks = (replace(built, held=built.held + held, disputed=built.disputed + disputed),)
        return Built(decks, (), self.last.built.beside, questions)

    def _write(self, built: BuiltDeck, text: str, pinned: Pinned, before: Lock) -> bool:
        """Lock and package with the notes that changed; False if the package is not what it should be."""
        # genanki is slow to import.
        from deckbuilder.package.amend import amended_parts  # noqa: PLC0415
        from deckbuilder.package.description import Extent, describe  # noqa: PLC0415

        entries = {key: entry for key, entry in pinned.lock.entries.items() if entry != before.entries[key]}
        notes = [note for note in pinned.notes if note.key in entries]
        heading, files = self.deck.heading, self.files
        try:
            package = amended_parts(
                files.package,
                heading.id,
                heading.name,
                lambda latest: describe(self.deck, Extent(built.notes, built.cards, latest)),
                notes,
            )
        except (zipfile.BadZipFile, sqlite3.Error, KeyError):
            return False
        if package is None:
            return False
        replace_files({files.lock: with_entries(text, entries).encode(), files.package: package}, files.journal)
        return True


def _part(deck: Deck, concept_ids: Sequence[str]) -> Deck:
    return replace(deck, concepts={name: deck.concepts[name] for name in concept_ids})


def _pinned(deck: Deck, notes: Sequence[Note], lock: Lock) -> Pinned:
    return pin(deck, Made(notes, (), 0, 0, ()), lock, now())

"""Single stages against what stands in their place elsewhere: reading, writing a package, hostile text."""

# ruff: noqa: INP001 - a script's part

import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import genanki
import yaml
from measure import in_turn, seconds
from naive import model_of

from deckbuilder.facts.events import read_values
from deckbuilder.facts.load import load
from deckbuilder.facts.source import read_source
from deckbuilder.kinds import make_notes
from deckbuilder.lock import Lock, pin
from deckbuilder.markup.render import render_block, render_inline
from deckbuilder.notes import PinnedNote
from deckbuilder.notetypes import NOTE_TYPES
from deckbuilder.package.write import PackageDeck, package_bytes
from deckbuilder.plan import collector_paused

if TYPE_CHECKING:
    from run import Bench

Rows = list[tuple[float, ...]]
_READING_FACTS = 36_000  # 4.5 MB
_MEASURABLE = 0.02  # seconds
_LONGEST = 1_000_000  # letters of a hostile text
_HOSTILE = (
    "a < b ",
    "[[",
    "{{c1::",
    "**a ",
    "$x ",
    "[a](",
    "`",
    "> ",
    "- ",
    "&amp;",
    "a_b_",
    "\\(",
    "[[a]] ",
    "a[b]",
    "漢[かん]",
)


def reading(bench: "Bench") -> Rows:
    folder = bench.deck(min(_READING_FACTS, bench.sizes.large), 1)
    (file,) = folder.glob("part-*.yaml")

    def ours() -> None:
        source, _ = read_source(file)
        assert source is not None  # noqa: S101 - it was just written
        read_values(source)

    def theirs() -> None:
        with file.open(encoding="utf-8") as stream:
            yaml.load(stream, Loader=yaml.CSafeLoader)

    return in_turn(bench.rounds, lambda: seconds(ours), lambda: seconds(theirs))


@cache
def _notes(folder: Path) -> Sequence[PinnedNote]:
    (deck,) = load([folder]).decks
    return pin(deck, make_notes(deck), Lock("benchmark"), 1_700_000_000).notes


def _ours(notes: Sequence[PinnedNote]) -> bytes:
    return package_bytes(PackageDeck("benchmark", "Benchmark", "", notes))


def _genanki(notes: Sequence[PinnedNote], file: Path) -> None:
    """The same notes and GUIDs, as genanki's manual says."""
    models = {note_type.id: model_of(note_type) for note_type in NOTE_TYPES}
    deck = genanki.Deck(1_700_000_000_000, "Benchmark")
    for note in notes:
        deck.add_note(
            genanki.Note(models[note.type.id], list(note.row), tags=list(note.tags), guid=note.guid, due=note.due)
        )
    genanki.Package(deck).write_to_file(file)


def package(bench: "Bench") -> Rows:
    notes = _notes(bench.deck(bench.sizes.package, 1))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "a.apkg")
        return in_turn(
            bench.rounds, lambda: seconds(lambda: _ours(notes)), lambda: seconds(lambda: _genanki(notes, file))
        )


def package_bytes_of(bench: "Bench") -> Rows:
    notes = _notes(bench.deck(bench.sizes.package, 1))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "a.apkg")
        _genanki(notes, file)
        return [(len(_ours(notes)), file.stat().st_size)]


def decks(bench: "Bench") -> Rows:
    """A package whose notes stand in many decks of Anki: an imported collection can have thousands."""
    notes = _notes(bench.deck(bench.sizes.small, 1))[: bench.sizes.decks * 100]
    spread = [note._replace(deck=f"Benchmark::{n % (bench.sizes.decks * 10)}") for n, note in enumerate(notes)]
    return in_turn(bench.rounds, lambda: seconds(lambda: _ours(spread)), lambda: seconds(lambda: _ours(notes)))


def floor(bench: "Bench") -> Rows:
    """The least that any program does: rows that are already there into the same tables, and a zip of it."""
    notes = _notes(bench.deck(bench.sizes.package, 1))
    with zipfile.ZipFile(io.BytesIO(_ours(notes))) as archive, tempfile.TemporaryDirectory() as folder:
        made = sqlite3.connect(archive.extract("collection.anki2", folder))
        tables = [sql for (sql,) in made.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        rows = {table: made.execute(f"SELECT * FROM {table}").fetchall() for table in ("col", "notes", "cards")}  # noqa: S608
        made.close()

    def least() -> None:
        connection = sqlite3.connect(":memory:")
        for sql in tables:
            connection.execute(sql)
        for table, known in rows.items():
            marks = ",".join("?" * len(known[0]))
            connection.executemany(f"INSERT INTO {table} VALUES({marks})", known)
        connection.commit()
        with zipfile.ZipFile(io.BytesIO(), "w") as archive:
            archive.writestr("collection.anki2", connection.serialize(), zipfile.ZIP_DEFLATED, 6)
            archive.writestr("media", json.dumps({}))

    return in_turn(bench.rounds, lambda: seconds(lambda: _ours(notes)), lambda: seconds(least))


def hostile(bench: "Bench") -> Rows:
    """The worst of many texts that have tried to be slow, each against itself at half the length."""
    worst: Rows = []
    for sign in _HOSTILE:
        count = _long_enough(sign, bench.sizes.hostile // len(sign))
        once, twice = sign * count, sign * (2 * count)
        rows = in_turn(bench.rounds, lambda text=twice: _rendered(text), lambda text=once: _rendered(text))
        worst = max(
            worst, rows, key=lambda rows: sorted(one / other for one, other in rows)[len(rows) // 2] if rows else 0
        )
    return worst


def _long_enough(sign: str, count: int) -> int:
    """How often a sign must stand in a row to take a time that can be measured: most of these texts are quick."""
    while _rendered(sign * count) < _MEASURABLE and count * len(sign) < _LONGEST:
        count *= 2
    return count


def _rendered(text: str) -> float:
    render_inline.cache_clear()
    render_block.cache_clear()
    with collector_paused():  # as in every build
        return seconds(lambda: (render_inline(text), render_block(text)))

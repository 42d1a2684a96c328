"""The lock as text: sorted, a note a line, so that git merges it well and a person can review it."""

import itertools
import json
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from deckbuilder.lock.identity_text import format_numbers, in_order, parse_numbers
from deckbuilder.lock.model import Entry, Lock, Tombstone, TypeEntry
from deckbuilder.problems import Place, Problem

_HEAD = "# Identity of the cards that students have. Written by deckbuilder build; commit it, do not edit it."
_VERSION = "1"
# The cell of a line that tells of a note type that not all decks share.
_CARRIED = 7
# How the line of a note begins.
_NOTES = ("note\t", "gone\t")
# Lines that are written together.
_LINES = 1000
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_REPAIR = "keep the lines of both sides, delete the lines with <<<<<<<, ======= and >>>>>>>, and build again"


def format_lock(lock: Lock) -> str:
    """The text of a lock; equal locks give equal texts."""
    return "".join(_written(lock))


def lock_parts(lock: Lock) -> Iterator[bytes]:
    """The same as bytes, part by part: that of a large deck is long."""
    lines = _written(lock)
    while part := "".join(itertools.islice(lines, _LINES)):
        yield part.encode()


def _written(lock: Lock) -> Iterator[str]:
    yield _HEAD + "\n"
    yield "\t".join(filter(None, ("lock", _VERSION, lock.deck, lock.home))) + "\n"
    for name, entry in sorted(lock.types.items()):
        yield "\t".join(("type", name, entry.hash, str(entry.mod))) + "\n"
    for key in sorted(lock.entries):
        yield _note_line(key, lock.entries[key]) + "\n"


def _note_line(key: str, entry: Entry) -> str:
    guid, content, mod, blanks, stone, carried = entry
    cells = ["note" if stone is None else "gone", key, guid, content, str(mod), blanks]
    if stone is not None:
        cells.append(json.dumps([stone.type, stone.row, stone.tags, stone.why, stone.instead], ensure_ascii=False))
    if carried:
        # A program that does not know of such note types must not read this line as one of a note of ours.
        cells += [""] * (_CARRIED - len(cells)) + [str(carried)]
    return "\t".join(cells).rstrip("\t")


def parse_lock(text: str, file: Path) -> tuple[Lock | None, list[Problem]]:
    """The lock that a text holds, or what is wrong with it and how to repair it."""
    deck = home = ""
    entries: dict[str, Entry] = {}
    types: dict[str, TypeEntry] = {}
    problems: list[Problem] = []
    for number, line in _lines(text):
        try:
            what, name, *cells = line.split("\t")
            if what in {"note", "gone"}:
                entry = _entry(cells)
                other = entries.setdefault(name, entry)
                if other is not entry:
                    joined = _joined(*sorted((other, entry), key=lambda one: one.mod))
                    if joined is None:
                        problems.append(_twice(Place(file, number, 1, line), name))
                    else:
                        entries[name] = joined
            elif what == "lock" and name == _VERSION:
                deck, home = cells[0], home or "".join(cells[1:2])
            elif what == "type":
                found = TypeEntry(cells[0], int(cells[1]))
                types[name] = max(found, types.get(name, found), key=lambda entry: entry.mod)
            else:
                raise ValueError(what)  # noqa: TRY301 - any line that cannot be read ends up below
        except (ValueError, IndexError, TypeError):
            return None, [_broken(Place(file, number, 1, line), line)]
    if not deck:
        return None, [Problem(Place(file), "lock-broken", "this is no lock", "take the file from git")]
    return (None if problems else Lock(deck, entries, types, home)), problems


def lock_of(text: str, keys: Collection[str], file: Path) -> Lock | None:
    """A lock of some notes alone: the lines of `keys` in the text of one that holds them all."""
    lines = [line for line in text.split("\n") if not line.startswith(_NOTES) or _key_in(line) in keys]
    return parse_lock("\n".join(lines), file)[0]


def with_entries(text: str, entries: Mapping[str, Entry]) -> str:
    """The text of a lock in which these notes, which it holds, have other entries."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.startswith(_NOTES) and (key := _key_in(line)) in entries:
            lines[number] = _note_line(key, entries[key])
    return "\n".join(lines)


def _key_in(line: str) -> str:
    return line.split("\t", 2)[1]


def two_names(text: str, lock: Lock, file: Path) -> Iterator[Problem]:
    """Lines of a lock that give one note two names: as when one branch renamed a fact, and another one changed it."""
    if len({entry.guid for entry in lock.entries.values()}) == len(lock.entries):
        return
    names: dict[str, str] = {}
    for number, line in _lines(text):
        what, name, *cells = line.split("\t")
        if what in {"note", "gone"} and names.setdefault(cells[0], name) != name:
            yield Problem(
                Place(file, number, 1, line),
                "lock-conflict",
                f"{names[cells[0]]!r} and {name!r} are one card of students",
                "a branch renamed the fact: keep the line with the name that the fact has now, or if none has it "
                "any of them, and delete the other",
            )


def is_lock(file: Path) -> bool:
    """Whether a file is one of our locks; other programs have files that end so, too."""
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            return any(line.startswith("lock\t") for _, line in zip(range(3), lines, strict=False))
    except OSError:
        return False


def _lines(text: str) -> Iterator[tuple[int, str]]:
    # Not splitlines: a retired note's words may hold signs that it takes for line ends.
    text = text.replace("\r\n", "\n")
    start = 0
    for number in itertools.count(1):
        end = text.find("\n", start)
        line = text[start:end] if end >= 0 else text[start:]
        if line and not line.isspace() and not line.startswith("#"):
            yield number, line
        if end < 0:
            return
        start = end + 1


def _entry(cells: list[str]) -> Entry:
    guid, content, mod, *rest = cells
    if not rest:
        return Entry(guid, content, _seconds(mod))
    blanks = in_order(rest[0])
    stone = None
    if len(rest) > 1 and rest[1]:
        note_type, row, tags, why, instead = json.loads(rest[1])
        stone = Tombstone(note_type, tuple(row), tuple(tags), why, instead)
    return Entry(guid, content, _seconds(mod), blanks, stone, int(rest[2]) if len(rest) > 2 else 0)  # noqa: PLR2004


@lru_cache(maxsize=1000)
def _seconds(text: str) -> int:
    """A time; very many notes have the same, and need only one number for it."""
    return int(text)


def _joined(older: Entry, newer: Entry) -> Entry | None:
    """One note as two branches had it; None if they made two of it, or gave a number or an answer differently."""
    if (older.guid, older.carried) != (newer.guid, newer.carried):
        return None
    if older.blanks == newer.blanks:
        return newer
    (old, old_spent), (new, new_spent) = parse_numbers(older.blanks), parse_numbers(newer.blanks)
    before, after = old | old_spent, new | new_spent
    together = before | after
    moved = any(before[number] != after[number] for number in before.keys() & after.keys())
    if moved or len(set(together.values())) < len(together):
        return None
    spent = new_spent | {number: name for number, name in old_spent.items() if number not in after}
    used = {number: name for number, name in together.items() if number not in spent}
    return newer._replace(blanks=format_numbers(used, spent))


def _broken(place: Place, line: str) -> Problem:
    if line.startswith(_CONFLICT):
        return Problem(place, "lock-conflict", "an unresolved merge conflict in the lock", _REPAIR)
    return Problem(place, "lock-broken", "this line of the lock cannot be read", "take the file from git")


def _twice(place: Place, key: str) -> Problem:
    return Problem(
        place,
        "lock-conflict",
        f"two lines give {key!r} different identities",
        "two branches shipped different cards under one name: keep the line of the branch that students have",
    )

"""A folder of CrowdAnki as an old deck: `deck.json` with note types, notes and subdecks, and its media beside it.

CrowdAnki knows note types and decks by UUIDs of its own, and notes by their GUIDs; all of them are kept.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from deckbuilder.importing.media import shown_by
from deckbuilder.importing.old import OldDeck, OldNote, OldType, old_types
from deckbuilder.importing.outcome import Case, What
from deckbuilder.importing.package import NothingToImportError, description_of, shown
from deckbuilder.notetypes import cards_of
from deckbuilder.package.open import is_plain_name

_LARGEST = 500_000_000
# Ids of note types look like times in milliseconds; these are made from their UUIDs.
_FIRST_ID, _ID_SPREAD = 1_400_000_000_000, 300_000_000_000


def deck_file(path: Path) -> Path | None:
    """The JSON of a folder of CrowdAnki, if it is one."""
    if path.is_file():
        return path if path.suffix.lower() == ".json" else None
    named = (path / "deck.json", path / f"{path.name}.json")
    return next((file for file in named if file.is_file()), None)


def old_deck_of_crowdanki(file: Path, released: int) -> tuple[OldDeck, list[Case]]:
    """The deck of a CrowdAnki file. Its notes have no times: they count as changed at `released` (Unix seconds).

    Raises OSError and NothingToImportError.
    """
    if file.stat().st_size > _LARGEST:
        raise NothingToImportError(f"it is larger than {_LARGEST:,} bytes")
    cases: list[Case] = []
    try:
        record = json.loads(file.read_text(encoding="utf-8-sig"))
        types = old_types(map(_with_id, record["note_models"]))
        models = {str(one.model["crowdanki_uuid"]): one for one in types.values()}
        decks = list(_decks(record))
        notes = tuple(_notes(decks, models, released, cases))
        name = str(record["name"])
        uuids = {deck_name: str(deck.get("crowdanki_uuid", "")) for deck_name, deck in decks}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NothingToImportError(f"it is no deck of CrowdAnki, or a damaged one ({error!r})") from error
    if not notes:
        raise NothingToImportError("it holds no notes")
    used = {note.type for note in notes}
    types = {type_id: one for type_id, one in types.items() if type_id in used}
    media = dict(_media(file.parent / "media", notes, types, cases))
    described = description_of(str(record.get("desc") or ""), markdown=bool(record.get("md")))
    return OldDeck(name, described, types, notes, media, uuids), cases


def _with_id(model: Mapping[str, Any]) -> dict[str, Any]:
    """A note type with an id, which CrowdAnki does not tell."""
    seed = int.from_bytes(hashlib.sha256(str(model["crowdanki_uuid"]).encode()).digest()[:8])
    return {**model, "id": _FIRST_ID + seed % _ID_SPREAD, "mod": 0, "usn": 0, "did": None}


def _decks(deck: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A deck and all that stand in it, with their whole names."""
    name = f"{above}::{deck['name']}" if above else str(deck["name"])
    yield name, deck
    for child in deck.get("children", ()):
        yield from _decks(child, name)


def _notes(
    decks: Sequence[tuple[str, Mapping[str, Any]]], models: Mapping[str, OldType], released: int, cases: list[Case]
) -> Iterator[OldNote]:
    taken: dict[str, tuple[str, ...]] = {}
    for name, note in ((name, note) for name, deck in decks for note in deck["notes"]):
        row = tuple(str(field) for field in note["fields"])
        one, guid = models.get(str(note["note_model_uuid"])), str(note["guid"])
        if taken.get(guid) == row:
            # A note with cards in several decks stands in each of them.
            continue
        if one is None or len(row) != len(one.type.fields):
            cases.append(Case(What.LEFT_OUT, shown(row), "its note type is not in the file, or has other fields"))
        elif guid in taken or not guid.isprintable() or guid != guid.strip() or not guid:
            cases.append(Case(What.LEFT_OUT, shown(row), "its identity (GUID) is another's, or cannot be kept"))
        else:
            taken[guid] = row
            ords = cards_of(one.type, row) or (0,)
            yield OldNote(guid, released, one.type.id, row, tuple(map(str, note["tags"])), ords, name)


def _media(
    folder: Path, notes: tuple[OldNote, ...], types: Mapping[int, OldType], cases: list[Case]
) -> Iterator[tuple[str, bytes]]:
    wanted = shown_by(notes, types.values())
    there = {file.name: file for file in folder.iterdir() if file.is_file()} if folder.is_dir() else {}
    for name, file in sorted(there.items()):
        if is_plain_name(name) and (name in wanted or name.startswith("_")):
            yield name, file.read_bytes()
        else:
            cases.append(Case(What.LEFT_OUT, name, "no note shows this file"))
    told = "a note shows this file, and it is not in the folder media"
    cases += [Case(What.LEFT_OUT, name, told) for name in sorted(wanted - there.keys())]

"""A deck as CrowdAnki reads it: `deck.json` with note types, notes and subdecks, and its media beside it.

CrowdAnki knows decks and note types by UUIDs. They are made from our ids, so that they are the same in every export;
those of a deck that came from CrowdAnki are its own.
"""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deckbuilder.facts.deck import Deck
from deckbuilder.notes import PinnedNote
from deckbuilder.notetypes import NoteType
from deckbuilder.package.write import model_record

_NAMESPACE = uuid.UUID("7d1f3c52-5f0e-4d0b-9a3b-0c6a5f2b9e11")
_PRIVATE = {"id", "did", "mod", "usn"}
_OPTIONS: Mapping[str, Any] = {
    "autoplay": True,
    "dyn": False,
    "lapse": {"delays": [10.0], "leechAction": 0, "leechFails": 8, "minInt": 1, "mult": 0.0},
    "maxTaken": 60,
    "new": {"bury": True, "delays": [1.0, 10.0], "initialFactor": 2500, "ints": [1, 4, 0], "order": 1, "perDay": 20},
    "replayq": True,
    "rev": {"bury": True, "ease4": 1.3, "hardFactor": 1.2, "ivlFct": 1.0, "maxIvl": 36500, "perDay": 200},
    "timer": 0,
}


def as_crowdanki(deck: Deck, description: str, notes: Sequence[PinnedNote], media: Iterable[str]) -> str:
    """The text of `deck.json`."""
    name = deck.heading.name
    by_deck: dict[str, list[PinnedNote]] = {name: []}
    for note in notes:
        by_deck.setdefault(note.deck or name, []).append(note)
    types = {note.type.id: note.type for note in notes}
    options = _uuid(deck, "options")
    root = {
        **_deck(deck, name, by_deck, options),
        "deck_configurations": [
            {"__type__": "DeckConfig", "crowdanki_uuid": options, "name": name, **_OPTIONS},
        ],
        "desc": description,
        "media_files": sorted(media),
        "name": name,
        "note_models": [_model(types[type_id]) for type_id in sorted(types)],
    }
    return json.dumps(dict(sorted(root.items())), ensure_ascii=False, indent=4, sort_keys=True) + "\n"


def _deck(deck: Deck, name: str, by_deck: Mapping[str, Sequence[PinnedNote]], options: str) -> dict[str, Any]:
    """One deck with those below it. Their names are the last levels alone."""
    return {
        "__type__": "Deck",
        "children": [_deck(deck, child, by_deck, options) for child in _children(name, by_deck)],
        "crowdanki_uuid": deck.carried.uuids.get(name) or _uuid(deck, f"deck {name}"),
        "deck_config_uuid": options,
        "desc": "",
        "dyn": 0,
        "md": True,
        "extendNew": 10,
        "extendRev": 50,
        "media_files": [],
        "name": name.rpartition("::")[2],
        "notes": [_note(note) for note in by_deck.get(name, ())],
    }


def _children(name: str, by_deck: Iterable[str]) -> list[str]:
    below = (other for other in by_deck if other.startswith(f"{name}::"))
    return sorted({f"{name}::{other.removeprefix(f'{name}::').split('::')[0]}" for other in below})


def _note(note: PinnedNote) -> dict[str, Any]:
    return {
        "__type__": "Note",
        "data": "",
        "fields": list(note.row),
        "flags": 0,
        "guid": note.guid,
        "note_model_uuid": _model_uuid(note.type),
        "tags": list(note.tags),
    }


def _model(note_type: NoteType) -> dict[str, Any]:
    kept = {key: value for key, value in model_record(note_type).items() if key not in _PRIVATE}
    return {**kept, "__type__": "NoteModel", "crowdanki_uuid": _model_uuid(note_type)}


def _model_uuid(note_type: NoteType) -> str:
    own = model_record(note_type).get("crowdanki_uuid")
    return str(own or uuid.uuid5(_NAMESPACE, f"note type {note_type.id}"))


def _uuid(deck: Deck, what: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{deck.heading.id} {what}"))

"""What an imported deck brought along: its note types, and what of its notes the facts do not say.

It stands beside the lock as `NAME.carried.json`, is written by `deckbuilder import` and read by every build. A note is
named by its GUID, so that facts may be renamed and moved without touching this file.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from deckbuilder.problems import Place, Problem

FORMAT = 1
_ABOUT = "What this imported deck brought along. Written by deckbuilder import; commit it with the deck and its lock."
_MARK_LENGTH = 8

# What may stand beside what is asked and answered, in the order in which an imported note's further fields take it.
Aside = Literal["extra", "note", "why"]
ASIDES: tuple[Aside, ...] = get_args(Aside)
# What of a fact a field shows: what is asked or named, what answers it, the text of a cloze, an aside, a picture.
Role = Literal["front", "back", "text", "image", "extra", "note", "why"]
ROLES: frozenset[str] = frozenset(get_args(Role))


@dataclass(frozen=True, slots=True)
class CarriedField:
    """A field as it stood in the imported deck. `mark` is of the fact's words then: while they stay, so does `html`.

    Without a mark the facts say nothing of it, and it never changes. `after` follows the words when they change:
    sounds, and the picture `image` of the fact.
    """

    html: str
    mark: str = ""
    after: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class CarriedNote:
    """A note of the imported deck: its note type, the fields that the facts do not say alike, and its tags if so.

    `without` are cards (ordinals from 0) that it does not have although its fields would make them; `kept` those of
    a note whose fields make none. `deck` is where Anki keeps it, if that is not where its concept is kept.
    """

    type: int
    fields: Mapping[str, CarriedField] = field(default_factory=dict)
    tags: tuple[str, ...] | None = None
    tags_mark: str = ""
    without: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    deck: str = ""


@dataclass(frozen=True, slots=True)
class CarriedModel:
    """A note type of the imported deck, and which of its fields show what of a fact.

    `name` is how facts call it: as Anki does, unless another has that name.
    """

    name: str
    model: Mapping[str, Any]
    roles: Mapping[str, Role]


@dataclass(frozen=True, slots=True)
class Carried:
    """All that an imported deck brought along.

    `decks` are those in Anki that hold the notes of a concept, by its id; `media` are files under their own names,
    all in `folder`, which is named from the deck's. `files` are all that the old deck showed, each with a mark of what
    it held then, or with none if it was not there; None where an older import did not write that down. `uuids` are
    CrowdAnki's for decks. Not `whole` if the file could not be read.
    """

    file: Path = Path()
    models: Mapping[int, CarriedModel] = field(default_factory=dict)
    notes: Mapping[str, CarriedNote] = field(default_factory=dict)
    decks: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    media: tuple[str, ...] = ()
    files: Mapping[str, str] | None = None
    uuids: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True


def carried_file(folder: Path, deck_id: str) -> Path:
    return folder / f"{deck_id}.carried.json"


def mark_of(words: str) -> str:
    """An author's words in short: whether they are still those that were imported."""
    return hashlib.sha256(unicodedata.normalize("NFC", words).encode()).hexdigest()[:_MARK_LENGTH]


def mark_of_file(data: bytes) -> str:
    """What a file holds, in short."""
    return hashlib.sha256(data).hexdigest()[:_MARK_LENGTH]


def format_carried(carried: Carried) -> str:
    """The file's text: sorted, a note a line, so that git merges it and a person can review it."""
    head = {
        "about": _ABOUT,
        "format": FORMAT,
        **({"folder": carried.folder, "media": sorted(carried.media)} if carried.media else {}),
        **({} if carried.files is None else {"files": dict(sorted(carried.files.items()))}),
        **({"decks": dict(sorted(carried.decks.items()))} if carried.decks else {}),
        **({"uuids": dict(sorted(carried.uuids.items()))} if carried.uuids else {}),
    }
    lines = [f"{json.dumps(key)}: {_line(value)}" for key, value in head.items()]
    models = [_entry(str(type_id), _model_record(model)) for type_id, model in sorted(carried.models.items())]
    notes = [_entry(guid, _note_record(note)) for guid, note in sorted(carried.notes.items())]
    lines += [_block("types", models), _block("notes", notes)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_carried(file: Path) -> tuple[Carried, list[Problem]]:
    """What the file holds; nothing if there is none."""
    try:
        text = file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return Carried(file), []
    except (OSError, UnicodeDecodeError) as error:
        return Carried(file, whole=False), [_broken(file, f"cannot be read: {error}")]
    if any(line.startswith(("<<<<<<<", "=======", ">>>>>>>")) for line in text.split("\n")):
        fix = "keep the lines of both sides, delete the lines with <<<<<<<, ======= and >>>>>>>, and build again"
        return Carried(file, whole=False), [Problem(Place(file), "carried-broken", "an unresolved merge conflict", fix)]
    try:
        return _parse(file, json.loads(text)), []
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return Carried(file, whole=False), [_broken(file, f"it is not what deckbuilder import writes ({error})")]


def _broken(file: Path, message: str) -> Problem:
    return Problem(Place(file), "carried-broken", message, "take the file from git")


def _parse(file: Path, record: dict[str, Any]) -> Carried:
    if record["format"] != FORMAT:
        raise ValueError(f"format {record['format']!r}: update deckbuilder")
    return Carried(
        file=file,
        models={int(key): _model(entry) for key, entry in record["types"].items()},
        notes={guid: _note(entry) for guid, entry in record["notes"].items()},
        decks=_texts(record.get("decks", {})),
        folder=str(record.get("folder", "")),
        media=tuple(_plain_name(name) for name in record.get("media", ())),
        files=_texts(record["files"]) if "files" in record else None,
        uuids=_texts(record.get("uuids", {})),
    )


def _texts(record: Mapping[Any, Any]) -> dict[str, str]:
    return {str(name): str(text) for name, text in record.items()}


def _plain_name(name: str) -> str:
    if not name or Path(name).name != name or "\\" in name:
        raise ValueError(f"{name!r} is no plain file name")
    return name


def _model(entry: dict[str, Any]) -> CarriedModel:
    roles, model = dict(entry.get("roles", {})), entry["model"]
    if not set(roles.values()) <= ROLES:
        raise ValueError(f"unknown roles: {roles}")
    int(model["id"])
    for key, needed in (("flds", {"name", "ord"}), ("tmpls", {"name", "ord", "qfmt", "afmt"})):
        if not model[key] or not all(needed <= one.keys() for one in model[key]):
            raise ValueError(f"the note type {model['name']!r} is not whole")
    return CarriedModel(str(entry.get("label", model["name"])), model, roles)


def _note(entry: dict[str, Any]) -> CarriedNote:
    tags, mark = entry.get("tags", (None, ""))
    return CarriedNote(
        type=int(entry["type"]),
        fields={name: CarriedField(**field) for name, field in entry.get("fields", {}).items()},
        tags=None if tags is None else tuple(tags),
        tags_mark=mark,
        without=tuple(map(int, entry.get("without", ()))),
        kept=tuple(map(int, entry.get("kept", ()))),
        deck=entry.get("deck", ""),
    )


def _model_record(model: CarriedModel) -> dict[str, Any]:
    label = {"label": model.name} if model.name != model.model["name"] else {}
    return {**label, **({"roles": dict(model.roles)} if model.roles else {}), "model": model.model}


def _note_record(note: CarriedNote) -> dict[str, Any]:
    record: dict[str, Any] = {"type": note.type}
    if note.fields:
        record["fields"] = {name: dict(_said(field)) for name, field in note.fields.items()}
    if note.tags is not None:
        record["tags"] = [list(note.tags), note.tags_mark]
    parts = {"without": list(note.without), "kept": list(note.kept), "deck": note.deck}
    return record | {key: value for key, value in parts.items() if value}


def _said(one: CarriedField) -> Iterator[tuple[str, str]]:
    yield "html", one.html
    for key in ("mark", "after", "image"):
        if getattr(one, key):
            yield key, getattr(one, key)


def _entry(name: str, record: object) -> str:
    return f"  {json.dumps(name, ensure_ascii=False)}: {_line(record)}"


def _block(name: str, entries: list[str]) -> str:
    return f'"{name}": {{\n' + ",\n".join(entries) + "\n}" if entries else f'"{name}": {{}}'


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

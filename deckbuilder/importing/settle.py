"""From drafts to files that are known to be right: they are built, and every note is held against what it was.

Whatever the rest of importing believes, this is what decides: a note that does not come out of a build as it went in
stays as it was, field by field; and what the reviewer would stop a build for is allowed, with its reason.
"""

import tempfile
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckbuilder.check import STOPPING, check, stops_build
from deckbuilder.facts.carried import Carried, CarriedModel, Role, carried_file, format_carried, mark_of_file
from deckbuilder.facts.events import index_places
from deckbuilder.facts.source import Source
from deckbuilder.facts.write import Written, write_yaml
from deckbuilder.importing.draft import Draft, as_it_is, carried_note
from deckbuilder.importing.layout import Laid, Placed, lay_out, said_tags
from deckbuilder.importing.media import shown_by
from deckbuilder.importing.old import OldDeck
from deckbuilder.lock import Entry, Lock, format_lock
from deckbuilder.lock.carry import mark_of_tags
from deckbuilder.lock.hashes import hash_note
from deckbuilder.lock.identity_text import format_numbers
from deckbuilder.notetypes import cards_of, cloze_numbers
from deckbuilder.plan import Plan, plan
from deckbuilder.problems import Problem, has_errors

_MOST_ROUNDS = 8
WAIVER = "Imported as it was."
_NOT_THE_SAME = "as a fact it would not come out the same"
_BEFORE_IMPORT = "before-import"


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the concepts of an imported deck."""

    id: str
    name: str
    language: str
    description: str
    remark: str


@dataclass(frozen=True, slots=True)
class Settled:
    """Facts, lock and carried file of a deck that builds to just what it was; or the problems that stay.

    `findings` are those of the reviewer for which a build would stop.
    """

    drafts: tuple[Draft, ...]
    laid: Laid
    yaml: str
    lock: str
    carried: str
    plan: Plan | None
    problems: tuple[Problem, ...] = ()
    findings: tuple[Problem, ...] = ()


def settle(
    old: OldDeck,
    drafts: Sequence[Draft],
    roles: Mapping[int, Mapping[str, Role]],
    heading: Heading,
    media: Mapping[str, bytes],
) -> Settled:
    """The files of an imported deck, tried out in a folder that is removed again."""
    drafts = list(drafts)
    files = dict.fromkeys(shown_by(old.notes, old.types.values()), "")
    files |= {name: mark_of_file(data) for name, data in media.items()}
    with tempfile.TemporaryDirectory(prefix="deckbuilder-") as name:
        folder = Path(name)
        for file, data in media.items():
            target = folder / media_folder(heading.id) / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        for _ in range(_MOST_ROUNDS):
            settled = _try(old, drafts, roles, heading, files, folder)
            better = _better(old, settled, folder / f"{heading.id}.yaml")
            if better is None:
                return settled
            drafts = better
    return settled


def media_folder(deck_id: str) -> str:
    return f"media/{deck_id}"


def _try(  # noqa: PLR0913 - the parts of a deck
    old: OldDeck,
    drafts: Sequence[Draft],
    roles: Mapping[int, Mapping[str, Role]],
    heading: Heading,
    files: Mapping[str, str],
    folder: Path,
) -> Settled:
    laid = lay_out(drafts, heading.id, heading.name, media_folder(heading.id))
    yaml = yaml_of(heading, laid)
    carried = format_carried(_carried(old, laid, roles, heading, files))
    lock = format_lock(_lock(old, laid, heading.id))
    file = folder / f"{heading.id}.yaml"
    file.write_text(yaml, encoding="utf-8", newline="\n")
    (folder / f"{heading.id}.lock").write_text(lock, encoding="utf-8", newline="\n")
    carried_file(folder, heading.id).write_text(carried, encoding="utf-8", newline="\n")
    planned = plan([file], folder / "dist")
    one = planned.plans[0] if planned.plans else None
    findings: list[Problem] = []
    if one is not None:
        lock = format_lock(one.lock)
    if one is not None and not _different(one, laid):
        findings = [problem for problem in check(one.deck, one.made, STOPPING) if stops_build(problem)]
    return Settled(tuple(drafts), laid, yaml, lock, carried, one, planned.problems, tuple(findings))


def yaml_of(heading: Heading, laid: Laid) -> str:
    """The facts file."""
    head: dict[str, Written] = {"id": heading.id, "name": heading.name, "language": heading.language}
    if heading.description:
        head["description"] = heading.description
    if laid.tags:
        head["tags"] = list(laid.tags)
    text = write_yaml({"format": "1", "deck": head, "concepts": laid.concepts}, laid.above)
    return "".join(f"# {line}\n" for line in heading.remark.splitlines()) + text


def _carried(
    old: OldDeck, laid: Laid, roles: Mapping[int, Mapping[str, Role]], heading: Heading, files: Mapping[str, str]
) -> Carried:
    notes = {}
    for placed in laid.placed:
        draft = placed.draft
        home = laid.homes.get(placed.concept, heading.name)
        note = carried_note(draft, old.types[draft.old.type], roles[draft.old.type], media_folder(heading.id), home)
        said = said_tags(draft)
        if said != draft.old.tags:
            note = replace(note, tags=draft.old.tags, tags_mark=mark_of_tags(said))
        notes[draft.old.guid] = note
    used = {placed.draft.old.type for placed in laid.placed}
    models = {
        type_id: CarriedModel(one.name, one.model, roles[type_id])
        for type_id, one in old.types.items()
        if type_id in used
    }
    return Carried(
        models=models,
        notes=notes,
        decks=laid.homes,
        folder=media_folder(heading.id),
        media=tuple(name for name, mark in files.items() if mark),
        files=files,
        uuids=old.uuids,
    )


def _lock(old: OldDeck, laid: Laid, deck_id: str) -> Lock:
    """Every note under the identity and the time that students have it with."""
    entries = {}
    for placed in laid.placed:
        note = placed.draft.old
        note_type = old.types[note.type].type
        content = hash_note(note_type, note.row, note.tags)
        spent: dict[int, str] = {}
        if note_type.is_cloze:
            living = {number for field in note.row for number in cloze_numbers(field)}
            spent = {ord_ + 1: _BEFORE_IMPORT for ord_ in note.ords if ord_ + 1 not in living}
        entries[placed.key] = Entry(note.guid, content, note.mod, format_numbers({}, spent), carried=note.type)
    return Lock(deck_id, entries)


def _better(old: OldDeck, settled: Settled, file: Path) -> list[Draft] | None:
    """The drafts for the next round; nothing if all is well, or no better."""
    wrong, waived = _told(settled, file)
    if settled.plan is not None:
        wrong |= _different(settled.plan, settled.laid)
    again = []
    for number, placed in enumerate(settled.laid.placed):
        draft = placed.draft
        if number in wrong and draft.kind != "note":
            draft = as_it_is(draft.old, old.types[draft.old.type], wrong[number] or _NOT_THE_SAME)
        elif waived.get(number, set()) - draft.allow.keys():
            draft = replace(draft, allow={**draft.allow, **dict.fromkeys(sorted(waived[number]), WAIVER)})
        again.append(draft)
    return again if again != [placed.draft for placed in settled.laid.placed] else None


def _different(one: Plan, laid: Laid) -> dict[int, str]:
    """Which notes would not come out of a build as they were."""
    pinned = {note.guid: note for note in one.notes}
    found = {}
    for number, placed in enumerate(laid.placed):
        was = placed.draft.old
        now = pinned.get(was.guid)
        if now is None or (now.row, now.tags, now.mod, now.type.id) != (was.row, was.tags, was.mod, was.type):
            found[number] = ""
    return found


def _told(settled: Settled, file: Path) -> tuple[dict[int, str], dict[int, set[str]]]:
    """Which drafts are no facts, and why; and which rules of the reviewer each breaks."""
    wrong: dict[int, str] = {}
    waived: dict[int, set[str]] = {}
    if settled.problems or settled.findings:
        draft_at = by_line(settled.laid, settled.yaml, file)
        for problem in settled.problems:
            if problem.place.file == file and has_errors([problem]):
                wrong[draft_at(problem.place.line)] = problem.message
        for problem in settled.findings:
            waived.setdefault(draft_at(problem.place.line), set()).add(problem.rule)
    return wrong, waived


def by_line(laid: Laid, yaml: str, file: Path) -> Callable[[int], int]:
    """Finds the draft that stands at a line, or next above it."""
    places = index_places(Source(file, yaml))
    lines = [places.spots[placed.path].key_line for placed in laid.placed]
    firsts: dict[str, int] = {}
    for number, placed in enumerate(laid.placed):
        firsts[placed.concept] = min(firsts.get(placed.concept, number), number, key=lines.__getitem__)
    for concept, number in firsts.items():
        # What stands above the first fact of a concept, such as its term, belongs to that fact.
        lines[number] = places.spots["concepts", concept].key_line
    order = sorted(range(len(lines)), key=lines.__getitem__)
    begins = [lines[number] for number in order]
    return lambda line: order[max(bisect_right(begins, line - 1) - 1, 0)]


def changed_cards(old: OldDeck, placed: Placed) -> str:
    """How the cards of a note differ from those that Anki would make of its fields, in words."""
    note = placed.draft.old
    made = cards_of(old.types[note.type].type, note.row)
    missing = [ord_ + 1 for ord_ in made if ord_ not in note.ords]
    idle = [ord_ + 1 for ord_ in note.ords if ord_ not in made]
    words = [f"it has no card {', '.join(map(str, missing))}, and gets none"] if missing else []
    if idle and set(made) & set(note.ords):
        words.append(f"its card {', '.join(map(str, idle))} asks nothing any more: new students do not get it")
    elif idle:
        words.append("its card asks nothing, and stays")
    return "; ".join(words)

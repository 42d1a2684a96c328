"""Two releases held against each other, as Anki's importer would."""

from collections.abc import Iterable, Mapping, Sequence

from deckbuilder.changes.model import Changes, FieldChange, NoteChange
from deckbuilder.changes.readable import CLOZE, PICTURE, answers_in, filled_in, readable
from deckbuilder.lock import RETIRED_TAG
from deckbuilder.markup import visible_text
from deckbuilder.notes import PinnedNote, Shipped, ShippedNote, ShippedType
from deckbuilder.notetypes import NOTE_TYPES, TYPED, TYPED_REVERSE, NoteType, OwnType

# Reserved fields in use, by what they hold.
_CALLED = {TYPED: "Typed answer", TYPED_REVERSE: "Typed answer, reverse"}
# No student reads these.
UNSEEN = frozenset({"Key", "Language"})


def compare(deck: str, before: Shipped, notes: Sequence[PinnedNote], retired: Sequence[PinnedNote]) -> Changes:
    """What students who have `before` get with `notes`, and with `retired` from the update package."""
    shipped = {note.guid: note for note in before.notes}
    types = {shipped_type.id: shipped_type for shipped_type in before.types}
    ours = {one.id: one for one in (*NOTE_TYPES, *(note.type for note in notes if isinstance(note.type, OwnType)))}
    conflicting = [*_conflicting_types(types.values(), ours), *_conflicting_notes(shipped, (*notes, *retired))]
    changed = [change for note in notes if note.guid in shipped and (change := _change(shipped[note.guid], note))]
    newly_retired = [note for note in retired if note.guid in shipped and RETIRED_TAG not in shipped[note.guid].tags]
    return Changes(
        deck=deck,
        new=tuple((note.key, title_of(note)) for note in notes if note.guid not in shipped),
        changed=tuple(changed),
        retired=tuple((note.key, title_of(note)) for note in newly_retired),
        unchanged=sum(note.guid in shipped for note in notes) - len(changed),
        left=len(shipped.keys() - {note.guid for note in (*notes, *retired)}),
        looks=tuple(_new_looks(types, ours.values())),
        conflicting=tuple(conflicting),
    )


def _change(before: ShippedNote, note: PinnedNote) -> NoteChange | None:
    fields = tuple(_field_changes(note.type, before.row, note.row))
    added = tuple(sorted(set(note.tags) - set(before.tags)))
    removed = tuple(sorted(set(before.tags) - set(note.tags)))
    new = tuple(ord_ + 1 for ord_ in note.ords if ord_ not in before.ords)
    gone = tuple(ord_ + 1 for ord_ in before.ords if ord_ not in note.ords)
    if not (fields or added or removed or new or gone or note.mod > before.mod):
        return None
    return NoteChange(note.key, fields, added, removed, new, gone)


def _field_changes(note_type: NoteType, before: Sequence[str], after: Sequence[str]) -> Iterable[FieldChange]:
    for field, old, new in zip(note_type.fields, before, after, strict=False):
        if old != new and field.name not in UNSEEN:
            shown = readable(old), readable(new)
            # Where only the markup changed, the markup is what there is to show.
            yield FieldChange(_CALLED.get(field.name, field.name), *(shown if shown[0] != shown[1] else (old, new)))


def title_of(note: PinnedNote) -> str:
    """What a note shows, in a line: a list or mechanism with its heading, blanks filled in."""
    if note.type.has_masks:
        header, answers = (note.row[note.type.positions[name]] for name in ("Header", "Answers"))
        return visible_text(f"{header}: " + CLOZE.sub("<p>\\2</p>", answers))
    text = visible_text(PICTURE.sub(r"picture \1 \2", filled_in(note.row[0])))
    if "Context" not in note.type.positions or not note.type.is_cloze or note.key.split("/")[2] == "cloze":
        return text
    return f"{visible_text(note.row[note.type.positions['Context']])}: {text}"


def _conflicting_types(shipped: Iterable[ShippedType], ours: Mapping[int, NoteType]) -> Iterable[str]:
    for before in shipped:
        now = ours.get(before.id)
        if now is None:
            continue
        fields, templates = tuple(f.id for f in now.fields), tuple(t.id for t in now.templates)
        if (before.field_ids, before.template_ids) != (fields, templates):
            yield f"the note type {now.name!r} has other fields or templates: Anki would update none of its notes"


def _conflicting_notes(shipped: dict[str, ShippedNote], notes: Iterable[PinnedNote]) -> Iterable[str]:
    for note in notes:
        before = shipped.get(note.guid)
        if before is not None and before.type_id != note.type.id:
            yield f"{note.key} changes its note type: Anki would not update it"
        elif before is not None and _moved(before, note):
            yield f"{note.key}: {_moved(before, note)}"
        elif before is not None and is_too_old(before, note):
            yield f"{note.key}: students have a newer version of it, and Anki would not update that"


def is_too_old(before: ShippedNote, note: PinnedNote) -> bool:
    """Whether students would not get what changed: a lock from before their version has an older time of change."""
    if note.mod > before.mod:
        return False
    return set(before.tags) != set(note.tags) or any(_field_changes(note.type, before.row, note.row))


def _moved(before: ShippedNote, note: PinnedNote) -> str:
    """Answers that changed their number: their history would go to another fact."""
    if not note.type.is_cloze or RETIRED_TAG in note.tags:
        return ""
    answers = note.type.positions["Answers"] if note.type.has_masks else 0
    old, new = answers_in(before.row[answers]), answers_in(note.row[answers])
    moved = [number for number in old.keys() & new.keys() if _taken_over(number, old, new)]
    return f"number {min(moved)} now hides what another number hid" if moved else ""


def _taken_over(number: int, old: Mapping[int, set[str]], new: Mapping[int, set[str]]) -> bool:
    """Whether a number hides, in the place of its own, an answer that another one hid and does not hide any more."""
    come = new[number] - old[number]
    return not old[number] <= new[number] and any(
        come & (old[other] - new.get(other, set())) for other in old if other != number
    )


def _new_looks(shipped: Mapping[int, ShippedType], ours: Iterable[NoteType]) -> Iterable[str]:
    for note_type in ours:
        if note_type.id in shipped and shipped[note_type.id].look != note_type.look:
            yield note_type.name

"""The note types are frozen: students' notes hang on their ids, and a change costs reviews.

After a change that is meant, write the golden file anew with `python -m tests.test_note_types`, and read its
difference in git as a student would feel it.
"""

import hashlib
import json
from pathlib import Path

import pytest

from deckbuilder.notetypes import NOTE_TYPES

GOLDEN = Path(__file__).parent / "golden" / "note_types.json"
REGENERATE = "python -m tests.test_note_types"
FROZEN = f"""
The shape of a note type has changed. Once a deck has been shared, fields and templates may not be added, removed,
reordered or given other ids: Anki would call every note that students have "conflicting", skip all updates and
set up a second note type beside the first. To grow, give a reserved field its name and use, or fill the spare
template (renaming is harmless, because Anki goes by id). Only if no package with the old shape ever left this
house, or a field or template was merely renamed: {REGENERATE}
"""
LOOK = f"""
Templates or styling have changed, and `changed` in deckbuilder/notetypes/table.py has not moved. Anki takes a new look
only from a note type that is newer. Move `changed` to the time of this change (Unix seconds), then: {REGENERATE}
"""


def shape(note_type):
    return {
        "id": note_type.id,
        "is_cloze": note_type.is_cloze,
        "fields": [{"name": field.name, "id": field.id} for field in note_type.fields],
        "templates": [{"name": t.name, "id": t.id, "gate": t.gate} for t in note_type.templates],
    }


def look(note_type):
    """A hash of all that decides what a student sees."""
    parts = [note_type.css, *(side for t in note_type.templates for side in (t.front, t.back))]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def golden():
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("note_type", NOTE_TYPES, ids=lambda note_type: note_type.name)
def test_shape_of_a_note_type_never_changes(note_type):
    assert shape(note_type) == golden()[note_type.name]["shape"], FROZEN


def test_no_note_type_is_renamed_or_lost():
    assert [note_type.name for note_type in NOTE_TYPES] == list(golden()), FROZEN


@pytest.mark.parametrize("note_type", NOTE_TYPES, ids=lambda note_type: note_type.name)
def test_new_look_comes_with_a_newer_time_of_change(note_type):
    before = golden()[note_type.name]
    if look(note_type) != before["look"]:
        assert note_type.changed > before["changed"], LOOK
        pytest.fail(f"The look is new and newer, as it should be. Write it down: {REGENERATE}")
    assert note_type.changed == before["changed"], "`changed` moved although nothing did: students lose their styling"


def test_ids_are_unique_across_all_note_types():
    ids = [
        *(note_type.id for note_type in NOTE_TYPES),
        *(part.id for note_type in NOTE_TYPES for part in (*note_type.fields, *note_type.templates)),
    ]
    assert len(set(ids)) == len(ids)
    assert all(0 < one < 2**63 for one in ids)


@pytest.mark.parametrize("note_type", NOTE_TYPES, ids=lambda note_type: note_type.name)
def test_note_type_has_room_to_grow(note_type):
    names = [field.name for field in note_type.fields]
    assert len(set(names)) == len(names)
    assert len([name for name in names if name.startswith("Reserved")]) >= 5
    assert {"Source", "Status", "Key", "Language"} <= set(names)
    if not note_type.is_cloze:
        assert note_type.templates[-1].gate in {name for name in names if name.startswith("Reserved")}


@pytest.mark.parametrize("note_type", NOTE_TYPES, ids=lambda note_type: note_type.name)
def test_note_type_is_named_for_this_program(note_type):
    assert note_type.name.startswith("Deckbuilder ")


@pytest.mark.parametrize("note_type", NOTE_TYPES, ids=lambda note_type: note_type.name)
def test_gates_are_fields_of_their_type(note_type):
    names = {field.name for field in note_type.fields}
    assert all(template.gate in names for template in note_type.templates)


@pytest.mark.parametrize("cloze", [n for n in NOTE_TYPES if n.is_cloze], ids=lambda note_type: note_type.name)
def test_cloze_type_has_one_template_and_its_blanks_in_the_first_field(cloze):
    assert len(cloze.templates) == 1
    first = cloze.fields[0].name
    assert f"{{{{cloze:{first}}}}}" in cloze.templates[0].front
    assert f"{{{{cloze:{first}}}}}" in cloze.templates[0].back


def test_anki_knows_the_masks_fields_by_their_tags_and_no_others():
    tags = {note_type.name: [field.tag for field in note_type.fields] for note_type in NOTE_TYPES}
    masks = tags.pop("Deckbuilder image occlusion")
    assert masks[:5] == [0, 1, 2, 3, 4]
    assert {tag for others in (masks[5:], *tags.values()) for tag in others} == {None}


def test_row_puts_contents_in_the_order_of_the_fields():
    question = NOTE_TYPES[0]
    row = question.row({"Back": "b", "Front": "f", "Reverse back": "r"})
    assert len(row) == len(question.fields)
    assert {field.name: text for field, text in zip(question.fields, row, strict=True) if text} == {
        "Front": "f",
        "Back": "b",
        "Reverse back": "r",
    }


def write_golden():
    found = {n.name: {"shape": shape(n), "changed": n.changed, "look": look(n)} for n in NOTE_TYPES}
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_golden()

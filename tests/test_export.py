"""Decks in other forms, read by those who read them: Anki's own import of tables, and our import of the others."""

import json

import pytest
from anki.collection import ImportCsvRequest

from tests.shared_decks import Author, anatomy
from tests.students import GOOD, Student

FACTS = """\
format: 1
deck: {id: hearts, name: "Medicine::Hearts", tags: [heart]}
concepts:
  systole:
    term: Systole
    definition: Contraction of the heart.
    examples: [Atrial systole, "Ventricular: systole, with a comma"]
    statements:
      - "The [[left ventricle|which chamber?]] pumps into the {{aorta}}, $V = [[70]]$ ml."
    questions:
      - {id: quote, ask: 'What is "lub"; the first sound?', answer: The valves between atria and ventricles close.}
"""


@pytest.fixture
def deck(run, tmp_path):
    file = tmp_path / "cards" / "hearts.yaml"
    file.parent.mkdir()
    file.write_text(FACTS, encoding="utf-8")
    assert run("build").code == 0
    return file


@pytest.fixture
def student(tmp_path):
    one = Student(tmp_path / "student")
    yield one
    one.close()


def import_table(student, file):
    """Imports a table as Anki's window does, with what it reads in the file's own lines on top."""
    metadata = student.col.get_csv_metadata(str(file), None)
    log = student.col.import_csv(ImportCsvRequest(path=str(file), metadata=metadata)).log
    outcomes = ("new", "updated", "duplicate", "conflicting", "missing_notetype", "missing_deck", "empty_first_field")
    return {outcome: count for outcome in outcomes if (count := len(getattr(log, outcome)))}


@pytest.mark.usefixtures("deck")
@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_anki_reads_the_table_and_finds_every_note_again(run, tmp_path, student, form):
    student.import_(tmp_path / "dist" / "hearts.apkg")
    student.answer(student.cards()[0], GOOD)
    notes, states = student.notes(), student.states()
    assert run("export", "--to", form).code == 0
    assert import_table(student, tmp_path / "dist" / f"hearts.{form}") == {"duplicate": len(notes)}
    assert (student.notes(), student.states()) == (notes, states)


@pytest.mark.usefixtures("deck")
def test_an_edited_table_updates_the_note_that_was_edited(run, tmp_path, student):
    student.import_(tmp_path / "dist" / "hearts.apkg")
    run("export", "--to", "csv")
    file = tmp_path / "dist" / "hearts.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Contraction of", "The contraction of"), encoding="utf-8")
    found = import_table(student, file)
    assert found["updated"] == 1
    assert "new" not in found


def test_a_guid_that_begins_like_a_remark_is_no_remark(run, tmp_path, student):
    author = Author(tmp_path / "author")
    author.note_type("Simple", ["Front", "Back"], [("Card", "{{Front}}", "{{Back}}")])
    author.add("Heart", "Simple", "What is the septum?", "A wall")
    author.col.db.execute("update notes set guid = '#a,\"b'")
    package = author.share()
    author.close()
    student.import_(package)
    assert run("import", package, "-o", "cards/heart.yaml").code == 0
    assert run("export", "--to", "csv").code == 0
    assert import_table(student, tmp_path / "dist" / "heart.csv") == {"duplicate": 1}


def test_an_export_leaves_lock_and_packages_as_they_are(run, tmp_path, deck):
    deck.write_text(FACTS.replace("Contraction", "Each contraction"), encoding="utf-8")
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    for form in ("csv", "tsv", "markdown", "crowdanki"):
        assert run("export", "--to", form).code == 0
    assert {file: file.read_bytes() for file in before} == before


@pytest.mark.usefixtures("deck")
def test_the_text_reads_like_notes(run, tmp_path):
    assert run("export", "--to", "markdown").code == 0
    assert (tmp_path / "dist" / "hearts.md").read_text(encoding="utf-8") == (
        "# Medicine::Hearts\n\n## Systole\n\n**Systole**: Contraction of the heart.\n\n"
        "The **left ventricle** pumps into the {{aorta}}, $V = 70$ ml.\n\n"
        'Q: What is "lub"; the first sound?\nA: The valves between atria and ventricles close.\n\n'
        "*Examples*\n\n- **Atrial systole**\n- **Ventricular: systole, with a comma**\n"
    )


@pytest.mark.usefixtures("deck")
def test_the_folder_of_crowdanki_comes_back_with_all_its_identities(run, tmp_path, student):
    student.import_(tmp_path / "dist" / "hearts.apkg")
    assert run("export", "--to", "crowdanki").code == 0
    folder = tmp_path / "dist" / "hearts-crowdanki"
    record = json.loads((folder / "deck.json").read_text(encoding="utf-8"))
    assert record["name"] == "Medicine::Hearts"
    assert {note["guid"] for note in record["notes"]} == set(student.notes())
    assert {note["note_model_uuid"] for note in record["notes"]} == {
        model["crowdanki_uuid"] for model in record["note_models"]
    }
    assert record["deck_config_uuid"] == record["deck_configurations"][0]["crowdanki_uuid"]
    assert {note["guid"]: tuple(note["fields"]) for note in record["notes"]} == {
        guid: fields for guid, (_, fields, _) in student.notes().items()
    }
    again = run("export", "--to", "crowdanki")
    assert again.code == 0
    assert json.loads((folder / "deck.json").read_text(encoding="utf-8")) == record


def test_a_deck_that_came_from_anki_goes_to_crowdanki_and_back(run, tmp_path):
    author = Author(tmp_path / "author")
    anatomy(author)
    package = author.share()
    author.close()
    assert run("import", package, "-o", "cards/anatomy.yaml").code == 0
    assert run("export", "--to", "crowdanki").code == 0
    folder = tmp_path / "dist" / "anatomy-crowdanki"
    first = json.loads((folder / "deck.json").read_text(encoding="utf-8"))
    assert [child["name"] for child in first["children"]] == ["Hand", "Heart", "Terms"]
    assert sorted(file.name for file in (folder / "media").iterdir()) == first["media_files"]
    assert run("import", folder, "-o", "other/back.yaml").code == 0
    assert run("export", "other", "--to", "crowdanki", "-o", "again").code == 0
    second = json.loads((tmp_path / "again" / "back-crowdanki" / "deck.json").read_text(encoding="utf-8"))
    for part in ("crowdanki_uuid", "children", "name", "media_files"):
        same = [strip(deck[part]) for deck in (first, second)]
        assert same[0] == same[1]
    names = [[(model["name"], model["crowdanki_uuid"]) for model in deck["note_models"]] for deck in (first, second)]
    assert sorted(names[0]) == sorted(names[1])


def strip(record):
    """A deck without the UUIDs of its options, which belong to our decks by their ids; notes in order of GUIDs."""
    if isinstance(record, list):
        return sorted((strip(one) for one in record), key=json.dumps)
    if isinstance(record, dict):
        return {key: strip(value) for key, value in record.items() if key != "deck_config_uuid"}
    return record


def test_a_deck_with_mistakes_is_told_and_not_exported(run, tmp_path, deck):
    deck.write_text(FACTS.replace("definition:", "defintion:"), encoding="utf-8")
    ran = run("export", "--to", "csv")
    assert ran.code == 1
    assert "unknown key 'defintion'" in ran.err
    assert not (tmp_path / "dist" / "hearts.csv").exists()

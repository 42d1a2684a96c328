"""The package itself, opened again: what Anki reads, and that equal facts give equal bytes."""

import io
import json
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from contextlib import closing

import genanki
import pytest
from anki.collection import Collection, ImportAnkiPackageRequest

from deckbuilder.build import build
from deckbuilder.notetypes import CLASSIFICATION, CLOZE, NOTE_TYPES, QUESTION, own_type
from deckbuilder.package.write import model_record

FACTS = """
format: 1
deck: {id: bones, name: "Medicine::Bones", description: "What holds *us* up.", tags: [anatomy]}
sources: {atlas: {title: Atlas}}
default_source: atlas
classifications: {type: {among: [long, flat], ask: Which type of bone?, items: [examples]}}
concepts:
  long:
    term: Long bone
    contrasts: [flat]
    definition: Longer than wide.
    examples: [Femur, Tibia, Radius]
    statements: [{id: marrow, text: "Its shaft holds [[marrow]] in a [[cavity]]."}]
  flat:
    term: Flat bone
    definition: Two plates.
    examples: [Skull]
"""
EPOCH = 1_800_000_000
# A deck of any other collection: id 1 is Anki's own default deck.
DEFAULT_DECK = "1"


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH))


def package_of(facts, folder, name="bones.yaml"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(textwrap.dedent(facts), encoding="utf-8")
    built = build([folder / name], folder / "dist")
    assert built.problems == ()
    return built.decks[0].package


@pytest.fixture
def package(tmp_path):
    return package_of(FACTS, tmp_path)


def collection_in(package):
    connection = sqlite3.connect(":memory:")
    with zipfile.ZipFile(package) as archive:
        connection.deserialize(archive.read("collection.anki2"))
    connection.row_factory = sqlite3.Row
    return connection


def rows(package, query):
    with closing(collection_in(package)) as connection:
        return [dict(row) for row in connection.execute(query)]


def key_of(note):
    """A note's key: what its Key field begins with."""
    positions = {note_type.id: note_type.positions["Key"] for note_type in NOTE_TYPES}
    return note["flds"].split("\x1f")[positions[note["mid"]]].split(" ")[0]


# ----------------------------------------------------------------------- zip


def test_zip_entries_are_sorted_deflated_and_have_one_fixed_date(package):
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["collection.anki2", "media"]
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_DEFLATED}
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.create_system for entry in entries} == {3}
    assert entries[0].compress_size < entries[0].file_size / 4


def test_media_list_is_there_and_empty(package):
    with zipfile.ZipFile(package) as archive:
        assert json.loads(archive.read("media")) == {}


def test_same_facts_built_anew_give_the_same_bytes(package, tmp_path):
    again = package_of(FACTS, tmp_path / "elsewhere", name="other-name.yaml")
    assert again.read_bytes() == package.read_bytes()


def test_building_twice_changes_nothing_even_later(package, tmp_path, monkeypatch):
    before = package.read_bytes(), (tmp_path / "bones.lock").read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + 1_000_000))
    package_of(FACTS, tmp_path)
    assert (package.read_bytes(), (tmp_path / "bones.lock").read_bytes()) == before


def test_sqlite_version_is_not_stamped_into_the_package(package):
    with zipfile.ZipFile(package) as archive:
        collection = archive.read("collection.anki2")
    assert collection.startswith(b"SQLite format 3\x00")
    assert collection[92:100] == bytes(8)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not limit the size of files")
def test_where_a_temporary_file_cannot_be_written_nothing_is_changed_and_the_reason_told(tmp_path):
    tmp_path.joinpath("bones.yaml").write_text(FACTS, encoding="utf-8")
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))"
    build_it = "from deckbuilder.commands.cli import run; sys.exit(run(['build', '.']))"
    command = [sys.executable, "-c", f"{limited}; {build_it}"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    assert ran.returncode == 3
    assert "a temporary file cannot be written" in ran.stderr
    assert "No file was left half written" in ran.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["bones.yaml"]


def test_no_temporary_file_is_left(tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    package_of(FACTS, tmp_path / "deck")
    assert list(temporary.iterdir()) == []
    assert sorted(path.name for path in (tmp_path / "deck").rglob("*")) == [
        "bones.apkg",
        "bones.lock",
        "bones.yaml",
        "dist",
    ]


# -------------------------------------------------------------------- tables


def test_collection_is_whole_and_of_schema_11(package):
    with closing(collection_in(package)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        tables = {row["name"] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert {"cards", "col", "graves", "notes", "revlog"} <= tables
        assert connection.execute("SELECT ver FROM col").fetchone()["ver"] == 11
        assert connection.execute("SELECT count(*) FROM revlog").fetchone()[0] == 0
        extras = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchall()
        assert extras == []


def test_deck_has_its_name_and_a_description_in_markdown(package):
    (collection,) = rows(package, "SELECT decks FROM col")
    decks = {key: deck for key, deck in json.loads(collection["decks"]).items() if key != DEFAULT_DECK}
    (deck,) = decks.values()
    assert deck["name"] == "Medicine::Bones"
    assert deck["desc"].startswith("What holds *us* up.")
    assert deck["md"] is True
    assert {card["did"] for card in rows(package, "SELECT did FROM cards")} == {deck["id"]}


def test_decks_have_ids_of_their_own(package, tmp_path):
    other = package_of(FACTS.replace("id: bones", "id: other"), tmp_path / "other")
    ids = {row["id"] for row in rows(package, "SELECT id FROM notes UNION SELECT id FROM cards")}
    others = {row["id"] for row in rows(other, "SELECT id FROM notes UNION SELECT id FROM cards")}
    assert ids.isdisjoint(others)


def test_note_types_have_their_fixed_ids_for_fields_and_templates_too(package):
    (collection,) = rows(package, "SELECT models FROM col")
    models = {int(key): model for key, model in json.loads(collection["models"]).items()}
    used = [QUESTION, CLOZE, CLASSIFICATION]
    assert set(models) == {note_type.id for note_type in used}
    for note_type in used:
        model = models[note_type.id]
        assert model["name"] == note_type.name
        assert model["mod"] == note_type.changed
        assert [(field["name"], field["id"]) for field in model["flds"]] == [(f.name, f.id) for f in note_type.fields]
        assert [(t["name"], t["id"], t["ord"]) for t in model["tmpls"]] == [
            (template.name, template.id, ord_) for ord_, template in enumerate(note_type.templates)
        ]
        assert model["css"] == note_type.css
        assert model["type"] == int(note_type.is_cloze)


# --------------------------------------------------------------------- notes


def test_guid_comes_from_the_key_alone(package, tmp_path):
    reworded = package_of(
        FACTS.replace("Longer than wide.", "Its shaft is long.").replace("Long bone", "Tubular bone"), tmp_path / "two"
    )
    guids = {key_of(note): note["guid"] for note in rows(package, "SELECT * FROM notes")}
    assert guids == {key_of(note): note["guid"] for note in rows(reworded, "SELECT * FROM notes")}
    assert len(set(guids.values())) == len(guids)


def test_guid_of_a_key_is_fixed_for_ever(package):
    guids = {key_of(note): note["guid"] for note in rows(package, "SELECT * FROM notes")}
    assert guids["bones/long/definition"] == "aKrdkZEim2NqdfwP"


def test_fields_fit_their_note_type(package):
    widths = {note_type.id: len(note_type.fields) for note_type in NOTE_TYPES}
    for note in rows(package, "SELECT * FROM notes"):
        assert len(note["flds"].split("\x1f")) == widths[note["mid"]]


def test_new_notes_are_stamped_with_the_time_of_release(package):
    assert {note["mod"] for note in rows(package, "SELECT mod FROM notes")} == {EPOCH}


def test_changed_note_alone_gets_the_time_of_the_new_release(package, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + 500))
    package_of(FACTS.replace("Two plates.", "Two thin plates."), tmp_path)
    mods = {key_of(note): note["mod"] for note in rows(package, "SELECT * FROM notes")}
    assert mods.pop("bones/flat/definition") == EPOCH + 500
    assert set(mods.values()) == {EPOCH}


def test_tags_are_stored_as_anki_searches_them(package):
    for note in rows(package, "SELECT tags FROM notes"):
        assert note["tags"].startswith(" ")
        assert note["tags"].endswith(" ")
        assert "anatomy" in note["tags"].split()


# --------------------------------------------------------------------- cards


def test_cards_are_those_that_the_note_has(package):
    found = {}
    query = "SELECT notes.*, cards.ord FROM cards JOIN notes ON notes.id = cards.nid ORDER BY cards.ord"
    for row in rows(package, query):
        found.setdefault(key_of(row), []).append(row["ord"])
    assert found["bones/long/definition"] == [0, 1]
    assert found["bones/long/cloze/marrow"] == [0, 1]
    assert found["bones/long/list/examples"] == [0, 1, 2]
    assert found["bones/long/classification/type.femur"] == [0]


def test_siblings_share_one_sparse_due_in_the_order_of_teaching(package):
    notes = rows(package, "SELECT * FROM notes ORDER BY id")
    dues = {card["nid"]: set() for card in rows(package, "SELECT nid FROM cards")}
    for card in rows(package, "SELECT nid, due FROM cards"):
        dues[card["nid"]].add(card["due"])
    assert all(len(of_note) == 1 for of_note in dues.values())
    in_order = [min(dues[note["id"]]) for note in notes]
    assert in_order == [100 * (position + 1) for position in range(len(notes))]
    kinds = list(dict.fromkeys(key_of(note).split("/")[2] for note in notes))
    assert kinds == ["definition", "cloze", "list", "classification"]


def test_cards_are_new_and_never_studied(package):
    for card in rows(package, "SELECT * FROM cards"):
        assert (card["type"], card["queue"], card["ivl"], card["reps"], card["lapses"], card["flags"]) == (0,) * 6


def test_sort_fields_and_checksums_are_those_that_anki_computes(package, tmp_path):
    """Anki finds duplicates of a first field by them."""
    written = {note["guid"]: (note["sfld"], note["csum"]) for note in rows(package, "SELECT * FROM notes")}
    collection = Collection(str(tmp_path / "collection.anki2"))
    try:
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package)))
        imported = collection.db.all("SELECT guid, sfld, csum FROM notes")
    finally:
        collection.close()
    assert {guid: (sort_field, checksum) for guid, sort_field, checksum in imported} == written


def test_package_is_legal_for_readers_that_stream_it(package):
    """No data follows or precedes the zip, and its sizes stand in front."""
    data = package.read_bytes()
    assert data.startswith(b"PK\x03\x04")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert all(entry.flag_bits & 0x08 == 0 for entry in archive.infolist())


@pytest.mark.parametrize("note_type", [*NOTE_TYPES, own_type(QUESTION, "birds")], ids=lambda one: one.name)
def test_the_fields_that_a_template_needs_are_those_that_genanki_finds(note_type):
    record = model_record(note_type)
    plain = genanki.Model(1, "Plain", fields=record["flds"], templates=record["tmpls"])
    assert record["req"] == plain.to_json(0, 0)["req"]

"""Packages of anybody are read as they are: made by Anki itself in both formats, by genanki, or by us."""

import json
import tempfile
from pathlib import Path

import genanki
import pytest
from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions

from deckbuilder.package.content import CardContent, Form, Kind
from deckbuilder.package.open import open_package, read_content

PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)
STOCK = {
    "Basic": {"Front": "What is <b>H2O</b>?", "Back": "Water"},
    "Basic (and reversed card)": {"Front": "le chien", "Back": "the dog"},
    "Basic (optional reversed card)": {"Front": "le chat", "Back": "the cat", "Add Reverse": "y"},
    "Basic (type in the answer)": {"Front": "7 × 6", "Back": "42"},
    "Cloze": {
        "Text": "The {{c1::Nile}} flows through {{c2::Egypt::country}}.",
        "Back Extra": 'See <img src="ägypten.png">',
    },
    "Image Occlusion": {
        "Occlusion": "{{c1::image-occlusion:rect:left=.1:top=.1:width=.2:height=.2:oi=1}}",
        "Image": '<img src="ägypten.png">',
        "Header": "Egypt",
    },
}
FORMS = {
    "legacy.apkg": Form.LEGACY,
    "modern.apkg": Form.MODERN,
    "legacy.colpkg": Form.LEGACY,
    "modern.colpkg": Form.MODERN,
}


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A teacher's collection with every note type of Anki's own, exported in all four ways."""
    folder = tmp_path_factory.mktemp("teacher")
    col = Collection(str(folder / "collection.anki2"))
    deck = col.decks.id("Geography::Rivers")
    about = col.decks.get(deck)
    about["desc"] = "Rivers of *Africa*."
    about["md"] = True
    col.decks.save(about)
    col.media.write_data("ägypten.png", PNG)
    for name, fields in STOCK.items():
        note = col.new_note(col.models.by_name(name))
        for field, content in fields.items():
            note[field] = content
        note.tags = ["africa", "level::one"]
        col.add_note(note, deck)
    card = col.get_card(col.find_cards("Nile card:1")[0])
    card.start_timer()
    states = col._backend.get_scheduling_states(card.id)  # noqa: SLF001 - as Anki's reviewer does
    col.sched.answer_card(col.sched.build_answer(card=card, states=states, rating=3))
    for name, legacy in (("legacy.apkg", True), ("modern.apkg", False)):
        options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True, legacy=legacy)
        col.export_anki_package(out_path=str(folder / name), options=options, limit=DeckIdLimit(deck))
    notes = {
        guid: (id_, mod, tuple(fields.split("\x1f")))
        for id_, guid, mod, fields in col.db.all("select id, guid, mod, flds from notes")
    }
    col.close()
    for name, legacy in (("legacy.colpkg", True), ("modern.colpkg", False)):
        col = Collection(str(folder / "collection.anki2"))
        col.export_collection_package(str(folder / name), include_media=True, legacy=legacy)
    return folder, notes


def content_of(file):
    content, problems = read_content(file)
    assert problems == []
    return content


@pytest.mark.parametrize("name", FORMS)
def test_every_export_of_anki_gives_the_same_notes(exported, name):
    folder, notes = exported
    content = content_of(folder / name)
    assert content.package.form is FORMS[name]
    assert content.package.whole_collection is name.endswith(".colpkg")
    assert {note.guid: (note.id, note.mod, note.row) for note in content.notes} == notes
    assert {note.tags for note in content.notes} == {("africa", "level::one")}
    assert content.reviews == 1


@pytest.mark.parametrize("name", FORMS)
def test_every_note_type_of_anki_is_known_as_what_it_is(exported, name):
    types = {one.name: one for one in content_of(exported[0] / name).package.types}
    assert set(types) == set(STOCK)
    assert {name: one.stock for name, one in types.items()} == {name: n for n, name in enumerate(STOCK, start=1)}
    clozes = {"Cloze", "Image Occlusion"}
    assert {name for name, one in types.items() if one.kind is Kind.CLOZE} == clozes
    basic = types["Basic (and reversed card)"]
    assert [(field.name, field.ord) for field in basic.fields] == [("Front", 0), ("Back", 1)]
    assert [(one.name, one.front) for one in basic.templates] == [("Card 1", "{{Front}}"), ("Card 2", "{{Back}}")]
    assert all(isinstance(part.id, int) for one in types.values() for part in (*one.fields, *one.templates))
    assert ".card {" in basic.css


def test_a_note_type_of_the_modern_format_is_told_exactly_as_the_legacy_format_tells_it(exported):
    legacy, modern = (content_of(exported[0] / f"{form}.colpkg").package.types for form in ("legacy", "modern"))
    assert [json.loads(one.json) for one in modern] == [json.loads(one.json) for one in legacy]
    assert modern == legacy


@pytest.mark.parametrize("name", FORMS)
def test_decks_have_their_names_with_levels_and_their_descriptions(exported, name):
    decks = {deck.name: deck for deck in content_of(exported[0] / name).package.decks}
    assert {"Default", "Geography", "Geography::Rivers"} == set(decks)
    rivers = decks["Geography::Rivers"]
    assert (rivers.description, rivers.markdown, rivers.filtered) == ("Rivers of *Africa*.", True, False)


@pytest.mark.parametrize("name", FORMS)
def test_cards_are_with_their_note_and_know_their_deck_and_history(exported, name):
    content = content_of(exported[0] / name)
    (rivers,) = (deck.id for deck in content.package.decks if deck.name == "Geography::Rivers")
    (nile,) = (note for note in content.notes if "Nile" in note.row[0])
    assert [card.ord for card in nile.cards] == [0, 1]
    assert {card.deck for note in content.notes for card in note.cards} == {rivers}
    assert [card.reviews for card in nile.cards] == [1, 0]
    assert nile.cards[1] == CardContent(ord=1, deck=rivers, due=nile.cards[1].due, queue=0, interval=0, reviews=0)
    assert sum(len(note.cards) for note in content.notes) == 9


@pytest.mark.parametrize("name", FORMS)
def test_media_are_listed_with_their_sizes_and_read_when_asked_for(exported, name):
    with open_package(exported[0] / name) as opened:
        (picture,) = opened.package.media
        assert (picture.name, picture.size) == ("ägypten.png", len(PNG))
        assert opened.media_bytes(picture) == PNG


def test_a_package_of_genanki_is_read(tmp_path):
    model = genanki.Model(
        1607392319,
        "Capitals",
        fields=[{"name": "Country"}, {"name": "Capital"}],
        templates=[{"name": "Ask", "qfmt": "{{Country}}", "afmt": "{{FrontSide}}<hr id=answer>{{Capital}}"}],
    )
    deck = genanki.Deck(2059400110, "Capitals of Europe", description="All of them.")
    deck.add_note(genanki.Note(model, ["France", "Paris"], tags=["eu"], guid="france"))
    genanki.Package(deck).write_to_file(str(tmp_path / "capitals.apkg"))
    content = content_of(tmp_path / "capitals.apkg")
    (note,) = content.notes
    assert (note.guid, note.row, note.tags, note.type_id) == ("france", ("France", "Paris"), ("eu",), 1607392319)
    assert content.package.form is Form.OLDEST
    (capitals,) = (deck for deck in content.package.decks if deck.id == 2059400110)
    assert (capitals.name, capitals.description) == ("Capitals of Europe", "All of them.")
    (kind,) = content.package.types
    assert [(field.name, field.id) for field in kind.fields] == [("Country", None), ("Capital", None)]


def test_nothing_is_left_in_the_temporary_folder(exported, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in FORMS:
        content_of(exported[0] / name)
    with open_package(exported[0] / "modern.apkg") as opened:
        assert len(list(tmp_path.iterdir())) == 1
        next(opened.notes())
    assert list(tmp_path.iterdir()) == []


def test_the_package_is_not_changed_by_reading(exported):
    before = {name: Path(exported[0], name).read_bytes() for name in FORMS}
    for name in FORMS:
        content_of(exported[0] / name)
    assert {name: Path(exported[0], name).read_bytes() for name in FORMS} == before

"""Packages of anybody are read as they are: made by Anki itself in both formats, by genanki, or by us."""

import json
import tempfile
from pathlib import Path

import genanki
import pytest
from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions, ImportAnkiPackageRequest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deckbuilder.notes import PinnedNote
from deckbuilder.notetypes import NOTE_TYPES
from deckbuilder.package.content import CardContent, Form, Kind
from deckbuilder.package.open import open_package, read_content
from deckbuilder.package.read import read_package
from deckbuilder.package.write import PackageDeck, package_bytes

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


# ------------------------------------------------------------------------------------------------ there and back again

# What a field can hold: anything but the sign that parts fields, and what no file can hold.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1f\x00"), max_size=30)
TAGS = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12)


@st.composite
def pinned_notes(draw):
    note_type = draw(st.sampled_from(NOTE_TYPES))
    row = draw(st.dictionaries(st.sampled_from(note_type.fields), TEXTS, max_size=6))
    ords = draw(st.sets(st.integers(0, 499 if note_type.is_cloze else len(note_type.templates) - 1), max_size=4))
    return PinnedNote(
        key="k",
        kind="question",
        type=note_type,
        guid=draw(st.uuids()).hex,
        mod=draw(st.integers(0, 2**40)),
        row=note_type.row({field.name: text for field, text in row.items()}),
        tags=tuple(draw(st.lists(TAGS, max_size=3))),
        ords=tuple(sorted(ords)),
        due=draw(st.integers(0, 2**30)),
    )


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(pinned_notes(), max_size=6), st.dictionaries(st.sampled_from(["a.png", "ü 1.mp3"]), st.binary()))
def test_what_is_written_is_read(tmp_path, notes, media):
    file = tmp_path / "written.apkg"
    file.write_bytes(package_bytes(PackageDeck("birds", "Animals::Birds", "About *birds*.", notes, media)))
    with open_package(file) as opened:
        read = list(opened.notes())
        assert [(note.guid, note.mod, note.type_id, note.row, note.tags) for note in read] == [
            (note.guid, note.mod, note.type.id, note.row, note.tags) for note in notes
        ]
        assert [[(card.ord, card.due) for card in note.cards] for note in read] == [
            [(ord_, note.due) for ord_ in note.ords] for note in notes
        ]
        assert {media.name: opened.media_bytes(media) for media in opened.package.media} == media
        assert opened.problems == []


def test_our_own_deck_that_a_colleague_exports_is_the_one_that_was_built(tmp_path):
    """Through a collection and out again, in the format of today's Anki."""
    built = Path(__file__).parents[1] / "dist" / "calcification.apkg"
    col = Collection(str(tmp_path / "collection.anki2"))
    col.import_anki_package(ImportAnkiPackageRequest(package_path=str(built)))
    options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=False)
    deck = col.decks.id_for_name("Pathology::Calcification")
    col.export_anki_package(out_path=str(tmp_path / "back.apkg"), options=options, limit=DeckIdLimit(deck))
    col.close()
    one, two = read_package(built)[0], read_package(tmp_path / "back.apkg")[0]
    assert (one.deck, one.description) == (two.deck, two.description)
    assert {note.guid: note for note in one.notes} == {note.guid: note for note in two.notes}
    ours = {one.id: one for one in two.types}
    assert {one.id: one for one in one.types}.items() <= ours.items()

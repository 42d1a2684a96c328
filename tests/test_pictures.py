"""Pictures of facts: seen by the student, delivered when they change, and refused where they could do harm."""

import struct
import zlib
from pathlib import Path

import pytest
from anki.collection import Collection, ImportAnkiPackageRequest

from deckbuilder.build import build
from tests.helpers import write_deck
from tests.students import GOOD, Student

FACTS = """\
format: 1
deck: {id: rocks, name: Rocks}
concepts:
  granite:
    term: Granite
    definition:
      text: Rock of large crystals.
      image: {file: media/Granite (pink).png, alt: 'Pink & "grey" crystals', credit: A. Drawer, license: CC0-1.0}
      note: Cooled slowly.
    mechanism:
      - Magma rises
      - {text: It cools, image: media/cooling.svg}
    examples:
      - {text: Pegmatite, image: {file: media/cooling.svg, alt: Cooling}}
      - Aplite
  basalt:
    term: Basalt
    definition: Rock of small crystals.
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4" fill="red"/></svg>'


def png(*pixel):
    """A PNG of one pixel."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes((0, *pixel)))),
        (b"IEND", b""),
    ]
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.fixture
def deck(tmp_path):
    """A deck with two pictures."""
    file = write_deck(tmp_path, FACTS, "cards/rocks.yaml")
    media = tmp_path / "cards" / "media"
    media.mkdir()
    (media / "Granite (pink).png").write_bytes(png(250, 180, 170))
    (media / "cooling.svg").write_text(SVG, encoding="utf-8")
    return file


def built(file):
    result = build([file], file.parent.parent / "dist")
    assert result.problems == ()
    return result.decks[0].package


def problems_of(file):
    return [
        f"{p.place.line}:{p.place.column} {p.rule}: {p.message} → {p.fix}"
        for p in build([file], file.parent.parent / "dist").problems
    ]


def media_names(col):
    return sorted(path.name for path in Path(col.media.dir()).iterdir())


def test_a_student_sees_each_picture_with_its_words_and_anki_misses_none(deck, tmp_path):
    col = Collection(str(tmp_path / "collection.anki2"))
    try:
        col.import_anki_package(ImportAnkiPackageRequest(package_path=str(built(deck))))
        granite, cooling = media_names(col)[1], media_names(col)[0]
        assert granite.startswith("rocks-granite-pink-")
        assert cooling.startswith("rocks-cooling-")
        assert Path(col.media.dir(), granite).read_bytes() == png(250, 180, 170)
        check = col.media.check()
        assert (list(check.missing), list(check.unused)) == ([], [])
        (card_id, _) = col.find_cards("definition deck:Rocks Front:Granite")
        card = col.get_card(card_id)
        assert "<img" not in card.question()
        shown = (
            f'<figure><img src="{granite}" alt="Pink &amp; &quot;grey&quot; crystals">'
            "<figcaption>A. Drawer, CC0-1.0</figcaption></figure><p>Cooled slowly.</p>"
        )
        assert shown in card.answer()
        steps = [col.get_card(card_id) for card_id in col.find_cards("tag:deckbuilder::kind::mechanism")]
        assert all(
            f'<dt>It cools</dt><dd><figure><img src="{cooling}" alt=""></figure></dd>' in c.answer() for c in steps
        )
    finally:
        col.close()


def test_a_changed_picture_reaches_students_and_costs_no_review(deck, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    student = Student(tmp_path / "student")
    try:
        student.import_(built(deck))
        (first, *_) = student.col.find_cards("Front:Granite")
        student.answer(first, GOOD)
        before = student.states()[first]
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900086400")
        (deck.parent / "media" / "Granite (pink).png").write_bytes(png(10, 20, 30))
        assert student.import_(built(deck)) == {"updated": 1, "duplicate": 3}
        assert student.states()[first] == before
        shown = [name for name in media_names(student.col) if name in student.col.get_card(first).answer()]
        assert [Path(student.col.media.dir(), name).read_bytes() for name in shown] == [png(10, 20, 30)]
    finally:
        student.close()


def test_a_changed_picture_is_told_by_its_file(run, deck, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("build")
    (deck.parent / "media" / "Granite (pink).png").write_bytes(png(10, 20, 30))
    told = run("diff").out
    assert "Note: picture [-rocks-granite-pink-" in told
    assert '} Pink & "grey" crystals A. Drawer, CC0-1.0 Cooled slowly.' in told
    assert "<" not in told


def test_the_same_pictures_give_the_same_bytes(deck):
    first = built(deck).read_bytes()
    (deck.parent / "media" / "cooling.svg").touch()
    assert built(deck).read_bytes() == first


def test_pictures_of_facts_that_are_held_back_are_not_shipped(deck, tmp_path):
    text = deck.read_text(encoding="utf-8").replace("      note: Cooled slowly.\n", "      status: hold\n")
    write_deck(tmp_path, text, "cards/rocks.yaml")
    assert b"rocks-granite" not in built(deck).read_bytes()


NOT_PNG = "'Granite (pink).png' does not hold a PNG picture → save it again in this form, or mend its ending"


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("granite (pink).png", png(0, 0, 0), "media-missing: there is no file {} → write it as 'granite (pink).png'"),
        ("other.png", png(0, 0, 0), "media-missing: there is no file {} → put the file there, or mend the path"),
        ("Granite (pink).png", b"\xff\xd8\xff\xe0", f"media-broken: {NOT_PNG}"),
        ("Granite (pink).png", b"", f"media-broken: {NOT_PNG}"),
    ],
    ids=["capitals", "missing", "another form", "empty"],
)
def test_a_picture_that_cannot_be_shown_is_told_where_it_is_named(deck, name, data, told):
    wanted = deck.parent / "media" / "Granite (pink).png"
    wanted.unlink()
    (deck.parent / "media" / name).write_bytes(data)
    if wanted.exists() and name != wanted.name:
        pytest.skip("this file system does not tell capitals apart")
    assert problems_of(deck) == [f"8:21 {told.format(wanted)}"]


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ("<script>alert(1)</script>", "the element <script>"),
        ('<a href="https://rocks.example"/>', "a link to 'https://rocks.example'"),
        (
            '<image xmlns:x="http://www.w3.org/1999/xlink" x:href="file:///etc/passwd"/>',
            "a link to 'file:///etc/passwd'",
        ),
        ('<circle onload="alert(1)"/>', "the script onload"),
        ("<style>@import 'x.css';</style>", "a style that fetches a file"),
        ('<rect style="fill: url(https://rocks.example/x.svg)"/>', "a style that fetches a file"),
    ],
)
def test_a_drawing_that_could_act_is_refused(deck, inside, told):
    (deck.parent / "media" / "cooling.svg").write_text(SVG.replace("<circle", f"{inside}<circle", 1), encoding="utf-8")
    fix = "remove it (most editors: save as plain or optimised SVG)"
    assert problems_of(deck) == [f"12:26 media-unsafe: 'cooling.svg' holds {told} → {fix}"]


@pytest.mark.parametrize(
    "inside",
    [
        '<linearGradient id="a"/><rect fill="url(#a)" style="stroke: url(#a)"/>',
        '<use href="#a"/>',
        '<image href="data:image/png;base64,AAAA"/>',
    ],
)
def test_a_drawing_that_refers_to_itself_is_kept(deck, inside):
    (deck.parent / "media" / "cooling.svg").write_text(SVG.replace("<circle", f"{inside}<circle", 1), encoding="utf-8")
    assert problems_of(deck) == []


def test_entities_of_xml_are_refused_before_they_are_read(deck):
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'
    (deck.parent / "media" / "cooling.svg").write_text(bomb, encoding="utf-8")
    assert "defines entities" in problems_of(deck)[0]


def test_entities_are_refused_in_every_encoding_that_xml_reads(deck):
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
    (deck.parent / "media" / "cooling.svg").write_bytes(bomb.encode("utf-16-le"))
    assert "defines entities" in problems_of(deck)[0]


@pytest.mark.parametrize("encoding", ["shift_jis", "klingon"])
def test_a_drawing_in_an_encoding_that_cannot_be_read_is_told(deck, encoding):
    (deck.parent / "media" / "cooling.svg").write_text(f'<?xml version="1.0" encoding="{encoding}"?>{SVG}')
    assert "12:26 media-broken: 'cooling.svg' is not a whole SVG" in problems_of(deck)[0]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('"media/two\\nlines.png"', "cannot be a file's name → write the path"),
        ("media", "is not a file → check the path"),
    ],
    ids=["a name of two lines", "a folder"],
)
def test_what_can_be_no_picture_is_told_in_one_line(deck, written, told):
    deck.write_text(FACTS.replace("image: media/cooling.svg", f"image: {written}"), encoding="utf-8")
    (problem,) = problems_of(deck)
    assert problem.startswith("12:26 media-missing: ")
    assert told in problem
    assert "\n" not in problem

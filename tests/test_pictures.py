"""Pictures of facts: seen by the student, delivered when they change, and refused where they could do harm."""

import io
import json
import re
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from anki.collection import Collection, ImportAnkiPackageRequest
from PIL import Image

from deckbuilder.build import build
from deckbuilder.facts.pictures import Size, measure
from deckbuilder.package.read import read_package
from tests.helpers import png, write_deck
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
        (
            '<image xmlns:x="http://www.w3.org/1999/xlink" x:href="file:///etc/passwd"/>',
            "a link to 'file:///etc/passwd'",
        ),
        ('<use href="https://rocks.example/all.svg#granite"/>', "a link to 'https://rocks.example/all.svg#granite'"),
        ("<style>@import 'x.css';</style>", "a style that fetches a file"),
        ('<rect style="fill: url(https://rocks.example/x.svg)"/>', "a style that fetches a file"),
        ('<rect fill="url(https://rocks.example/x.svg)"/>', "a style that fetches a file"),
        ("<foreignObject><p>Granite</p></foreignObject>", "the element <foreignObject>"),
    ],
)
def test_a_drawing_that_would_not_be_whole_is_refused(deck, inside, told):
    (deck.parent / "media" / "cooling.svg").write_text(SVG.replace("<circle", f"{inside}<circle", 1), encoding="utf-8")
    fix = "remove it (most editors: save as plain or optimised SVG)"
    assert problems_of(deck) == [f"12:26 media-unsafe: 'cooling.svg' holds {told} → {fix}"]


def shipped_drawing(package):
    """The drawing as it stands in the package."""
    with zipfile.ZipFile(package) as archive:
        names = {name: number for number, name in json.loads(archive.read("media")).items()}
        (number,) = (number for name, number in names.items() if name.endswith(".svg"))
        return archive.read(number).decode()


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ("<script>alert(1)</script>", "the element <script>"),
        ('<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>', "the element <script>"),
        ('<circle onload="alert(1)" r="2"/>', "the script onload"),
        ('<circle xmlns:e="http://www.w3.org/2001/xml-events" e:onclick="alert(1)" r="2"/>', "the script onclick"),
        ('<a href="javascript:alert(1)"><circle r="2"/></a>', "a link to 'javascript:alert(1)'"),
        ('<set attributeName="onclick" to="alert(1)"/>', "the element <set>"),
        ('<a><animate attributeName="xlink:href" to="javascript:alert(1)"/></a>', "the element <animate>"),
        ('<handler type="text/ecmascript">alert(1)</handler>', "the element <handler>"),
        ('<x:iframe xmlns:x="http://www.w3.org/1999/xhtml" src="https://rocks.example"/>', "the element <iframe>"),
    ],
)
def test_a_drawing_loses_what_could_act_and_nothing_that_is_seen(deck, inside, told):
    drawing = SVG.replace("<circle", f"{inside}<text>Granite &amp; co</text><circle", 1)
    (deck.parent / "media" / "cooling.svg").write_text(drawing, encoding="utf-8")
    (problem,) = build([deck], deck.parent.parent / "dist").problems
    assert (problem.rule, problem.severity.value) == ("media-cleaned", "info")
    assert problem.message == f"'cooling.svg' goes into the package without {told}"
    shown = shipped_drawing(deck.parent.parent / "dist" / "rocks.apkg")
    assert not re.search(r"script|alert|\bon\w+=|iframe|handler|<a\b|rocks\.example", shown)
    assert "<text>Granite &amp; co</text>" in shown
    assert '<circle r="4" fill="red" />' in shown
    assert ET.fromstring(shown).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - what we wrote


def test_a_cleaned_drawing_keeps_what_it_refers_to_within_itself_and_its_words(deck):
    inside = (
        '<defs><circle id="dot" r="2"/></defs><use x:href="#dot" xml:space="preserve"/>'
        "<text>one<script>a()</script> two<tspan>three</tspan><script/> four</text>"
    )
    drawing = SVG.replace("<svg ", '<svg xmlns:x="http://www.w3.org/1999/xlink" ').replace("</svg>", f"{inside}</svg>")
    (deck.parent / "media" / "cooling.svg").write_text(drawing, encoding="utf-8")
    build([deck], deck.parent.parent / "dist")
    root = ET.fromstring(shipped_drawing(deck.parent.parent / "dist" / "rocks.apkg"))  # noqa: S314 - what we wrote
    (use,) = root.iter("{http://www.w3.org/2000/svg}use")
    assert use.attrib == {
        "{http://www.w3.org/1999/xlink}href": "#dot",
        "{http://www.w3.org/XML/1998/namespace}space": "preserve",
    }
    (text,) = root.iter("{http://www.w3.org/2000/svg}text")
    assert "".join(text.itertext()) == "one twothree four"


def test_a_drawing_that_needs_no_cleaning_is_shipped_byte_for_byte(deck):
    assert shipped_drawing(built(deck)) == SVG


def test_a_drawing_without_a_size_of_its_own_gets_that_of_its_view(deck):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"><circle r="4"/></svg>'
    (deck.parent / "media" / "cooling.svg").write_text(drawing, encoding="utf-8")
    assert re.search(r'<svg [^>]*width="30" height="20"', shipped_drawing(built(deck)))


def test_a_drawing_nested_without_end_is_refused(deck):
    deep = '<svg xmlns="http://www.w3.org/2000/svg">' + "<g>" * 9000 + "</g>" * 9000 + "</svg>"
    (deck.parent / "media" / "cooling.svg").write_text(deep, encoding="utf-8")
    assert "'cooling.svg' is nested too deep" in problems_of(deck)[0]


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


# ------------------------------------------------------------- forms, sizes, wholeness


def picture(form, size=(300, 200), **options):
    """A picture as other programs write it."""
    written = io.BytesIO()
    drawn = Image.radial_gradient("L").resize(size)
    drawn.convert("P" if form == "GIF" else "RGB").save(written, form, **options)
    return written.getvalue()


def turned():
    """A photograph from a camera that was held upright."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return picture("JPEG", exif=exif)


def moving(form):
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("red", "green", "blue")]
    written = io.BytesIO()
    frames[0].save(written, form, save_all=True, append_images=frames[1:])
    return written.getvalue()


PICTURES = {
    "png": picture("PNG"),
    "jpg": picture("JPEG"),
    "gif": picture("GIF"),
    "webp": picture("WEBP"),
    "lossless.webp": picture("WEBP", lossless=True),
    "large.webp": picture("WEBP", exif=b"Exif\0\0MM"),
    "moving.gif": moving("GIF"),
    "moving.webp": moving("WEBP"),
    "progressive.jpeg": picture("JPEG", progressive=True),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_size_of_a_picture_is_read_from_its_bytes(name):
    assert measure(Path(f"x.{name}").suffix, PICTURES[name]) == Size(300, 200)


def test_a_photograph_is_measured_as_devices_show_it():
    assert measure(".jpg", turned()) == Size(200, 300)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_was_cut_off_is_told(deck, name):
    file = deck.parent / "media" / f"owl.{name}"
    deck.write_text(FACTS.replace("media/cooling.svg}", f"media/owl.{name}}}"), encoding="utf-8")
    for length in (len(PICTURES[name]) - 40, len(PICTURES[name]) // 2, 30, 13):
        file.write_bytes(PICTURES[name][:length])
        assert re.search(rf"media-broken: 'owl\.{name}' (is cut off|is damaged)", problems_of(deck)[0]), length
    file.write_bytes(PICTURES[name])
    assert problems_of(deck) == []


def test_a_picture_with_a_wrong_byte_in_it_is_told(deck):
    data = bytearray(png(250, 180, 170))
    data[45] ^= 1
    (deck.parent / "media" / "Granite (pink).png").write_bytes(bytes(data))
    assert "'Granite (pink).png' is damaged" in problems_of(deck)[0]


def test_a_few_bytes_that_promise_a_picture_beyond_all_measure_are_told(deck):
    data = bytearray(png(250, 180, 170))
    data[16:24] = struct.pack(">II", 90_000, 90_000)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    (deck.parent / "media" / "Granite (pink).png").write_bytes(bytes(data))
    assert "has 90,000 × 90,000 pixels, more than devices show" in problems_of(deck)[0]


def test_a_file_that_a_mac_has_named_is_found_by_the_same_letters(run, deck):
    media = deck.parent / "media"
    (media / "Granite (pink).png").rename(media / "Gro\u0308\u00dfe.png")
    write_deck(deck.parent, FACTS.replace("Granite (pink).png", "Gr\u00f6\u00dfe.png"), "rocks.yaml")
    with zipfile.ZipFile(built(deck)) as archive:
        assert any(name.startswith("rocks-gr") for name in json.loads(archive.read("media")).values())
    assert "media-unused" not in run("check", deck).err


def test_two_files_of_one_name_in_two_folders_do_not_meet(deck, tmp_path):
    other = deck.parent / "media" / "other"
    other.mkdir()
    (other / "cooling.svg").write_text(SVG.replace("red", "blue"), encoding="utf-8")
    deck.write_text(FACTS.replace("{file: media/cooling.svg", "{file: media/other/cooling.svg"), encoding="utf-8")
    student = Student(tmp_path / "student")
    try:
        student.import_(built(deck))
        assert len([name for name in media_names(student.col) if name.startswith("rocks-cooling-")]) == 2
    finally:
        student.close()


# ----------------------------------------------------------------------- scaling down


def scaled_deck(deck, name, data, longest="longest_side: 60"):
    """A deck that wants the picture no larger than 60 pixels; the picture as it is shipped, and its name."""
    (deck.parent / "media" / name).write_bytes(data)
    wanted = f"{{file: media/{name}, alt: Cooling, {longest}}}"
    deck.write_text(FACTS.replace("{file: media/cooling.svg, alt: Cooling}", wanted), encoding="utf-8")
    with zipfile.ZipFile(built(deck)) as archive:
        names = {name: number for number, name in json.loads(archive.read("media")).items()}
        (shipped,) = (one for one in names if one.startswith("rocks-photo-"))
        return shipped, archive.read(names[shipped])


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_scaled_down_where_the_author_asks_for_it(deck, form):
    name = f"photo.{form.lower()}"
    shipped, data = scaled_deck(deck, name, picture(form))
    with Image.open(io.BytesIO(data)) as shown:
        assert (shown.format, shown.size) == (form, (60, 40))
    assert scaled_deck(deck, name, picture(form)) == (shipped, data)


def test_a_scaled_photograph_stands_upright_and_does_not_tell_where_it_was_taken(deck):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N"}
    _, data = scaled_deck(deck, "photo.jpg", picture("JPEG", exif=exif))
    with Image.open(io.BytesIO(data)) as shown:
        assert shown.size == (40, 60)
        assert dict(shown.getexif()) == {}


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_what_moves_is_not_scaled(deck, form):
    assert scaled_deck(deck, f"photo.{form.lower()}", moving(form))[1] == moving(form)


def test_a_small_picture_and_a_deck_without_the_wish_stay_as_they_are(deck):
    small = picture("PNG", size=(60, 30))
    assert scaled_deck(deck, "photo.png", small)[1] == small
    assert scaled_deck(deck, "photo.png", picture("PNG"), "credit: A. Drawer")[1] == picture("PNG")


def test_the_wish_can_be_said_once_for_the_whole_deck(deck):
    (deck.parent / "media" / "Granite (pink).png").write_bytes(picture("PNG"))
    deck.write_text(FACTS.replace("name: Rocks}", "name: Rocks, media: {longest_side: 90}}"), encoding="utf-8")
    with zipfile.ZipFile(built(deck)) as archive:
        names = {name: number for number, name in json.loads(archive.read("media")).items()}
        (number,) = (number for name, number in names.items() if "granite" in name)
        assert Image.open(io.BytesIO(archive.read(number))).size == (90, 60)


def test_masks_are_measured_in_the_picture_that_the_author_sees_and_not_in_the_scaled_one(deck):
    (deck.parent / "media" / "photo.png").write_bytes(picture("PNG", size=(300, 200)))
    masked = "longest_side: 60, ask: Which?, masks: [{answer: Quartz, box: [150, 50, 30, 20]}]"
    asked = f"    images: [{{file: media/photo.png, alt: Crystals, {masked}}}]\n"
    deck.write_text(FACTS + asked, encoding="utf-8")
    shapes = [note.row[0] for note in read_package(built(deck))[0].notes if "image-occlusion" in note.row[0]]
    assert [re.findall(r"(?:left|top|width|height)=[.\d]+", shape) for shape in shapes] == [
        ["left=.5", "top=.25", "width=.1", "height=.1"]
    ]


def test_a_wish_that_needs_pillow_says_so_where_it_is_missing(deck, monkeypatch):
    (deck.parent / "media" / "Granite (pink).png").write_bytes(picture("PNG"))
    monkeypatch.setitem(sys.modules, "PIL", None)
    deck.write_text(FACTS.replace("license: CC0-1.0}", "license: CC0-1.0, longest_side: 90}"), encoding="utf-8")
    (problem,) = problems_of(deck)
    assert problem == (
        "8:21 media-broken: 'Granite (pink).png' can be scaled by Pillow alone, which is not installed"
        " → pip install 'anki-deckbuilder[pictures]', or remove 'longest_side'"
    )

"""`deckbuilder inspect`: what is in a package of anybody, held against what Anki itself says of it."""

import itertools
import json
import re
import textwrap
from pathlib import Path

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions

from deckbuilder.package.open import open_package
from deckbuilder.received.survey import survey
from tests.helpers import HEADING, write_deck
from tests.helpers import OWL as OWL_FACTS
from tests.packages import BASIC, HAWK, OWL, collection, legacy_package, modern_package
from tests.students import Student

FRONTS = [
    "{{A}}",
    "{{#A}}x{{/A}}",
    "{{^A}}{{B}}{{/A}}",
    "{{#A}}{{text:B}}{{/A}}",
    "{{hint:B}}",
    "{{Tags}}",
    "{{^A}}x{{B}}{{/A}}{{#B}}{{^A}}{{B}}{{/A}}{{/B}}",
    "x{{#Tags}}{{A}}{{/Tags}}",
    "{{#A}}{{^B}}{{ A }}{{/B}}{{/A}}",
]
FILLINGS = ["", "x", "<br>", "<div></div> ", "&nbsp;", "<b></b>"]
CLOZES = [
    "{{c1::a}}",
    "{{c1::a {{c2::b}}}}",
    "{{c0::x}} {{c2::y}}",
    "{{c1,3::x}}",
    "{{c501::x}}",
    "{{c7::}}",
    "{{c1::open {{c2::b}}",
    "{{c2::a}}{{c4::b",
    "{{c 1::x}}{{c1:x}}",
]


@pytest.fixture
def teacher(tmp_path):
    """A teacher's collection, and a way to export it as today's Anki does."""
    col = Collection(str(tmp_path / "collection.anki2"))

    def export(name="teacher.apkg"):
        options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True, legacy=False)
        col.export_anki_package(out_path=str(tmp_path / name), options=options, limit=None)
        return tmp_path / name

    yield col, export
    col.close()


def surveyed(file):
    with open_package(file) as opened:
        return survey(opened)


def package(tmp_path, *statements, name="birds.apkg", **parts):
    file = tmp_path / name
    file.write_bytes(legacy_package(*statements, **parts))
    return file


def test_empty_cards_are_those_that_anki_finds(teacher):
    """Every filling of two fields under templates of all sorts; then they are exchanged, so that cards become empty."""
    col, export = teacher
    model = col.models.new("Conditions")
    for name in "ABC":
        col.models.add_field(model, col.models.new_field(name))
    for number, front in enumerate(FRONTS):
        template = col.models.new_template(f"Card {number}")
        template["qfmt"], template["afmt"] = f"{front}<!-- {number} -->", "{{C}}"
        col.models.add_template(model, template)
    col.models.add(model)
    for filled, left in itertools.product(FILLINGS, repeat=2):
        note = col.new_note(col.models.by_name("Conditions"))
        note["A"], note["B"], note["C"], note.tags = filled, left, f"{filled}-{left}", ["tag"] if left else []
        col.add_note(note, 1)
    for text, other in zip(CLOZES, [*CLOZES[1:], CLOZES[0]], strict=True):
        note = col.new_note(col.models.by_name("Cloze"))
        note["Text"] = text
        col.add_note(note, 1)
        note["Text"] = other
        note["Back Extra"] = "{{c9::x}}" if "c7" in other else ""
        col.update_note(note)
    for note_id in col.find_notes("note:Conditions"):
        note = col.get_note(note_id)
        note["A"], note["B"], note.tags = note["B"], note["A"], []
        col.update_note(note)
    told = sum(len(note.card_ids) for note in col.get_empty_cards().notes)
    assert told > 20
    assert surveyed(export()).empty_cards.count == told


def test_files_that_are_unused_or_missing_are_those_that_anki_finds(teacher):
    col, export = teacher
    for name in ("shown.png", "heard.mp3", "with space.png", "ümlaut.png", "unused.png", "_template.js", "styled.woff"):
        col.media.write_data(name, b"data of " + name.encode())
    texts = [
        '<img src="shown.png"> [sound:heard.mp3]',
        "<img alt=x src='with space.png'><IMG SRC=gone.png>",
        '<img src="ümlaut.png"><img src="https://example.com/far.png">',
        "[sound:lost.mp3] [sound:lost.mp3]",
    ]
    for text in texts:
        note = col.new_note(col.models.by_name("Basic"))
        note["Front"] = note["Back"] = text
        col.add_note(note, 1)
    checked = col.media.check()
    file = export()
    col.close()
    # A whole collection holds all files, also those that nothing shows.
    again = Collection(col.path)
    again.export_collection_package(str(file.with_suffix(".colpkg")), include_media=True, legacy=False)
    col.reopen()
    found = surveyed(file.with_suffix(".colpkg"))
    assert {media.name for media in found.unused} == set(checked.unused) == {"unused.png", "styled.woff"}
    assert set(found.missing) == set(checked.missing) == {"gone.png", "lost.mp3"}
    assert found.missing["lost.mp3"] == 4


def test_addresses_in_html_are_read_as_a_browser_reads_them(tmp_path):
    shown = "<img src='with%20space.png'><img src=\"data:image/png;base64,aaaa\"><object data=a&amp;b.svg>"
    media = {"0": "with space.png", "1": "a&b.svg", "2": "_style.css", "3": "plain.ttf"}
    css = "@font-face { src: url('plain.ttf') } @import url(_style.css);"
    file = package(
        tmp_path,
        models={"1500": {**BASIC, "css": css}},
        notes=[(*OWL[:5], f"{shown}\x1fx")],
        media=media,
        files=[(entry, b"x") for entry in media],
    )
    found = surveyed(file)
    assert (found.unused, found.missing) == ((), {})


def test_a_teachers_package_is_told_in_words(teacher, run):
    col, export = teacher
    deck = col.decks.id("Geography::Rivers")
    for front, tags in (("Nile", ["africa::north"]), ("Congo", ["africa::centre"]), ("Nile", ["africa::north"])):
        note = col.new_note(col.models.by_name("Basic (and reversed card)"))
        note["Front"], note["Back"], note.tags = front, "a river", tags
        col.add_note(note, deck)
    told = run("inspect", export())
    assert told.code == 0
    assert told.err == ""
    text = told.out
    assert "A deck package, for Anki 2.1.50 and later" in text
    assert "3 notes, 6 cards, 0 media files" in text
    assert "Geography::Rivers        3 notes        6 cards" in text
    assert "Card 1 (3), Card 2 (3)" in text
    assert "africa::north         2 notes" in text
    assert "none: it tells nothing of how anybody learned" in text
    assert "! 1 note has the first field of another one\n      Nile" in text


def test_a_history_of_learning_is_a_warning(run, tmp_path):
    reviewed = (
        "insert into revlog values (1700000000000, 1000, -1, 3, 1, 0, 0, 0, 0); update cards set reps = 1, ivl = 1"
    )
    told = run("inspect", package(tmp_path, reviewed))
    assert "1 review, 2 cards studied" in told.out
    assert "Before you pass it on, export it again" in told.out


def test_a_whole_collection_is_a_warning(run, tmp_path):
    told = run("inspect", package(tmp_path, name="all.colpkg"))
    assert "importing it replaces everything that is there" in told.out


def test_notes_that_share_a_guid_are_told(run, tmp_path):
    twin = (12, "owl", 1500, 0, "", "Barn owl\x1fIt is white.")
    assert (
        "! 1 note has a GUID that another one has\n      Barn owl"
        in run("inspect", package(tmp_path, notes=(OWL, HAWK, twin))).out
    )


def test_what_cannot_be_read_is_told_and_fails(run, tmp_path):
    (tmp_path / "broken.apkg").write_bytes(b"PK")
    told = run("inspect", "broken.apkg")
    assert told.code == 1
    assert told.err.startswith("broken.apkg: error: this is no whole file of a package")
    assert json.loads(run("inspect", "broken.apkg", "--json").out)["problems"][0]["rule"] == "package-unreadable"


def test_what_is_left_out_is_told_and_the_rest_is_shown(run, tmp_path):
    told = run("inspect", package(tmp_path, "update notes set mid = 7 where id = 10"))
    assert told.code == 0
    assert "warning: the note 'owl' has no note type: left out" in told.err
    assert "1 note, 1 card" in told.out


def test_a_name_in_a_package_cannot_speak_to_the_terminal(run, tmp_path):
    evil = "Birds\x1b[2J\x1b]0;owned\x07\u202e\nNotes"
    notes = [(10, "owl", 1500, 0, f" {evil.replace(' ', '_')} ", f"{evil}\x1f<img src='{evil}'>")]
    told = run(
        "inspect",
        package(
            tmp_path,
            decks={"2": {"id": 2, "name": evil, "desc": evil}},
            models={"1500": {**BASIC, "name": evil}},
            notes=[*notes, (11, "twin", *notes[0][2:])],
            media={"0": "a" + evil},
        ),
    )
    for text in (told.out, told.err):
        assert not set("\x1b\x07\u202e") & set(text)
    assert "Birds\ufffd[2J" in told.out


def test_the_record_for_programs_has_all_of_it(run, tmp_path):
    file = package(tmp_path, media={"0": "owl.png"}, files=[("0", b"12345")])
    record = json.loads(run("inspect", file, "--json").out)
    assert record["format"] == "collection.anki2"
    assert record["decks"] == [
        {"name": "Birds", "notes": 2, "cards": 2, "description": "All of them.", "filtered": False}
    ]
    assert record["note_types"] == [
        {
            "id": 1500,
            "name": "Basic",
            "kind": "normal",
            "stock": None,
            "fields": ["Front", "Back"],
            "notes": 2,
            "cards": [{"template": "Card 1", "cards": 2}],
        }
    ]
    assert record["tags"] == {"birds": 2}
    assert record["media"] == {
        "files": [{"name": "owl.png", "size": 5}],
        "size": 5,
        "unused": ["owl.png"],
        "missing": {},
    }
    assert record["dates"]["last_change"] == "2023-11-14"
    assert record["problems"] == record["arrivals"] == []


# ------------------------------------------------------------------------------------------- over what students have


@pytest.fixture
def shared(run, tmp_path, monkeypatch):
    """A deck of two questions that students have, and a student who imported it."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    questions = """
        questions:
          - {ask: What does an owl eat?, answer: Mice}
          - {ask: When does an owl sleep?, answer: By day}
    """
    write_deck(tmp_path / "cards", HEADING + OWL_FACTS + textwrap.indent(textwrap.dedent(questions), "    "))
    assert run("build").code == 0
    student = Student(tmp_path / "student")
    student.import_(tmp_path / "dist" / "birds.apkg")
    yield student
    student.close()


def exported(student, tmp_path, *, legacy=False):
    file = tmp_path / "student.apkg"
    options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=legacy)
    student.col.export_anki_package(out_path=str(file), options=options, limit=None)
    return file


def arrival_of(run, file):
    (arrival,) = json.loads(run("inspect", file, "--json").out)["arrivals"]
    return arrival


@pytest.mark.parametrize("legacy", [True, False])
def test_an_unchanged_export_would_change_nothing(shared, run, tmp_path, legacy):
    arrival = arrival_of(run, exported(shared, tmp_path, legacy=legacy))
    assert (arrival["kept"], arrival["updated"], arrival["new"], arrival["absent"]) == (3, [], 0, 0)
    assert arrival["reasons"] == arrival["looks"] == []


def test_what_is_told_of_an_import_is_what_anki_does(shared, run, tmp_path):
    """A student edits one note and adds one; another student, who has the deck, imports what they exported."""
    note = shared.col.get_note(shared.col.find_notes("eat")[0])
    note["Back"] = "Mice and voles"
    shared.col.update_note(note)
    own = shared.col.new_note(shared.col.models.by_name("Basic"))
    own["Front"], own["Back"] = "Can an owl swim?", "No"
    shared.col.add_note(own, 1)
    file = exported(shared, tmp_path)
    arrival = arrival_of(run, file)
    other = Student(tmp_path / "other")
    other.import_(tmp_path / "dist" / "birds.apkg")
    log = other.import_(file)
    other.close()
    assert (len(arrival["updated"]), arrival["new"], arrival["kept"]) == (1, 1, 2)
    assert (log["updated"], log["new"], log["duplicate"]) == (1, 1, 2)
    told = run("inspect", file).out
    assert "replaced           1 note  newer than what students have" in told
    assert "deckbuilder absorb shows what was changed in them." in told


def test_a_note_type_with_another_field_conflicts_as_in_anki(shared, run, tmp_path):
    models = shared.col.models
    model = models.by_name("Deckbuilder question")
    models.add_field(model, models.new_field("Mnemonic"))
    models.update_dict(model)
    file = exported(shared, tmp_path)
    arrival = arrival_of(run, file)
    other = Student(tmp_path / "other")
    other.import_(tmp_path / "dist" / "birds.apkg")
    log = other.import_(file)
    other.close()
    assert len(arrival["conflicting"]) == log["conflicting"] == 3
    (reason,) = arrival["reasons"]
    assert reason.startswith("the note type 'Deckbuilder question' comes with 23 fields instead of 22: Anki updates")


def test_a_note_that_the_deck_has_withdrawn_is_told(shared, run, tmp_path, monkeypatch):
    file = exported(shared, tmp_path)
    deck = tmp_path / "cards" / "birds.yaml"
    lines = deck.read_text("utf-8").splitlines(keepends=True)
    deck.write_text("".join(line for line in lines if "sleep" not in line), encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000500")
    assert run("build").code == 0
    arrival = arrival_of(run, file)
    assert arrival["withdrawn"] == ["birds/owl/question/when-does-an-owl-sleep"]
    assert "withdrawn          1 note  that the deck has withdrawn" in run("inspect", file).out


def test_a_note_that_comes_in_another_note_type_conflicts(shared, run, tmp_path):
    col = shared.col
    ids = col.find_notes("eat")
    guid = col.get_note(ids[0]).guid
    basic = col.models.by_name("Basic")["id"]
    col.db.execute("update notes set mid = ?, flds = ?, mod = mod + 9 where guid = ?", basic, "a\x1fb", guid)
    arrival = arrival_of(run, exported(shared, tmp_path))
    assert arrival["conflicting"] == ["birds/owl/question/what-does-an-owl-eat"]
    assert arrival["reasons"] == [
        "notes of the type 'Deckbuilder question' come in the type 'Basic': Anki leaves them as they are"
    ]


def test_another_look_of_our_note_types_is_told(shared, run, tmp_path):
    models = shared.col.models
    model = models.by_name("Deckbuilder question")
    model["css"] += ".card { color: red }"
    models.update_dict(model)
    assert arrival_of(run, exported(shared, tmp_path))["looks"] == ["Deckbuilder question"]


def test_a_package_that_shares_nothing_with_our_decks_is_not_compared(shared, run, tmp_path):
    del shared
    assert json.loads(run("inspect", package(tmp_path), "--json").out)["arrivals"] == []


def test_one_deck_can_be_named(shared, run, tmp_path):
    file = exported(shared, tmp_path)
    assert "Importing it over" in run("inspect", file, "cards/birds.yaml").out
    (tmp_path / "elsewhere").mkdir()
    assert "Importing it over" not in run("inspect", file, "elsewhere").out


def test_nothing_is_written(shared, run, tmp_path):
    file = exported(shared, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    run("inspect", file)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_template_that_cannot_be_understood_tells_nothing_of_empty_cards(tmp_path):
    for front in ("{{#Front}}x", "x{{/Front}}", "{{#Front}}x{{/Back}}", "{{#Front}}" * 99):
        template = {"name": "Card 1", "ord": 0, "qfmt": front, "afmt": "{{Back}}"}
        found = surveyed(package(tmp_path, models={"1500": {**BASIC, "tmpls": [template]}}))
        assert (found.notes, found.empty_cards.count) == (2, 0)


def test_many_tags_are_told_in_few_lines(run, tmp_path):
    tags = " ".join(f"t{number}::x" for number in range(300))
    told = run("inspect", package(tmp_path, notes=[(*OWL[:4], f" {tags} ", OWL[5])]))
    assert "300 tags in all, with the levels below these (each with --json)" in told.out


def test_a_modern_package_is_told_the_same(run, tmp_path):
    one, two = package(tmp_path), tmp_path / "modern.apkg"
    two.write_bytes(modern_package(collection()))
    old, new = (json.loads(run("inspect", file, "--json").out) for file in (one, two))
    assert {**old, "file": "", "format": ""} == {**new, "file": "", "format": ""}


def test_the_page_for_teachers_shows_what_the_program_says(run, tmp_path):
    """The example of docs/packages.md."""
    model = {
        **BASIC,
        "name": "Verbs",
        "flds": [{"name": name, "ord": ord_} for ord_, name in enumerate(("Infinitive", "Past", "Sound"))],
        "tmpls": [
            {"name": "Recognise", "ord": 0, "qfmt": "{{Past}}", "afmt": "{{Infinitive}}"},
            {"name": "Produce", "ord": 1, "qfmt": "{{Infinitive}}", "afmt": "{{Past}}"},
        ],
    }
    verbs = [("go", "went"), ("sing", "sang"), ("go", "gone"), ("bring", "")]
    made = 1_600_000_000_000
    notes = [
        (made + number, one, 1500, 1_700_000_000, " verbs::irregular ", f"{one}\x1f{past}\x1f[sound:{one}.mp3]")
        for number, (one, past) in enumerate(verbs)
    ]
    package(
        tmp_path,
        "update cards set ord = 0; insert into revlog values (1650000000000, 1000, -1, 3, 1, 0, 0, 0, 0);",
        "update cards set reps = 1 where id = 1000",
        name="verbs.apkg",
        models={"1500": model},
        decks={"2": {"id": 2, "name": "English::Verbs", "desc": ""}},
        notes=notes,
        media={"0": "go.mp3", "1": "sing.mp3", "2": "drink.mp3"},
        files=[("0", bytes(21_300)), ("1", bytes(18_000)), ("2", bytes(9_800))],
    )
    told = run("inspect", "verbs.apkg")
    assert told.err == ""
    page = Path(__file__).parents[1].joinpath("docs", "packages.md").read_text(encoding="utf-8")
    size = re.compile(r", [\d.]+ KB")
    assert size.sub("", told.out).strip() in size.sub("", page)

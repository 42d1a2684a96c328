"""Themes in the collections of students, judged by Anki itself: the look comes, and no history goes.

A student imports a deck, reviews every card and makes the notes and the styling their own. The author then changes the
theme, adds one, removes it, or renames the deck.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest
from anki.collection import ExportAnkiPackageOptions

from deckbuilder.build import build
from deckbuilder.lock import parse_lock
from deckbuilder.notetypes import NOTE_TYPES, own_type, themed_css
from deckbuilder.package.read import read_package
from tests.students import EASY, GOOD, Student, release_time

MAP = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><path d="M0 0h100v50H0z"/></svg>'
FACTS = """\
format: 1
deck: {id: rivers, name: Rivers, theme: theme.css}
sources: {atlas: {title: Atlas}}
default_source: atlas
classifications:
  sea: {among: [north, black], ask: Which sea?, items: [examples]}
concepts:
  north:
    term: North Sea
    definition: It lies between Britain and Norway.
    examples: [Elbe, Weser]
    statements: [{id: salt, text: "It is as salty as the [[Atlantic]] near it."}]
    images: [{file: map.svg, alt: A map, masks: [{answer: Elbe, box: [10, 10, 20, 20]}]}]
  black:
    term: Black Sea
    definition: It lies between Turkey and Ukraine.
    examples: [Danube, Dnieper]
"""
NOTES = 10
PLAIN = FACTS.replace(", theme: theme.css", "")
MORE = "    questions: [{ask: How deep is it?, answer: Some 2200 metres.}]\n"
SEPIA, GREEN = ".card { --paper: #fdf6e3; }", ".card { --paper: #eef7ee; }"
TAG, EDIT, STYLE = "exam-in-june", "What I found out myself.", "\n/* my own colours */"
OWN = {base.id: own_type(base, "rivers") for base in NOTE_TYPES}


@dataclass
class Author:
    """Facts, theme, lock and packages in a folder."""

    folder: Path
    deck: str = "rivers"
    told: tuple = ()

    def release(self, monkeypatch, number, facts=FACTS, theme=SEPIA):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(number)))
        self.folder.mkdir(exist_ok=True)
        (self.folder / "facts.yaml").write_text(facts, encoding="utf-8")
        (self.folder / "theme.css").write_text(theme, encoding="utf-8")
        (self.folder / "map.svg").write_text(MAP, encoding="utf-8")
        built = build([self.folder / "facts.yaml"], self.folder / "dist")
        self.told = tuple(f"{problem.severity.value} {problem.rule}" for problem in built.problems)
        (deck,) = built.decks
        return deck

    def lock(self):
        return parse_lock((self.folder / f"{self.deck}.lock").read_text("utf-8"), Path("lock"))[0]


@pytest.fixture
def author(tmp_path):
    return Author(tmp_path / "author")


@pytest.fixture
def student(tmp_path):
    student = Student(tmp_path / "student")
    yield student
    student.close()


def study(student):
    """Every card is reviewed, every other note edited, every note tagged, and every note type of the deck styled."""
    for turn, card_id in enumerate(student.cards()):
        student.answer(card_id, *((GOOD,), (EASY, GOOD))[turn % 2])
    for turn, note_id in enumerate(student.col.find_notes("")):
        note = student.col.get_note(note_id)
        note.add_tag(TAG)
        if turn % 2:
            note["Extra"] = EDIT
        student.col.update_note(note)
    for used in types_in(student).values():
        used["css"] += STYLE
        student.col.models.update_dict(used)


def types_in(student):
    """The note types that notes are in, by id."""
    return {mid: student.col.models.get(mid) for mid in student.db.list("select distinct mid from notes")}


def theirs(student):
    """Tags and edits that are a student's own."""
    rows = student.notes().values()
    return sum(TAG in tags for _, _, tags in rows), sum(EDIT in row for _, row, _ in rows)


def test_a_theme_from_the_start_comes_with_note_types_of_the_deck(author, student, monkeypatch):
    deck = author.release(monkeypatch, 1)
    assert author.told == ()
    assert student.import_(deck.package) == {"new": NOTES}
    found = types_in(student)
    assert {mid: used["name"] for mid, used in found.items()} == {
        one.id: f"{base.name} (rivers)" for base, one in zip(NOTE_TYPES, OWN.values(), strict=True)
    }
    for base, one in zip(NOTE_TYPES, OWN.values(), strict=True):
        assert found[one.id]["css"] == themed_css(base.css, SEPIA)
        assert [field["name"] for field in found[one.id]["flds"]] == [field.name for field in base.fields]
        assert [field["id"] for field in found[one.id]["flds"]] == [field.id for field in one.fields]
        assert [(t["id"], t["qfmt"], t["afmt"]) for t in found[one.id]["tmpls"]] == [
            (mine.id, its.front, its.back) for mine, its in zip(one.templates, base.templates, strict=True)
        ]
    assert SEPIA in student.col.get_card(student.cards()[0]).render_output().css
    assert student.import_(deck.package) == {"duplicate": NOTES}


def test_masks_of_a_themed_deck_open_in_ankis_editor(author, student, monkeypatch):
    student.import_(author.release(monkeypatch, 1).package)
    (note_id,) = student.col.find_notes('"note:Deckbuilder image occlusion (rivers)"')
    opened = student.col.get_image_occlusion_note(note_id)
    assert [shape.shape for one in opened.note.occlusions for shape in one.shapes] == ["rect"]


def test_another_look_arrives_and_reviews_tags_and_edits_stay(author, student, monkeypatch):
    student.import_(author.release(monkeypatch, 1).package)
    study(student)
    before, mine = student.states(), theirs(student)
    assert student.import_(author.release(monkeypatch, 2, theme=GREEN).package) == {"duplicate": NOTES}
    assert all(GREEN in used["css"] and SEPIA not in used["css"] for used in types_in(student).values())
    # The limit: a look that is new takes the place of a student's.
    assert not any(STYLE in used["css"] for used in types_in(student).values())
    assert student.states() == before
    assert theirs(student) == mine == (NOTES, NOTES // 2)


def test_a_students_own_styling_stays_while_the_theme_does(author, student, monkeypatch):
    student.import_(author.release(monkeypatch, 1).package)
    study(student)
    deck = author.release(monkeypatch, 2, FACTS.replace("as salty as", "as salt as"))
    assert student.import_(deck.package) == {"updated": 1, "duplicate": NOTES - 1}
    assert all(used["css"].endswith(STYLE.strip()) for used in types_in(student).values())


def test_a_look_that_comes_back_arrives_too(author, student, monkeypatch):
    """Its time of change never goes back, whatever stood there before."""
    times = []
    for number, theme in enumerate((SEPIA, GREEN, SEPIA, SEPIA), start=1):
        student.import_(author.release(monkeypatch, number, theme=theme).package)
        assert all(theme in used["css"] for used in types_in(student).values())
        times.append({entry.mod for name, entry in author.lock().types.items() if name.endswith("(rivers)")})
    assert [len(one) for one in times] == [1, 1, 1, 1]
    first, second, third, fourth = (one.pop() for one in times)
    assert first < second < third == fourth


def test_a_theme_that_comes_late_is_for_new_notes_and_costs_no_history(author, student, monkeypatch):
    student.import_(author.release(monkeypatch, 1, PLAIN).package)
    study(student)
    before, mine, common = student.states(), theirs(student), types_in(student)
    deck = author.release(monkeypatch, 2, FACTS + MORE)
    assert author.told == ("info theme-late",)
    assert student.import_(deck.package) == {"new": 1, "duplicate": NOTES}
    assert {card_id: state for card_id, state in student.states().items() if card_id in before} == before
    assert theirs(student) == mine
    own = {mid: used for mid, used in types_in(student).items() if mid not in common}
    assert [used["name"] for used in own.values()] == ["Deckbuilder question (rivers)"]
    assert all(SEPIA in used["css"] for used in own.values())
    # What other decks are in too looks as it did, with what the student made of it.
    assert {mid: used["css"] for mid, used in types_in(student).items() if mid in common} == {
        mid: used["css"] for mid, used in common.items()
    }


def test_a_theme_that_goes_leaves_the_notes_where_they_are_in_the_common_look(author, student, monkeypatch):
    student.import_(author.release(monkeypatch, 1).package)
    study(student)
    before, mine, own = student.states(), theirs(student), set(types_in(student))
    deck = author.release(monkeypatch, 2, PLAIN + MORE)
    assert author.told == ()
    assert student.import_(deck.package) == {"new": 1, "duplicate": NOTES}
    # New notes join the others, so that a theme can come back for all of them.
    assert set(types_in(student)) == own
    assert {used["css"] for used in types_in(student).values()} == {NOTE_TYPES[0].css}
    assert {card_id: state for card_id, state in student.states().items() if card_id in before} == before
    assert theirs(student) == mine
    deck = author.release(monkeypatch, 3, FACTS + MORE, theme=GREEN)
    assert author.told == ()
    assert student.import_(deck.package) == {"duplicate": NOTES + 1}
    assert all(GREEN in used["css"] for used in types_in(student).values())


def test_a_deck_that_gets_another_id_keeps_its_note_types(author, student, monkeypatch):
    author.folder.mkdir()
    (author.folder / "leaf.svg").write_text(MAP, encoding="utf-8")
    theme = SEPIA + " .front { background: url(leaf.svg); }"
    student.import_(author.release(monkeypatch, 1, theme=theme).package)
    study(student)
    before, own = student.states(), set(types_in(student))
    renamed = FACTS.replace("id: rivers,", "id: streams, formerly: rivers,")
    # The file of a picture is named by its deck, so the note that shows it changes.
    deck = author.release(monkeypatch, 2, renamed, theme=theme)
    assert student.import_(deck.package) == {"updated": 1, "duplicate": NOTES - 1}
    assert all(used["css"].endswith(STYLE.strip()) for used in types_in(student).values())
    author.deck = "streams"
    # Once the renaming is past, nothing but the lock says what the deck was called.
    forgotten = renamed.replace(" formerly: rivers,", "") + MORE
    deck = author.release(monkeypatch, 3, forgotten, theme=GREEN)
    assert student.import_(deck.package) == {"new": 1, "duplicate": NOTES}
    assert set(types_in(student)) == own
    assert all(GREEN in used["css"] for used in types_in(student).values())
    assert {card_id: state for card_id, state in student.states().items() if card_id in before} == before
    assert author.lock().home == "rivers"


def test_decks_with_themes_and_without_leave_one_another_alone(tmp_path, student, monkeypatch):
    looks = {"rivers": SEPIA, "lakes": GREEN, "wells": ""}
    for name, theme in looks.items():
        facts = (FACTS if theme else PLAIN).replace("id: rivers, name: Rivers", f"id: {name}, name: {name.title()}")
        deck = Author(tmp_path / name, name).release(monkeypatch, 1, facts, theme=theme)
        assert student.import_(deck.package) == {"new": NOTES}
    found = types_in(student)
    assert len(found) == len(looks) * len(NOTE_TYPES)
    for used in found.values():
        name = used["name"].partition("(")[2].removesuffix(")") or "wells"
        common = NOTE_TYPES[0].css
        assert used["css"] == (themed_css(common, looks[name]) if looks[name] else common)
    assert student.col.fix_integrity()[1]


def test_a_withdrawn_note_says_so_in_the_deck_s_own_look(author, student, monkeypatch):
    student.import_(author.release(monkeypatch, 1, FACTS + MORE).package)
    study(student)
    before, own = student.states(), set(types_in(student))
    deck = author.release(monkeypatch, 2)
    assert student.import_(deck.update) == {"updated": 1, "duplicate": NOTES}
    assert set(types_in(student)) == own
    (card_id,) = student.col.find_cards("tag:deckbuilder::retired")
    assert "How deep is it?" in student.col.get_card(card_id).render_output().question_text
    assert 'class="status"' in student.col.get_card(card_id).render_output().question_text
    assert student.states() == before
    # It returns in the note type in which students have it.
    assert student.import_(author.release(monkeypatch, 3, FACTS + MORE).package) == {"updated": 1, "duplicate": NOTES}
    assert student.states() == before


def test_a_note_whose_package_is_lost_is_withdrawn_under_its_name(author, student, monkeypatch):
    first = author.release(monkeypatch, 1, FACTS + MORE).package
    student.import_(first)
    first.unlink()
    deck = author.release(monkeypatch, 2)
    assert student.import_(deck.update) == {"updated": 1, "duplicate": NOTES}
    (card_id,) = student.col.find_cards("tag:deckbuilder::retired")
    assert "how-deep-is-it" in student.col.get_card(card_id).render_output().question_text


def test_a_lost_lock_comes_back_with_the_note_types(author, run, monkeypatch):
    deck = author.release(monkeypatch, 1, PLAIN)
    deck = author.release(monkeypatch, 2, FACTS + MORE)
    file, package = author.folder / "rivers.lock", deck.package.read_bytes()
    lock = author.lock()
    file.unlink()
    assert run("lock", "restore", deck.package, "-o", author.folder).code == 0
    restored = author.lock()
    assert restored.home == "rivers"
    assert {key: entry.carried for key, entry in restored.entries.items()} == {
        key: entry.carried for key, entry in lock.entries.items()
    }
    assert author.release(monkeypatch, 3, FACTS + MORE).package.read_bytes() == package
    assert author.lock() == lock


def test_a_correction_from_a_student_comes_back_out_of_a_themed_deck(author, student, run, monkeypatch):
    student.import_(author.release(monkeypatch, 1).package)
    (note_id,) = student.col.find_notes("Atlantic")
    note = student.col.get_note(note_id)
    note["Text"] = note["Text"].replace("near it", "beside it")
    student.col.update_note(note)
    package = author.folder / "back.apkg"
    options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=False)
    student.col.export_anki_package(out_path=str(package), options=options, limit=None)
    cards = author.folder / "facts.yaml"
    ran = run("absorb", package, cards, "-o", author.folder / "dist", "--apply")
    assert (ran.code, "1 correction taken over" in ran.out) == (0, True), ran.out + ran.err
    assert "near it" not in cards.read_text("utf-8")
    assert "beside it." in cards.read_text("utf-8")


def test_files_of_a_theme_reach_the_student_under_names_that_say_what_they_hold(author, student, monkeypatch):
    author.folder.mkdir()
    theme = ".front { background: url(_leaf.svg) no-repeat right; }"
    looks = []
    for number, size in enumerate((10, 20), start=1):
        (author.folder / "_leaf.svg").write_text(MAP.replace("100", str(size * 10)), encoding="utf-8")
        deck = author.release(monkeypatch, number, theme=theme)
        student.import_(deck.package)
        (css,) = {used["css"] for used in types_in(student).values()}
        name = css.rpartition("url(")[2].partition(")")[0]
        assert name.startswith("_theme-leaf-")
        data = Path(student.col.media.dir(), name).read_text("utf-8")
        assert f'width="{size * 10}"' in data
        looks.append(name)
    assert len(set(looks)) == 2
    assert student.col.media.check().unused == []


def test_ids_are_safe_for_every_program_and_meet_no_others():
    ids = set()
    names = ["rivers", "a", "0", "x" * 228, *(f"deck-{number}" for number in range(2000))]
    for name in names:
        for base in NOTE_TYPES:
            made = own_type(base, name)
            assert own_type(base, name) == made
            parts = [part.id for part in (*made.fields, *made.templates)]
            assert len(set(parts)) == len(parts)
            assert all(0 < number < 2**53 for number in (made.id, *parts))
            # Times in milliseconds, of which other programs make ids, stay below for some hundred years.
            assert made.id > 10**13
            ids.add(made.id)
    assert len(ids) == len(names) * len(NOTE_TYPES)
    assert ids.isdisjoint(base.id for base in NOTE_TYPES)


def test_ids_of_a_deck_stay_what_they_are_for_ever():
    """Students' notes hang on them: a change of these numbers costs all their histories."""
    assert [own_type(base, "rivers").id for base in NOTE_TYPES] == [
        65448802816337,
        39962448867450,
        47627540410619,
        70255844903897,
    ]


def test_the_package_holds_only_note_types_that_are_used(author, monkeypatch):
    shipped, _ = read_package(author.release(monkeypatch, 1).package)
    assert {one.id for one in shipped.types} == {one.id for one in OWN.values()}

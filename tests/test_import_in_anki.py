"""A deck that people really share becomes facts, and goes back to its students as an update: judged by Anki itself.

A student has the old deck, studies it and makes it their own. Its author imports it, builds it, and releases it.
Nothing may change for the student; then the author corrects a fact, and that one note is delivered, with its history.
"""

import json
import re
import time
import unicodedata
from functools import partial
from pathlib import Path

import genanki
import pytest
from anki.collection import ExportAnkiPackageOptions

from deckbuilder.facts.load import load
from tests.shared_decks import Author, anatomy, png
from tests.students import AGAIN, EASY, GOOD, Student, release_time

NOTES = 27


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """The deck on the heart and the hand, in both formats that Anki writes."""
    author = Author(tmp_path_factory.mktemp("author"))
    try:
        anatomy(author)
        return {"modern": author.share("anatomy.apkg"), "legacy": author.share("anatomy-old.apkg", legacy=True)}
    finally:
        author.close()


@pytest.fixture
def student(tmp_path):
    one = Student(tmp_path / "student")
    yield one
    one.close()


def imported(run, package, *words):
    """The report of an import that succeeds, as other programs read it."""
    ran = run("import", package, "-o", "cards/anatomy.yaml", "--json", *words)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def cards_as_they_were(report):
    return sorted(case["reason"] for case in report["cases"] if case["what"] == "cards as they were")


def built(run, tmp_path):
    ran = run("build")
    assert ran.code == 0, ran.err
    return tmp_path / "dist" / "anatomy.apkg"


def study(student):
    """Answers some cards, flags and suspends others, tags and edits two notes."""
    cards = student.cards()
    for number, card_id in enumerate(cards):
        if number % 2 == 0:
            student.answer(card_id, (AGAIN, GOOD, EASY)[number % 3], GOOD)
    student.col.set_user_flag_for_cards(3, cards[3:6])
    student.col.sched.suspend_cards(cards[6:9])
    for card_id in cards[:2]:
        note = student.col.get_card(card_id).note()
        note.add_tag("exam")
        note.fields[-1] += " (my own words)"
        student.col.update_note(note)


def decks_of(student):
    """The decks that hold the cards of each note."""
    cards = [student.col.get_card(card_id) for card_id in student.cards()]
    return {(card.note().guid, card.ord): student.col.decks.name(card.did) for card in cards}


@pytest.mark.parametrize("form", ["modern", "legacy"])
def test_the_first_build_of_an_imported_deck_changes_nothing_for_its_students(run, tmp_path, shared, student, form):
    assert student.import_(shared[form]) == {"new": NOTES}
    study(student)
    states, notes, types = (
        student.states(),
        student.notes(),
        sorted(t.name for t in student.col.models.all_names_and_ids()),
    )
    imported(run, shared[form])
    lock = (tmp_path / "cards" / "anatomy.lock").read_bytes()
    assert student.import_(built(run, tmp_path)) == {"duplicate": NOTES}
    assert (tmp_path / "cards" / "anatomy.lock").read_bytes() == lock
    assert student.states() == states
    assert student.notes() == notes
    assert sorted(t.name for t in student.col.models.all_names_and_ids()) == types


def test_a_new_student_gets_from_the_build_what_the_old_deck_held(run, tmp_path, shared, student):
    student.import_(shared["modern"])
    old, cards, places = student.notes(), student.cards(), decks_of(student)
    decks = sorted(deck.name for deck in student.col.decks.all_names_and_ids())
    imported(run, shared["modern"])
    new = Student(tmp_path / "new student")
    try:
        assert new.import_(built(run, tmp_path)) == {"new": NOTES}
        assert new.notes() == old
        assert len(new.cards()) == len(cards)
        assert decks_of(new) == places
        assert sorted(deck.name for deck in new.col.decks.all_names_and_ids()) == decks
        assert new.col.get_empty_cards().report == ""
        # The author's own slip: this name stood written for a web page, and Anki did not pack the file.
        assert list(new.col.media.check().missing) == ["hand%20bones.png"]
        assert list(new.col.media.check().unused) == []
    finally:
        new.close()


def test_an_edited_fact_reaches_its_students_and_no_other_note_is_touched(run, tmp_path, shared, student, monkeypatch):
    student.import_(shared["modern"])
    study(student)
    states, notes = student.states(), student.notes()
    imported(run, shared["modern"])
    built(run, tmp_path)
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = facts.read_text(encoding="utf-8")
    text = text.replace("answer: A wall of muscle", "answer: A wall of *muscle* between the ventricles")
    text = text.replace("{{c2::pacemaker::role}}", "{{c2::natural pacemaker::role}}")
    text = text.replace("          - right atrium\n", "          - right atrium (first)\n")
    facts.write_text(text, encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
    assert student.import_(built(run, tmp_path)) == {"updated": 3, "duplicate": NOTES - 3}
    assert student.states() == states
    changed = {guid: note for guid, note in student.notes().items() if note != notes[guid]}
    backs = [fields[1] for _, fields, _ in changed.values()]
    assert "A wall of <em>muscle</em> between the ventricles" in backs
    assert any(back.startswith("<p>Four:</p>\n<ul>\n<li>right atrium (first)</li>") for back in backs)
    # A field whose words stayed is what it was.
    assert "<i>Keith and Flack, 1907</i>" in backs
    texts = [fields[0] for _, fields, _ in changed.values()]
    assert any("{{c2::natural pacemaker::role}}" in text and "{{c1::right atrium}}" in text for text in texts)


def test_a_picture_that_an_author_exchanges_or_removes_changes_on_the_card(run, tmp_path, shared, student, monkeypatch):
    student.import_(shared["modern"])
    states = student.states()
    imported(run, shared["modern"])
    built(run, tmp_path)
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = facts.read_text(encoding="utf-8")
    (tmp_path / "cards" / "media" / "anatomy" / "rhythm.png").write_bytes(png(77))
    facts.write_text(text.replace("image: media/anatomy/ecg.png", "image: media/anatomy/rhythm.png"), encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
    assert student.import_(built(run, tmp_path)) == {"updated": 1, "duplicate": NOTES - 1}
    (back,) = [fields[1] for _, fields, _ in student.notes().values() if "Sinus rhythm" in fields[1]]
    (name,) = re.findall(r'<img src="([^"]+)"', back)
    assert (Path(student.col.media.dir()) / name).read_bytes() == png(77)
    facts.write_text(text.replace("        image: media/anatomy/ecg.png\n", ""), encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(3)))
    assert student.import_(built(run, tmp_path)) == {"updated": 1, "duplicate": NOTES - 1}
    assert "Sinus rhythm" in {fields[1] for _, fields, _ in student.notes().values()}
    assert student.states() == states


def test_blanks_that_an_author_leaves_to_be_numbered_have_the_numbers_that_students_know(
    run, tmp_path, shared, student, monkeypatch
):
    student.import_(shared["modern"])
    states = student.states()
    imported(run, shared["modern"])
    built(run, tmp_path)
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = facts.read_text(encoding="utf-8")
    text = text.replace("1. {{c1::LAD}}", "1. [[circumflex|goes round]], on the left")
    text = text.replace("2. {{c3::circumflex}}", "2. [[LAD]], in front; and a [[marginal]] one")
    facts.write_text(text, encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
    assert student.import_(built(run, tmp_path)) == {"updated": 1, "duplicate": NOTES - 1}
    (branches,) = [fields[0] for _, fields, _ in student.notes().values() if "marginal" in fields[0]]
    assert re.findall(r"{{.*?}}", branches) == ["{{c3::circumflex::goes round}}", "{{c1::LAD}}", "{{c4::marginal}}"]
    assert states.items() < student.states().items()


def test_a_new_note_in_an_old_note_type_that_would_have_no_card_is_told(run, tmp_path, shared):
    imported(run, shared["modern"])
    facts = tmp_path / "cards" / "anatomy.yaml"
    empty = "    notes:\n      - {id: empty, type: Basic, fields: {Back: An answer to nothing}}\n"
    facts.write_text(facts.read_text(encoding="utf-8").replace("    notes:\n", empty, 1), encoding="utf-8")
    ran = run("build")
    assert ran.code == 1
    assert "the note type 'Basic' makes no card of these fields" in ran.err


def test_a_card_that_a_note_has_lost_does_not_come_back(run, tmp_path, student, monkeypatch):
    """The author once threw the reversed card away; and the text of another card is gone, which Anki still keeps."""
    author = Author(tmp_path / "author")
    for front in ("cor", "manus"):
        author.add("Terms", "Basic (and reversed card)", front, "heart or hand")
    author.add("Terms", "Cloze", "{{c1::Os}} is a bone.", "")
    author.col.remove_cards_and_orphaned_notes([author.col.find_cards("Front:cor card:2")[0]])
    (empty,) = author.col.find_notes("Text:*bone*")
    note = author.col.get_note(empty)
    note["Text"] = "Os is a bone."
    author.col.update_note(note)
    package = author.share()
    author.close()
    student.import_(package)
    states = student.states()
    assert len(states) == 4
    assert cards_as_they_were(imported(run, package)) == [
        "it has no card 2, and gets none",
        "its card asks nothing, and stays",
    ]
    assert student.import_(built(run, tmp_path)) == {"duplicate": 3}
    new = Student(tmp_path / "new student")
    new.import_(tmp_path / "dist" / "anatomy.apkg")
    assert len(new.cards()) == len(states)
    new.close()
    facts = tmp_path / "cards" / "anatomy.yaml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("heart or hand", "heart, or hand"), encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
    assert student.import_(built(run, tmp_path)) == {"updated": 2, "duplicate": 1}
    assert student.states() == states


def test_what_an_author_writes_beside_an_imported_fact_reaches_students_or_is_told_to_show_nowhere(
    run, tmp_path, shared, student, monkeypatch
):
    student.import_(shared["modern"])
    imported(run, shared["modern"])
    built(run, tmp_path)
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = facts.read_text(encoding="utf-8")
    # Its tags were kept beside the facts: one of them is Anki's own.
    text = text.replace("answer: lub & dub\n", "answer: lub & dub\n        tags: [heart::sounds]\n")
    text = text.replace("answer: A wall\n", "answer: A wall\n        hint: Between the chambers.\n")
    facts.write_text(text, encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
    assert student.import_(built(run, tmp_path)) == {"updated": 1, "duplicate": NOTES - 1}
    (tags,) = [tags for _, fields, tags in student.notes().values() if fields[0] == "Sounds of the heart"]
    assert tags == ("anatomy", "heart::sounds")
    told = run("check").err
    assert "this note keeps the note type 'Basic', which shows no 'hint'" in told


def test_pictures_and_sounds_stay_behind_words_that_change_and_tags_that_an_author_writes_are_those_of_the_note(
    run, tmp_path, student, monkeypatch
):
    author = Author(tmp_path / "author")
    author.media("owl.png", png(1))
    author.media("owl.mp3", b"sound")
    author.add("Birds", "Basic", "What is seen at night?", 'An owl<br><img src="owl.png">', tags='birds 6"')
    author.add("Birds", "Basic", "What is heard at night?", "An owl [sound:owl.mp3]", tags='birds 6"')
    both = '<img src="owl.png"><br>[sound:owl.mp3]'
    author.add("Birds", "Basic", "What is seen and heard at night?", f"An owl<br>{both}", tags='birds 6"')
    package = author.share()
    author.close()
    student.import_(package)
    assert imported(run, package)["facts"] == {"question": 3}
    assert student.import_(built(run, tmp_path)) == {"duplicate": 3}
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = facts.read_text(encoding="utf-8").replace("at night?", "by night?").replace("An owl", "A barn owl")
    facts.write_text(text, encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
    assert student.import_(built(run, tmp_path)) == {"updated": 3}
    assert {(fields, tags) for _, fields, tags in student.notes().values()} == {
        (("What is seen by night?", 'A barn owl<br><img src="owl.png">'), ('6"', "birds")),
        (("What is heard by night?", "A barn owl [sound:owl.mp3]"), ('6"', "birds")),
        (("What is seen and heard by night?", f"A barn owl<br>{both}"), ('6"', "birds")),
    }
    text = text.replace("tags: [birds]", "tags: [birds, owls]").replace("        image: media/anatomy/owl.png\n", "")
    facts.write_text(text, encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(3)))
    assert student.import_(built(run, tmp_path)) == {"updated": 3}
    assert {(fields[1], tags) for _, fields, tags in student.notes().values()} == {
        ("A barn owl", ("birds", "owls")),
        ("A barn owl [sound:owl.mp3]", ("birds", "owls")),
    }


def test_a_number_that_the_old_deck_had_used_up_is_not_given_again(run, tmp_path, student, monkeypatch):
    author = Author(tmp_path / "author")
    note = author.col.get_note(author.add("Terms", "Cloze", "{{c1::Os}} is {{c2::Latin}} for bone.", ""))
    note["Text"] = "{{c1::Os}} stands for bone."
    author.col.update_note(note)
    package = author.share()
    author.close()
    student.import_(package)
    report = imported(run, package)
    assert report["facts"] == {"cloze": 1}
    assert cards_as_they_were(report) == ["its card 2 asks nothing any more: new students do not get it"]
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = facts.read_text(encoding="utf-8").replace("{{c1::Os}} stands for bone", "[[Os]] stands for [[bone]]")
    facts.write_text(text, encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
    assert student.import_(built(run, tmp_path)) == {"updated": 1}
    assert [fields[0] for _, fields, _ in student.notes().values()] == ["{{c1::Os}} stands for {{c3::bone}}."]


def test_a_field_of_pictures_becomes_the_picture_of_the_fact_and_shows_another_when_it_is_exchanged(
    run, tmp_path, student, monkeypatch
):
    author = Author(tmp_path / "author")
    author.note_type("Birds", ["Name", "Said", "Seen", "More"], [("Card", "{{Name}}", "{{Said}}{{Seen}}{{More}}")])
    author.media("owl.png", png(1))
    author.add("Birds", "Birds", "What hoots?", "An owl", '<img src="owl.png">', "At night.")
    package = author.share()
    author.close()
    student.import_(package)
    assert imported(run, package)["facts"] == {"question": 1}
    facts = tmp_path / "cards" / "anatomy.yaml"
    (deck,) = load([facts]).decks
    (fact,) = next(iter(deck.concepts.values())).questions
    assert (fact.answer, fact.image.file, fact.extra) == ("An owl", "media/anatomy/owl.png", "At night.")
    assert student.import_(built(run, tmp_path)) == {"duplicate": 1}
    (tmp_path / "cards" / "media" / "anatomy" / "hawk.png").write_bytes(png(2))
    facts.write_text(facts.read_text(encoding="utf-8").replace("owl.png", "hawk.png"), encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
    assert student.import_(built(run, tmp_path)) == {"updated": 1}
    ((_, fields, _),) = student.notes().values()
    assert (*fields[:2], fields[3]) == ("What hoots?", "An owl", "At night.")
    (name,) = re.findall(r'<img src="([^"]+)"', fields[2])
    assert (Path(student.col.media.dir()) / name).read_bytes() == png(2)


def test_before_its_first_release_an_imported_deck_is_compared_with_the_file_that_students_have(run, tmp_path, shared):
    imported(run, shared["modern"])
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text.replace("answer: A wall of muscle", "answer: A wall of *muscle*"), encoding="utf-8")
    ran = run("diff")
    assert "no student has an earlier one" not in ran.out
    assert "to who has the old deck, it is an update" in ran.out
    assert f"0 new, 1 changed, 0 withdrawn, {NOTES - 1} unchanged" in run("diff", "--against", shared["modern"]).out
    assert "to who has the old deck, it is an update" in run("release", "cards/anatomy.yaml").out


def test_an_imported_deck_with_subdecks_is_known_again_in_its_package(run, tmp_path, shared):
    imported(run, shared["modern"])
    built(run, tmp_path)
    assert "download-older" not in run("preview").err
    assert run("release", "cards/anatomy.yaml", "--version", "2.3").code == 0
    assert "Anatomy 2.4" in run("release", "cards/anatomy.yaml").out
    ran = run("preview")
    assert "download-older" not in ran.err
    page = (tmp_path / "preview" / "decks" / "anatomy" / "index.html").read_text(encoding="utf-8")
    assert "2.4" in page


NESTED = "{{c1::outer {{c2::inner}} blank}}"
HEART = "The {{c1::SA node}} is the {{c2::pacemaker::role}} of the heart, in the {{c1::right atrium}} wall."


@pytest.mark.parametrize(
    ("edit", "verdict"),
    [
        ((NESTED, "{{c2::outer {{c1::inner}} blank}}"), "breaking"),
        ((NESTED, "{{c1::outer {{c2::inmost}} blank}} {{c3::more}}"), "touched"),
    ],
)
def test_a_number_that_comes_to_hide_what_another_hid_is_told_before_a_release(run, tmp_path, shared, edit, verdict):
    imported(run, shared["modern"])
    built(run, tmp_path)
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = facts.read_text(encoding="utf-8")
    assert edit[0] in text
    facts.write_text(text.replace(*edit), encoding="utf-8")
    (deck,) = json.loads(run("diff", "--json").out)["decks"]
    assert deck["verdict"] == verdict


def test_answers_of_a_fact_that_swap_their_numbers_are_no_release(run, tmp_path, shared):
    imported(run, shared["modern"])
    built(run, tmp_path)
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = facts.read_text(encoding="utf-8")
    swapped = HEART.replace("c1::SA", "c2::SA").replace("c2::pace", "c1::pace")
    assert HEART in text
    facts.write_text(text.replace(HEART, swapped), encoding="utf-8")
    ran = run("build")
    assert ran.code == 1
    assert "'sa-node' is number 1 for students and 2 here [number-moved]" in ran.err + ran.out


def test_new_facts_come_in_our_own_note_types_and_into_the_same_subdeck(run, tmp_path, shared, student):
    student.import_(shared["modern"])
    imported(run, shared["modern"])
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = facts.read_text(encoding="utf-8")
    new = "      - {id: apex, ask: Where is the apex?, answer: In the fifth intercostal space}\n"
    first = "      - id: how-many-chambers"
    facts.write_text(text.replace(first, new + first), encoding="utf-8")
    assert student.import_(built(run, tmp_path)) == {"new": 1, "duplicate": NOTES}
    (card_id,) = student.col.find_cards("apex")
    card = student.col.get_card(card_id)
    assert card.note_type()["name"] == "Deckbuilder question"
    assert student.col.decks.name(card.did) == "Anatomy::Heart"


def test_a_new_note_in_an_old_note_type_can_be_edited_moved_to_another_name_and_withdrawn(
    run, tmp_path, shared, student, monkeypatch
):
    student.import_(shared["modern"])
    imported(run, shared["modern"])
    facts = tmp_path / "cards" / "anatomy.yaml"
    old = facts.read_text(encoding="utf-8")
    new = "    notes:\n      - {id: pes, type: Latin words, fields: {Latin: pes, English: foot}}\n"
    concept = "  cor:\n    term: cor\n"
    assert concept in old

    def released(number, note):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(number)))
        facts.write_text(old.replace(concept, concept + note), encoding="utf-8")
        package = built(run, tmp_path)
        assert run("build", "--locked").code == 0
        update = package.with_name("anatomy-update.apkg")
        return student.import_(update if update.exists() else package)

    assert released(1, new) == {"new": 1, "duplicate": NOTES}
    (card_id,) = student.col.find_cards("Latin:pes")
    student.answer(card_id, GOOD, EASY)
    states = student.states()
    assert student.col.decks.name(student.col.get_card(card_id).did) == "Anatomy::Terms"
    assert released(2, new.replace("foot", "<b>foot</b>")) == {"updated": 1, "duplicate": NOTES}
    assert student.col.get_card(card_id).note()["English"] == "<b>foot</b>"
    assert released(3, new.replace("foot", "<b>foot</b>").replace("pes,", "foot, formerly: [pes],", 1)) == {
        "duplicate": NOTES + 1
    }
    assert released(4, "") == {"updated": 1, "duplicate": NOTES}
    assert student.col.get_card(card_id).note().has_tag("deckbuilder::retired")
    assert student.states() == states


def test_a_new_note_in_an_old_note_type_keeps_that_type(run, tmp_path, shared):
    imported(run, shared["modern"])
    facts = tmp_path / "cards" / "anatomy.yaml"
    old = facts.read_text(encoding="utf-8")
    new = "    notes:\n      - {id: pes, type: Latin words, fields: {Latin: pes, English: foot}}\n"
    facts.write_text(old.replace("  cor:\n    term: cor\n", "  cor:\n    term: cor\n" + new), encoding="utf-8")
    built(run, tmp_path)
    other = facts.read_text(encoding="utf-8").replace(
        "type: Latin words, fields: {Latin: pes, English: foot}", "type: Basic, fields: {Front: pes, Back: foot}"
    )
    facts.write_text(other, encoding="utf-8")
    ran = run("build")
    assert ran.code == 1
    assert "students have this note as 'Latin words'" in ran.err


def test_a_concept_that_is_renamed_keeps_its_subdeck(run, tmp_path, shared, student):
    imported(run, shared["modern"])
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = facts.read_text(encoding="utf-8")
    new = "      - {id: apex, ask: Where is the apex?, answer: In the fifth intercostal space}\n"
    text = text.replace("  heart:\n", "  the-heart:\n    formerly: [heart]\n").replace(
        "  lunate:\n", "  moon:\n    formerly: [lunate]\n"
    )
    facts.write_text(
        text.replace("      - id: how-many-chambers", f"{new}      - id: how-many-chambers"), encoding="utf-8"
    )
    student.import_(built(run, tmp_path))
    homes = {deck: len(student.col.find_notes(f'"deck:{deck}"')) for deck in ("Anatomy::Heart", "Anatomy::Hand")}
    assert homes == {"Anatomy::Heart": 20, "Anatomy::Hand": 5}


def test_a_theme_of_an_imported_deck_is_for_its_new_facts_alone(run, tmp_path, shared, student):
    student.import_(shared["modern"])
    study(student)
    states, types = student.states(), student.notes()
    imported(run, shared["modern"])
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = facts.read_text(encoding="utf-8").replace("\n  id: anatomy\n", "\n  id: anatomy\n  theme: theme.css\n")
    first = "      - id: how-many-chambers"
    new = "      - {id: apex, ask: Where is the apex?, answer: In the fifth intercostal space}\n"
    facts.write_text(text.replace(first, new + first), encoding="utf-8")
    facts.with_name("theme.css").write_text(".card { --paper: #fdf6e3; }", encoding="utf-8")
    assert student.import_(built(run, tmp_path)) == {"new": 1, "duplicate": NOTES}
    (card_id,) = student.col.find_cards("apex")
    card = student.col.get_card(card_id)
    assert card.note_type()["name"] == "Deckbuilder question (anatomy)"
    assert ".card { --paper: #fdf6e3; }" in card.render_output().css
    assert student.states().items() >= states.items()
    assert student.notes().items() >= types.items()
    # Without its lock the deck would be another one to its students: that is no advice.
    told = run("build").err
    assert "theme-late" in told
    assert "anatomy.lock" not in told


def test_a_removed_fact_is_told_to_its_students_by_a_tag_and_keeps_its_history(
    run, tmp_path, shared, student, monkeypatch
):
    student.import_(shared["modern"])
    study(student)
    states = student.states()
    imported(run, shared["modern"])
    built(run, tmp_path)
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = re.sub(r"      - id: largest-artery\n(        .*\n)+", "", facts.read_text(encoding="utf-8"))
    facts.write_text(text, encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
    built(run, tmp_path)
    update = tmp_path / "dist" / "anatomy-update.apkg"
    assert student.import_(update) == {"updated": 1, "duplicate": NOTES - 1}
    assert student.states() == states
    (card_id,) = student.col.find_cards("tag:deckbuilder::retired")
    assert student.col.get_card(card_id).note()["Front"] == "Largest artery?"


def test_the_facts_read_like_facts(run, tmp_path, shared):
    report = imported(run, shared["modern"])
    assert report["facts"] == {"definition": 11, "question": 10, "cloze": 2, "note": 4}
    (deck,) = load([tmp_path / "cards" / "anatomy.yaml"]).decks
    heart = deck.concepts["heart"]
    by_id = {question.id: question for question in heart.questions}
    assert by_id["how-many-chambers-does-the-heart-have"].answer == (
        "Four:\n- right atrium\n- right ventricle\n- left atrium\n- left ventricle"
    )
    assert by_id["what-does-the-ecg-show"].image.file == "media/anatomy/ecg.png"
    assert by_id["cardiac-output"].answer == "$CO = HR \\times SV$\nabout 5 L/min"
    assert by_id["sounds-of-the-heart"].answer == "lub & dub"
    assert heart.statements[0].text == (
        "The {{c1::SA node}} is the {{c2::pacemaker::role}} of the heart, in the {{c1::right atrium}} wall."
    )
    assert heart.statements[1].text == "Branches:\n1. {{c1::LAD}}\n2. {{c3::circumflex}}"
    assert deck.concepts["scaphoid"].definition.text == "boat-shaped carpal bone"
    assert deck.concepts["cor"].definition.extra == "*cor pulmonale*"


def test_the_report_tells_every_note_that_is_no_fact_and_what_an_edit_would_lose(run, shared):
    cases = {(case["what"], case["reason"]) for case in imported(run, shared["modern"])["cases"]}
    assert cases == {
        ("kept as it was", "a picture on its front"),
        ("kept as it was", "a table"),
        ("kept as it was", "formatting that Markdown cannot say"),
        ("kept as it was", "its note type is no question with one answer"),
        ("look kept until its text is edited", "colour"),
        ("look kept until its text is edited", "underlining"),
        ("imported as it was", "front-ambiguous"),
        ("left out", "a note shows this file, and the package does not hold it"),
    }


def test_a_concept_with_imported_notes_alone_is_not_said_to_have_no_cards(run, tmp_path):
    author = Author(tmp_path / "author")
    author.note_type("Verbs", ["Verb", "Past", "Example"], [("Past", "{{Verb}} {{Example}}", "{{Past}}")])
    author.add("Verbs", "Verbs", "go", "went", "He goes home.")
    package = author.share()
    author.close()
    assert imported(run, package)["facts"] == {"note": 1}
    assert "orphan" not in run("check").err


def test_nothing_that_exists_is_overwritten_without_being_told(run, tmp_path, shared):
    imported(run, shared["modern"])
    before = {file: file.read_bytes() for file in (tmp_path / "cards").rglob("*") if file.is_file()}
    ran = run("import", shared["modern"], "-o", "cards/anatomy.yaml")
    assert ran.code == 2
    assert "exists already; nothing was changed" in ran.err
    assert {file: file.read_bytes() for file in (tmp_path / "cards").rglob("*") if file.is_file()} == before
    imported(run, shared["modern"], "--force")
    assert {file: file.read_bytes() for file in (tmp_path / "cards").rglob("*") if file.is_file()} == before


def test_a_lost_file_of_note_types_stops_the_build_instead_of_making_conflicts(run, tmp_path, shared):
    imported(run, shared["modern"])
    (tmp_path / "cards" / "anatomy.carried.json").unlink()
    ran = run("build")
    assert ran.code == 1
    assert ran.err.count("carried-missing") == 1
    assert "reference" not in ran.err
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda text: b"<<<<<<< HEAD\n" + text, "an unresolved merge conflict"),
        (lambda text: text.replace(b"Anatomy", b"Anatom\xff"), "cannot be read"),
        (lambda text: text[: len(text) // 2], "it is not what deckbuilder import writes"),
        (lambda text: text.replace(b'"format": 1', b'"format": 2'), "update deckbuilder"),
        (lambda text: text.replace(b'"ecg.png"', b'"../ecg.png"'), "no plain file name"),
        (lambda text: text.replace(b'"ecg.png"', b'"..\\\\ecg.png"'), "no plain file name"),
        (lambda text: text.replace(b'"ecg.png"', b'""'), "no plain file name"),
        (lambda text: text.replace(b': "front"', b': "frnt"'), "unknown roles"),
        (lambda text: text.replace(b'"qfmt"', b'"qf"'), "is not whole"),
        (lambda text: re.sub(rb'"tmpls": \[.*?\], "flds"', b'"tmpls": [], "flds"', text), "is not whole"),
    ],
)
def test_a_damaged_file_of_note_types_stops_the_build_with_a_remedy(run, tmp_path, shared, spoil, told):
    imported(run, shared["modern"])
    carried = tmp_path / "cards" / "anatomy.carried.json"
    carried.write_bytes(spoil(carried.read_bytes()))
    ran = run("build")
    assert (ran.code, ran.err.count("[carried-broken]")) == (1, 1)
    assert told in ran.err
    assert ("keep the lines of both sides" if "merge" in told else "take the file from git") in ran.err
    assert not (tmp_path / "dist").exists()


def test_the_file_of_note_types_has_a_note_a_line_in_a_sure_order_so_that_git_can_merge_it(run, tmp_path, shared):
    imported(run, shared["modern"])
    text = (tmp_path / "cards" / "anatomy.carried.json").read_text(encoding="utf-8")
    types, notes = text.split('"types": {\n')[1].split('"notes": {\n')
    for block, count in ((types, 7), (notes, NOTES)):
        names = re.findall(r'^  ("[^ ]*"): ', block, re.MULTILINE)
        assert len(names) == count
        assert [json.loads(name) for name in names] == sorted(json.loads(name) for name in names)


def test_a_lost_lock_stops_the_build_also_where_no_package_was_built_yet(run, tmp_path, shared, student):
    imported(run, shared["modern"])
    (tmp_path / "cards" / "anatomy.lock").unlink()
    ran = run("build")
    assert ran.code == 1
    assert "lock-missing" in ran.err
    assert "with -o FOLDER/anatomy.yaml" in ran.err
    assert not (tmp_path / "dist").exists()
    # What the message says brings the lock back.
    assert run("import", shared["modern"], "-o", "again/anatomy.yaml").code == 0
    (tmp_path / "again" / "anatomy.lock").rename(tmp_path / "cards" / "anatomy.lock")
    student.import_(shared["modern"])
    study(student)
    states, notes = student.states(), student.notes()
    assert student.import_(built(run, tmp_path)) == {"duplicate": NOTES}
    assert (student.states(), student.notes()) == (states, notes)
    (tmp_path / "cards" / "anatomy.lock").unlink()
    ran = run("lock", "restore", "dist/anatomy.apkg")
    assert ran.code == 1
    assert "comes from importing the old file once more" in ran.err


def test_a_lock_that_lost_some_of_the_imported_notes_is_refused(run, tmp_path, shared):
    imported(run, shared["modern"])
    lock = tmp_path / "cards" / "anatomy.lock"
    lines = lock.read_text(encoding="utf-8").splitlines(keepends=True)
    lock.write_text("".join(lines[:-2]), encoding="utf-8")
    ran = run("build")
    assert ran.code == 1
    assert "2 of the notes that were imported are missing in the lock [lock-broken]" in ran.err
    assert not (tmp_path / "dist").exists()


def test_an_imported_deck_gets_another_id_and_its_students_notice_nothing(run, tmp_path, shared, student):
    student.import_(shared["modern"])
    study(student)
    states, notes = student.states(), student.notes()
    imported(run, shared["modern"])
    built(run, tmp_path)
    facts = tmp_path / "cards" / "anatomy.yaml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text.replace("  id: anatomy\n", "  id: human-anatomy\n"), encoding="utf-8")
    ran = run("build")
    assert ran.code == 1
    assert "anatomy.carried.json belongs to no deck any more" in ran.err
    assert "add 'formerly: [anatomy]' to the deck's heading" in ran.err
    facts.write_text(text.replace("  id: anatomy\n", "  id: human-anatomy\n  formerly: anatomy\n"), encoding="utf-8")
    ran = run("build")
    assert ran.code == 0, ran.err
    assert student.import_(tmp_path / "dist" / "human-anatomy.apkg") == {"duplicate": NOTES}
    assert (student.states(), student.notes()) == (states, notes)
    assert run("build", "--locked").code == 0


def test_a_deck_made_by_genanki_goes_back_to_its_students(run, tmp_path, student):
    model = genanki.Model(
        1607392319,
        "Simple",
        fields=[{"name": "Question"}, {"name": "Answer"}],
        templates=[{"name": "Card 1", "qfmt": "{{Question}}", "afmt": '{{FrontSide}}<hr id="answer">{{Answer}}'}],
    )
    deck = genanki.Deck(2059400110, "Capitals")
    for country, capital in (
        ("What is the capital of Chad?", "N'Djamena"),
        ("And of Peru?", "Lima"),
        ("Of Fiji?", "Suva"),
    ):
        deck.add_note(genanki.Note(model=model, fields=[country, capital], tags=["geo"]))
    package = tmp_path / "capitals.apkg"
    genanki.Package(deck).write_to_file(str(package), timestamp=time.time() - 10_000)
    assert student.import_(package) == {"new": 3}
    student.answer(student.cards()[0], GOOD)
    states, notes = student.states(), student.notes()
    imported(run, package)
    assert student.import_(built(run, tmp_path)) == {"duplicate": 3}
    assert (student.states(), student.notes()) == (states, notes)


def test_further_fields_on_the_back_become_what_stands_beside_a_fact(run, tmp_path, student, monkeypatch):
    author = Author(tmp_path / "author")
    back = "{{cloze:Sentence}}<hr>{{Frequency}}{{Grammar}}{{#Hears}}{{Hears}}{{/Hears}}{{Origin}}"
    fields = ["Sentence", "Frequency", "Grammar", "Hears", "Origin"]
    author.note_type("Sentences", fields, [("Card", "{{cloze:Sentence}}", back)], cloze=True)
    author.add("French", "Sentences", "{{c1::On}} y va.", "12", "<b>On</b> is said for <i>nous</i>.", "", "A film")
    author.add("French", "Sentences", "Ça {{c2::marche::works}}.", "", "", "", "A song")
    package = author.share()
    author.close()
    student.import_(package)
    student.answer(student.cards()[0], GOOD)
    states = student.states()
    assert imported(run, package)["facts"] == {"cloze": 2}
    (deck,) = load([tmp_path / "cards" / "anatomy.yaml"]).decks
    first, second = next(iter(deck.concepts.values())).statements
    assert (first.extra, first.note, first.why) == ("12", "**On** is said for *nous*.", "A film")
    assert (second.extra, second.note, second.why) == (None, None, "A song")
    assert student.import_(built(run, tmp_path)) == {"duplicate": 2}
    facts = tmp_path / "cards" / "anatomy.yaml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("A song", "A *new* song"), encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
    assert student.import_(built(run, tmp_path)) == {"updated": 1, "duplicate": 1}
    assert "A <em>new</em> song" in {fields[4] for _, fields, _ in student.notes().values()}
    assert student.states() == states


def test_a_media_file_keeps_its_name_and_its_bytes(run, tmp_path, shared):
    imported(run, shared["modern"])
    assert (tmp_path / "cards" / "media" / "anatomy" / "ecg.png").read_bytes() == png(30)
    assert (tmp_path / "cards" / "media" / "anatomy" / "_logo.png").read_bytes() == png(40)


def test_a_picture_gets_another_name_to_reach_those_who_have_the_old_one(run, tmp_path, shared, student, monkeypatch):
    student.import_(shared["modern"])
    imported(run, shared["modern"])
    built(run, tmp_path)
    facts, media = tmp_path / "cards" / "anatomy.yaml", tmp_path / "cards" / "media" / "anatomy"
    # Anki would not replace the file that they have, and nothing is said to have changed.
    was = (media / "paste-1a2b.png").read_bytes()
    (media / "paste-1a2b.png").write_bytes(png(99))
    ran = run("build")
    assert "paste-1a2b.png: info: students have another file under this name, and keep it" in ran.err
    (media / "paste-1a2b.png").write_bytes(was)
    facts.write_text(facts.read_text(encoding="utf-8").replace("paste-1a2b.png", "arch.png"), encoding="utf-8")
    ran = run("build")
    assert "this note shows 'arch.png', and" in ran.err
    (media / "arch.png").write_bytes(png(99))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
    ran = run("build")
    assert (ran.code, ran.err) == (0, "")
    assert student.import_(tmp_path / "dist" / "anatomy.apkg") == {"updated": 2, "duplicate": NOTES - 2}
    (note_id,) = student.col.find_notes("Back:Aortic*")
    assert student.col.get_note(note_id)["Front"] == '<img src="arch.png">'
    assert (tmp_path / "student" / "collection.media" / "arch.png").read_bytes() == png(99)


def test_of_a_whole_collection_one_deck_is_imported_with_its_subdecks(run, tmp_path):
    author = Author(tmp_path / "author")
    anatomy(author)
    author.add("Cooking", "Basic", "How long does an egg boil?", "Six minutes")
    collection = tmp_path / "everything.colpkg"
    author.col.export_collection_package(str(collection), include_media=True, legacy=False)
    report = imported(run, collection, "--deck", "Anatomy::Heart")
    assert report["deck"]["name"] == "Anatomy::Heart"
    assert report["notes"] == 19
    assert "egg" not in (tmp_path / "cards" / "anatomy.yaml").read_text(encoding="utf-8")


def test_a_deck_that_is_not_there_is_told_with_those_that_are(run, shared):
    ran = run("import", shared["modern"], "--deck", "Anatomie")
    assert ran.code == 1
    assert "its decks are: Anatomy, Anatomy::Hand, Anatomy::Heart, Anatomy::Terms" in ran.err


@pytest.mark.parametrize("form", ["everything.colpkg", "with my reviews.apkg"])
def test_a_note_in_a_filtered_deck_is_imported_into_the_deck_that_lent_it(run, tmp_path, form):
    author = Author(tmp_path / "author")
    anatomy(author)
    filtered = author.col.sched.get_or_create_filtered_deck(0)
    filtered.name = "Cramming"
    filtered.config.search_terms[0].search = "deck:Anatomy::Hand"
    author.col.sched.add_or_update_filtered_deck(filtered)
    collection = tmp_path / form
    if collection.suffix == ".colpkg":
        author.col.export_collection_package(str(collection), include_media=True, legacy=False)
    else:
        options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True)
        author.col.export_anki_package(out_path=str(collection), options=options, limit=None)
    assert imported(run, collection)["notes"] == NOTES
    assert "Cramming" not in (tmp_path / "cards" / "anatomy.carried.json").read_text(encoding="utf-8")
    (deck,) = load([tmp_path / "cards" / "anatomy.yaml"]).decks
    assert deck.carried.decks["scaphoid"] == "Anatomy::Hand"
    assert imported(run, collection, "--force", "--deck", "Anatomy::Hand")["notes"] == 5


def test_a_package_of_ours_is_not_imported_but_named(run, tmp_path):
    assert run("new", "birds").code == 0
    assert run("build").code == 0
    ran = run("import", tmp_path / "dist" / "birds.apkg", "-o", "cards/again.yaml")
    assert ran.code == 1
    assert "deckbuilder made it" in ran.err


def test_names_whose_letters_stand_apart_from_their_marks_are_known_again(run, tmp_path, student):
    """As scripts on a Mac write them; Anki itself joins them when it reads."""
    apart = partial(unicodedata.normalize, "NFD")
    fields = [{"name": apart("Où")}, {"name": "Back"}]
    model = genanki.Model(1234, apart("Modèle"), fields, [{"name": "1", "qfmt": apart("{{Où}}"), "afmt": "{{Back}}"}])
    decks = [genanki.Deck(number, apart(name)) for number, name in ((77, "Städte::Genève"), (78, "Städte::Évian"))]
    for deck, words in zip(decks, ("Où est le café?", "<table><tr><td>é</td></tr></table>"), strict=True):
        deck.add_note(genanki.Note(model, [apart(words), apart("là")], tags=[apart("café")]))
    genanki.Package(decks).write_to_file(tmp_path / "towns.apkg")
    assert student.import_(tmp_path / "towns.apkg") == {"new": 2}
    notes = student.notes()
    assert imported(run, "towns.apkg")["notes"] == 2
    assert student.import_(built(run, tmp_path)) == {"duplicate": 2}
    assert student.notes() == notes


def test_a_note_that_somebody_emptied_stays_as_it_is(run, tmp_path, student):
    author = Author(tmp_path / "author")
    author.add("Deck", "Basic", "What is the septum?", "A wall")
    note = author.col.get_note(author.add("Deck", "Basic", "Twice", "written"))
    note.fields = ["", ""]
    author.col.update_note(note)
    package = author.share()
    author.close()
    student.import_(package)
    notes, states = student.notes(), student.states()
    assert imported(run, package)["notes"] == 2
    assert student.import_(built(run, tmp_path)) == {"duplicate": 2}
    assert (student.notes(), student.states()) == (notes, states)


def test_hostile_guids_are_left_out_and_told(run, tmp_path):
    author = Author(tmp_path / "author")
    for number, guid in enumerate(("tab\there", "line\nend", "", "good", "good")):
        note_id = author.add("Deck", "Basic", f"What is number {number}?", "An answer")
        author.col.db.execute("update notes set guid = ? where id = ?", guid, note_id)
    package = author.share()
    author.close()
    report = imported(run, package)
    assert report["notes"] == 1
    reasons = [case["reason"] for case in report["cases"] if case["what"] == "left out"]
    assert len(reasons) == 4
    assert sum("signs that no file can keep" in reason for reason in reasons) == 3

"""`deckbuilder absorb`: what somebody corrected in Anki goes back into the facts, and students keep their history."""

import json
import shutil
from contextlib import closing
from difflib import ndiff
from functools import partial
from pathlib import Path

import pytest
from anki.collection import ExportAnkiPackageOptions
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deckbuilder.build import build
from deckbuilder.lock import parse_lock
from deckbuilder.notetypes import NOTE_TYPES
from deckbuilder.package.read import read_package
from deckbuilder.received.wording import settled
from tests.helpers import write_deck
from tests.students import Student

FACTS = """\
format: 1
# Birds of the night, and others.
deck: {id: birds, name: Animals::Birds}
sources: {atlas: {title: Atlas of birds}}
default_source: atlas
axes: {hunt: When it hunts}
classifications:
  kind: {among: [owl, hawk], ask: Owl or hawk?, items: [examples], because: hunt}
concepts:
  owl:
    term: Owl
    contrasts: [hawk]
    definition: A bird that hunts at
      night, mostly.   # folded
    features: {hunt: at night}
    mechanism:
      - It [[hears]] a mouse
      - {text: It flies, why: "It is \\"hungry\\"."}
      - It strikes
    examples:
      - Barn owl   # white
      - {text: Snowy owl, why: It is whyte.}
      - Brown:
          - Tawny owl
    statements:
      - "Owls turn their heads by [[270|how many?]] degrees."
      - text: Owls eat [[mice]] and [[beetles]], where $x < y$.
        note: |
          First *line*.

          Second line.
    questions:
      - {ask: Why does an owl hoot?, answer: To be heard.}
      - ask: What do "owls" eat?
        answer: Mice & voles
  hawk:
    term: Hawk
    definition: A bird that hunts by day.
    features: {hunt: by day}
    examples: [Goshawk, Sparrowhawk]
"""
TYPES = {note_type.id: note_type for note_type in NOTE_TYPES}
FIRST, SECOND = "1700000000", "1700100000"


class Classroom:
    """An author with a deck that was built, and a student who imported it."""

    def __init__(self, folder, run, monkeypatch):
        self.folder, self._run, self._monkeypatch = folder, run, monkeypatch
        self.deck = folder / "cards" / "birds.yaml"
        self.student = Student(folder / "student")

    def close(self):
        self.student.close()

    def build(self, moment, facts=None):
        if facts is not None:
            self.deck.write_bytes(facts.encode())
        self._monkeypatch.setenv("SOURCE_DATE_EPOCH", moment)
        assert self._run("build").code == 0

    def edit(self, key, field, old, new):
        """The student changes a field of the note with this key in Anki."""
        col = self.student.col
        notes = [col.get_note(note) for note in col.find_notes("") if note_key(col.get_note(note)) == f"birds/{key}"]
        (note,) = notes
        assert old in note[field], note[field]
        note[field] = note[field].replace(old, new)
        col.update_note(note)

    def tag(self, search, *tags):
        col = self.student.col
        (note_id,) = col.find_notes(search)
        note = col.get_note(note_id)
        note.tags = [*note.tags, *tags]
        col.update_note(note)

    def add(self, front):
        note = self.student.col.new_note(self.student.col.models.by_name("Basic"))
        note["Front"] = front
        self.student.col.add_note(note, 1)

    def export(self, *, legacy=False):
        file = self.folder / "student.apkg"
        options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=legacy)
        self.student.col.export_anki_package(out_path=str(file), options=options, limit=None)
        return file

    def absorb(self, *options):
        return self._run("absorb", "student.apkg", *options)

    def record(self, *options):
        (deck,) = json.loads(self.absorb("--json", *options).out)["decks"]
        return deck

    def lines(self, facts=FACTS):
        """The lines of the facts that went and came."""
        now = self.deck.read_bytes().decode()
        return [line for line in ndiff(facts.splitlines(), now.splitlines()) if line[0] in "+-"]

    def lock(self):
        text = (self.folder / "cards" / "birds.lock").read_text("utf-8")
        return parse_lock(text, self.deck)[0]

    def shipped(self, guid=None):
        notes = {note.guid: note for note in read_package(self.folder / "dist" / "birds.apkg")[0].notes}
        return notes if guid is None else notes[guid]


def note_key(note):
    return note["Key"].split(" ")[0] if "Key" in note else ""


@pytest.fixture(scope="module")
def first_day(tmp_path_factory):
    """A classroom as it is before anybody corrects anything; copied for each test."""
    folder = tmp_path_factory.mktemp("first") / "day"
    deck = write_deck(folder / "cards", FACTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", FIRST)
        assert build([deck], folder / "dist").problems == ()
    with closing(Student(folder / "student")) as student:
        student.import_(folder / "dist" / "birds.apkg")
    return folder


@pytest.fixture
def classroom(first_day, tmp_path, run, monkeypatch):
    shutil.copytree(first_day, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", FIRST)
    with closing(Classroom(tmp_path, run, monkeypatch)) as room:
        yield room


CORRECTIONS = {
    "a definition in lines": (
        ("owl/definition", "Back", "mostly", "usually"),
        ["-       night, mostly.   # folded", "+       night, usually.   # folded"],
    ),
    "a term": (("hawk/definition", "Front", "Hawk", "True hawk"), ["-     term: Hawk", "+     term: True hawk"]),
    "a question": (
        ("owl/question/why-does-an-owl-hoot", "Front", "hoot?", "call, or <b>hoot</b>?"),
        [
            "-       - {ask: Why does an owl hoot?, answer: To be heard.}",
            '+       - {ask: "Why does an owl call, or **hoot**?", id: why-does-an-owl-hoot, answer: To be heard.}',
        ],
    ),
    "an answer": (
        ("owl/question/what-do-owls-eat", "Back", "Mice &amp; voles", 'Mice, voles &amp; "shrews"'),
        ["-         answer: Mice & voles", '+         answer: Mice, voles & "shrews"'],
    ),
    "the words around a blank": (
        ("owl/cloze/owls-turn-their-heads-by-270-degrees", "Text", "turn their heads", "can turn the head"),
        [
            '-       - "Owls turn their heads by [[270|how many?]] degrees."',
            '+       - text: "Owls can turn the head by [[270|how many?]] degrees."',
            "+         id: owls-turn-their-heads-by-270-degrees",
        ],
    ),
    "the answer in a blank": (
        ("owl/cloze/owls-turn-their-heads-by-270-degrees", "Text", "270", "280"),
        [
            '-       - "Owls turn their heads by [[270|how many?]] degrees."',
            '+       - text: "Owls turn their heads by {{c1::280::how many?}} degrees."',
            "+         id: owls-turn-their-heads-by-270-degrees",
        ],
    ),
    "a note in several paragraphs": (
        ("owl/cloze/owls-eat-mice-and-beetles-where-x-y", "Note", "Second", "The second"),
        ["-           Second line.", "+           The second line."],
    ),
    "a formula's surroundings": (
        ("owl/cloze/owls-eat-mice-and-beetles-where-x-y", "Text", ", where", ", and there"),
        [
            "-       - text: Owls eat [[mice]] and [[beetles]], where $x < y$.",
            "+       - text: Owls eat [[mice]] and [[beetles]], and there $x < y$.",
            "+         id: owls-eat-mice-and-beetles-where-x-y",
        ],
    ),
    "a member of a list": (
        ("owl/list/examples", "Text", "Barn owl", "Western barn owl"),
        ["-       - Barn owl   # white", "+       - {text: Western barn owl, id: barn-owl}   # white"],
    ),
    "a member of a group": (
        ("owl/list/examples.brown", "Text", "Tawny", "Tawny (brown)"),
        ["-           - Tawny owl", "+           - {text: Tawny (brown) owl, id: tawny-owl}"],
    ),
    "an item to classify": (
        ("hawk/classification/kind.sparrowhawk", "Item", "Sparrowhawk", "Eurasian sparrowhawk"),
        [
            "-     examples: [Goshawk, Sparrowhawk]",
            "+     examples: [Goshawk, {text: Eurasian sparrowhawk, id: sparrowhawk}]",
        ],
    ),
    "a reason": (
        ("owl/classification/kind.snowy-owl", "Reason", "whyte", "white"),
        ["-       - {text: Snowy owl, why: It is whyte.}", "+       - {text: Snowy owl, why: It is white.}"],
    ),
    "a step": (
        ("owl/mechanism", "Text", "It strikes", "It strikes <i>hard</i>"),
        ["-       - It strikes", "+       - {text: It strikes *hard*, id: it-strikes}"],
    ),
    "the blank of a step": (
        ("owl/mechanism", "Text", "hears", "notices"),
        [
            "-       - It [[hears]] a mouse",
            "+       - text: It {{c1::notices}} a mouse",
            "+         id: it-hears-a-mouse",
        ],
    ),
    "one side of a contrast": (
        ("hawk/contrast/owl.hunt", "Back", "by day", "in the daytime"),
        ["-     features: {hunt: by day}", "+     features: {hunt: in the daytime}"],
    ),
    "the name of an axis": (
        ("hawk/contrast/owl.hunt", "Front", "When it hunts", "When does it hunt"),
        ["- axes: {hunt: When it hunts}", "+ axes: {hunt: When does it hunt}"],
    ),
    "the question of a classification": (
        ("owl/classification/kind.barn-owl", "Ask", "Owl or hawk?", "Is it an owl?"),
        [
            "-   kind: {among: [owl, hawk], ask: Owl or hawk?, items: [examples], because: hunt}",
            "+   kind: {among: [owl, hawk], ask: Is it an owl?, items: [examples], because: hunt}",
        ],
    ),
}


@pytest.mark.parametrize(("correction", "lines"), CORRECTIONS.values(), ids=CORRECTIONS)
def test_a_correction_is_taken_over_by_the_smallest_edit(classroom, correction, lines):
    before = classroom.lock()
    classroom.edit(*correction)
    classroom.export()
    told = classroom.absorb()
    assert told.code == 0
    assert classroom.lines() == []
    assert "1 correction can be taken over" in told.out
    assert classroom.absorb("--apply").code == 0
    assert [line for line in classroom.lines() if line[:2] != "? "] == lines
    # The next release brings just that, to the same cards of the same notes.
    classroom.build(SECOND)
    after = classroom.lock()
    assert after.entries.keys() == before.entries.keys()
    key = f"birds/{correction[0]}"
    assert {k: entry.guid for k, entry in after.entries.items()} == {k: e.guid for k, e in before.entries.items()}
    assert {k: set(e.numbers) for k, e in after.entries.items()} == {
        k: set(e.numbers) for k, e in before.entries.items()
    }
    theirs = {note.guid: note for note in read_package(classroom.folder / "student.apkg")[0].notes}
    guid = after.entries[key].guid
    field = next(f for f, name in enumerate(TYPES[theirs[guid].type_id].fields) if name.name == correction[1])
    assert settled(classroom.shipped(guid).row[field]) == settled(theirs[guid].row[field])


@pytest.mark.parametrize("legacy", [True, False])
def test_an_export_without_a_change_says_so(classroom, legacy):
    classroom.export(legacy=legacy)
    told = classroom.absorb()
    assert told.code == 0
    assert told.out.split("\n")[0] == "Animals::Birds"
    assert "Nothing was changed, 16 as in our deck" in told.out


def test_what_is_told_names_the_line_and_shows_the_words(classroom):
    classroom.edit("owl/definition", "Back", "mostly", "usually")
    classroom.edit("owl/definition", "Reverse", "mostly", "usually")
    classroom.export()
    told = classroom.absorb().out.replace("\\", "/")
    assert "cards/birds.yaml:13  birds/owl/definition\n" in told
    assert "Back: A bird that hunts at night, [-mostly.-] {+usually.+}" in told
    assert told.count("ready: cards/birds.yaml:13  definition: A bird that hunts at night, usually.") == 1


def test_tags_that_they_removed_are_told(classroom):
    col = classroom.student.col
    (note_id,) = col.find_notes("goshawk tag:*classification")
    note = col.get_note(note_id)
    note.tags = []
    col.update_note(note)
    classroom.export()
    assert "tags removed: deckbuilder::kind::classification (remove them by hand)" in classroom.absorb().out


def test_a_field_beyond_all_measure_is_left_to_a_person(classroom):
    classroom.edit("hawk/definition", "Back", "by day", "<a" * 20_000)
    classroom.export()
    told = classroom.absorb()
    assert "letters [-before-]" in told.out
    assert "1 to do by hand" in told.out


def test_several_corrections_are_taken_over_together(classroom):
    classroom.edit("owl/list/examples", "Text", "Barn owl", "Western barn owl")
    classroom.edit("owl/list/examples", "Text", "Snowy owl", "Snow owl")
    classroom.edit("owl/classification/kind.snowy-owl", "Reason", "whyte", "white")
    classroom.edit("owl/definition", "Front", "Owl", "True owl")
    classroom.export()
    assert classroom.record("--apply")["also_changed"] != []
    assert [line for line in classroom.lines() if line[0] == "+"] == [
        "+     term: True owl",
        "+       - {text: Western barn owl, id: barn-owl}   # white",
        "+       - {text: Snow owl, id: snowy-owl, why: It is white.}",
    ]


def test_notes_of_their_own_are_listed(classroom):
    classroom.add("Can an owl swim?")
    classroom.export()
    told = classroom.absorb()
    assert told.code == 0
    assert "1 note of their own:\n    Can an owl swim?" in told.out


def test_tags_are_told_and_those_of_their_learning_are_not(classroom):
    classroom.tag("goshawk tag:*classification", "hard", "leech", "marked")
    classroom.export()
    (correction,) = classroom.record()["corrections"]
    assert (correction["tags_added"], correction["fields"]) == (["hard"], [])


# ---------------------------------------------------------------------------------------------------------- three ways


def test_what_only_the_facts_changed_is_no_correction(classroom):
    classroom.export()
    classroom.build(SECOND, FACTS.replace("To be heard.", "To call a mate."))
    (correction,) = classroom.record()["corrections"]
    # The package that they had is gone, so an older note may be ours or theirs: nobody is overruled.
    assert [field["state"] for field in correction["fields"]] == ["conflict"]
    assert classroom.absorb("--apply").code == 1
    assert "To call a mate." in classroom.deck.read_text("utf-8")


def test_an_older_version_that_was_released_is_known_as_ours(classroom, run):
    assert run("release", "cards/birds.yaml").code == 0
    classroom.export()
    classroom.build(SECOND, classroom.deck.read_text("utf-8").replace("To be heard.", "To call a mate."))
    assert classroom.record()["corrections"] == []


def test_a_field_that_both_changed_is_a_conflict_and_stays(classroom):
    classroom.edit("owl/question/why-does-an-owl-hoot", "Back", "To be heard.", "To be heard by others.")
    classroom.export()
    facts = FACTS.replace("To be heard.", "To call a mate.")
    classroom.deck.write_text(facts, encoding="utf-8")
    told = classroom.absorb("--apply")
    assert told.code == 1
    assert "Back: To be [-heard.-] {+heard by others.+}" in told.out
    assert "in the facts since: To [-be heard.-] {+call a mate.+}" in told.out
    assert "conflict: the facts changed here too" in told.out
    assert classroom.lines(facts) == []


def test_a_field_that_both_changed_alike_is_settled(classroom):
    classroom.edit("owl/question/why-does-an-owl-hoot", "Back", "To be heard.", "To call a mate.")
    classroom.export()
    classroom.deck.write_text(FACTS.replace("To be heard.", "To call a mate."), encoding="utf-8")
    assert classroom.record()["corrections"] == []


def test_another_field_of_a_note_that_the_facts_changed_is_taken_over(classroom):
    classroom.edit("owl/question/why-does-an-owl-hoot", "Front", "an owl", "any owl")
    classroom.export()
    facts = FACTS.replace("answer: To be heard.", "answer: To call a mate.").replace(
        "ask: Why does an owl hoot?", "ask: Why does an owl hoot?, id: why-does-an-owl-hoot"
    )
    classroom.deck.write_text(facts, encoding="utf-8")
    assert classroom.absorb("--apply").code == 0
    assert [line for line in classroom.lines(facts) if line[0] == "+"] == [
        "+       - {ask: Why does any owl hoot?, id: why-does-an-owl-hoot, answer: To call a mate.}"
    ]


def test_two_wishes_for_one_text_are_not_both_fulfilled(classroom):
    classroom.edit("owl/list/examples", "Text", "Barn owl", "White owl")
    classroom.edit("owl/classification/kind.barn-owl", "Item", "Barn owl", "Pale owl")
    classroom.export()
    states = {one["key"]: one["fields"][0]["state"] for one in classroom.record()["corrections"]}
    assert sorted(states.values()) == ["by hand", "ready"]


def test_two_wishes_for_one_term_are_not_both_fulfilled_and_the_first_is_not_lost(classroom):
    classroom.edit("owl/definition", "Front", "Owl", "True owl")
    classroom.edit("owl/classification/kind.barn-owl", "Class", "Owl", "Night owl")
    classroom.export()
    record = classroom.record("--apply")
    assert sorted(one["fields"][0]["state"] for one in record["corrections"]) == ["by hand", "ready"]
    assert [line for line in classroom.lines() if line[0] == "+"] == ["+     term: True owl"]


def test_one_wish_on_two_cards_is_fulfilled_once(classroom):
    classroom.edit("owl/list/examples", "Text", "Barn owl", "White owl")
    classroom.edit("owl/classification/kind.barn-owl", "Item", "Barn owl", "White owl")
    classroom.export()
    record = classroom.record("--apply")
    assert [one["fields"][0]["state"] for one in record["corrections"]] == ["ready", "ready"]
    assert [line for line in classroom.lines() if line[0] == "+"] == [
        "+       - {text: White owl, id: barn-owl}   # white"
    ]


def test_without_any_package_of_ours_the_facts_are_what_they_started_from(classroom):
    classroom.edit("owl/question/why-does-an-owl-hoot", "Back", "heard", "heard far")
    classroom.export()
    (classroom.folder / "dist" / "birds.apkg").unlink()
    assert classroom.record()["corrections"][0]["fields"][0]["state"] == "ready"
    classroom.deck.write_text(FACTS.replace("To be heard.", "To call."), encoding="utf-8")
    (field,) = classroom.record()["corrections"][0]["fields"]
    assert field["state"] == "conflict"
    assert field["why"] == "no package is left that tells what they started from"


# ---------------------------------------------------------------------------------------------------------- not forced

BY_HAND = {
    "a colour": ("hawk/definition", "Back", "by day", '<span style="color: red">by day</span>'),
    "a script": ("hawk/definition", "Back", "by day", "<script>alert(1)</script>by day"),
    "a table": ("hawk/definition", "Back", "by day", "<table><tr><td>by day</td></tr></table>"),
    "a picture": ("hawk/definition", "Back", "by day", '<img src="hawk.png">'),
    "a blank that is gone": (
        "owl/cloze/owls-eat-mice-and-beetles-where-x-y",
        "Text",
        "{{c2::beetles}}",
        "beetles",
    ),
    "blanks exchanged": (
        "owl/cloze/owls-eat-mice-and-beetles-where-x-y",
        "Text",
        "{{c1::mice}} and {{c2::beetles}}",
        "{{c2::mice}} and {{c1::beetles}}",
    ),
    "a member more": ("owl/list/examples", "Text", "</ul>", "<li>Little owl</li></ul>"),
    "words of the program": ("hawk/definition", "Context", "Definition", "Meaning"),
    "the source": ("hawk/definition", "Source", "Atlas", "Great atlas"),
}


@pytest.mark.parametrize("correction", BY_HAND.values(), ids=BY_HAND)
def test_what_no_edit_says_is_left_to_a_person(classroom, correction):
    col = classroom.student.col
    fields = {note_key(col.get_note(note)): col.get_note(note) for note in col.find_notes("")}
    assert correction[2] in fields[f"birds/{correction[0]}"][correction[1]], dict(
        fields[f"birds/{correction[0]}"].items()
    )
    classroom.edit(*correction)
    classroom.export()
    told = classroom.absorb("--apply")
    assert told.code == 1
    assert "1 to do by hand" in told.out
    assert classroom.lines() == []


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.text(st.sampled_from("ab :#-[]{}|>&*!%@`\"'\\,?é🦉$_<~"), min_size=1, max_size=14))
def test_whatever_they_type_is_taken_over_as_it_is_or_left(classroom, typed):
    """As typed into Anki's editor: signs of HTML as entities."""
    classroom.deck.write_text(FACTS, encoding="utf-8")
    html = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    guid = classroom.lock().entries["birds/owl/question/why-does-an-owl-hoot"].guid
    col = classroom.student.col
    (note_id,) = col.find_notes("To be heard OR hoot tag:*question")
    note = col.get_note(note_id)
    note["Back"] = f"To {html} be heard."
    col.update_note(note)
    classroom.export()
    record = classroom.record("--apply")
    states = [field["state"] for one in record["corrections"] for field in one["fields"]]
    if states == ["ready"]:
        (edit,) = record["corrections"][0]["fields"][0]["edits"]
        assert edit["before"] == "To be heard."
        classroom.build(SECOND)
        built = classroom.shipped(guid).row[1]
        classroom.build(FIRST, FACTS)
        for sign, entity in (('"', "&quot;"), ("<wbr>", "")):
            built = built.replace(entity, sign) if entity else built
        assert " ".join(built.split()) == " ".join(f"To {html} be heard.".split())
    else:
        assert states in ([], ["by hand"])
        assert classroom.deck.read_text("utf-8") == FACTS


def test_a_note_in_another_note_type_is_left_to_a_person(classroom):
    models = classroom.student.col.models
    model = models.by_name("Deckbuilder question")
    models.add_field(model, models.new_field("Mnemonic"))
    models.update_dict(model)
    classroom.export()
    told = classroom.absorb()
    assert told.code == 1
    assert "by hand: it has another note type there" in told.out


def test_withdrawn_notes_are_not_corrected_any_more(classroom):
    classroom.edit("owl/question/why-does-an-owl-hoot", "Back", "heard", "heard far")
    classroom.export()
    shorter = FACTS.replace("      - {ask: Why does an owl hoot?, answer: To be heard.}\n", "")
    classroom.deck.write_text(shorter, encoding="utf-8")
    record = classroom.record("--apply")
    assert (record["corrections"], record["added"]) == ([], [])
    assert classroom.lines(shorter) == []


IMPORTED = {
    "Basic": ("Capital of France?", "Paris<div>on the <b>Seine</b></div>"),
    "Basic (and reversed card)": ("chien", "dog &amp; hound"),
    "Cloze": ("The {{c1::Nile}} flows through {{c2::Egypt::country}}.", "<div>one</div><div>two</div>"),
    "Basic (type in the answer)": ("What is in the table?", "<table><tr><td>a</td></tr></table>"),
    "Cloze+": ("The {{c1::Seine {{c2::in Paris}} flows}} north &amp; west.", "by boat"),
}
CORRECTED = {"on the": "at the river", "hound": "cur", "flows": "runs", "two": "2", ">a<": ">b<", "north": "west"}


def test_corrections_of_a_deck_that_was_imported_go_into_its_facts(run, tmp_path):
    """In the note types of other people, as their editor writes lines."""
    (tmp_path / "cards").mkdir()
    with closing(Student(tmp_path / "student")) as student:
        col = student.col
        deck = col.decks.id("Geography")
        for name, (front, back) in IMPORTED.items():
            note = col.new_note(col.models.by_name(name.rstrip("+")))
            note.fields[:2] = front, back
            col.add_note(note, deck)
        options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=False)
        export = partial(col.export_anki_package, out_path=str(tmp_path / "geo.apkg"), options=options, limit=None)
        export()
        assert run("import", "geo.apkg", "-o", "cards/geo.yaml").code == 0
        assert run("build").code == 0
        assert "Nothing was changed, 5 as in our deck" in run("absorb", "geo.apkg").out
        for note_id in col.find_notes(""):
            note = col.get_note(note_id)
            for old, new in CORRECTED.items():
                note.fields = [field.replace(old, new) for field in note.fields]
            col.update_note(note)
        export()
        (tmp_path / "geo.apkg").replace(tmp_path / "harmless.apkg")
        (note_id,) = col.find_notes("table")
        note = col.get_note(note_id)
        note["Back"] = note["Back"].replace(">b<", "><img src=x onerror=alert(1)>b<")
        col.update_note(note)
        export()
    # A script in a field that is kept as HTML comes into no deck by itself.
    assert "1 to do by hand" in run("absorb", "geo.apkg").out
    (tmp_path / "harmless.apkg").replace(tmp_path / "geo.apkg")
    before = (tmp_path / "cards" / "geo.yaml").read_text("utf-8")
    assert run("absorb", "geo.apkg", "--apply").code == 0
    after = (tmp_path / "cards" / "geo.yaml").read_text("utf-8")
    changed = [line[1:].strip() for line in ndiff(before.splitlines(), after.splitlines()) if line[0] == "+"]
    assert changed == [
        "at the river **Seine**",
        "answer: dog & cur",
        "text: The {{c1::Nile}} runs through {{c2::Egypt::country}}.",
        "2",
        'Back: "<table><tr><td>b</td></tr></table>"',
        "Text: The {{c1::Seine {{c2::in Paris}} runs}} west &amp; west.",
    ]
    assert run("build").code == 0


# ------------------------------------------------------------------------------------------------------- around it all


def test_a_file_with_a_byte_order_mark_and_other_line_ends_keeps_both(classroom):
    data = b"\xef\xbb\xbf" + FACTS.replace("\n", "\r\n").encode()
    classroom.deck.write_bytes(data)
    classroom.edit("owl/classification/kind.snowy-owl", "Reason", "whyte", "white")
    classroom.export()
    assert classroom.absorb("--apply").code == 0
    assert classroom.deck.read_bytes() == data.replace(b"whyte", b"white")


def test_a_correction_finds_its_file_in_a_folder(classroom, run, tmp_path):
    folder = tmp_path / "elsewhere" / "birds"
    head, _, concepts = FACTS.partition("concepts:\n")
    write_deck(folder, head, "deck.yaml")
    write_deck(folder, f"concepts:\n{concepts}", "all.yaml")
    (folder / "birds.lock").write_bytes((tmp_path / "cards" / "birds.lock").read_bytes())
    classroom.edit("owl/classification/kind.snowy-owl", "Reason", "whyte", "white")
    classroom.edit("hawk/contrast/owl.hunt", "Front", "When", "At what time")
    classroom.export()
    assert run("absorb", "student.apkg", folder, "--apply").code == 0
    assert "why: It is white." in (folder / "all.yaml").read_text("utf-8")
    assert "axes: {hunt: At what time it hunts}" in (folder / "deck.yaml").read_text("utf-8")


def test_a_package_of_other_notes_is_told(classroom, run, tmp_path):
    del classroom
    other = write_deck(tmp_path / "other", FACTS.replace("id: birds", "id: fish"), "fish.yaml")
    assert run("build", other, "-o", tmp_path / "out").code == 0
    told = run("absorb", tmp_path / "out" / "fish.apkg")
    assert told.code == 0
    assert "none of its notes is of a deck of ours" in told.out


def test_facts_with_a_mistake_are_told_and_nothing_is_written(classroom):
    classroom.edit("owl/classification/kind.snowy-owl", "Reason", "whyte", "white")
    classroom.export()
    wrong = FACTS.replace("term: Hawk", "trem: Hawk")
    classroom.deck.write_text(wrong, encoding="utf-8")
    told = classroom.absorb("--apply")
    assert told.code == 1
    assert "unknown key 'trem'" in told.err
    assert classroom.lines(wrong) == []


def test_a_package_that_cannot_be_read_is_told(classroom, tmp_path):
    (tmp_path / "student.apkg").write_bytes(b"PK")
    told = classroom.absorb()
    assert told.code == 1
    assert "no whole file of a package" in told.err


def test_the_page_for_teachers_shows_what_the_program_says(classroom):
    """The example of docs/packages.md."""
    classroom.edit("owl/definition", "Back", "mostly", "usually")
    classroom.edit("owl/definition", "Reverse", "mostly", "usually")
    classroom.edit("owl/classification/kind.barn-owl", "Item", "Barn owl", "Western barn owl")
    classroom.edit("owl/question/why-does-an-owl-hoot", "Back", "To be heard.", "To be heard by others.")
    classroom.edit("hawk/definition", "Back", "by day", '<span style="color: red">by day</span>')
    classroom.add("Can an owl swim?")
    classroom.export()
    classroom.deck.write_text(FACTS.replace("To be heard.", "To call a mate."), encoding="utf-8")
    page = Path(__file__).parents[1].joinpath("docs", "packages.md").read_text(encoding="utf-8")
    assert classroom.absorb().out.replace("\\", "/").strip() in page

"""Identity over time: what a student has studied stays the same fact under the same GUID and number."""

import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckbuilder.build import build
from deckbuilder.facts.load import load
from deckbuilder.kinds import make_notes
from deckbuilder.lock import Entry, Lock, Tombstone, TypeEntry, format_lock, parse_lock, pin
from deckbuilder.lock.guid import guid_for
from deckbuilder.lock.identity_text import format_numbers

HEADING = "format: 1\ndeck: {id: bones, name: Bones}\n"
MONDAY = 1_800_000_000
TUESDAY = MONDAY + 86_400


class Author:
    """Somebody who keeps a deck: every release pins the facts as they are now to what was shipped before."""

    def __init__(self, folder):
        self.file = folder / "bones.yaml"
        self.lock = Lock("bones")

    def try_release(self, facts, now=TUESDAY, heading=HEADING, *, accept_removals=False):
        self.file.write_text(heading + textwrap.dedent(facts), encoding="utf-8")
        loaded = load([self.file])
        assert loaded.problems == ()
        (deck,) = loaded.decks
        made = make_notes(deck)
        assert made.problems == ()
        return pin(deck, made, self.lock, now, accept_removals=accept_removals)

    def release(self, facts, now=TUESDAY, heading=HEADING, *, accept_removals=False):
        """The notes of a release by key; there must be no problem."""
        pinned = self.try_release(facts, now, heading, accept_removals=accept_removals)
        assert pinned.problems == ()
        self.lock = pinned.lock
        return {note.key: note for note in pinned.notes}

    def numbers(self, key):
        return dict(self.lock.entries[key].numbers)

    def spent(self, key):
        return dict(self.lock.entries[key].spent)


@pytest.fixture
def author(tmp_path):
    return Author(tmp_path)


def fields_of(note):
    return {field.name: text for field, text in zip(note.type.fields, note.row, strict=True) if text}


def the_problem(pinned, rule):
    found = [problem for problem in pinned.problems if problem.rule == rule]
    assert found, f"no {rule} among {pinned.problems}"
    return found[0]


TWO = """
concepts:
  femur: {term: Femur, definition: Bone of the thigh.}
  tibia: {term: Tibia, definition: Bone of the shin.}
"""
FEMUR, TIBIA = "bones/femur/definition", "bones/tibia/definition"

# ---------------------------------------------------------------------- time


def test_unchanged_facts_change_nothing_when_time_moves_on(author):
    first = author.release(TWO, MONDAY)
    lock = author.lock
    assert author.release(TWO, TUESDAY) == first
    assert format_lock(author.lock) == format_lock(lock)


def test_changed_fact_moves_only_its_own_time(author):
    author.release(TWO, MONDAY)
    notes = author.release(TWO.replace("thigh", "upper leg"), TUESDAY)
    assert notes[FEMUR].mod == TUESDAY
    assert notes[TIBIA].mod == MONDAY


def test_changed_fact_is_newer_even_when_the_clock_went_back(author):
    author.release(TWO, TUESDAY)
    notes = author.release(TWO.replace("thigh", "upper leg"), MONDAY)
    assert notes[FEMUR].mod == TUESDAY + 1


def test_two_changes_within_one_second_are_told_apart(author):
    author.release(TWO, MONDAY)
    author.release(TWO.replace("thigh", "upper leg"), MONDAY)
    notes = author.release(TWO.replace("thigh", "leg above the knee"), MONDAY)
    assert notes[FEMUR].mod == MONDAY + 2


@pytest.mark.parametrize(
    "change",
    [
        ("Bone of the thigh.", "{text: Bone of the thigh., note: Strong.}"),
        ("Bone of the thigh.", "{text: Bone of the thigh., tags: [leg]}"),
        ("Bone of the thigh.", "{text: Bone of the thigh., status: disputed}"),
        ("term: Femur", "term: Thigh bone"),
        ("term: Femur", "term: Femur, aliases: [Thigh bone]"),
    ],
    ids=["note", "tag", "status", "term", "alias"],
)
def test_whatever_a_student_sees_counts_as_a_change(author, change):
    before = author.release(TWO, MONDAY)
    notes = author.release(TWO.replace(*change), TUESDAY)
    assert notes[FEMUR].mod == TUESDAY
    assert notes[FEMUR].guid == before[FEMUR].guid


@pytest.mark.parametrize(
    "change",
    [
        ("Bone of the thigh.", "{text: Bone of the thigh., ref: F12}"),
        ("concepts:", "# Checked.\nconcepts:"),
        ("term: Femur", "term: Femur, rejected: [{claim: It bends., why: It does not.}]"),
    ],
    ids=["ref", "comment", "rejected claim"],
)
def test_what_no_student_sees_is_no_change(author, change):
    before = author.release(TWO, MONDAY)
    assert author.release(TWO.replace(*change), TUESDAY) == before


def test_new_order_of_facts_moves_no_time(author):
    before = author.release(TWO, MONDAY)
    turned = "concepts:" + "\n  ".join(["", *reversed(TWO.strip().splitlines()[1:])]).replace("    ", "  ")
    notes = author.release(turned, TUESDAY)
    assert list(notes) == [TIBIA, FEMUR]
    assert {key: (note.guid, note.mod) for key, note in notes.items()} == {
        key: (note.guid, note.mod) for key, note in before.items()
    }


def test_new_fact_leaves_the_others_as_they_were(author):
    author.release(TWO, MONDAY)
    notes = author.release(TWO + "  ulna: {term: Ulna, definition: Bone of the forearm.}", TUESDAY)
    assert {key: note.mod for key, note in notes.items()} == {
        FEMUR: MONDAY,
        TIBIA: MONDAY,
        "bones/ulna/definition": TUESDAY,
    }


# ------------------------------------------------------- numbers of list members

SITES = "bones/fracture/list/causes"


def causes(*members):
    return "concepts:\n  fracture:\n    term: Fracture\n    causes:\n" + "".join(f"      - {m}\n" for m in members)


def test_members_are_numbered_in_their_first_order(author):
    author.release(causes("Fall", "Blow", "Tumour"))
    assert author.numbers(SITES) == {1: "fall", 2: "blow", 3: "tumour"}


@pytest.mark.parametrize(
    "members",
    [("Tumour", "Fall", "Blow"), ("Gunshot", "Fall", "Blow", "Tumour"), ("Fall", "Gunshot", "Blow", "Tumour")],
    ids=["reordered", "one more in front", "one more between"],
)
def test_members_keep_their_numbers(author, members):
    author.release(causes("Fall", "Blow", "Tumour"))
    note = author.release(causes(*members))[SITES]
    numbers = {name: number for number, name in author.numbers(SITES).items()}
    assert numbers.pop("gunshot", 4) == 4
    assert numbers == {"fall": 1, "blow": 2, "tumour": 3}
    assert note.ords == tuple(range(len(members)))
    for member in members:
        number = {"Fall": 1, "Blow": 2, "Tumour": 3, "Gunshot": 4}[member]
        assert f"{{{{c{number}::{member}}}}}" in fields_of(note)["Text"]


def test_number_of_a_removed_member_is_never_given_again(author):
    author.release(causes("Fall", "Blow", "Tumour"))
    note = author.release(causes("Fall", "Tumour"))[SITES]
    assert author.numbers(SITES) == {1: "fall", 3: "tumour"}
    assert author.spent(SITES) == {2: "blow"}
    assert note.ords == (0, 2)
    author.release(causes("Fall", "Tumour", "Gunshot"))
    assert author.numbers(SITES) == {1: "fall", 3: "tumour", 4: "gunshot"}


def test_last_number_is_not_given_again_either(author):
    author.release(causes("Fall", "Blow"))
    author.release(causes("Fall"))
    author.release(causes("Fall", "Gunshot"))
    assert author.numbers(SITES) == {1: "fall", 3: "gunshot"}
    assert author.spent(SITES) == {2: "blow"}


def test_member_that_returns_gets_its_number_back(author):
    author.release(causes("Fall", "Blow", "Tumour"))
    author.release(causes("Fall", "Tumour"))
    author.release(causes("Blow", "Fall", "Tumour"))
    assert author.numbers(SITES) == {1: "fall", 2: "blow", 3: "tumour"}
    assert author.spent(SITES) == {}


def test_held_member_keeps_its_number_for_the_day_it_returns(author):
    author.release(causes("Fall", "Blow", "Tumour"))
    author.release(causes("Fall", "{text: Blow, status: hold}", "Tumour"))
    assert author.numbers(SITES) == {1: "fall", 3: "tumour"}
    author.release(causes("Fall", "Blow", "Tumour"))
    assert author.numbers(SITES) == {1: "fall", 2: "blow", 3: "tumour"}


def test_member_renamed_without_an_id_stops_the_release_with_place_and_ways_out(author):
    author.release(causes("Fall", "Blow", "Tumour"))
    pinned = author.try_release(causes("Fall", "Blunt force", "Tumour"))
    problem = the_problem(pinned, "identity-lost")
    assert (problem.place.line, problem.place.column) == (8, 9)
    assert "'blow'" in problem.message
    assert "'blunt-force'" in problem.message
    assert "id: blow" in problem.fix
    assert "formerly: [blow]" in problem.fix
    assert "--accept-removals" in problem.fix


@pytest.mark.parametrize("kept", ["{text: Blunt force, id: blow}", "{text: Blunt force, formerly: [blow]}"])
def test_renamed_member_keeps_its_number_as_told(author, kept):
    before = author.release(causes("Fall", "Blow", "Tumour"), MONDAY)[SITES]
    note = author.release(causes("Fall", kept, "Tumour"), TUESDAY)[SITES]
    assert (note.guid, note.mod) == (before.guid, TUESDAY)
    assert "{{c2::Blunt force}}" in fields_of(note)["Text"]
    assert author.spent(SITES) == {}


def test_accepted_removal_gives_the_new_member_a_new_number(author):
    author.release(causes("Fall", "Blow", "Tumour"))
    author.release(causes("Fall", "Gunshot", "Tumour"), accept_removals=True)
    assert author.numbers(SITES) == {1: "fall", 3: "tumour", 4: "gunshot"}
    assert author.spent(SITES) == {2: "blow"}


def test_former_name_is_needed_in_one_release_and_does_no_harm_later(author):
    author.release(causes("Blow"))
    first = author.release(causes("{text: Blunt force, formerly: [blow]}"), MONDAY)
    assert author.release(causes("{text: Blunt force, formerly: [blow]}"), TUESDAY) == first
    assert author.release(causes("Blunt force"), TUESDAY) == first


def test_members_that_swap_their_words_keep_the_numbers_of_their_ids(author):
    author.release(causes("{text: One, id: a}", "{text: Two, id: b}"))
    author.release(causes("{text: Two, id: a}", "{text: One, id: b}"))
    assert author.numbers(SITES) == {1: "a", 2: "b"}


# ------------------------------------------- blanks of statements, ours and Anki's own


def statement(text):
    return f"""
concepts:
  femur:
    term: Femur
    statements:
      - {{id: s, text: "{text}"}}
"""


STATEMENT = "bones/femur/cloze/s"


def test_blanks_keep_their_numbers_when_the_sentence_is_turned_round(author):
    author.release(statement("[[Calcium]] binds [[phosphate]]."))
    note = author.release(statement("[[Phosphate]] is bound by [[calcium]]."))[STATEMENT]
    assert fields_of(note)["Text"] == "{{c2::Phosphate}} is bound by {{c1::calcium}}."


def test_blank_with_another_answer_stops_the_release_and_its_advice_works(author):
    author.release(statement("[[Calcium]] binds [[phosphate]]."))
    problem = the_problem(author.try_release(statement("[[Ca]] binds [[phosphate]].")), "identity-lost")
    assert (problem.place.line, problem.place.column) == (8, 9)
    assert "{{c1::...}}" in problem.fix
    note = author.release(statement("{{c1::Ca}} binds {{c2::phosphate}}."))[STATEMENT]
    assert note.ords == (0, 1)
    assert author.spent(STATEMENT) == {}


def test_author_may_reword_an_answer_that_keeps_its_number(author):
    author.release(statement("{{c1::Calcium}} binds {{c2::phosphate}}."))
    author.release(statement("{{c1::The calcium ion}} binds {{c2::phosphate}}."))
    assert author.numbers(STATEMENT) == {1: "the-calcium-ion", 2: "phosphate"}


def test_answer_moved_to_another_number_stops_the_release(author):
    author.release(statement("{{c1::Calcium}} binds {{c2::phosphate}}."))
    problem = the_problem(author.try_release(statement("{{c2::Calcium}} binds {{c1::phosphate}}.")), "number-moved")
    assert (problem.place.line, problem.place.column) == (8, 9)
    assert "1" in problem.message
    assert "2" in problem.message
    assert "{{c" in problem.fix


def test_answer_moved_to_a_new_number_stops_the_release(author):
    author.release(statement("{{c1::Calcium}} binds {{c2::phosphate}}."))
    pinned = author.try_release(statement("{{c3::Calcium}} binds {{c2::phosphate}}."))
    assert "'calcium' is number 1" in the_problem(pinned, "number-moved").message


def test_answers_that_hide_together_and_swap_with_another_stop_the_release(author):
    author.release(statement("{{c1::Atria}} and {{c3::ventricles}} have {{c1::valves}}."))
    pinned = author.try_release(statement("{{c3::Atria}} and {{c1::ventricles}} have {{c1::valves}}."))
    problem = the_problem(pinned, "number-moved")
    assert problem.message == "'atria' is number 1 for students and 3 here"
    assert problem.fix == "write it as {{c1::...}}, give new blanks numbers from 4 on"


def test_answers_that_swap_their_numbers_are_each_told_once(author):
    author.release(statement("{{c1::Atria}} and {{c3::ventricles}} have {{c1::valves}}."))
    pinned = author.try_release(statement("{{c3::Atria}} and {{c1::ventricles}} have valves."))
    assert [problem.message for problem in pinned.problems] == [
        "'ventricles' is number 3 for students and 1 here",
        "'atria' is number 1 for students and 3 here",
    ]


@pytest.mark.parametrize(
    "now",
    [
        "{{c1::Atria}} and {{c3::ventricles}} have {{c4::valves}}.",
        "{{c1::Atria}} and {{c1::ventricles}} have {{c1::valves}}.",
        "{{c1::Atria}} and {{c3::ventricles}} have {{c3::valves}}.",
        "{{c1::Atria}} and {{c3::ventricles}} have valves.",
        "{{c1::Atria}} and {{c3::lower chambers}} have valves.",
    ],
)
def test_answers_that_hide_together_may_be_divided_and_joined(author, now):
    author.release(statement("{{c1::Atria}} and {{c3::ventricles}} have {{c1::valves}}."))
    author.release(statement(now))


def test_number_for_which_anki_has_no_card_is_told(author):
    text = """\
        concepts:
          hand:
            term: Hand
            mechanism: ["It {{c499::opens}}", "It closes"%s]
    """
    assert author.try_release(text % "").problems == ()
    (problem,) = author.try_release(text % ', "It rests"').problems
    assert "would have the number 501, and Anki has no card above 500" in problem.message


def test_each_of_several_reworded_members_is_asked_about_the_one_that_it_is_most_like(author):
    text = "concepts: {france: {term: France, causes: [%s]}}\n"
    author.release(text % "Hunger, Debts of the king, Taxes")
    problems = author.try_release(text % "Great hunger, The debts of the king, Taxes").problems
    assert [problem.fix.partition(" (or")[0] for problem in problems] == [
        "The same fact: add 'id: hunger'",
        "The same fact: add 'id: debts-of-the-king'",
    ]


def test_number_of_a_removed_answer_cannot_be_used_for_another(author):
    author.release(statement("{{c1::Calcium}} binds {{c2::phosphate}}."))
    author.release(statement("{{c1::Calcium}} binds phosphate."))
    pinned = author.try_release(statement("{{c1::Calcium}} {{c2::binds}} phosphate."))
    problem = the_problem(pinned, "number-reused")
    assert "'phosphate'" in problem.message
    assert "3" in problem.fix
    author.release(statement("{{c1::Calcium}} {{c3::binds}} phosphate."))
    assert author.numbers(STATEMENT) == {1: "calcium", 3: "binds"}


def test_removed_answer_may_return_under_its_number(author):
    author.release(statement("{{c1::Calcium}} binds {{c2::phosphate}}."))
    author.release(statement("{{c1::Calcium}} binds phosphate."))
    author.release(statement("{{c1::Calcium}} binds {{c2::phosphate}}."))
    assert author.numbers(STATEMENT) == {1: "calcium", 2: "phosphate"}


def test_switching_to_own_numbers_must_keep_those_that_students_have(author):
    author.release(statement("[[Calcium]] binds [[phosphate]]."))
    assert the_problem(author.try_release(statement("{{c2::Calcium}} binds {{c1::phosphate}}.")), "number-moved")
    before = author.lock
    author.release(statement("{{c1::Calcium}} binds {{c2::phosphate}}."))
    assert author.lock == before


def test_numbered_blank_may_stand_among_plain_steps(author):
    facts = """
concepts:
  healing:
    term: Healing
    mechanism:
      - Blood clots
      - "A {{c1::callus}} forms"
"""
    note = author.release(facts)["bones/healing/mechanism"]
    assert note.ords == (0, 1)
    assert "A {{c1::callus}} forms" in fields_of(note)["Text"]
    assert "{{c2::Blood clots}}" in fields_of(note)["Text"]


def test_steps_keep_their_numbers_when_one_is_put_before_them(author):
    steps = (
        "concepts:\n  healing:\n    term: Healing\n    mechanism:\n{}      - Blood clots\n      - A [[callus]] forms\n"
    )
    author.release(steps.format(""))
    author.release(steps.format("      - Bone breaks\n"))
    assert author.numbers("bones/healing/mechanism") == {1: "blood-clots", 2: "a-callus-forms.callus", 3: "bone-breaks"}


# ---------------------------------------------------------- renamed without a word

OF_EVERY_KIND = {
    "question": ("questions: [{{ask: {}, answer: Yes.{}}}]", "Is it strong?", "Is it really strong?", "is-it-strong"),
    "statement": (
        "statements: [{{text: '{}'{}}}]",
        "The [[femur]] is long.",
        "The [[femur]] is very long.",
        "the-femur-is-long",
    ),
    "list member": ("causes: [{{text: {}{}}}]", "Fall", "A fall", "fall"),
    "group": ("causes: [{{text: {}, of: [Fall]{}}}]", "Violence", "Force", "violence"),
    "step": ("mechanism: [{{text: {}{}}}]", "Blood clots", "The blood clots", "blood-clots"),
}


@pytest.mark.parametrize("kind", OF_EVERY_KIND)
@pytest.mark.parametrize("way", [", id: {}", ", formerly: [{}]"], ids=["id", "formerly"])
def test_fact_renamed_without_a_word_stops_the_release_and_both_ways_out_keep_its_history(author, kind, way):
    pattern, before, after, name = OF_EVERY_KIND[kind]

    def facts(text, more=""):
        return "concepts:\n  femur:\n    term: Femur\n    " + pattern.format(text, more)

    first = author.release(facts(before), MONDAY)
    problem = the_problem(author.try_release(facts(after)), "identity-lost")
    assert problem.place.file == author.file
    assert problem.place.line == 6
    assert f"id: {name}" in problem.fix
    assert f"formerly: [{name}]" in problem.fix
    assert "--accept-removals" in problem.fix
    shipped = author.lock
    second = author.release(facts(after, way.format(name)))
    assert [note.guid for note in second.values()] == [note.guid for note in first.values()]
    assert [note.ords for note in second.values()] == [note.ords for note in first.values()]
    assert [sorted(entry.numbers) for entry in author.lock.entries.values()] == [
        sorted(entry.numbers) for entry in shipped.entries.values()
    ]
    assert author.lock.retired == {}


def test_of_several_that_are_renamed_at_once_each_is_advised_its_own_name_and_the_advice_keeps_all(author):
    facts = "concepts:\n  bones:\n    term: Bones\n    questions:\n" + "".join(
        f"      - {{{{ask: {ask}?, answer: {answer}{{}}}}}}\n"
        for ask, answer in (
            ("Which {}is longest", "Femur"),
            ("How many {}are there", "206"),
            ("What {}heals them", "Rest"),
        )
    )
    first = author.release(facts.format(*["", ""] * 3))
    words = ("one ", "bones ", "best ")
    found = author.try_release(facts.format(*(said for word in words for said in (word, "")))).problems
    advised = [re.search(r"'(id: [a-z-]+)'", problem.fix)[1] for problem in found]
    assert advised == ["id: which-is-longest", "id: how-many-are-there", "id: what-heals-them"]
    second = author.release(
        facts.format(*(said for word, name in zip(words, advised, strict=True) for said in (word, f", {name}")))
    )
    assert {key: note.guid for key, note in second.items()} == {key: note.guid for key, note in first.items()}


def test_of_two_concepts_that_are_renamed_at_once_each_is_advised_its_own_name(author):
    author.release(TWO)
    found = author.try_release(TWO.replace("femur:", "a-femur:").replace("tibia:", "a-tibia:")).problems
    assert ["formerly: [femur]" in found[0].fix, "formerly: [tibia]" in found[1].fix] == [True, True]


def test_accepted_removal_makes_a_new_note_and_remembers_the_old_one(author):
    first = author.release("concepts: {femur: {term: Femur, questions: [{ask: Old?, answer: Yes.}]}}")
    second = author.release(
        "concepts: {femur: {term: Femur, questions: [{ask: New?, answer: Yes.}]}}", accept_removals=True
    )
    assert first["bones/femur/question/old"].guid != second["bones/femur/question/new"].guid
    assert list(author.lock.retired) == ["bones/femur/question/old"]


def test_fact_that_only_vanishes_needs_no_word(author):
    author.release(TWO)
    assert list(author.release(TWO.replace("definition: Bone of the shin.", "aliases: [Shin bone]"))) == [FEMUR]
    assert list(author.lock.retired) == [TIBIA]


def test_retired_note_that_returns_keeps_its_guid_and_is_newer(author):
    first = author.release(TWO, MONDAY)
    author.release(TWO.replace("definition: Bone of the shin.", "aliases: [Shin bone]"), TUESDAY)
    back = author.release(TWO, TUESDAY)
    assert back[TIBIA].guid == first[TIBIA].guid
    assert back[TIBIA].mod > author.release(TWO)[FEMUR].mod
    assert author.lock.retired == {}


def test_key_used_anew_after_a_renaming_gets_a_guid_of_its_own(author):
    ask = "{{ask: {}, answer: Yes.{}}}"
    facts = "concepts: {{femur: {{term: Femur, questions: [{}]}}}}"
    first = author.release(facts.format(ask.format("Old?", "")))
    author.release(facts.format(ask.format("New?", ", formerly: [old]")))
    both = author.release(facts.format(ask.format("New?", ", formerly: [old]") + ", " + ask.format("Old?", "")))
    assert both["bones/femur/question/new"].guid == first["bones/femur/question/old"].guid
    assert both["bones/femur/question/old"].guid != first["bones/femur/question/old"].guid


def test_guids_of_a_name_that_is_used_again_and_again_never_change(author):
    """They are frozen as those of names that are used once: the next lock is made from the same facts."""
    ask = "{{id: {}, ask: Really?, answer: Yes.{}}}"
    facts = "concepts: {{femur: {{term: Femur, questions: [{}]}}}}"
    asked = [ask.format("old", "")]
    author.release(facts.format(asked[0]))
    for number in (2, 3):
        renamed = ask.format(f"name-{number}", ", formerly: [old]")
        author.release(facts.format(", ".join([renamed, *asked[1:]])))
        asked = [ask.format("old", ""), ask.format(f"name-{number}", ""), *asked[1:]]
        notes = author.release(facts.format(", ".join(asked)))
        assert notes["bones/femur/question/old"].guid == guid_for(f"bones/femur/question/old#{number}")


# ---------------------------------------------------------- held back, and withdrawn with a word

BREAKING = """
concepts:
  femur:
    term: Femur
    definition: Bone of the thigh.
    orders:
      - {id: healing, title: How a fracture heals%s, items: [%s, Bone]}
"""
HEALING = "bones/femur/order/healing"


def test_an_item_that_is_renamed_while_its_order_is_held_back_keeps_its_number(author):
    before = author.release(BREAKING % ("", "Blood clot, Callus"))[HEALING]
    numbers = {number: name.replace("blood-clot", "haematoma") for number, name in author.numbers(HEALING).items()}
    author.release(BREAKING % (", status: hold", "{text: Haematoma, formerly: [blood-clot]}, Callus"))
    assert author.numbers(HEALING) == numbers
    after = author.release(BREAKING % ("", "Haematoma, Callus"))[HEALING]
    assert (after.guid, after.ords, author.numbers(HEALING)) == (before.guid, before.ords, numbers)


WITHDRAWN = """
retired: [{key: bones/femur/question/%s, why: Too easy.}]
concepts:
  femur:
    term: Femur
    definition: Bone of the thigh.
    questions: [{id: %s, ask: Is it long?, answer: Yes.}]
"""


@pytest.mark.parametrize(
    ("withdrawn", "now"),
    [
        ("long", "long, status: hold"),
        ("long", "length, formerly: [long], status: hold"),
        ("length", "length, formerly: [long], status: hold"),
    ],
)
def test_a_held_fact_may_be_withdrawn_with_a_word_under_its_name_or_its_former_one(author, withdrawn, now):
    asked = WITHDRAWN.replace("retired: [{key: bones/femur/question/%s, why: Too easy.}]\n", "")
    author.release(asked % "long")
    for _ in range(2):
        author.release(WITHDRAWN % (withdrawn, now))
    (gone,) = author.lock.retired.values()
    assert gone.tombstone.why == "Too easy."
    # Its history waits under the name that the fact has now.
    assert list(author.lock.retired) == [f"bones/femur/question/{now.partition(',')[0]}"]


def test_a_fact_that_was_held_back_from_the_start_cannot_be_withdrawn(author):
    author.release(TWO)
    problem = the_problem(
        author.try_release(WITHDRAWN % ("long", "long, status: hold"), accept_removals=True), "retired"
    )
    assert problem.message == "no note 'bones/femur/question/long' was shipped"


def test_a_word_about_a_note_that_is_spelled_otherwise_is_told_with_the_near_one(author):
    author.release(TWO)
    facts = f"retired: [{{key: bones/tibia/defintion, why: Doubtful.}}]\n{TWO}"
    problem = the_problem(author.try_release(facts), "retired")
    assert (problem.place.line, problem.place.column) == (3, 17)
    assert problem.fix == "did you mean 'bones/tibia/definition'?"


@pytest.mark.parametrize(
    "shipped", ["", "".join(f"  b{n}: {{term: B{n}, definition: Number {n}.}}\n" for n in range(20))]
)
def test_a_word_about_a_note_that_is_like_none_is_told_with_what_to_do(author, shipped):
    if shipped:
        author.release(TWO + shipped)
    pinned = author.try_release("retired: [{key: skull, why: Doubtful.}]\n" + TWO + shipped)
    assert the_problem(pinned, "retired").fix == "write the key as it stands in the lock, or remove this entry"


# -------------------------------------------------------- concepts, decks, axes, groups


def test_concept_renamed_without_a_word_stops_the_release(author):
    author.release(TWO)
    problem = the_problem(author.try_release(TWO.replace("femur:", "thigh-bone:")), "identity-lost")
    assert (problem.place.line, problem.place.column) == (5, 3)
    assert "'thigh-bone'" in problem.message
    assert "'femur'" in problem.message
    assert "formerly: [femur]" in problem.fix
    assert "--accept-removals" in problem.fix


def test_a_renamed_concept_is_asked_about_once_and_not_for_each_of_its_facts(author):
    author.release(LEG_AND_ARM)
    assert len(author.try_release(LEG_AND_ARM.replace("leg:", "limb:")).problems) == 1


@pytest.mark.parametrize(
    ("femur", "tibia"),
    [
        ("definition: Bone of the thigh.", "definition: Bone of the shin."),
        ("definition: 'Bone of the [[thigh]].'", "definition: 'Bone of the [[shin]].'"),
        ("examples: [Left, Right]", "examples: [Left, Right]"),
    ],
    ids=["definition", "definition with blanks", "list"],
)
def test_what_one_concept_lost_and_another_got_in_its_own_words_is_not_asked_about(author, femur, tibia):
    facts = """
    concepts:
      femur: {term: Femur, questions: [{ask: Is it long?, answer: Yes.}], %s}
      tibia: {term: Tibia, questions: [{ask: Is it thin?, answer: Yes.}], %s}
      ulna: {term: Ulna, %s}
    """
    nothing = "aliases: [Bone]"
    author.release(facts % (femur, nothing, nothing))
    author.release(facts % (nothing, tibia, "definition: Bone of the forearm."))


LEG_AND_ARM = """
concepts:
  leg:
    term: Leg
    definition: What one walks on.
    questions: [{id: long, ask: Which is its longest bone?, answer: The femur.}, {id: toes, ask: How many?, answer: 5}]
  arm:
    term: Arm
    questions: [{id: hand, ask: What is at its end?, answer: The hand.}]
"""
LONG = "{id: long, ask: Which is its longest bone?, answer: The femur.}"
MOVED = LEG_AND_ARM.replace(f"{LONG}, ", "").replace("[{id: hand", f"[{LONG}, {{id: hand")


def test_a_question_that_stands_under_another_concept_stops_the_release(author):
    before = author.release(LEG_AND_ARM)
    problem = the_problem(author.try_release(MOVED), "identity-lost")
    assert (problem.place.line, problem.place.column) == (11, 17)
    assert "appeared in 'arm' where one of the same name vanished from 'leg'" in problem.message
    assert "add 'formerly: [leg]' to the concept 'arm'" in problem.fix
    # The advice works, and may be taken out again.
    after = author.release(MOVED.replace("term: Arm", "term: Arm\n    formerly: [leg]"))
    assert after["bones/arm/question/long"].guid == before["bones/leg/question/long"].guid
    assert {note.guid for note in after.values()} == {note.guid for note in before.values()}
    assert {note.guid for note in author.release(MOVED).values()} == {note.guid for note in before.values()}
    assert author.lock.retired == {}


def test_a_former_name_that_stays_too_long_takes_nothing_from_the_concept_that_still_bears_it(author):
    before = author.release(LEG_AND_ARM)
    moved = MOVED.replace("term: Arm", "term: Arm\n    formerly: [leg]")
    author.release(moved)
    after = author.release(moved.replace("formerly: [leg]", "formerly: [leg]\n    definition: What one grasps with."))
    leg, arm = "bones/leg/definition", "bones/arm/definition"
    assert after[leg].guid == before[leg].guid
    assert after[arm].guid not in {note.guid for note in before.values()}


def test_a_concept_that_was_divided_is_asked_about_where_both_parts_have_a_fact_of_one_name(author):
    author.release("concepts: {limb: {term: Limb, definition: An arm or a leg., statements: ['[[Two]] of four.']}}")
    divided = """
    concepts:
      limb: {term: Limb, definition: A leg.}
      arm: {term: Arm, formerly: limb, definition: An arm., statements: ['[[Two]] of four.']}
    """
    problem = the_problem(author.try_release(divided), "identity-unclear")
    assert (problem.place.line, problem.place.column) == (6, 48)
    assert problem.message == "'arm' says that it was 'limb', and 'limb' is still there with a fact of this name"
    # Both ways out work.
    lock = author.lock
    first = author.release(divided.replace("definition: An arm., ", ""))
    both = author.release(divided)
    assert (both["bones/limb/definition"].guid, len({note.guid for note in both.values()})) == (
        lock.entries["bones/limb/definition"].guid,
        3,
    )
    assert {note.guid for note in first.values()} == {entry.guid for entry in lock.entries.values()}
    author.lock = lock
    renamed = author.release(divided.replace("limb: {", "leg: {"))
    assert renamed["bones/arm/definition"].guid == lock.entries["bones/limb/definition"].guid


def test_another_question_under_another_concept_is_confirmed(author):
    before = author.release(LEG_AND_ARM)
    after = author.release(MOVED, accept_removals=True)
    assert after["bones/arm/question/long"].guid != before["bones/leg/question/long"].guid
    assert list(author.lock.retired) == ["bones/leg/question/long"]


def test_a_concept_that_would_take_more_than_what_moved_is_not_advised_to(author):
    """With the concept's old name its new definition would come into the history of the one that stays."""
    author.release(LEG_AND_ARM)
    defined = MOVED.replace("term: Arm", "term: Arm\n    definition: What one grasps with.")
    problem = the_problem(author.try_release(defined), "identity-lost")
    assert "formerly" not in problem.fix
    assert "leave it in 'leg'" in problem.fix


@pytest.mark.parametrize(
    "both",
    [
        ("What one grasps with.", "What one grasps with."),
        ("", "[[Two]] of four."),
    ],
)
def test_a_concept_may_take_the_old_name_where_no_new_fact_of_it_is_one_of_the_other(author, both):
    """A definition that both had before stays where it is; so does a statement that is new in both."""
    before, now = both
    arm = "term: Arm\n    definition: What one grasps with." if before else "term: Arm"
    new = "" if before else f"\n    statements: [{{id: limbs, text: '{now}'}}]"
    first = author.release(LEG_AND_ARM.replace("term: Arm", arm))
    moved = MOVED.replace("term: Arm", f"{arm}{new}").replace("term: Leg", f"term: Leg{new}")
    assert "add 'formerly: [leg]' to the concept 'arm'" in the_problem(author.try_release(moved), "identity-lost").fix
    after = author.release(moved.replace("term: Arm", "term: Arm\n    formerly: [leg]"))
    assert after["bones/arm/question/long"].guid == first["bones/leg/question/long"].guid
    assert all(after[key].guid == note.guid for key, note in first.items() if key in after)


def test_questions_of_a_concept_that_goes_into_another_are_asked_about(author):
    before = author.release(LEG_AND_ARM)
    whole = """
    concepts:
      arm:
        term: Limb
        formerly: [leg]
        questions:
          - {id: long, ask: Which is its longest bone?, answer: The femur.}
          - {id: toes, ask: How many toes?, answer: 5}
          - {id: hand, ask: What is at its end?, answer: The hand.}
    """
    found = author.try_release(whole.replace("        formerly: [leg]\n", "")).problems
    assert [problem.rule for problem in found] == ["identity-lost", "identity-lost"]
    after = author.release(whole)
    assert {note.guid for note in after.values()} < {note.guid for note in before.values()}
    assert list(author.lock.retired) == ["bones/leg/definition"]


EVERYTHING = """
axes: {length: Length}
classifications: {type: {among: [femur, skull], ask: Which?, items: [examples]}}
concepts:
  femur:
    term: Femur
    contrasts: [skull]
    definition: Bone of the [[thigh]].
    features: {length: long}
    mechanism: [Cartilage turns to bone]
    examples: [Left, Right]
    statements: [{id: s, text: "It is [[long]]."}]
    questions: [{id: q, ask: Why?, answer: To walk.}]
  skull:
    term: Skull
    features: {length: short}
    examples: [Cap]
"""


def test_renamed_concept_that_says_so_keeps_every_guid_and_number(author):
    before = author.release(EVERYTHING, MONDAY)
    renamed = EVERYTHING.replace("femur", "zz-thigh").replace("term: Femur", "term: Femur\n    formerly: [femur]")
    after = author.release(renamed, TUESDAY)
    assert {note.guid for note in after.values()} == {note.guid for note in before.values()}
    by_guid = {note.guid: note for note in after.values()}
    for note in before.values():
        assert by_guid[note.guid].ords == note.ords
        assert by_guid[note.guid].kind == note.kind
    assert author.lock.retired == {}


def test_a_contrast_whose_features_both_have_ids_outlives_the_renaming_of_a_concept(author):
    """The id of the first concept by name counts, and a renaming can make that the other one."""
    facts = EVERYTHING.replace("{length: long}", "{length: {text: long, id: femurs}}").replace(
        "{length: short}", "{length: {text: short, id: skulls}}"
    )
    before = author.release(facts, MONDAY)
    assert "bones/femur/contrast/skull.femurs" in before
    renamed = facts.replace("femur:", "zz-thigh:").replace("[femur,", "[zz-thigh,")
    after = author.release(renamed.replace("term: Femur", "term: Femur\n    formerly: [femur]"), TUESDAY)
    assert {note.guid for note in after.values()} == {note.guid for note in before.values()}
    assert author.lock.retired == {}


def test_renamed_deck_that_says_so_keeps_every_guid(author):
    before = author.release(EVERYTHING, MONDAY)
    heading = "format: 1\ndeck: {id: skeleton, name: Skeleton, formerly: [bones]}\n"
    after = author.release(EVERYTHING, TUESDAY, heading)
    assert [note.guid for note in after.values()] == [note.guid for note in before.values()]
    assert all(note.key.startswith("skeleton/") for note in after.values())
    assert author.lock.deck == "skeleton"
    assert author.lock.retired == {}


def test_advice_for_a_renamed_axis_works(author):
    before = author.release(EVERYTHING)
    renamed = EVERYTHING.replace("length", "size")
    problem = the_problem(author.try_release(renamed), "identity-lost")
    assert "length" in problem.fix
    told = renamed.replace("{size: long}", "{size: {text: long, formerly: [length]}}").replace(
        "{size: short}", "{size: {text: short, formerly: [length]}}"
    )
    after = author.release(told)
    assert {note.guid for note in after.values()} == {note.guid for note in before.values()}


def test_list_that_gives_way_to_another_list_is_not_told_to_take_an_id(author):
    """`causes` and `examples` cannot be given an id; that advice could not be followed."""
    author.release("concepts: {femur: {term: Femur, causes: [Fall]}}")
    pinned = author.try_release("concepts: {femur: {term: Femur, examples: [Left]}}")
    assert not [problem for problem in pinned.problems if "id: causes" in problem.fix]


GROUPED = """
classifications: {type: {among: [long, flat], ask: Which?, items: [examples]}}
concepts:
  long:
    term: Long bone
    examples:
      - Leg:
          - Femur
          - Tibia
      - Arm:
          - Ulna
  flat: {term: Flat bone, examples: [Skull]}
"""


def test_regrouped_member_keeps_the_guid_of_its_classification(author):
    before = author.release(GROUPED, MONDAY)
    after = author.release(
        GROUPED.replace("          - Tibia\n", "").replace(
            "          - Ulna\n", "          - Ulna\n          - Tibia\n"
        )
    )
    key = "bones/long/classification/type.tibia"
    assert after[key].guid == before[key].guid
    assert fields_of(after[key])["Path"] == "Examples › Arm"
    assert author.numbers("bones/long/list/examples.leg") == {1: "femur"}
    assert author.spent("bones/long/list/examples.leg") == {2: "tibia"}
    assert author.numbers("bones/long/list/examples.arm") == {1: "ulna", 2: "tibia"}


def test_group_dissolved_keeps_the_classification_of_its_members(author):
    before = author.release(GROUPED)
    flat = GROUPED.replace(
        "      - Leg:\n          - Femur\n          - Tibia\n      - Arm:\n          - Ulna\n",
        "      - Femur\n      - Tibia\n      - Ulna\n",
    )
    after = author.release(flat, accept_removals=True)
    for item in ("femur", "tibia", "ulna"):
        key = f"bones/long/classification/type.{item}"
        assert after[key].guid == before[key].guid


def test_reclassified_member_is_another_card(author):
    """Its answer has changed: the history of the old answer would be a lie."""
    before = author.release(GROUPED)
    moved = GROUPED.replace("          - Tibia\n", "").replace("[Skull]", "[Skull, Tibia]")
    after = author.release(moved, accept_removals=True)
    key = "bones/flat/classification/type.tibia"
    assert after[key].guid not in {note.guid for note in before.values()}


# ----------------------------------------------------------------- the lock's text


def test_lock_is_sorted_with_a_note_a_line(author):
    author.release(EVERYTHING)
    lines = format_lock(author.lock).splitlines()
    assert lines[0].startswith("# ")
    assert lines[1] == "lock\t1\tbones"
    notes = [line for line in lines if line.startswith("note\t")]
    assert len(notes) == len(author.lock.entries)
    assert notes == sorted(notes)
    assert any(line.endswith("1=left 2=right") for line in notes)


def test_empty_lock_is_read_back():
    assert parse_lock(format_lock(Lock("bones")), Path("bones.lock")) == (Lock("bones"), [])


NAMES = st.from_regex(r"[a-z0-9][a-z0-9_.+-]{0,12}", fullmatch=True)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SECONDS = st.integers(0, 2**40)


@st.composite
def entries(draw):
    numbers = draw(st.dictionaries(st.integers(1, 500), NAMES, max_size=4))
    spent = {number: draw(NAMES) for number in draw(st.sets(st.integers(1, 500), max_size=3)) if number not in numbers}
    row = st.lists(WORDS, max_size=4).map(tuple)
    stone = st.builds(
        Tombstone, type=WORDS, row=row, tags=st.lists(WORDS, max_size=2).map(tuple), why=WORDS, instead=WORDS
    )
    blanks = format_numbers(numbers, spent)
    return Entry(draw(NAMES), draw(NAMES), draw(SECONDS), blanks, draw(st.none() | stone))


KEYS = st.tuples(NAMES, NAMES, NAMES).map("/".join)
LOCKS = st.builds(
    Lock,
    deck=NAMES,
    entries=st.dictionaries(KEYS, entries(), max_size=5),
    types=st.dictionaries(NAMES, st.builds(TypeEntry, hash=NAMES, mod=SECONDS), max_size=3),
)


@given(lock=LOCKS)
def test_lock_read_back_is_the_lock_that_was_written(lock):
    text = format_lock(lock)
    assert parse_lock(text, Path("bones.lock")) == (lock, [])
    assert format_lock(lock) == text


@given(lock=LOCKS)
def test_lock_can_be_read_with_windows_line_ends(lock):
    windows = format_lock(lock).replace("\n", "\r\n")
    assert parse_lock(windows, Path("bones.lock")) == (lock, [])


@given(lock=LOCKS, seed=st.randoms())
def test_equal_locks_have_equal_texts_in_whatever_order_they_were_filled(lock, seed):
    items = list(lock.entries.items())
    seed.shuffle(items)
    assert format_lock(Lock(lock.deck, dict(items), lock.types)) == format_lock(lock)


def read_back(text):
    return parse_lock(text, Path("bones.lock"))


@pytest.mark.parametrize(
    "numbers",
    ["1=left 2=right", "2=right 1=left", "1=left  2=right ", "01=left +2=right", "1=wrong 1=left 2=right"],
)
def test_numbers_that_somebody_wrote_otherwise_are_the_same_numbers(numbers):
    lock, problems = read_back(f"lock\t1\tbones\nnote\t{FEMUR}\tguid\thash\t7\t{numbers}\n")
    assert problems == []
    entry = lock.entries[FEMUR]
    assert (entry.numbers, entry.spent) == ({1: "left", 2: "right"}, {})
    assert format_lock(lock).splitlines()[-1] == f"note\t{FEMUR}\tguid\thash\t7\t1=left 2=right"


def test_numbers_from_ten_on_stand_behind_nine():
    many = {number: f"part-{number}" for number in range(1, 13)}
    told = format_numbers(many, {10: "gone"})
    lock, _ = read_back(f"lock\t1\tbones\nnote\t{FEMUR}\tguid\thash\t7\t{told}\n")
    assert lock.entries[FEMUR] == Entry("guid", "hash", 7, told)
    assert list(lock.entries[FEMUR].numbers.items()) == list(many.items())


def test_merge_conflict_is_told_with_a_repair_that_works(author):
    author.release(TWO)
    first, *_ = (line for line in format_lock(author.lock).splitlines() if line.startswith("note\t"))
    theirs = first.replace("femur", "ulna").replace("\t", "\t", 1)
    text = format_lock(author.lock)
    conflict = text.replace(f"{first}\n", f"<<<<<<< HEAD\n{first}\n=======\n{theirs}\n>>>>>>> theirs\n")
    lock, (problem,) = read_back(conflict)
    assert lock is None
    assert problem.rule == "lock-conflict"
    assert problem.place.line == conflict.splitlines().index("<<<<<<< HEAD") + 1
    assert "keep the lines of both sides" in problem.fix
    repaired = "\n".join(line for line in conflict.splitlines() if line[:7] not in {"<<<<<<<", "=======", ">>>>>>>"})
    lock, problems = read_back(repaired)
    assert problems == []
    assert set(lock.entries) == {FEMUR, TIBIA, "bones/ulna/definition"}


def test_after_a_merge_the_newer_of_two_lines_for_one_note_holds(author):
    author.release(TWO, MONDAY)
    ours = format_lock(author.lock)
    author.release(TWO.replace("thigh", "upper leg"), TUESDAY)
    line = next(line for line in format_lock(author.lock).splitlines() if FEMUR in line)
    for merged in (ours + line + "\n", ours.replace("note\t", f"{line}\nnote\t", 1)):
        lock, problems = read_back(merged)
        assert problems == []
        assert lock == author.lock


def test_two_lines_with_different_guids_for_one_note_are_a_conflict(author):
    author.release(TWO)
    line = next(line for line in format_lock(author.lock).splitlines() if FEMUR in line)
    guid = author.lock.entries[FEMUR].guid
    lock, (problem,) = read_back(format_lock(author.lock) + line.replace(guid, "another-guid") + "\n")
    assert lock is None
    assert problem.rule == "lock-conflict"
    assert FEMUR in problem.message


@pytest.mark.parametrize(
    "broken",
    [
        "note\tbones/x/definition",
        "what is this",
        "note\tk\tguid\thash\tsoon",
        "note\tk\tguid\thash\t1\t1:left",
        "lock\t2\tb",
    ],
)
def test_broken_line_is_told_with_its_place(author, broken):
    author.release(TWO)
    text = format_lock(author.lock) + broken + "\n"
    lock, (problem,) = read_back(text)
    assert lock is None
    assert problem.rule == "lock-broken"
    assert problem.place.line == len(text.splitlines())
    assert problem.place.text == broken
    assert problem.fix


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_empty_file_is_no_lock(text):
    lock, (problem,) = read_back(text)
    assert lock is None
    assert problem.rule == "lock-broken"


# ---------------------------------------------------------------------- the build


def test_lost_lock_beside_a_package_stops_the_build_and_leaves_the_package(tmp_path):
    file = tmp_path / "bones.yaml"
    file.write_text(HEADING + TWO, encoding="utf-8")
    (deck,) = build([file], tmp_path / "dist").decks
    before = deck.package.read_bytes()
    (tmp_path / "bones.lock").unlink()
    built = build([file], tmp_path / "dist")
    (problem,) = built.problems
    assert built.decks == ()
    assert problem.rule == "lock-missing"
    assert problem.place.file == tmp_path / "bones.lock"
    assert "git" in problem.fix
    assert deck.package.read_bytes() == before
    assert not (tmp_path / "bones.lock").exists()


def test_the_lock_of_a_former_id_that_comes_back_is_not_taken_for_the_deck_s_own(tmp_path, monkeypatch):
    """As when an old branch is merged: what was built under the new id holds."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(MONDAY))
    file = tmp_path / "bones.yaml"
    file.write_text(HEADING + TWO, encoding="utf-8")
    assert build([file], tmp_path / "dist").problems == ()
    former = (tmp_path / "bones.lock").read_bytes()
    heading = "format: 1\ndeck: {id: skeleton, name: Skeleton, formerly: [bones]}\n"
    more = "  ulna: {term: Ulna, definition: Bone of the forearm.}\n"
    file.write_text(heading + TWO + more, encoding="utf-8")
    assert build([file], tmp_path / "dist").problems == ()
    lock = (tmp_path / "skeleton.lock").read_bytes()
    (tmp_path / "bones.lock").write_bytes(former)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(TUESDAY))
    file.write_text(heading + TWO + more + "# checked\n", encoding="utf-8")
    assert build([file], tmp_path / "dist").problems == ()
    assert (tmp_path / "skeleton.lock").read_bytes() == lock


def test_a_lock_of_another_program_is_not_taken_for_that_of_a_lost_deck(tmp_path):
    (tmp_path / "poetry.lock").write_text("# This file is generated by Poetry.\n[[package]]\n", encoding="utf-8")
    file = tmp_path / "bones.yaml"
    file.write_text(HEADING + TWO, encoding="utf-8")
    assert build([file], tmp_path / "dist").problems == ()


@pytest.mark.parametrize("later", ["added", "reworded"])
def test_a_member_and_other_words_of_one_list_are_merged_without_a_question(tmp_path, monkeypatch, later):
    """Git keeps the lines of both branches, with the numbers that each of them knew."""
    file, lock = tmp_path / "bones.yaml", tmp_path / "bones.lock"
    lines = {}

    def built(examples, when, term="Carpal"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(when))
        facts = f"concepts: {{carpal: {{term: {term}, examples: [{examples}]}}}}\n"
        file.write_text(HEADING + facts, encoding="utf-8")
        assert build([file], tmp_path / "dist").problems == ()
        return next(line for line in lock.read_text(encoding="utf-8").splitlines() if "list/examples" in line)

    built("lunate, hamate, pisiform", MONDAY)
    shipped = lock.read_bytes()
    lines["reworded"] = built("lunate, hamate, pisiform", TUESDAY + 60 * (later == "reworded"), "Carpal bone")
    lock.write_bytes(shipped)
    lines["added"] = built("lunate, hamate, pisiform, scaphoid", TUESDAY + 60 * (later == "added"))
    lock.write_text(f"{lock.read_text(encoding='utf-8')}{lines['reworded']}\n", encoding="utf-8")
    merged = built("lunate, hamate, pisiform, scaphoid", TUESDAY + 120, "Carpal bone")
    assert merged.endswith("1=lunate 2=hamate 3=pisiform 4=scaphoid")
    assert int(merged.split("\t")[4]) == TUESDAY + 120


def test_a_removed_member_stays_removed_beside_other_words_of_its_list(tmp_path):
    lines = [
        "lock\t1\tbones",
        "note\tbones/c/list/examples\tguid\thash\t{}\t1=a 2=b",
        "note\tbones/c/list/examples\tguid\tother\t{}\t1=a -2=b 3=c",
    ]
    for times, blanks in (((5, 6), "1=a -2=b 3=c"), ((6, 5), "1=a 2=b 3=c")):
        text = "\n".join([lines[0], *(line.format(time) for line, time in zip(lines[1:], times, strict=True))])
        lock, problems = parse_lock(text, tmp_path / "bones.lock")
        assert problems == []
        assert lock.entries["bones/c/list/examples"].blanks == blanks


def test_two_names_for_one_card_after_a_merge_are_a_conflict_with_a_repair_that_works(tmp_path, monkeypatch):
    """One branch renames a fact, another one rewords it, and the merge keeps the lines of both."""
    file, lock = tmp_path / "bones.yaml", tmp_path / "bones.lock"
    facts = "concepts: {{femur: {{term: Femur, questions: [{{{}, ask: How long?, answer: {}}}]}}}}\n"

    def built(words, answer, when):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(when))
        file.write_text(HEADING + facts.format(words, answer), encoding="utf-8")
        return build([file], tmp_path / "dist").problems

    assert built("id: long", "Half a metre", MONDAY) == ()
    shipped = lock.read_bytes()
    guid = parse_lock(shipped.decode(), lock)[0].entries["bones/femur/question/long"].guid
    assert built("id: long", "45 cm", TUESDAY) == ()
    reworded = next(line for line in lock.read_text(encoding="utf-8").splitlines() if "question/long" in line)
    lock.write_bytes(shipped)
    assert built("id: length, formerly: [long]", "Half a metre", MONDAY) == ()
    merged = f"{lock.read_text(encoding='utf-8')}{reworded}\n"
    lock.write_text(merged, encoding="utf-8")
    (problem,) = built("id: length, formerly: [long]", "45 cm", TUESDAY + 60)
    assert (problem.rule, problem.place.text) == ("lock-conflict", reworded)
    assert "are one card of students" in problem.message
    assert "delete the other" in problem.fix
    lock.write_text(merged.replace(f"{reworded}\n", ""), encoding="utf-8")
    assert built("id: length, formerly: [long]", "45 cm", TUESDAY + 60) == ()
    ((key, entry),) = parse_lock(lock.read_text(encoding="utf-8"), lock)[0].entries.items()
    assert (key, entry.guid, entry.mod, entry.tombstone) == ("bones/femur/question/length", guid, TUESDAY + 60, None)


def test_conflict_in_the_lock_stops_the_build_and_leaves_both_files(tmp_path):
    file, lock = tmp_path / "bones.yaml", tmp_path / "bones.lock"
    file.write_text(HEADING + TWO, encoding="utf-8")
    (deck,) = build([file], tmp_path / "dist").decks
    before = deck.package.read_bytes()
    broken = lock.read_text(encoding="utf-8") + "<<<<<<< HEAD\n"
    lock.write_text(broken, encoding="utf-8")
    file.write_text(HEADING + TWO.replace("thigh", "upper leg"), encoding="utf-8")
    built = build([file], tmp_path / "dist")
    assert [problem.rule for problem in built.problems] == ["lock-conflict"]
    assert deck.package.read_bytes() == before
    assert lock.read_text(encoding="utf-8") == broken


def test_lost_identity_stops_the_build_and_leaves_both_files(tmp_path):
    file, lock = tmp_path / "bones.yaml", tmp_path / "bones.lock"
    file.write_text(HEADING + causes("Fall", "Blow"), encoding="utf-8")
    (deck,) = build([file], tmp_path / "dist").decks
    before = deck.package.read_bytes(), lock.read_bytes()
    file.write_text(HEADING + causes("Fall", "Gunshot"), encoding="utf-8")
    assert {problem.rule for problem in build([file], tmp_path / "dist").problems} == {"identity-lost"}
    assert (deck.package.read_bytes(), lock.read_bytes()) == before
    assert build([file], tmp_path / "dist", accept_removals=True).problems == ()

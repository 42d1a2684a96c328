"""A student goes from a part of a deck to the whole of it, and back, judged by Anki itself: no review is lost."""

import shutil
from pathlib import Path

import pytest

from deckbuilder.build import build
from tests.students import AGAIN, EASY, GOOD, HARD, Student, release_time

CARDS = Path(__file__).parent.parent / "cards"
OUTPUTS = """\
outputs:
  short:
    concepts: [pathologic, metastatic, dystrophic]
  own-name:
    name: Pathology::Calcification in short
    tags: ["Pathology::Calcification::dystrophic"]
"""


class Author:
    """The calcification deck with two outputs, as its author releases it."""

    def __init__(self, folder):
        self.file, self.out, self.releases = folder / "calcification.yaml", folder / "dist", 0
        folder.mkdir(parents=True)
        for name in ("calcification.yaml", "calcification.lock"):
            shutil.copy(CARDS / name, folder / name)
        facts = self.file.read_text(encoding="utf-8").replace("\naxes:\n", f"\n{OUTPUTS}\naxes:\n", 1)
        self.file.write_text(facts, encoding="utf-8")

    def edit(self, before, after):
        facts = self.file.read_text(encoding="utf-8")
        assert before in facts
        self.file.write_text(facts.replace(before, after), encoding="utf-8")

    def release(self, **options):
        self.releases += 1
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOURCE_DATE_EPOCH", str(release_time(self.releases)))
            built = build([self.file], self.out, **options)
        assert not built.problems
        copies = self.out.with_name(f"v{self.releases}")
        shutil.copytree(self.out, copies)
        return copies


@pytest.fixture
def author(tmp_path):
    return Author(tmp_path / "author")


@pytest.fixture
def student(tmp_path):
    student = Student(tmp_path / "student")
    yield student
    student.close()


def study(student):
    """Some cards in every state that Anki has."""
    for turn, card in enumerate(student.cards()):
        student.answer(card, *([GOOD] * (turn % 4)), (AGAIN, HARD, GOOD, EASY)[turn % 4])
    cards = student.cards()
    student.col.sched.suspend_cards(cards[::7])
    student.col.sched.bury_cards(cards[1::9])
    student.col.set_user_flag_for_cards(3, cards[2::5])


def the_same(before, now):
    """What the student had, card for card, in what they have."""
    assert {card: now[card] for card in before} == before


def test_from_the_short_deck_to_the_whole_no_card_is_new_twice_and_every_review_stays(author, student):
    packages = author.release()
    first = student.import_(packages / "calcification.short.apkg")
    study(student)
    states, asked = student.states(), student.asked(student.cards())
    outcome = student.import_(packages / "calcification.apkg")
    assert outcome == {"duplicate": first["new"], "new": 85 - first["new"]}
    the_same(states, student.states())
    assert student.asked(states) == asked
    # Cards that came with either are in one deck.
    assert len(set(student.db.list("select did from cards where odid = 0"))) == 1
    assert len(student.notes()) == 85


def test_back_to_the_short_deck_nothing_changes(author, student):
    packages = author.release()
    student.import_(packages / "calcification.apkg")
    study(student)
    states, notes = student.states(), student.notes()
    outcome = student.import_(packages / "calcification.short.apkg")
    assert set(outcome) == {"duplicate"}
    assert (student.states(), student.notes()) == (states, notes)


def test_from_an_old_short_deck_to_the_new_whole_one_corrections_arrive(author, student):
    old = author.release()
    first = student.import_(old / "calcification.short.apkg")["new"]
    study(student)
    states = student.states()
    author.edit("term: Dystrophic calcification", "term: Dystrophic calcification (of dead tissue)")
    new = author.release()
    outcome = student.import_(new / "calcification.apkg")
    assert outcome["updated"] > 0
    assert outcome["updated"] + outcome["duplicate"] == first
    assert "conflicting" not in outcome
    the_same(states, student.states())
    assert student.import_(old / "calcification.short.apkg") == {"duplicate": first}


def test_a_part_with_a_name_of_its_own_leaves_cards_where_they_are(author, student):
    packages = author.release()
    student.import_(packages / "calcification.own-name.apkg")
    study(student)
    states = student.states()
    student.import_(packages / "calcification.apkg")
    the_same(states, student.states())
    names = {
        deck["name"]
        for deck in student.col.decks.all()
        if student.col.decks.card_count(deck["id"], include_subdecks=False)
    }
    assert names == {"Pathology::Calcification in short", "Pathology::Calcification"}


def test_an_update_of_the_short_deck_tells_what_was_withdrawn_and_brings_what_came(author, student):
    old = author.release()
    student.import_(old / "calcification.short.apkg")
    study(student)
    states = student.states()
    facts = author.file.read_text(encoding="utf-8")
    question = facts.index("    questions:\n", facts.index("\n  dystrophic:\n"))
    entry = facts.index("      - ", question)
    after = facts.index("      - ", entry + 1)
    author.file.write_text(facts[:entry] + facts[after:], encoding="utf-8")
    new = author.release(accept_removals=True)
    outcome = student.import_(new / "calcification.short-update.apkg")
    assert outcome["updated"] == 1
    the_same(states, student.states())
    assert student.db.scalar("select count() from notes where tags like '%deckbuilder::retired%'") == 1

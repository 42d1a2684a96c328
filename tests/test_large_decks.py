"""A deck of very many facts is built in less room, and what students get does not tell."""

from pathlib import Path

import pytest

from deckbuilder.build import build
from deckbuilder.facts.load import load
from deckbuilder.kinds import make_notes
from deckbuilder.lock import Lock, pin
from tests import moons_deck, term_deck
from tests.helpers import HEADING, OWL, told, write_deck
from tests.test_choices import HEADING as OF_ROCKS
from tests.test_choices import ROCKS
from tests.test_examples import EXAMPLES
from tests.test_kinds_in_anki import EVERY_KIND
from tests.test_kinds_in_anki import HEADING as OF_BONES

CALCIFICATION = Path(__file__).parents[1] / "cards" / "calcification.yaml"
WRITTEN = {
    "term": term_deck.FACTS,
    "rocks": OF_ROCKS + ROCKS,
    "one rock": OF_ROCKS + ROCKS.replace(", choices: true", "").replace("[Slate,", "[{text: Slate, choice: true},"),
    "bones": OF_BONES + EVERY_KIND,
}


@pytest.fixture(autouse=True)
def _every_deck_is_large(monkeypatch):
    monkeypatch.setattr("deckbuilder.kinds.make._LARGE", 0)


def read(file):
    (deck,) = load([file]).decks
    return deck


def made(file, *, spend):
    deck = read(file)
    notes = make_notes(deck, spend=spend)
    left = sum(len(one.statements) + len(one.questions) + len(one.mechanism) for one in deck.concepts.values())
    return notes.notes, notes.unasked, notes.problems, left


@pytest.mark.parametrize("file", [CALCIFICATION, *EXAMPLES], ids=lambda file: file.stem)
def test_facts_that_are_let_go_have_given_all_their_notes(file):
    *kept, facts = made(file, spend=False)
    *let_go, left = made(file, spend=True)
    assert let_go == kept
    assert left < facts / 2


@pytest.mark.parametrize("facts", WRITTEN)
def test_so_have_facts_from_which_the_cards_of_other_concepts_draw(facts, tmp_path):
    file = write_deck(tmp_path, WRITTEN[facts])
    assert made(file, spend=True)[:3] == made(file, spend=False)[:3]


@pytest.mark.parametrize(
    "facts", [moons_deck.FACTS, CALCIFICATION.read_text(encoding="utf-8")], ids=["moons", "calcium"]
)
def test_packages_and_lock_are_the_same(facts, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    files = []
    for largest in (0, 10**9):
        monkeypatch.setattr("deckbuilder.kinds.make._LARGE", largest)
        folder = tmp_path / str(largest)
        assert told(build([write_deck(folder, facts)], folder).problems) == []
        files.append({file.name: file.read_bytes() for file in sorted(folder.iterdir())})
    assert files[0] == files[1]
    assert any(name.endswith(".apkg") for name in files[0])


def test_of_its_notes_none_is_left_when_all_are_pinned(tmp_path):
    deck = read(write_deck(tmp_path, term_deck.FACTS))
    notes = make_notes(deck, spend=True)
    assert {note.key for note in notes.notes} == {note.key for note in pin(deck, notes, Lock("term"), 0).notes}
    assert notes.notes == []


LEAK = "    statements: [{text: 'Owls are [[owls]] at night.', ALLOW}]\n"


def test_what_makes_a_card_wrong_stops_a_build_and_what_its_author_allows_does_not(tmp_path):
    file = write_deck(tmp_path, HEADING + OWL + LEAK.replace("ALLOW", "id: owls"))
    assert told(build([file], tmp_path).problems) == [
        "7:25 answer-leak: the front gives the answer 'owls' away",
    ]
    write_deck(tmp_path, HEADING + OWL + LEAK.replace("ALLOW", "allow: {answer-leak: It is a joke.}"))
    built = build([file], tmp_path)
    assert (told(built.problems), len(built.decks)) == ([], 1)

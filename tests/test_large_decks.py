"""A deck of very many facts is built in less room, and what students get does not tell."""

from pathlib import Path

import pytest

from deckbuilder.build import build
from deckbuilder.facts.load import load
from deckbuilder.facts.places import Origin
from deckbuilder.kinds import make_notes
from deckbuilder.lock import Lock, pin
from deckbuilder.notes import Hidden, Named, Note
from deckbuilder.notetypes import CLOZE
from deckbuilder.shelved import ShelvedNotes
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
    return list(notes.notes), notes.unasked, notes.problems, left


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


def test_notes_on_a_shelf_are_asked_for_like_those_of_a_list(tmp_path):
    file = write_deck(tmp_path, OF_BONES + EVERY_KIND)
    held, laid = make_notes(read(file)).notes, make_notes(read(file), spend=True).notes
    assert (len(laid), laid[0], laid[-1], laid[3:7]) == (len(held), held[0], held[-1], held[3:7])
    assert {hidden.origin for note in laid for hidden in note.hidden} == {
        h.origin for note in held for h in note.hidden
    }
    with pytest.raises(IndexError):
        laid[len(held)]


def test_so_are_pinned_notes_and_the_entries_of_a_lock(tmp_path):
    file = write_deck(tmp_path, OF_BONES + EVERY_KIND)
    held, laid = (pin(deck := read(file), make_notes(deck, spend=spend), Lock("bones"), 9) for spend in (False, True))
    assert list(laid.notes) == held.notes
    assert (len(laid.notes), laid.notes[-1], laid.notes[2:5]) == (len(held.notes), held.notes[-1], held.notes[2:5])
    assert (dict(laid.lock.entries), len(laid.lock.entries)) == (held.lock.entries, len(held.lock.entries))


def test_a_blank_stands_where_its_author_wrote_it_however_far_from_its_note():
    note_at, elsewhere = (
        Origin(Path("owl.yaml"), ("concepts", "owl")),
        Origin(Path("hawk.yaml"), ("concepts", "hawk", 0)),
    )
    blanks = tuple(Hidden(f"b{n}", "Owl", at) for n, at in enumerate((note_at, note_at.at("of", 2, "of"), elsewhere)))
    items = (Named("b0", ("b9",), elsewhere.at("text")),)
    note = Note(
        "birds/owl/list", "list", CLOZE, ("", "Owls"), ("birds",), note_at, ("owl",), ("1 ", *blanks), {}, items
    )
    laid = ShelvedNotes()
    laid.extend([note])
    assert list(laid) == [note]
    assert laid.has_renamed_items


def test_an_item_that_took_the_name_of_one_that_moved_is_told_in_a_large_deck_too(tmp_path):
    heading = HEADING + "lists: {barns: {title: Barns}, woods: {title: Woods}}\nconcepts:\n"
    moved = """\
  owl:
    term: Owl
    lists:
      barns: [{text: Eagle owl, id: barn}]
      woods: [{text: Barn owl, id: barn-owl, formerly: [barn]}]
"""
    problems = told(build([write_deck(tmp_path, heading + moved)], tmp_path).problems)
    assert [problem for problem in problems if "identity-unclear" in problem] == [
        "9:15 identity-unclear: students have 'barn-owl' and 'barn' as two facts, and this could be either"
    ]


def test_of_its_notes_none_is_left_when_all_are_pinned(tmp_path):
    deck = read(write_deck(tmp_path, term_deck.FACTS))
    notes = make_notes(deck, spend=True)
    assert {note.key for note in notes.notes} == {note.key for note in pin(deck, notes, Lock("term"), 0).notes}
    assert list(notes.notes) == []


LEAK = "    statements: [{text: 'Owls are [[owls]] at night.', ALLOW}]\n"


def test_what_makes_a_card_wrong_stops_a_build_and_what_its_author_allows_does_not(tmp_path):
    file = write_deck(tmp_path, HEADING + OWL + LEAK.replace("ALLOW", "id: owls"))
    assert told(build([file], tmp_path).problems) == [
        "7:25 answer-leak: the front gives the answer 'owls' away",
    ]
    write_deck(tmp_path, HEADING + OWL + LEAK.replace("ALLOW", "allow: {answer-leak: It is a joke.}"))
    built = build([file], tmp_path)
    assert (told(built.problems), len(built.decks)) == ([], 1)

"""Withdrawn notes whose package is gone: students still get cards that show something."""

from deckbuilder.build import build
from deckbuilder.package.read import read_package
from tests.anki_helpers import import_package
from tests.helpers import write_deck

HEADING = "format: 1\ndeck: {id: birds, name: Birds}\nconcepts:\n"
KEPT = "  wren: {term: Wren, definition: A small bird that sings loudly.}\n"
WITHDRAWN = """\
  owl:
    term: Owl
    definition: A bird that hunts at night.
    contrasts: [hawk]
    features: {hunt: at night}
    statements: ["An owl eats [[mice]] and [[voles|small]] at night."]
    questions: [{ask: Why at night?, answer: Mice are out then.}]
    mechanism: [It hears a mouse, It flies, It takes it]
    examples: [Barn owl, Tawny owl]
  hawk:
    term: Hawk
    features: {hunt: by day}
    examples: [Goshawk]
"""
TOP = "axes: {hunt: Hunts}\nclassifications: {kind: {among: [owl, hawk], ask: Owl or hawk?}}\n"


def note_types(package):
    return {note.guid: note.type_name for note in read_package(package)[0].notes}


def test_withdrawn_notes_show_their_names_when_their_words_are_lost(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    write_deck(tmp_path, TOP + HEADING + KEPT + WITHDRAWN)
    assert build([tmp_path / "birds.yaml"], tmp_path / "dist").problems == ()
    known = note_types(tmp_path / "dist" / "birds.apkg")
    (tmp_path / "dist" / "birds.apkg").unlink()
    write_deck(tmp_path, HEADING + KEPT)
    built = build([tmp_path / "birds.yaml"], tmp_path / "dist")
    assert built.problems == ()
    (deck,) = built.decks
    assert deck.retired == 10
    seen = import_package(tmp_path / "dist" / "birds-update.apkg", tmp_path)
    withdrawn = [card for card in seen.cards if "deckbuilder::retired" in card.tags]
    # definition 2, contrast 1, cloze 2, question 1, mechanism 3, lists 2 + 1, classification 3
    assert len(withdrawn) == 15
    assert all(card.front and "Withdrawn from the deck." in card.front[0] for card in withdrawn)
    assert all(len(card.front) > 1 for card in withdrawn)
    # In another note type Anki would not update what students have.
    assert known.items() <= note_types(tmp_path / "dist" / "birds-update.apkg").items()
    assert seen.empty_cards == ""
    assert not seen.changed_by_check

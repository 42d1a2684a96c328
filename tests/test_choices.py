"""Which of these? Choice cards: drawn once and for all, wrong answers that are wrong, and few of them."""

import re

import pytest

from deckbuilder.build import build
from deckbuilder.package.read import read_package
from tests.anki_helpers import study
from tests.test_preview_render import assert_same

HEADING = """
format: 1
deck: {id: rocks, name: Rocks, check: {choice_share: 100}}
sources: {atlas: {title: Atlas}, survey: {title: Survey}}
default_source: atlas
"""
ROCKS = """
axes: {origin: How it forms}
classifications:
  family:
    {among: [igneous, sedimentary, metamorphic], ask: Which?, items: [examples], because: [origin], choices: true}
concepts:
  igneous:
    term: Igneous rock
    features: {origin: molten rock cools}
    examples: [{text: Granite, why: It cooled deep down.}, Basalt, {text: Obsidian, choice: false}]
  sedimentary:
    term: Sedimentary rock
    features: {origin: grains are laid down}
    examples: [Sandstone, {text: Chalk, why: It was shells once., source: survey}, Coal, {text: Tuff, status: disputed}]
  metamorphic:
    term: Metamorphic rock
    features: {origin: rock is pressed and heated}
    examples: [Slate, Marble, Gneiss]
"""
CLASSES = {
    "Igneous rock": {"Granite", "Basalt", "Obsidian"},
    "Sedimentary rock": {"Sandstone", "Chalk", "Coal"},
    "Metamorphic rock": {"Slate", "Marble", "Gneiss"},
}


def choices(facts, folder, heading=HEADING):
    return {card.key.split("/")[-1]: card for card in study(heading + facts, folder).of_kind("choice")}


def options(card):
    return card.front[2:]


@pytest.fixture
def cards(tmp_path):
    return choices(ROCKS, tmp_path)


def test_each_item_stands_once_among_items_of_other_classes(cards):
    assert set(cards) == {
        f"family.{name}" for name in ["granite", "basalt", "sandstone", "chalk", "coal", "slate", "marble", "gneiss"]
    }
    for card in cards.values():
        assert card.front[0] == "Which of these?"
        own = CLASSES[card.front[1].removesuffix(" › Examples")]
        (right,) = [option for option in options(card) if option in own]
        assert card.back[0] == right
        assert len(options(card)) == 4
        assert "Tuff" not in options(card)


def test_the_back_says_why_the_right_one_is_right_and_what_the_others_are(cards):
    card = cards["family.granite"]
    assert card.back[:4] == ["Granite", "It cooled deep down.", "How it forms", "molten rock cools"]
    told = dict(zip(card.back[4::2], card.back[5::2], strict=False))
    for option in set(options(card)) - {"Granite"}:
        family = next(name for name, items in CLASSES.items() if option in items)
        assert told[option] == family + (": It was shells once." if option == "Chalk" else "")
    assert ("Source: Survey." in card.back) == ("Chalk" in options(card))


def test_the_right_one_does_not_always_stand_in_one_place(cards):
    assert len({options(card).index(card.back[0]) for card in cards.values()}) > 1


def test_what_is_added_elsewhere_changes_no_card(cards, tmp_path):
    more = ROCKS.replace("concepts:\n", "concepts:\n  fossil:\n    term: Fossil\n    examples: [Ammonite, Trilobite]\n")
    assert {key: card.front for key, card in choices(more, tmp_path / "more").items()} == {
        key: card.front for key, card in cards.items()
    }


def test_an_item_that_is_added_takes_one_place_at_most_and_moves_no_other(cards, tmp_path):
    more = choices(ROCKS.replace("Slate, Marble", "Schist, Slate, Marble"), tmp_path / "more")
    touched = 0
    for key, card in cards.items():
        before, after = options(card), options(more[key])
        assert set(after) - set(before) <= {"Schist"}
        kept = [option for option in before if option in after]
        assert kept == [option for option in after if option in before]
        touched += before != after
    assert 0 < touched < len(cards)


def test_renaming_a_concept_draws_nothing_anew(cards, tmp_path):
    renamed = ROCKS.replace("[igneous,", "[magmatic,").replace("  igneous:\n", "  magmatic:\n    formerly: [igneous]\n")
    assert {key: card.front for key, card in choices(renamed, tmp_path / "more").items()} == {
        key: card.front for key, card in cards.items()
    }


def test_choices_are_asked_for_by_a_deck_a_classification_or_an_item(tmp_path):
    silent = ROCKS.replace(", choices: true", "")
    assert choices(silent, tmp_path / "none") == {}
    one = choices(silent.replace("Basalt", "{text: Basalt, choice: true}"), tmp_path / "one")
    assert set(one) == {"family.basalt"}
    whole = choices(silent, tmp_path / "deck", HEADING.replace("name: Rocks", "name: Rocks, choices: true"))
    assert len(whole) == 8
    group = silent.replace("[Slate, Marble, Gneiss]", "[{text: Hard, choice: true, of: [Slate, Marble]}, Gneiss]")
    assert set(choices(group, tmp_path / "group")) == {"family.slate", "family.marble"}


def test_an_item_of_two_classes_is_no_wrong_answer(tmp_path):
    both = ROCKS.replace("[Slate, Marble, Gneiss]", "[Slate, Marble, {text: granite, classify: false}]")
    for key, card in choices(both, tmp_path).items():
        if key.startswith("family.") and card.front[1].startswith("Igneous"):
            assert "granite" not in options(card)
        elif card.front[1].startswith("Metamorphic"):
            assert "Granite" not in options(card)


def test_one_wrong_answer_is_no_choice(tmp_path):
    facts = """
classifications: {kind: {among: [owl, hawk], ask: Which?, choices: true}}
concepts:
  owl: {term: Owl, examples: [Barn owl, Tawny owl]}
  hawk: {term: Hawk, examples: [Goshawk]}
"""
    assert set(choices(facts, tmp_path)) == {"kind.goshawk"}


def test_more_than_a_tenth_of_a_deck_stops_the_build(tmp_path):
    file = tmp_path / "rocks.yaml"
    file.write_text(HEADING.replace(", check: {choice_share: 100}", "") + ROCKS, encoding="utf-8")
    (problem,) = build([file], tmp_path / "dist").problems
    assert problem.rule == "choice-many"
    assert problem.message == "8 of 27 cards are choices, more than 10 %"
    file.write_text(HEADING.replace("100", "30") + ROCKS, encoding="utf-8")
    assert build([file], tmp_path / "dist").problems == ()


def test_the_preview_renders_choices_as_anki_does(tmp_path):
    file = tmp_path / "rocks.yaml"
    file.write_text(HEADING + ROCKS, encoding="utf-8")
    assert "choice" in assert_same(file, tmp_path)


def test_an_update_with_an_item_more_touches_only_the_choices_that_it_stands_in(tmp_path, monkeypatch):
    file, shipped = tmp_path / "rocks.yaml", []
    for number, facts in enumerate((ROCKS, ROCKS.replace("Slate, Marble", "Schist, Slate, Marble"))):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_800_000_000 + number))
        file.write_text(HEADING + facts, encoding="utf-8")
        (built,) = build([file], tmp_path / "dist").decks
        shipped.append({note.guid: note for note in read_package(built.package)[0].notes})
    before, after = shipped
    assert before.keys() < after.keys()
    for guid, note in before.items():
        is_choice = "deckbuilder::kind::choice" in note.tags
        assert after[guid].ords[: len(note.ords)] == note.ords
        if is_choice and after[guid].mod > note.mod:
            assert "Schist" in after[guid].row[0]


# ------------------------------------------------------- several classifications

AXES = """
classifications:
  family: {among: [igneous, sedimentary], ask: How did it form?, items: [examples]}
  use: {among: [hard, soft], ask: How hard is it?, items: [examples]}
concepts:
  igneous: {term: Igneous, examples: [Granite, Pumice]}
  sedimentary: {term: Sedimentary, examples: [Chalk, Flint]}
  hard: {term: Hard, examples: [Granite, Flint]}
  soft: {term: Soft, examples: [Chalk, Pumice]}
"""


def test_one_item_can_be_told_apart_on_several_axes_and_neither_gives_the_other_away(tmp_path):
    seen = study(HEADING + AXES, tmp_path).of_kind("classification")
    assert len(seen) == 8
    granite = sorted((card.front, card.back[0]) for card in seen if card.front[1] == "Granite")
    assert granite == [
        (["How did it form?", "Granite", "Igneous", "Sedimentary"], "Igneous"),
        (["How hard is it?", "Granite", "Hard", "Soft"], "Hard"),
    ]
    for card in seen:
        assert not re.search("igneous|sedimentary|hard|soft", " ".join(card.tags))


def test_two_classifications_with_one_question_are_told(tmp_path):
    facts = """
classifications:
  one: {among: [owl, hawk], ask: Which bird?}
  two: {among: [owl, hawk], ask: Which bird?, items: [lists-of-two]}
lists: {lists-of-two: {title: Two}}
concepts:
  owl: {term: Owl, examples: [Strix]}
  hawk: {term: Hawk, lists: {lists-of-two: [Strix]}}
"""
    file = tmp_path / "birds.yaml"
    file.write_text(HEADING + facts, encoding="utf-8")
    assert "front-ambiguous" in {problem.rule for problem in build([file], tmp_path / "dist").problems}

"""The real deck, cards/calcification.yaml, judged by Anki: what a student gets is what was built, and it is sound."""

import re
from collections import Counter
from pathlib import Path

import pytest

from deckbuilder.build import build
from deckbuilder.markup import visible_text
from tests.anki_helpers import import_package, visible_lines

DECK = Path(__file__).parent.parent / "cards" / "calcification.yaml"
# Traces of markup that was not turned into HTML, or that Anki could not read.
LEFT_OVER = (
    "{{",
    "}}",
    "[[",
    "]]",
    "**",
    "__",
    "`",
    "$",
    "&lt;",
    "&amp;lt;",
    "](",
    "No cloze",
    "has a problem",
    "Error",
)
CAVEAT = "Disputed: sources disagree. See the note on the back."
TERMS = {"Metastatic calcification", "Dystrophic calcification"}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calcification")
    copy = folder / DECK.name
    copy.write_bytes(DECK.read_bytes())
    result = build([copy], folder / "dist")
    assert result.problems == ()
    (deck,) = result.decks
    return deck


@pytest.fixture(scope="module")
def in_anki(built, tmp_path_factory):
    return import_package(built.package, tmp_path_factory.mktemp("student"))


def whole_word(answer: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.IGNORECASE) is not None


def answers_of(card) -> list[str]:
    """What a card asks for, as text: the answers behind its number, or what a front must not say."""
    if card.note_type == "Deckbuilder cloze":
        hidden = re.findall(rf"\{{\{{c{card.number}::(.*?)(?:::.*?)?\}}\}}", card.fields["Text"])
        return [visible_text(answer) for answer in hidden]
    if card.note_type == "Deckbuilder classification":
        return [visible_text(card.fields["Class"])]
    back = card.fields["Back"] if card.number == 1 else card.fields["Reverse back"]
    if card.kind == "contrast":
        return [visible_text(cell) for cell in re.findall(r"<td>(.*?)</td>", back)]
    answer, *others = visible_lines(back)
    aliases = [line.removeprefix("Also called: ") for line in others if line.startswith("Also called: ")]
    return [answer, *(alias for line in aliases for alias in line.split(", "))]


def front_without_options(card) -> str:
    return " ".join(visible_lines(re.sub(r'<div class="options".*?</div>', "", card.front_html, flags=re.DOTALL)))


def test_anki_has_the_notes_and_cards_that_build_reported(built, in_anki):
    assert in_anki.notes == built.notes
    assert len(in_anki.cards) == built.cards
    assert Counter(card.kind for card in in_anki.cards) == built.kinds
    assert in_anki.first_import == {"new": built.notes}


def test_deck_has_every_kind_of_card(built):
    kinds = {"definition", "contrast", "cloze", "question", "mechanism", "list", "classification"}
    assert set(built.kinds) == kinds


def test_every_card_has_two_sides_with_words_on_them(in_anki):
    for card in in_anki.cards:
        assert len(" ".join(card.front).split()) >= 2, card.key
        assert card.back, card.key
        if card.note_type == "Deckbuilder cloze":
            assert card.front != card.back, card.key


def test_every_cloze_front_asks_for_something(in_anki):
    clozes = [card for card in in_anki.cards if card.note_type == "Deckbuilder cloze"]
    assert clozes
    for card in clozes:
        assert '<span class="cloze"' in card.front_html, card.key
        assert answers_of(card), card.key


def test_no_answer_stands_on_its_own_front(in_anki):
    given_away = [
        (card.key, card.number, answer)
        for card in in_anki.cards
        for answer in answers_of(card)
        if sum(map(str.isalpha, answer)) >= 4 and whole_word(answer, front_without_options(card))
    ]
    assert given_away == []


def test_no_markup_is_left_over(in_anki):
    for card in in_anki.cards:
        for line in (*card.front, *card.back):
            assert not [sign for sign in LEFT_OVER if sign in line], (card.key, line)


def test_anki_finds_no_empty_cards_and_nothing_to_repair(in_anki):
    assert in_anki.empty_cards == ""
    assert in_anki.database_check == "Database rebuilt and optimized."
    assert not in_anki.changed_by_check


def test_second_import_finds_only_duplicates(in_anki):
    assert in_anki.second_import == {"duplicate": in_anki.notes}


def test_every_back_names_its_source(in_anki):
    for card in in_anki.cards:
        assert card.back[-1].startswith("Source: "), card.key
        assert "Source:" not in " ".join(card.front), card.key


def test_disputed_facts_show_a_caveat_on_the_front_of_their_cards(in_anki):
    disputed = [card for card in in_anki.cards if "deckbuilder::status::disputed" in card.tags]
    assert disputed
    for card in disputed:
        assert CAVEAT in card.front or "(disputed)" in " ".join(card.front), card.key


def test_disputed_facts_say_why_on_the_back(in_anki):
    for card in in_anki.cards:
        if "deckbuilder::status::disputed" in card.tags:
            assert "Curator:" in " ".join(card.back), card.key


def test_disputed_facts_are_not_used_for_classification(in_anki):
    assert not [card for card in in_anki.of_kind("classification") if "deckbuilder::status::disputed" in card.tags]
    items = {card.front[1] for card in in_anki.of_kind("classification")}
    assert not items & {"Calcinosis cutis", "Myositis ossificans", "Renal tubular acidosis", "Destructive bone lesions"}


def test_held_facts_are_on_no_card(built, in_anki):
    assert built.held == 2
    for card in in_anki.cards:
        assert "choriocarcinoma" not in (card.front_html + card.back_html).lower()
        assert "synovial sarcoma" not in (card.front_html + card.back_html).lower()


def test_classification_cards_give_their_class_away_by_nothing(in_anki):
    cards = in_anki.of_kind("classification")
    for card in cards:
        assert set(card.front[2:]) == TERMS, card.key
        assert card.back[0] in TERMS, card.key
        assert not [tag for tag in card.tags if "dystrophic" in tag.lower() or "metastatic" in tag.lower()], card.key
    # All fronts look alike but for the item: order of the options, question, tags.
    assert len({(card.front[0], *card.front[2:], *card.tags) for card in cards}) == 1


def test_classes_are_balanced_and_mixed(in_anki):
    classes = [card.back[0] for card in in_anki.of_kind("classification")]
    assert max(Counter(classes).values()) <= 0.65 * len(classes)
    runs = [classes[n : n + 3] for n in range(len(classes) - 2)]
    assert [run for run in runs if len(set(run)) == 1] == []


def test_classification_backs_give_a_reason(in_anki):
    for card in in_anki.of_kind("classification"):
        assert "Tissue beforehand" in card.back, card.key
        assert "Serum calcium" in card.back, card.key


def test_no_list_or_mechanism_asks_more_than_five_at_one_level(in_anki):
    by_note = Counter(card.key for card in in_anki.of_kind("list"))
    assert {key: count for key, count in by_note.items() if count > 5} == {}


def test_two_different_cards_never_have_one_front(in_anki):
    fronts = Counter(tuple(card.front) for card in in_anki.cards)
    assert [front for front, count in fronts.items() if count > 1] == []


def test_cards_come_in_teaching_order(in_anki):
    kinds = [card.kind for card in in_anki.cards]
    assert kinds[0] == "definition"
    first_classification = kinds.index("classification")
    definitions = [card.key.split("/")[1] for card in in_anki.cards[:first_classification] if card.kind == "definition"]
    assert definitions.index("pathologic") < definitions.index("metastatic")
    assert {"metastatic", "dystrophic"} <= set(definitions)


def test_description_is_markdown_with_version_license_and_disclaimer(built, in_anki):
    deck = in_anki.deck
    assert deck["name"] == built.name == "Pathology::Calcification"
    assert deck["md"] is True
    assert re.search(r"Version \d+\.\d+", deck["desc"])
    assert f"{built.notes} notes, {built.cards} cards" in deck["desc"]
    assert "CC-BY-4.0" in deck["desc"]
    assert "not medical advice" in deck["desc"]
    assert "An update keeps your reviews" in deck["desc"]
    assert "Metastatic Calcification and Dystrophic Calcification" in deck["desc"]


def test_cards_lie_in_one_deck_and_tags_have_no_spaces(in_anki):
    for card in in_anki.cards:
        assert "Pathology::Calcification" in card.tags
        assert f"deckbuilder::kind::{card.kind}" in card.tags

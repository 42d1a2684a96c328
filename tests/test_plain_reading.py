"""YAML of plain notation is read the short way: the same values come out, and nothing passes that is a mistake."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckbuilder.facts.events import read_events
from deckbuilder.facts.plain import DEEPEST, NotPlainError, plain_value
from deckbuilder.facts.source import Source
from tests.fuzz.facts import WORDS, facts
from tests.fuzz.slips import SIGNS, VALUES, spoiled
from tests.test_docs import COMPLETE_EXAMPLES
from tests.test_quick_reading import MANY, REAL
from tests.test_reader_fuzz import DECKS
from tests.test_reading import MISTAKES


def is_plain(text):
    """Whether the short way reads it; if so, the long way reads the same and finds nothing wrong."""
    try:
        value = plain_value(text)
    except NotPlainError:
        return False
    reading = read_events(Source(Path("birds.yaml"), text))
    assert (reading.value, reading.problems, reading.whole) == (value, (), True)
    # A dict is equal whatever the order of its keys, and cards come in that order.
    assert repr(reading.value) == repr(value)
    return True


@pytest.mark.parametrize("deck", REAL, ids=lambda deck: deck.stem)
def test_a_real_deck_is_plain(deck):
    assert is_plain(deck.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("page", "text"), COMPLETE_EXAMPLES)
def test_every_complete_example_of_the_docs_is_plain(page, text):
    del page
    assert is_plain(text)


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case["name"])
def test_what_is_a_mistake_of_notation_is_not_plain(case):
    text = case["facts"]
    is_right = not read_events(Source(Path("birds.yaml"), text)).problems
    assert is_plain(text) == (is_right and "&" not in text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "# nothing yet\n", "owl", "'owl'", "[]", "{}", "term:", "- \n- ''", "term: ''", "--- owl\n...\n"),
        *("term: 'it''s'", 'term: "an\\towl"', "term: |\n  an\n  owl\n", "? term\n: Owl", "' term ': Owl", '"": Owl'),
        *("Käuzchen: 梟", "term: R&D & more", "term: wow! *owl*", "term: NO", "[" * DEEPEST + "]" * DEEPEST),
    ],
)
def test_texts_lists_and_mappings_are_plain_however_they_are_quoted(text):
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        *("&a owl", "[&a owl, *a]", "&a [owl]", "&a {term: owl}", "*a", "*a : owl", "!!str owl", "! owl", "!x [owl]"),
        *("term: Owl\nterm: Hawk", "term: Owl\n' term ': Hawk", "<<: {term: Owl}", "[a]: owl", "{? {a: b} : owl}"),
        *("owl\n---\nhawk", "term: [", "term: 'owl", "\tterm: owl", "a: b: c", 'term: "$\\beta$"', "Ka\u0308uzchen"),
        *("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "- " * 150, "{a: " * 150 + "}" * 150),
    ],
)
def test_what_is_unusual_or_wrong_is_left_to_the_long_way(text):
    assert not is_plain(text)


@MANY
@given(facts())
def test_facts_of_every_kind_are_read_alike(data):
    is_plain(data.decode())


@MANY
@given(spoiled(DECKS))
def test_a_deck_with_slips_is_read_alike_or_left_to_the_long_way(data):
    is_plain(data.decode("utf-8", "replace"))


@MANY
@given(st.lists(st.sampled_from([*SIGNS, *VALUES, *WORDS]) | st.text(st.characters(codec="utf-8"), max_size=5)))
def test_pieces_of_yaml_are_read_alike_or_left_to_the_long_way(pieces):
    is_plain("".join(pieces))

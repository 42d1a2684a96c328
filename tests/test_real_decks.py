"""Real decks on other subjects than the first: whole, built, and good enough for the strictest review."""

import shutil
from pathlib import Path

import pytest

from deckbuilder.build import build
from deckbuilder.facts.load import load
from deckbuilder.facts.references import facts_of

DECKS = ("geography", "chemistry", "vocabulary")


@pytest.fixture(params=DECKS)
def deck(request, tmp_path):
    """A copy, so that no lock is written beside the real one."""
    return Path(shutil.copy(Path(__file__).with_name("decks") / f"{request.param}.yaml", tmp_path))


def test_every_real_deck_is_among_those_that_are_tested():
    assert {file.stem for file in Path(__file__).with_name("decks").glob("*.yaml")} == set(DECKS)


def test_a_real_deck_has_sixty_facts_or_more(deck):
    (read,) = load([deck]).decks
    assert sum(1 for concept_id in read.concepts for _ in facts_of(read, concept_id)) >= 60


def test_a_real_deck_builds_without_a_word_of_complaint(deck, tmp_path):
    built = build([deck], tmp_path / "dist")
    assert built.problems == ()
    assert [one.package.exists() for one in built.decks] == [True]
    assert {"definition", "contrast", "cloze", "question", "list", "classification"} <= set(built.decks[0].kinds)


def test_a_real_deck_passes_the_strictest_review(deck, run):
    result = run("check", deck, "--strict")
    assert (result.code, result.out, result.err) == (0, "Nothing to mend.\n", "")

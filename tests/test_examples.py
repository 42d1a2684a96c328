"""The sample decks: they show what the format can carry, so they must be what we ask of others."""

from pathlib import Path

import pytest

from deckbuilder.build import contents_of
from deckbuilder.check.review import review
from deckbuilder.check.table import RULES
from deckbuilder.facts.load import load
from deckbuilder.facts.references import facts_of
from deckbuilder.files import whole
from deckbuilder.plan import plan
from deckbuilder.problems import Severity, unwatched
from tests.anki_helpers import import_package
from tests.helpers import told

EXAMPLES = sorted(Path(__file__).parents[1].glob("examples/*.yaml")) + sorted(
    folder.parent for folder in Path(__file__).parents[1].glob("examples/*/deck.yaml")
)
FEWEST_FACTS = 60


@pytest.fixture(params=EXAMPLES, ids=lambda source: source.stem)
def example(request):
    return request.param


def test_an_example_satisfies_the_reviewer(example, tmp_path):
    found = review([example], list(RULES.values()), tmp_path)
    assert told(problem for problem in found if problem.severity is not Severity.INFO) == []


def test_an_example_has_enough_facts_and_names_their_source(example):
    (deck,) = load([example]).decks
    facts = [fact for concept_id in deck.concepts for _, fact in facts_of(deck, concept_id)]
    assert len(facts) >= FEWEST_FACTS
    assert deck.default_source or all(fact.source for fact in facts)
    assert deck.heading.license


def test_an_example_is_taken_by_anki_card_by_card(example, tmp_path):
    (planned,) = plan([example], tmp_path).plans
    package = tmp_path / "example.apkg"
    package.write_bytes(whole(contents_of(planned, unwatched)[planned.files.package]))
    cards = import_package(package, tmp_path).cards
    assert len(cards) == sum(len(note.ords) for note in planned.notes)
    for card in cards:
        assert card.front_html.strip()
        assert card.back_html != card.front_html

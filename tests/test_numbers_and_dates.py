"""Numbers that change: where they stand, when they were so, and that a new one is the same fact."""

import pytest

from deckbuilder.build import build
from tests.anki_helpers import study

HEADING = """
format: 1
deck: {id: numbers, name: Numbers}
"""
FACTS = """
axes: {sodium: Sodium}
concepts:
  germany:
    term: Germany
    contrasts: [malta]
    definition: {text: A country of ... people., value: 84, unit: million, as_of: 2024}
    features: {sodium: {text: ..., value: 140, unit: mmol/L, as_of: 2024-05}}
    statements:
      - {text: "Germany has about [[...|how many?]] people.", value: 84, unit: million, as_of: 2024-05-31}
    examples:
      - {text: Berlin with ..., value: 3.7, unit: million, as_of: 2023}
      - Munich
    questions:
      - {ask: How high is its highest mountain?, answer: ..., value: "2,962", unit: m}
  malta:
    term: Malta
    features: {sodium: low}
"""


@pytest.fixture
def cards(tmp_path):
    return {(card.kind, card.number): card for card in study(HEADING + FACTS, tmp_path).cards}


def test_a_value_stands_in_the_gap_with_its_unit_on_one_line(cards):
    assert cards["question", 1].back == ["2,962\N{NO-BREAK SPACE}m".replace("\N{NO-BREAK SPACE}", " ")]
    assert "2,962\N{NO-BREAK SPACE}m" in cards["question", 1].back_html
    assert cards["cloze", 1].front[1] == "Germany has about [how many?] people."
    assert "Germany has about 84 million people." in cards["cloze", 1].back
    assert "Berlin with 3.7 million" in cards["list", 2].front


def test_the_date_stands_on_the_back_alone(cards):
    dates = {"cloze": "As of 2024-05-31", "list": "As of 2023", "contrast": "As of 2024-05", "definition": "As of 2024"}
    for kind, told in dates.items():
        assert told in cards[kind, 1].back
        assert told not in cards[kind, 1].front


def test_a_new_value_is_the_same_fact(tmp_path, monkeypatch):
    file, locks = tmp_path / "numbers.yaml", []
    renewed = FACTS.replace("84", "85").replace("3.7", "3.8").replace("2024", "2026").replace("2,962", "2,961")
    for number, facts in enumerate((FACTS, renewed)):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_800_000_000 + number))
        file.write_text(HEADING + facts, encoding="utf-8")
        built = build([file], tmp_path / "dist")
        assert built.problems == ()
        notes = [line.split("\t") for line in (tmp_path / "numbers.lock").read_text(encoding="utf-8").splitlines()]
        locks.append({cells[1]: (cells[2], cells[5:]) for cells in notes if cells[0] == "note"})
    assert locks[0] == locks[1]
    assert locks[0]["numbers/germany/cloze/germany-has-about-people"][1] == ["1=value"]
    assert locks[0]["numbers/germany/list/examples"][1] == ["1=berlin-with 2=munich"]

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


ALONE = """
axes: {sodium: Sodium}
relations: {people: {ask: How many people live in ...?}}
concepts:
  germany:
    term: Germany
    contrasts: [malta]
    features: {sodium: {value: 140, unit: mmol/L}}
    pairs: {people: {Germany: {value: 84, unit: million, as_of: 2024}, Malta: {text: half a million}}}
    questions: [{ask: How many states has it?, value: 16}]
    examples: [{id: berlin, value: 3.7, unit: million}, Munich]
    images:
      - {file: map.svg, alt: A map, ask: How many lakes are drawn?, value: 7}
      - {file: map.svg, id: parts, alt: A map, masks: [{box: [0, 0, 0.5, 0.5], value: 3, unit: lakes}]}
  malta:
    term: Malta
    features: {sodium: {value: low}}
"""


def test_a_value_alone_is_all_that_is_said(tmp_path):
    (tmp_path / "map.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', encoding="utf-8")
    cards = {(card.key.partition("/")[2], card.number): card for card in study(HEADING + ALONE, tmp_path).cards}
    assert cards["germany/pair/people.germany", 1].back == ["84 million", "As of 2024"]
    assert cards["germany/question/how-many-states-has-it", 1].back == ["16"]
    assert cards["germany/contrast/malta.sodium", 1].back == ["Germany 140 mmol/L", "Malta low"]
    assert "3.7 million" in cards["germany/list/examples", 2].front
    assert cards["germany/image/map", 1].back == ["7"]
    assert "3 lakes" in cards["germany/occlusion/parts", 1].fields["Answers"].replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("facts", ["text: Berlin", "text: Berlin with, status: hold"])
def test_a_value_that_the_words_have_no_place_for_is_told(facts, tmp_path):
    file = tmp_path / "numbers.yaml"
    concepts = f"concepts: {{germany: {{term: Germany, examples: [{{{facts}, value: 3.7}}, Munich]}}}}\n"
    file.write_text(HEADING + concepts, encoding="utf-8")
    (problem,) = build([file], tmp_path / "dist").problems
    assert (problem.rule, problem.fix) == ("no-effect", "write '...' where it goes")


BLANKS = {
    "a number that becomes a value keeps its card": ("[[84 million]] people", "[[...]] people", "1=value"),
    "a value is renewed with its card": ("[[84 million]] people", "[[...]] people or so", "1=value"),
    "another blank keeps its own": ("[[84 million]] in [[2020]]", "[[...]] in [[2020]]", "1=value 2=2020"),
}


@pytest.mark.parametrize("case", BLANKS)
def test_a_number_in_a_blank_can_become_a_value(case, tmp_path, monkeypatch):
    before, after, numbers = BLANKS[case]
    file, lock = tmp_path / "numbers.yaml", tmp_path / "numbers.lock"
    for day, text in enumerate((f"text: '{before}'", f"text: '{after}', value: 84, unit: million")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_800_000_000 + day))
        concepts = f"concepts: {{one: {{term: One, statements: [{{id: people, {text}}}]}}}}\n"
        file.write_text(HEADING + concepts, encoding="utf-8")
        assert build([file], tmp_path / "dist").problems == ()
    (line,) = [line for line in lock.read_text(encoding="utf-8").splitlines() if "cloze/people" in line]
    assert " ".join(line.split("\t")[5:]) == numbers


def test_a_value_is_no_part_of_another_number(tmp_path, monkeypatch):
    """Of "people in 2020" and the value 20 the value alone changes, so the fact keeps its name."""
    file, keys = tmp_path / "numbers.yaml", []
    text = "In 2020, 1.20 or 20th-century [[words]], ... people"
    for number, value in enumerate(("20", "21")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_800_000_000 + number))
        concepts = f"concepts: {{one: {{term: One, statements: [{{text: '{text}', value: {value}}}]}}}}\n"
        file.write_text(HEADING + concepts, encoding="utf-8")
        assert build([file], tmp_path / "dist").problems == ()
        keys.append((tmp_path / "numbers.lock").read_text(encoding="utf-8").split("\t")[1])
    assert keys == [keys[0]] * 2


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

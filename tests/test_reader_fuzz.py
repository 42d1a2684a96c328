"""Whatever stands in a file, reading it ends in facts or in problems with places: six ways to write nonsense.

What is promised is written down in `fuzz/promise.py`. Every day the same files are read; with a number of them asked
for, they are new ones:

    DECKBUILDER_FUZZ=20000 pytest tests/test_reader_fuzz.py

`fuzz/reader.py` looks for more, following what the program does.
"""

import os
from pathlib import Path

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.fuzz.facts import WORDS, facts
from tests.fuzz.promise import review_bytes, review_files
from tests.fuzz.slips import SIGNS, VALUES, insert, places, spoiled

ASKED = os.environ.get("DECKBUILDER_FUZZ")
RUNS = int(ASKED or "300")

BLOCKS = """\
format: 1
deck:
  id: birds
  name: Animals::Birds
  authors: [Ada]
  tags: birds
  check: {members: 6}
  allow: {tag-deep: For the example.}
sources:
  atlas: {title: Atlas of birds, date: 2023-10-29, url: "https://birds.example"}
default_source: atlas
axes: {hunt: When it hunts}
lists:
  sites: {title: Where it lives}
classifications:
  kind:
    among: [owl, hawk]
    ask: Owl or hawk?
    items: [examples]
    because: hunt
concepts:
  bird:
    term: Bird
    definition: An animal with [[feathers|what on its skin?]].
  owl:
    term: Owl
    is_a: bird
    contrasts: [hawk]
    formerly: [strix]
    definition:
      text: A bird with soft feathers.
      note: |
        * It is *quiet*.
        * Very.
    features: {hunt: at night}
    mechanism:
      - It [[hears]] a mouse
      - {text: It flies, hint: how?, why: "It is hungry: very."}
      - It strikes
    examples:
      - White:
          - Barn owl
          - text: Snowy owl
            status: disputed
      - &tawny Tawny owl
    lists: {sites: [Woods, 'Farmers'' barns']}
    statements:
      - "Owls turn their heads by {{c1::270}} degrees."
      - text: >-
          The mass is $m = \\frac{a}{b}$ of
          [[air]], they say.
        id: mass
    questions:
      - {ask: Why does it hoot?, answer: To be heard., ref: p. 3}
  hawk:
    term: Hawk
    is_a: bird
    definition: A bird that hunts by day.
    features: {hunt: by day}
    causes: []
    examples: [Goshawk, Sparrowhawk, {text: Harrier, classify: false}]
    aliases: *tawny
    rejected:
      - {claim: Hawks are owls., why: They are not., instead: owl}
"""
SHORT = "format: 1\ndeck: {id: birds, name: Birds}\nconcepts:\n  owl: {term: Owl, definition: A bird of the night.}\n"
JSON = '{"format": "1", "deck": {"id": "birds", "name": "B"}, "concepts": {"owl": {"term": "Owl", "examples": ["a"]}}}'
DECKS = [BLOCKS, BLOCKS, SHORT, JSON, SHORT.replace("\n", "\r\n"), "\ufeff" + SHORT]
HEADING, CONCEPTS = BLOCKS.split("concepts:\n")
CALCIFICATION = Path(__file__).parents[1].joinpath("cards", "calcification.yaml").read_text("utf-8")


def fuzzed(runs: int = RUNS) -> settings:
    return settings(
        max_examples=max(runs, 1),
        deadline=None,
        derandomize=ASKED is None,
        database=None,
        # Every file is written anew, so the folder may be that of the last one.
        suppress_health_check=list(HealthCheck),
    )


@fuzzed()
@given(st.binary(max_size=300) | st.builds(insert, st.just(SHORT.encode()), places, st.binary(max_size=9)))
def test_any_bytes_are_read_or_told(tmp_path, data):
    review_bytes(tmp_path, data)


@fuzzed()
@given(st.lists(st.sampled_from([*SIGNS, *VALUES, *WORDS]) | st.text(max_size=5), max_size=40))
def test_any_pieces_of_yaml_are_read_or_told(tmp_path, pieces):
    review_bytes(tmp_path, "".join(pieces).encode("utf-8", "replace"))


@fuzzed(2 * RUNS)
@given(spoiled(DECKS))
def test_a_deck_with_slips_is_read_or_told(tmp_path, data):
    review_bytes(tmp_path, data)


@fuzzed(RUNS // 8)
@given(spoiled([CALCIFICATION]))
def test_a_real_deck_with_slips_is_read_or_told(tmp_path, data):
    review_bytes(tmp_path, data)


@fuzzed()
@given(facts())
def test_values_of_wrong_kinds_are_told(tmp_path, data):
    problems = review_bytes(tmp_path, data)
    event("told" if any(problem.rule in {"schema", "yaml"} for problem in problems) else "read")


@fuzzed(RUNS // 2)
@given(spoiled([HEADING], least=0), st.lists(spoiled([f"concepts:\n{CONCEPTS}"], least=0), max_size=2))
def test_a_deck_in_a_folder_is_read_or_told(tmp_path, heading, parts):
    for file in tmp_path.glob("*.yaml"):
        file.unlink()
    files = {f"part{number}.yaml": part for number, part in enumerate(parts)}
    review_files(tmp_path, {"deck.yaml": heading, **files}, tmp_path)

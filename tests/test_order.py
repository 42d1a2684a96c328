"""The order in which new cards are taught."""

import textwrap
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from deckbuilder.facts.load import load
from deckbuilder.kinds import make_notes
from deckbuilder.kinds.order import concept_order, stages

HEADING = "format: 1\ndeck: {id: d, name: Deck}\n"


def deck_of(facts, folder):
    file = folder / "deck.yaml"
    file.write_text(HEADING + textwrap.dedent(facts), encoding="utf-8")
    loaded = load([file])
    assert loaded.problems == ()
    return loaded.decks[0]


def taught(facts, folder):
    """The keys of all notes in the order of teaching, without the deck's id."""
    made = make_notes(deck_of(facts, folder))
    assert made.problems == ()
    return [note.key.removeprefix("d/") for note in made.notes]


def test_concepts_without_ties_are_taught_as_written(tmp_path):
    keys = taught(
        """
        concepts:
          zebra: {term: Zebra, definition: Striped.}
          ant: {term: Ant, definition: Small.}
          mole: {term: Mole, definition: Blind.}
        """,
        tmp_path,
    )
    assert keys == ["zebra/definition", "ant/definition", "mole/definition"]


def test_what_a_concept_requires_is_taught_first(tmp_path):
    keys = taught(
        """
        concepts:
          fracture: {term: Fracture, requires: [bone], definition: A break.}
          bone: {term: Bone, requires: [tissue], definition: Hard.}
          tissue: {term: Tissue, definition: Many cells.}
        """,
        tmp_path,
    )
    assert keys == ["tissue/definition", "bone/definition", "fracture/definition"]


def test_parent_is_taught_before_its_kinds(tmp_path):
    keys = taught(
        """
        concepts:
          femur: {term: Femur, is_a: bone, definition: Of the thigh.}
          bone: {term: Bone, definition: Hard.}
        """,
        tmp_path,
    )
    assert keys == ["bone/definition", "femur/definition"]


def test_contrasted_concepts_are_defined_side_by_side(tmp_path):
    deck = deck_of(
        """
        concepts:
          metastatic: {term: Metastatic, contrasts: [dystrophic]}
          stone: {term: Stone}
          dystrophic: {term: Dystrophic}
        """,
        tmp_path,
    )
    assert concept_order(deck) == ["metastatic", "dystrophic", "stone"]


def test_concepts_stand_side_by_side_whichever_of_the_two_names_the_other(tmp_path):
    deck = deck_of(
        """
        concepts:
          metastatic: {term: Metastatic}
          stone: {term: Stone}
          dystrophic: {term: Dystrophic, contrasts: [metastatic]}
        """,
        tmp_path,
    )
    assert concept_order(deck) == ["metastatic", "dystrophic", "stone"]


def test_contrasted_concept_follows_as_soon_as_what_it_requires_is_taught(tmp_path):
    deck = deck_of(
        """
        concepts:
          metastatic: {term: Metastatic, contrasts: [dystrophic]}
          necrosis: {term: Necrosis}
          stone: {term: Stone}
          dystrophic: {term: Dystrophic, requires: [necrosis]}
        """,
        tmp_path,
    )
    assert concept_order(deck) == ["metastatic", "necrosis", "dystrophic", "stone"]


PAIR = """
axes: {tissue: Tissue}
classifications: {type: {among: [metastatic, dystrophic], ask: Which?}}
concepts:
  metastatic:
    term: Metastatic
    contrasts: [dystrophic]
    features: {tissue: healthy}
    statements: [{id: salt, text: "It is [[phosphate]]."}]
    questions: [{id: why, ask: Why?, answer: Calcium.}]
    mechanism: [Calcium rises]
    causes: [Gout]
    definition: In healthy tissue.
  dystrophic:
    term: Dystrophic
    features: {tissue: dead}
    statements: [{id: local, text: "It is [[local]]."}]
    causes: [Infarct]
    definition: In dead tissue.
"""


def test_definitions_come_first_then_contrast_then_the_rest_and_classification_last(tmp_path):
    keys = taught(PAIR, tmp_path)
    assert keys[:-2] == [
        "metastatic/definition",
        "dystrophic/definition",
        "dystrophic/contrast/metastatic.tissue",
        "metastatic/cloze/salt",
        "dystrophic/cloze/local",
        "metastatic/question/why",
        "metastatic/mechanism",
        "metastatic/list/causes",
        "dystrophic/list/causes",
    ]
    assert set(keys[-2:]) == {"metastatic/classification/type.gout", "dystrophic/classification/type.infarct"}


def test_contrast_comes_after_both_definitions_wherever_they_stand(tmp_path):
    keys = taught(
        """
        axes: {tissue: Tissue}
        concepts:
          metastatic: {term: Metastatic, contrasts: [dystrophic], features: {tissue: healthy}, definition: One.}
          stone: {term: Stone, definition: Hard.}
          dystrophic: {term: Dystrophic, requires: [stone], features: {tissue: dead}, definition: Two.}
        """,
        tmp_path,
    )
    contrast = keys.index("dystrophic/contrast/metastatic.tissue")
    assert contrast > keys.index("metastatic/definition")
    assert contrast > keys.index("dystrophic/definition")


# ------------------------------------------------------ classification items


def classified(first, second, folder):
    """The classes of the classification cards in order; items are named by number."""
    keys = taught(
        f"""
        classifications: {{type: {{among: [first, second], ask: Which?, items: [causes]}}}}
        concepts:
          first: {{term: First, skip: [list], causes: [{", ".join(f"f{n}" for n in first)}]}}
          second: {{term: Second, skip: [list], causes: [{", ".join(f"s{n}" for n in second)}]}}
        """,
        folder,
    )
    return [key.rpartition(".")[2] for key in keys]


def longest_run(items):
    longest = run = 0
    for before, item in zip(["", *items], items, strict=False):
        run = run + 1 if before[:1] == item[0] else 1
        longest = max(longest, run)
    return longest


@settings(max_examples=60, deadline=None)
@given(first=st.sets(st.integers(0, 99), min_size=1, max_size=14), second=st.sets(st.integers(0, 99), max_size=14))
def test_no_class_comes_more_than_twice_in_a_row_when_that_can_be_had(first, second, tmp_path_factory):
    items = classified(first, second, tmp_path_factory.mktemp("deck"))
    assert sorted(items) == sorted([*(f"f{n}" for n in first), *(f"s{n}" for n in second)])
    fewer, more = sorted((len(first), len(second)))
    if more <= 2 * (fewer + 1):
        assert longest_run(items) <= 2


def test_order_is_mixed_and_not_one_class_after_the_other(tmp_path):
    items = classified(range(8), range(8), tmp_path)
    changes = sum(one[0] != two[0] for one, two in pairwise(items))
    assert changes >= 7


def test_order_does_not_follow_the_file(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert classified(range(9), range(9), tmp_path / "a") == classified(
        reversed(range(9)), reversed(range(9)), tmp_path / "b"
    )


@settings(max_examples=60, deadline=None)
@given(
    first=st.sets(st.integers(0, 99), min_size=1, max_size=12),
    second=st.sets(st.integers(0, 99), min_size=1, max_size=12),
    added=st.integers(100, 199),
)
def test_items_of_a_class_keep_their_order_when_one_is_added(first, second, added, tmp_path_factory):
    before = classified(first, second, tmp_path_factory.mktemp("before"))
    after = classified({*first, added}, second, tmp_path_factory.mktemp("after"))
    for letter in "fs":
        kept = [item for item in after if item[0] == letter and item != f"f{added}"]
        assert kept == [item for item in before if item[0] == letter]


def test_one_new_item_moves_no_more_than_two_pairs_of_neighbours(tmp_path):
    """To keep runs short, the mixing may have to let a neighbour pass; the rest stays where it was."""
    before = classified(range(8), range(8), tmp_path)
    for added in range(100, 130):
        after = [item for item in classified([*range(8), added], range(8), tmp_path) if item != f"f{added}"]
        assert sum(one != two for one, two in zip(before, after, strict=True)) <= 4


def test_each_question_is_finished_before_the_next_begins(tmp_path):
    keys = taught(
        """
        classifications:
          type: {among: [one, two], ask: Which type?, items: [causes]}
          other: {among: [three, four], ask: Which other?, items: [causes]}
        concepts:
          one: {term: One, skip: [list], causes: [a, b]}
          three: {term: Three, skip: [list], causes: [c, d]}
          two: {term: Two, skip: [list], causes: [e, f]}
          four: {term: Four, skip: [list], causes: [g, h]}
        """,
        tmp_path,
    )
    questions = [key.split("/")[2].split(".")[0] for key in keys]
    assert questions in (["type"] * 4 + ["other"] * 4, ["other"] * 4 + ["type"] * 4)


def test_same_facts_give_the_same_order(tmp_path):
    assert taught(PAIR, tmp_path) == taught(PAIR, tmp_path)


# ------------------------------------------------------------------------- stages


def stages_of(facts, folder):
    """The stage of each note by its key, without the deck's id."""
    deck = deck_of(facts, folder)
    notes = make_notes(deck).notes
    return {note.key.removeprefix("d/"): stage for note, stage in zip(notes, stages(deck, notes), strict=True)}


def test_concepts_without_ties_share_a_stage_and_other_kinds_come_after_their_definitions(tmp_path):
    found = stages_of(
        """
        concepts:
          ant: {term: Ant, definition: Small., statements: ["Ants have [[six]] legs, as all insects do."]}
          mole: {term: Mole, definition: Blind.}
        """,
        tmp_path,
    )
    assert found == {"ant/definition": 0, "mole/definition": 0, "ant/cloze/ants-have-six-legs-as-all-insects-do": 1}


def test_what_builds_on_something_is_in_a_later_stage(tmp_path):
    found = stages_of(
        """
        concepts:
          bone: {term: Bone, definition: Hard.}
          fracture: {term: Fracture, requires: bone, definition: A break.}
          callus: {term: Callus, requires: fracture, definition: New bone.}
        """,
        tmp_path,
    )
    assert list(found.values()) == [0, 1, 2]


def test_a_lesson_has_at_most_five_concepts(tmp_path):
    facts = "concepts:\n" + "".join(f"  c{n}: {{term: C{n}, definition: D{n}.}}\n" for n in range(11))
    assert list(stages_of(facts, tmp_path).values()) == [0] * 5 + [1] * 5 + [2]

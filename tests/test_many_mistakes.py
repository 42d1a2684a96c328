"""All mistakes in one run, of whatever kind: an author who mends them all need not come back for the next kind."""

import pytest

from tests.helpers import write_deck

MISTAKES = """\
format: 1
deck: {id: birds, name: Birds, tags: [night birds]}
sources:
  atlas: {title: Atlas}
default_source: atlas
axes: {hunt: Hunts}
concepts:
  owl:
    term: Owl
    defintion: Hunts at night.
    contrasts: [hawkk]
    source: atals
    features: {hnut: at night}
    statements:
      - Owls have [[large eyes.
      - Owls are silent.
      - "The owl is an [[owl]] of the night."
    questions:
      - {ask: What does it eat?, answer: Mice}
      - {ask: What does it eat?, answer: Voles, id: other}
      - {ask: Does it fly?, answer: "Yes"}
      - {ask: Which sense does it not use?}
    mechanism:
      - It hears: the mouse moves
      - It turns its head
      - It flies
    examples: [Barn owl, Tawny owl, Snowy owl, Eagle owl, Little owl, Scops owl, Pygmy owl, Fish owl]
  hawk:
    term: Hawk
    definition: A hawk: it hunts by day.
    examples:
      - [Goshawk]
"""
TOLD = """\
2:39 tag-invalid
10:5 schema
11:17 reference
12:13 reference
13:16 reference
15:9 cloze-syntax
16:9 cloze-syntax
20:15 front-ambiguous
21:37 yes-no
22:9 schema
24:9 schema
27:15 list-long
30:23 yaml
32:9 schema
"""


def told(ran):
    """`line:column rule` of each message."""
    heads = [line for line in ran.err.splitlines() if line.endswith("]") and ": " in line and not line.startswith(" ")]
    return "".join(f"{head.split(':', 1)[1].split(': ')[0]} {head.rpartition('[')[2][:-1]}\n" for head in heads)


def test_fourteen_mistakes_of_eight_kinds_are_told_in_one_run(run, tmp_path):
    write_deck(tmp_path, MISTAKES)
    ran = run("check", "birds.yaml")
    assert told(ran) == TOLD
    assert ran.err.count("\n  → ") == TOLD.count("\n"), "each says what to do"


def test_nothing_is_said_to_be_missing_from_a_deck_that_could_not_be_read_as_a_whole(run, tmp_path):
    """The owl would have had a second card, a source and a partner."""
    facts = """\
format: 1
deck: {id: birds, name: Birds}
sources:
  atlas: {title: Atlas}
concepts:
  owl:
    term: Owl
    definiton: {text: Hunts at night., source: atlas}
    contrats: [hawk]
    features: {hunt: at night}
"""
    assert told(run("check", write_deck(tmp_path, facts))) == "8:5 schema\n9:5 schema\n10:16 reference\n"


@pytest.mark.parametrize(
    "broken",
    [
        "deck: {id: birds}",
        "deck: {id: '..', name: Birds}",
        "deck: [birds]",
        "deck: birds",
    ],
)
def test_a_deck_without_a_sound_heading_tells_its_other_mistakes_too(run, tmp_path, broken):
    facts = f"format: 1\n{broken}\nconcepts:\n  owl: {{term: Owl, defintion: Hunts.}}\n"
    ran = run("check", write_deck(tmp_path, facts))
    assert "'defintion'" in ran.err
    assert len(told(ran).splitlines()) == 2


def test_a_parents_word_is_no_slip_while_a_mistake_may_hide_the_parent(run, tmp_path):
    facts = MISTAKES.partition("concepts:")[0].replace(", tags: [night birds]", "") + (
        "concepts:\n"
        "  owl: {term: Screech owl, definition: A bird that hunts in the dark.}\n"
        "  barn: {term: White screech owl, is_a: owl, definition: A screech owl with a face like a heart.}\n"
        "  eagle: {term: Eagle owl, definition: The largest of them., soruce: atlas}\n"
    )
    assert told(run("check", write_deck(tmp_path, facts))) == "10:62 schema\n"


def test_what_is_told_of_a_broken_deck_writes_nothing(run, tmp_path):
    write_deck(tmp_path, MISTAKES, "cards/birds.yaml")
    assert run("build").code == 1
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["birds.yaml"]

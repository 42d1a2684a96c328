"""One text of a file exchanged: the smallest edit, whatever the notation; all else stays, letter by letter."""

from difflib import ndiff
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckbuilder.facts.events import read_values
from deckbuilder.facts.source import Source
from deckbuilder.facts.texts import texts_in, with_text

FACTS = """\
concepts:
  owl:   # a bird
    term: Owl
    definition: A bird that hunts
      at night, mostly.   # folded
    examples:
      - Barn owl  # white
      - {text: Snowy owl, why: "cold"}
      - text: Tawny owl
        why: brown
      - Group: [a b, c d]
    statements:
      - "Owls eat [[mice]] a lot."
      - 'It''s [[x]] here'
      - >-
        Folded text that
        goes on.
      - text: |
          First line.

          Second line.
    questions:
      - ask: What is it?
        answer: "A bird: no"
"""
OWL = ("concepts", "owl")


def edited(path, text, identity="", facts=FACTS):
    """The lines that went and came."""
    result = with_text(Source(Path("birds.yaml"), facts), path, text, identity)
    assert result is not None
    return [line for line in ndiff(facts.splitlines(), result.splitlines()) if line[0] in "+-"]


CASES = [
    (("term",), "Owls", "", ["-     term: Owl", "+     term: Owls"]),
    (
        ("definition",),
        "A bird that hunts at dusk, mostly.",
        "",
        ["-       at night, mostly.   # folded", "+       at dusk, mostly.   # folded"],
    ),
    (
        ("definition",),
        "A bird that hunts often at night, mostly.",
        "",
        ["-       at night, mostly.   # folded", "+       often at night, mostly.   # folded"],
    ),
    (
        ("examples", 0),
        "The barn owl",
        "barn-owl",
        ["-       - Barn owl  # white", "+       - {text: The barn owl, id: barn-owl}  # white"],
    ),
    (
        ("examples", 1, "text"),
        "Snow: owl",
        "snowy-owl",
        ['-       - {text: Snowy owl, why: "cold"}', '+       - {text: "Snow: owl", id: snowy-owl, why: "cold"}'],
    ),
    (
        ("examples", 2, "text"),
        "Tawny brown owl",
        "tawny-owl",
        ["-       - text: Tawny owl", "+       - text: Tawny brown owl", "+         id: tawny-owl"],
    ),
    (
        ("examples", 3, "Group", 1),
        "c, e",
        "c-d",
        ["-       - Group: [a b, c d]", '+       - Group: [a b, {text: "c, e", id: c-d}]'],
    ),
    (
        ("statements", 0),
        'Owls eat "[[voles]]" a lot.',
        "",
        ['-       - "Owls eat [[mice]] a lot."', '+       - "Owls eat \\"[[voles]]\\" a lot."'],
    ),
    (("statements", 1), "It's [[y]] here", "", ["-       - 'It''s [[x]] here'", "+       - 'It''s [[y]] here'"]),
    (("statements", 2), "Folded text that then goes on.", "", ["-         goes on.", "+         then goes on."]),
    (
        ("statements", 3, "text"),
        "First line.\n\nThe second line.\n",
        "",
        ["-           Second line.", "+           The second line."],
    ),
    (
        ("questions", 0, "ask"),
        "What is that?",
        "what-is-it",
        ["-       - ask: What is it?", "+       - ask: What is that?", "+         id: what-is-it"],
    ),
    (
        ("questions", 0, "answer"),
        "A bird: $\\beta$",
        "",
        ['-         answer: "A bird: no"', '+         answer: "A bird: $\\\\beta$"'],
    ),
]


@pytest.mark.parametrize(("path", "text", "identity", "lines"), CASES)
def test_only_the_line_of_the_text_changes(path, text, identity, lines):
    assert [line for line in edited((*OWL, *path), text, identity) if line[:3] != "?  "] == lines


def test_a_long_text_with_an_id_stands_in_two_lines():
    facts = "concepts:\n  owl:\n    examples:\n      - A text that is as long as a whole sentence is  # so\n"
    new = "A text that is as long as any whole sentence is"
    assert edited((*OWL, "examples", 0), new, "a-text-of-a-long-sentence", facts)[1:] == [
        "+       - text: A text that is as long as any whole sentence is  # so",
        "+         id: a-text-of-a-long-sentence",
    ]


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_of_other_systems_stay(ends):
    facts = FACTS.replace("\n", ends)
    result = with_text(Source(Path("birds.yaml"), facts), (*OWL, "examples", 2, "text"), "Brown owl", "tawny-owl")
    assert result == facts.replace("Tawny owl", f"Brown owl{ends}        id: tawny-owl")


def test_a_text_that_stands_behind_an_alias_is_left_alone():
    facts = "concepts:\n  owl:\n    term: &name Owl\n    definition: *name\n"
    assert with_text(Source(Path("birds.yaml"), facts), (*OWL, "term"), "Owls") is None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([path for path, _ in texts_in(read_values(Source(Path("birds.yaml"), FACTS)).value)]), st.data())
def test_whatever_the_text_all_others_stay(path, data):
    text = data.draw(st.text(st.sampled_from("abc :#-[]{}|>&*!%@`\"'\\\n,?é🦉"), min_size=1, max_size=20))
    source = Source(Path("birds.yaml"), FACTS)
    result = with_text(source, path, text)
    if result is None:
        return
    before = dict(texts_in(read_values(source).value))
    after = dict(texts_in(read_values(Source(source.file, result)).value))
    assert after == {**before, path: text}
    assert all(comment in result for comment in ("# a bird", "# folded", "# white"))

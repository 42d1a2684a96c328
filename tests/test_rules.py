"""Every rule on decks as authors write them: what it finds and where, and what it leaves alone."""

import re
from collections import Counter
from itertools import zip_longest
from pathlib import Path

import pytest
import yaml

import deckbuilder
from deckbuilder.build import build
from deckbuilder.check import RULES
from deckbuilder.check.review import review
from tests.helpers import write_deck

FILE = Path(__file__).with_name("cases") / "rules.yaml"
CASES = yaml.load(FILE.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - makes texts, lists and mappings alone
MAIN = "birds.yaml"
FIELDS = {"rule", "name", "near", "before", "encoding", "facts", "filled", "problems"}
PLACE = re.compile(r"(?:\S+:)?\d+:\d+ (?:error|warning|info): \S")
# `unreadable` takes a file that nobody may open (see test_reading).
NOT_IN_A_FILE = {"unreadable"}
# What each rule needs at least: decks in which it finds something, decks in which not, and near misses of either kind.
JUDGING = {"fails": 2, "passes": 1, "near": 2}
TOLD = {"fails": 1, "passes": 1}


def lay_out(folder, facts, case):
    """The files of a case; one text alone is the facts file."""
    for name, text in ({MAIN: facts} if isinstance(facts, str) else facts).items():
        write_deck(folder, text.encode(case.get("encoding", "utf-8")), name)
    for name, length in case.get("filled", {}).items():
        file = folder / name
        file.write_bytes(file.read_bytes().ljust(int(length)))


def found_in(case, folder):
    """All that the review finds in the decks of a case, after those that were built before."""
    before = case.get("before", [])
    for earlier in [before] if isinstance(before, str) else before:
        lay_out(folder, earlier, {})
        assert build([folder], folder / "dist", accept_removals=True).problems == ()
    lay_out(folder, case["facts"], case)
    rule = RULES[case["rule"]]
    return review([folder], [rule] if rule.find else list(RULES.values()), folder / "dist")


def as_expected(problem, line, folder):
    """The expected line if it says what the problem says, or else the problem."""
    if problem is None:
        return "(nothing)"
    name = problem.place.file.relative_to(folder).as_posix()
    place = f"{problem.place.line}:{problem.place.column} {problem.severity.value}: "
    place = place if name == MAIN else f"{name}:{place}"
    fits = line and line.startswith(place) and line.removeprefix(place) in problem.message
    return line if fits else place + problem.message


def side_of(case):
    if case.get("near"):
        return "near"
    return "fails" if case["problems"] else "passes"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}: {case['name']}")
def test_a_rule_finds_what_it_should_where_it_stands_and_nothing_else(case, tmp_path):
    found = found_in(case, tmp_path)
    problems = [problem for problem in found if problem.rule == case["rule"]]
    expected = case["problems"].splitlines()
    assert [as_expected(*pair, tmp_path) for pair in zip_longest(problems, expected)] == expected
    # The decks have no mistake but the one that is shown: a deck that cannot be read would pass every rule.
    told = {problem.rule for problem in found if RULES[problem.rule].find is None}
    assert told - {case["rule"], "no-deck"} == set()


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_each_rule_has_its_cases_and_near_misses(rule):
    sides = Counter(side_of(case) for case in CASES if case["rule"] == rule.id)
    needed = {} if rule.id in NOT_IN_A_FILE else JUDGING if rule.find else TOLD
    missing = {side: least - sides[side] for side, least in needed.items() if sides[side] < least}
    assert missing == {}, f"add cases of {rule.id!r} to {FILE.name}"


def test_each_case_is_of_a_known_rule_and_says_what_it_shows():
    assert {case["rule"] for case in CASES} <= set(RULES)
    assert [case for case in CASES if not {"rule", "name", "facts", "problems"} <= set(case) <= FIELDS] == []
    assert {case.get("near", "true") for case in CASES} == {"true"}
    lines = [line for case in CASES for line in case["problems"].splitlines()]
    assert [line for line in lines if not PLACE.match(line)] == []
    names = Counter((case["rule"], case["name"]) for case in CASES)
    assert [name for name, count in names.items() if count > 1] == []


def test_each_rule_says_what_it_finds_and_why_and_shows_it():
    assert [rule.id for rule in RULES.values() if not (rule.summary and rule.why)] == []
    assert [rule.id for rule in RULES.values() if rule.find and not (rule.fails and rule.passes)] == []
    assert [name for name, rule in RULES.items() if name != rule.id] == []


def test_each_rule_has_a_line_and_a_section_on_the_page_and_nothing_else_has():
    page = (Path(deckbuilder.__file__).parents[1] / "docs" / "rules.md").read_text(encoding="utf-8")
    assert re.findall(r"^### (\S+)$", page, re.MULTILINE) == list(RULES)
    assert re.findall(r"^\| \[(\S+)\]\(#\1\) \|", page, re.MULTILINE) == list(RULES)

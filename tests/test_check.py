"""The reviewer: each rule on its own examples, waivers, and the ways to tell of it."""

import json
import re
import textwrap
from pathlib import Path

import pytest

from deckbuilder.build import build
from deckbuilder.check import RULES, answers, check, languages
from deckbuilder.check.pages import rules_page
from deckbuilder.check.review import review as review_files
from deckbuilder.facts.load import load
from deckbuilder.kinds import make_notes
from deckbuilder.problems import by_place
from tests.helpers import png, write_deck

HEADING = """\
format: 1
deck: {id: birds, name: Birds}
sources:
  atlas: {title: Atlas of birds}
  field-guide: {title: Field guide}
default_source: atlas
axes: {hunt: Hunts}
classifications:
  kind: {among: [owl, hawk], ask: Owl or hawk?}
"""
PLAIN = "\n".join(line for line in HEADING.splitlines() if "classif" not in line and "among" not in line) + "\n"

OWLS = "concepts:\n  owl:\n    term: Owl\n    definition: A bird that hunts at night.\n"

JUDGING = [rule for rule in RULES.values() if rule.find]
READING = [rule for rule in RULES.values() if rule.fails and not rule.find]


def deck_of(folder, concepts, rule=None):
    """A file with these concepts under a heading that serves most rules; or with a plain one, and this theme."""
    if rule is not None and rule.language == "css":
        write_deck(folder, concepts, "theme.css")
        return write_deck(folder, PLAIN.replace("name: Birds", "name: Birds, theme: theme.css") + OWLS)
    concepts = textwrap.dedent(concepts).strip()
    head = HEADING if "hawk:" in concepts and "owl:" in concepts else PLAIN
    if rule is not None and rule in languages.RULES:
        head += "outputs: {german: {language: de}}\n"
    if rule is not None and rule.id == "source-missing":
        head = head.replace("default_source: atlas\n", "")
    if rule is not None and rule.id == "source-unused":
        head = head.replace("default_source: atlas\n", "default_source: field-guide\n")
    if "media/" in concepts:
        (folder / "media").mkdir(exist_ok=True)
        for name in ("owl", "hawk") if rule is not None and rule.id == "media-unused" else ("owl",):
            drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><circle r="4"/></svg>'
            (folder / "media" / f"{name}.svg").write_text(drawing, encoding="utf-8")
        if "heavy" in concepts:
            (folder / "media" / "heavy.png").write_bytes(png(9, 9, 9, padding=1_000_001))
    if rule is not None and rule.id == "copied-text":
        text = "The owl is a bird with large eyes\nthat hunts at night without a sound."
        (folder / "atlas.txt").write_text(text, encoding="utf-8")
        head = head.replace("{title: Atlas of birds}", "{title: Atlas of birds, text: atlas.txt}")
    return write_deck(folder, f"{head}concepts:\n{textwrap.indent(concepts, '  ')}\n")


def review(folder, concepts, rule=None):
    """What one rule (or all) finds in a deck of these concepts, as `line:column rule: message`."""
    loaded = load([deck_of(folder, concepts, rule)])
    assert loaded.problems == ()
    (deck,) = loaded.decks
    made = make_notes(deck)
    assert made.problems == ()
    found = by_place(check(deck, made, [rule] if rule else list(RULES.values())))
    return [f"{p.place.line}:{p.place.column} {p.severity.value} {p.rule}: {p.message}" for p in found]


@pytest.mark.parametrize("rule", JUDGING, ids=lambda rule: rule.id)
def test_each_rule_finds_its_own_bad_example(rule, tmp_path):
    assert review(tmp_path, rule.fails, rule)


@pytest.mark.parametrize("rule", JUDGING, ids=lambda rule: rule.id)
def test_each_rule_leaves_its_own_good_example_alone(rule, tmp_path):
    assert review(tmp_path, rule.passes, rule) == []


@pytest.mark.parametrize("rule", READING, ids=lambda rule: rule.id)
def test_what_is_found_in_reading_is_found_by_the_reviewer_too(rule, tmp_path):
    """The better example is built first, so that what concerns identity is a change of it."""
    out = tmp_path / "dist"
    assert build([deck_of(tmp_path, rule.passes)], out).problems == ()
    found = review_files([deck_of(tmp_path, rule.fails)], (), out)
    assert rule.id in {problem.rule for problem in found}
    assert review_files([deck_of(tmp_path, rule.passes)], (), out) == []


def test_every_mistake_that_reading_tells_has_its_page():
    cases = (Path(__file__).parent / "cases" / "mistakes.yaml").read_text(encoding="utf-8")
    told = set(re.findall(r"^    \d+:\d+ ([a-z-]+): ", cases, re.MULTILINE))
    assert told - set(RULES) == set()
    assert {"schema", "reference", "key-duplicate"} <= told


def test_a_waiver_with_a_reason_silences_one_rule_at_one_fact(tmp_path):
    concepts = """
    owl:
      term: Owl
      statements:
        - {text: "Owls eat [[mice]].", allow: {cloze-bare: Short on purpose.}}
        - "Owls eat [[voles]]."
    """
    assert review(tmp_path, concepts, RULES["cloze-bare"]) == [
        "13:9 warning cloze-bare: only 2 words around the blank: it does not say what is asked"
    ]


def test_waivers_that_are_unknown_or_not_needed_are_told(tmp_path):
    concepts = """
    owl:
      term: Owl
      definition: A bird that hunts at night.
      allow: {cloze-bear: A slip., cloze-bare: Nothing to allow.}
    """
    assert review(tmp_path, concepts, RULES["cloze-bare"]) == [
        "12:13 error waiver-unknown: there is no rule 'cloze-bear'",
        "12:34 warning waiver-unused: the rule 'cloze-bare' finds nothing here",
    ]


def test_a_country_whose_capital_has_its_name_may_be_allowed_as_the_message_says(run, tmp_path):
    capitals = (
        "format: 1\ndeck: {id: capitals, name: Capitals}\nsources: {atlas: {title: Atlas}}\ndefault_source: atlas\n"
        "relations: {capital: {ask: What is the capital of ...?, back: Of which country is ... the capital?}}\n"
        "concepts:\n  america:\n    term: America\n"
        "    definition: A double continent.\n    pairs: {capital: {Mexico: Mexico City, Peru: Lima}}\n"
    )
    file = write_deck(tmp_path, capitals)
    assert "write beside it 'allow: {answer-leak: why}'" in run("check", file).err
    waived = "{text: Mexico City, allow: {answer-leak: why}}"
    file.write_text(capitals.replace("Mexico City", waived), encoding="utf-8")
    assert run("check", file).err == ""


def test_an_item_that_is_named_for_its_class_may_be_kept_out_as_the_message_says(run, tmp_path):
    hawk = "  hawk: {term: Hawk, examples: [Marsh hawk, Goose, Sparrow]}\n"
    concepts = HEADING + OWLS + "    examples: [Barn, Tawny, Snowy]\n" + hawk
    file = write_deck(tmp_path, concepts)
    assert "or write beside it 'classify: false'" in run("check", file, "--select", "answer-leak").err
    file.write_text(concepts.replace("Marsh hawk", "{text: Marsh hawk, classify: false}"), encoding="utf-8")
    assert "classify" not in run("check", file, "--select", "answer-leak").err


def test_a_deck_sets_its_own_thresholds(run, tmp_path):
    deck = "format: 1\ndeck: {id: birds, name: Birds, check: {members: 2}}\nconcepts:\n  owl:\n    term: Owl\n"
    write_deck(tmp_path, deck + "    examples: [Barn, Tawny, Snowy]\n")
    assert "3 members in one group, more than 2" in run("check", "birds.yaml").err


def test_the_calcification_deck_passes_the_strictest_review(run):
    deck = Path(__file__).parents[1] / "cards"
    result = run("check", deck, "--strict")
    assert (result.code, result.out, result.err) == (0, "Nothing to mend.\n", "")


def test_warnings_pass_unless_strict_is_asked_for(run, tmp_path):
    file = write_deck(tmp_path, f"{PLAIN}concepts:\n  owl:\n    term: Owl\n    statements: ['Owls eat [[mice]].']\n")
    assert run("check", file).code == 0
    assert run("check", file, "--strict").code == 1
    assert run("check", file, "--strict", "--ignore", "cloze-bare,orphan").code == 0
    assert run("check", file, "--strict", "--select", "front-long").code == 0


def test_reports_for_programs_name_place_rule_and_remedy(run, tmp_path):
    write_deck(tmp_path, f"{PLAIN}concepts:\n  owl:\n    term: Owl\n    statements: ['Owls eat [[mice]].']\n")
    (problem,) = json.loads(run("check", "birds.yaml", "--format", "json", "--select", "cloze-bare").out)["problems"]
    assert (problem["line"], problem["column"], problem["rule"], problem["severity"]) == (
        11,
        18,
        "cloze-bare",
        "warning",
    )
    told = run("check", "birds.yaml", "--format", "github", "--select", "cloze-bare").out
    assert told.startswith("::warning file=birds.yaml,line=11,col=18,title=cloze-bare::only 2 words around the blank: ")


def test_explain_prints_a_rules_page(run):
    page = run("check", "--explain", "yes-no").out
    for part in (
        "yes-no (warning)",
        "Half of all guesses are right",
        "Found in",
        "Better",
        "allow: {yes-no: the reason}",
    ):
        assert part in page


def test_a_rule_that_is_not_there_is_told_with_the_nearest(run):
    result = run("check", "--explain", "yesno")
    assert result.code == 2
    assert "did you mean 'yes-no'?" in result.err


@pytest.mark.parametrize("words", [["--explain", ""], ["--select", ","], ["--ignore", " "]])
def test_no_rule_where_one_is_asked_for_is_told(run, words):
    """As a script does whose variable is empty: a review by no rule would find nothing."""
    result = run("check", *words)
    assert result.code == 2
    assert "no rule is named" in result.err


def test_near_duplicates_are_found_without_comparing_all_pairs(tmp_path, monkeypatch):
    """Twice the cards, about twice the comparisons."""

    def comparisons(count):
        owls = "\n".join(
            f"    - {{ask: 'Which owl{n} hunts prey{n} over field{n} near wood{n} every night{n}?', answer: Owl {n}}}"
            for n in range(count)
        )
        looked_at = []
        real = answers.folded
        monkeypatch.setattr(answers, "folded", lambda text: looked_at.append(text) or real(text))
        assert review(tmp_path, f"owl:\n  term: Owl\n  questions:\n{owls}", RULES["near-duplicate"]) == []
        monkeypatch.setattr(answers, "folded", real)
        return max(len(looked_at), 1)

    assert comparisons(200) <= 2.5 * comparisons(100)


def test_the_page_of_the_rules_is_that_of_the_program():
    page = Path(__file__).parents[1] / "docs" / "rules.md"
    assert page.read_text(encoding="utf-8") == rules_page(), "run: python -m deckbuilder.check.pages > docs/rules.md"


def test_a_release_is_stopped_by_an_error_of_the_review_and_else_its_remarks_are_counted(run, tmp_path):
    facts = f"{PLAIN}concepts:\n  owl:\n    term: Owl\n    statements: [{{id: food, text: 'Owls eat [[mice]].'}}]\n"
    file = write_deck(tmp_path / "cards", facts)
    assert "Review: 2 warnings, 1 remark; deckbuilder check shows them." in run("release", file).out
    write_deck(tmp_path / "cards", facts.replace("Owls eat [[mice]].", "Mice of a kind are eaten as [[mice]]."))
    result = run("release", file)
    assert result.code == 1
    assert "answer-leak" in result.err
    assert "Nothing was released." in result.err


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (None, "the text of 'atlas' cannot be read: No such file or directory"),
        ("Die große Eule".encode("latin-1"), "the text of 'atlas' cannot be read: it is no text in UTF-8"),
        (
            "\ufeffHow an owl hears: it turns its head towards the noise and waits.".encode(),
            "9 words in a row stand in",
        ),
        (b"How an owl hears: it turns its head to-\nwards the noise and waits.", "9 words in a row stand in"),
    ],
)
def test_words_of_a_source_are_found_in_its_text_and_a_text_that_cannot_be_read_is_told(run, tmp_path, data, told):
    if data is not None:
        (tmp_path / "atlas.txt").write_bytes(data)
    answer = "It turns its head towards the noise and waits, always."
    facts = f"concepts:\n  owl: {{term: Owl, questions: [{{ask: How does it hear?, answer: '{answer}'}}]}}\n"
    write_deck(tmp_path, PLAIN.replace("{title: Atlas of birds}", "{title: Atlas, text: atlas.txt}") + facts)
    assert told in run("check", "birds.yaml", "--select", "copied-text").err

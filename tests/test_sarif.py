"""SARIF: a log that holds against the published schema, and says in it what the review says."""

import hashlib
import importlib.metadata
import json
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import pytest
from jsonschema import Draft4Validator, ValidationError

from deckbuilder import __version__
from deckbuilder.check import RULES
from deckbuilder.check.sarif import sarif_log
from deckbuilder.problems import Place, Problem, Severity
from tests.helpers import write_deck

# The schema as OASIS published it: sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json.
# linceo carries it; none of its code is run, and the sum holds that it is that file.
SCHEMA = importlib.metadata.distribution("linceo").locate_file("linceo/data/sarif-schema-2.1.0.json")
SCHEMA_SHA256 = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"

# What GitHub shows of a rule at most.
LONGEST_NAME = 255
LONGEST_DESCRIPTION = 1024

HEADING = """\
format: 1
deck: {id: voegel, name: Vögel}
sources:
  atlas: {title: Atlas of birds}
default_source: atlas
"""
OWL = """\
concepts:
  owl:
    term: Owl
    definition: A bird that hunts at night.
    statements:
      - 🦉 Most owls hunt small mammals in the dark, above all [[voles]].
"""
BARE = "      - {id: food, text: '🦉 eat [[mice]].'}\n"
NAME = "Vögel im Wald.yaml"


@pytest.fixture(scope="module")
def schema():
    text = Path(SCHEMA).read_bytes()
    assert hashlib.sha256(text).hexdigest() == SCHEMA_SHA256
    return json.loads(text)


@pytest.fixture
def review(run, schema):
    """The one run of the log that a review prints; the schema holds for it."""

    def type_in(*words):
        log = json.loads(run("check", *words, "--format", "sarif").out)
        Draft4Validator(schema).validate(log)
        return log["runs"][0]

    return type_in


def file_of(result):
    return result["locations"][0]["physicalLocation"]["artifactLocation"]


def region_of(result):
    return result["locations"][0]["physicalLocation"].get("region")


def fingerprints(results):
    return [result["partialFingerprints"]["deckbuilderLine/v1"] for result in results]


def test_the_schema_is_one_that_refuses(schema):
    Draft4Validator.check_schema(schema)
    good = sarif_log([Problem(Place(Path("birds.yaml"), 1, 1, "x"), "yaml", "?")], RULES, Path.cwd(), "1.0.0")
    Draft4Validator(schema).validate(good)
    good["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    with pytest.raises(ValidationError, match="less than the minimum"):
        Draft4Validator(schema).validate(good)


def test_a_result_says_what_and_where(review, tmp_path):
    write_deck(tmp_path / "cards", HEADING + OWL + BARE, NAME)
    (result,) = review("--select", "cloze-bare")["results"]
    place = {"startLine": 12, "endLine": 12, "endColumn": 44}
    assert result == {
        "ruleId": "cloze-bare",
        "ruleIndex": list(RULES).index("cloze-bare"),
        "level": "warning",
        "message": {
            "text": "only 1 word around the blank: it does not say what is asked (write a whole sentence around it)"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "cards/V%C3%B6gel%20im%20Wald.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {**place, "startColumn": 26, "snippet": {"text": BARE[25:-1]}},
                    "contextRegion": {**place, "startColumn": 1, "snippet": {"text": BARE[:-1]}},
                }
            }
        ],
        "partialFingerprints": result["partialFingerprints"],
    }


def test_a_result_that_begins_its_line_needs_no_context(review, tmp_path):
    write_deck(tmp_path, f"format: 1\ndeck: {{id: birds, name: Birds}}\n{OWL}")
    (result,) = review("birds.yaml", "--select", "source-missing")["results"]
    assert (region_of(result)["startLine"], region_of(result)["startColumn"]) == (2, 1)
    assert "contextRegion" not in result["locations"][0]["physicalLocation"]


def test_columns_count_characters_also_beyond_emoji(review, tmp_path):
    line = "    statements: ['🦉 Most owls hunt 🐁 in the dark, above all [[voles]].', 'Owls eat [[mice]].']"
    deck = f"{HEADING}concepts:\n  owl:\n    term: Owl\n    definition: A bird that hunts at night.\n{line}\n"
    write_deck(tmp_path, deck)
    log = review("birds.yaml", "--select", "cloze-bare")
    (result,) = log["results"]
    assert log["columnKind"] == "unicodeCodePoints"
    assert region_of(result) == {
        "startLine": 10,
        "startColumn": line.index("'Owls") + 1,
        "endLine": 10,
        "endColumn": len(line) + 1,
        "snippet": {"text": "'Owls eat [[mice]].']"},
    }


def test_a_deck_without_mistakes_gives_a_log_without_results(run, review, tmp_path):
    write_deck(tmp_path, HEADING + OWL)
    assert review("birds.yaml")["results"] == []
    assert run("check", "birds.yaml", "--format", "sarif").code == 0


LEAK = HEADING + OWL.replace("mammals", "voles")
REMARK = HEADING + OWL.replace("Most owls", "The latest count says that owls")


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (LEAK, ("answer-leak", "error")),
        (HEADING + OWL + BARE, ("cloze-bare", "warning")),
        (REMARK, ("stale", "note")),
    ],
    ids=["error", "warning", "remark"],
)
def test_the_level_of_a_result_is_its_severity(facts, told, review, tmp_path):
    write_deck(tmp_path, facts)
    (result,) = review("birds.yaml")["results"]
    assert (result["ruleId"], result["level"]) == told


@pytest.mark.parametrize("facts", [HEADING + OWL, LEAK, HEADING + OWL + BARE, REMARK])
@pytest.mark.parametrize("strict", [[], ["--strict"]])
def test_the_exit_code_is_that_of_every_format(facts, strict, run, tmp_path):
    write_deck(tmp_path, facts)
    assert run("check", "birds.yaml", "--format", "sarif", *strict).code == run("check", "birds.yaml", *strict).code


def test_a_rule_that_is_more_severe_here_than_by_itself_says_so(review, tmp_path):
    hunters = ", ".join(f"Owl {n}" for n in range(8))
    write_deck(tmp_path, f"{HEADING}{OWL}    examples: [{hunters}]\n")
    log = review("birds.yaml", "--select", "list-long")
    (result,) = log["results"]
    assert result["level"] == "error"
    assert log["tool"]["driver"]["rules"][result["ruleIndex"]]["defaultConfiguration"] == {"level": "warning"}


# What keeps a deck from being read


def test_a_mistake_in_the_yaml_is_a_result_at_its_line(review, tmp_path):
    write_deck(tmp_path, f'{HEADING}concepts:\n  owl:\n    term: "Owl\n')
    (result,) = review("birds.yaml")["results"]
    assert (result["ruleId"], result["level"]) == ("yaml", "error")
    assert result["message"]["text"].startswith("a quote or bracket that opens here is never closed (")
    assert region_of(result) == {
        "startLine": 8,
        "startColumn": 11,
        "endLine": 8,
        "endColumn": 15,
        "snippet": {"text": '"Owl'},
    }


@pytest.mark.parametrize(
    ("facts", "rule", "told"),
    [
        (OWL.encode("utf-16"), "encoding", "is saved as UTF-16 (save it as UTF-8)"),
        ("# to be written\n", "empty-file", "the file is empty (write a deck into it, or delete it)"),
    ],
)
def test_a_mistake_of_a_file_as_a_whole_has_no_region(facts, rule, told, review, tmp_path):
    write_deck(tmp_path, facts)
    (result,) = review("birds.yaml")["results"]
    assert (result["ruleId"], result["message"]["text"]) == (rule, told)
    assert result["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "birds.yaml", "uriBaseId": "%SRCROOT%"}}}
    ]


def test_a_file_that_breaks_off_has_a_region_without_words(review, tmp_path):
    """Where nothing stands, there is nothing to quote: the region is the place alone."""
    write_deck(tmp_path, HEADING + "concepts:\n  owl: {term: Owl\n")
    regions = [region_of(result) for result in review("birds.yaml")["results"]]
    assert all(region["startLine"] and region["startColumn"] for region in regions)
    problem = Problem(Place(Path("birds.yaml"), 9, 1, ""), "yaml", "here the file ends")
    (result,) = sarif_log([problem], RULES, tmp_path, "1.0.0")["runs"][0]["results"]
    assert region_of(result) == {"startLine": 9, "startColumn": 1}


def test_braces_in_a_message_are_doubled_for_single_ones_stand_for_arguments(review, tmp_path):
    write_deck(tmp_path, HEADING + OWL.replace("Most owls", "Most {{c1::owls}}"))
    (result,) = review("birds.yaml")["results"]
    assert result["message"]["text"].startswith("[[...]] and {{{{c1::...}}}} stand in one text (use one of them")
    assert "{{c1::owls}} hunt" in region_of(result)["snippet"]["text"]


# Where files are


@pytest.mark.parametrize(
    ("typed", "uri"),
    [
        ("cards/birds.yaml", "cards/birds.yaml"),
        ("./cards/../cards/birds.yaml", "cards/birds.yaml"),
        ("cards/100% owls & [mice]: #1?.yaml", "cards/100%25%20owls%20%26%20%5Bmice%5D%3A%20%231%3F.yaml"),
        pytest.param("a:b.yaml", "a%3Ab.yaml", marks=pytest.mark.skipif(os.name == "nt", reason="a drive there")),
        ("鳥.yaml", "%E9%B3%A5.yaml"),
        ("not UTF-8: \udcff.yaml", "not%20UTF-8%3A%20%FF.yaml"),
    ],
)
def test_a_file_is_named_as_seen_from_the_folder(typed, uri, tmp_path, schema):
    for file in (Path(typed), tmp_path / typed):
        log = sarif_log([Problem(Place(file), "unreadable", "?")], RULES, tmp_path, "1.0.0")
        Draft4Validator(schema).validate(log)
        (result,) = log["runs"][0]["results"]
        assert file_of(result) == {"uri": uri, "uriBaseId": "%SRCROOT%"}
    assert not urlsplit(uri).scheme


def test_a_file_outside_the_folder_is_named_by_its_absolute_address(review, tmp_path, tmp_path_factory):
    elsewhere = write_deck(tmp_path_factory.mktemp("else where"), HEADING + OWL + BARE, NAME)
    (result,) = review(elsewhere, "--select", "cloze-bare")["results"]
    assert list(file_of(result)) == ["uri"]
    address = urlsplit(file_of(result)["uri"])
    assert address.scheme == "file"
    assert address.path.isascii()
    assert Path(url2pathname(address.path)) == elsewhere
    above = sarif_log([Problem(Place(Path("..", "birds.yaml")), "unreadable", "?")], RULES, tmp_path, "1.0.0")
    (result,) = above["runs"][0]["results"]
    assert unquote(file_of(result)["uri"]) == (tmp_path.parent / "birds.yaml").as_uri()


def test_a_log_holds_no_path_of_the_machine_and_no_time(run, tmp_path):
    write_deck(tmp_path / "cards", HEADING + OWL + BARE, NAME)
    log, again = (run("check", "--format", "sarif").out for _ in range(2))
    assert log == again
    assert tmp_path.name not in log


# The rules


def test_the_log_lists_every_rule_with_all_that_a_viewer_shows(review, tmp_path):
    write_deck(tmp_path, HEADING + OWL)
    driver = review("birds.yaml", "--select", "orphan")["tool"]["driver"]
    assert (driver["name"], driver["semanticVersion"]) == ("deckbuilder", __version__)
    assert [listed["id"] for listed in driver["rules"]] == list(RULES)
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    for listed, rule in zip(driver["rules"], RULES.values(), strict=True):
        assert listed["shortDescription"]["text"] == rule.summary
        assert listed["fullDescription"]["text"] == f"{rule.summary} {rule.why}"
        assert listed["defaultConfiguration"]["level"] == levels[rule.severity]
        assert 0 < len(listed["fullDescription"]["text"]) <= LONGEST_DESCRIPTION


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_the_help_of_a_rule_has_its_reason_its_examples_and_its_waiver(rule, tmp_path):
    listed = sarif_log([], {rule.id: rule}, tmp_path, "1.0.0")["runs"][0]["tool"]["driver"]["rules"]
    ((text, markdown),) = ((entry["help"]["text"], entry["help"]["markdown"]) for entry in listed)
    for shown in (text, markdown):
        assert rule.why in shown
        assert all(line.strip() in shown for line in (*rule.fails.splitlines(), *rule.passes.splitlines()))
        assert ("Found in:" in shown) == ("Better:" in shown) == bool(rule.fails)
        assert (f"allow: {{{rule.id}: the reason}}" in shown) == (rule.find is not None)
    fences = 2 if rule.fails else 0
    assert markdown.count(f"\n\n```{rule.language}\n") == len(re.findall(r"\n```(?=\n|$)", markdown)) == fences
    assert "```" not in text


def test_a_rules_name_is_its_id_in_the_form_of_names(tmp_path):
    log = sarif_log([], RULES, tmp_path, "1.0.0")
    names = [listed["name"] for listed in log["runs"][0]["tool"]["driver"]["rules"]]
    assert names[:3] == ["FrontAmbiguous", "CardDuplicate", "NearDuplicate"]
    assert len(set(names)) == len(RULES)
    assert max(map(len, names)) <= LONGEST_NAME


def test_every_result_finds_its_rule_in_the_list(review, tmp_path):
    write_deck(tmp_path / "cards", HEADING + OWL + BARE + "    allow: {orphan: Nothing to allow.}\n", NAME)
    write_deck(tmp_path / "cards", f"{HEADING.replace('voegel', 'owls')}{OWL}    definiton: A slip.\n", "owls.yaml")
    log = review()
    listed = log["tool"]["driver"]["rules"]
    found = {result["ruleId"]: listed[result["ruleIndex"]]["id"] for result in log["results"]}
    assert found == {name: name for name in ("cloze-bare", "waiver-unused", "schema")}


def test_what_is_in_no_table_of_rules_is_listed_after_it_by_its_id_alone(tmp_path, schema):
    place = Place(tmp_path / "birds.yaml", 1, 1, "format: 1")
    problems = [Problem(place, rule, "something is wrong") for rule in ("storm", "orphan", "rain", "storm")]
    log = sarif_log(problems, {"orphan": RULES["orphan"]}, tmp_path, "1.0.0")
    Draft4Validator(schema).validate(log)
    (run,) = log["runs"]
    listed = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in listed] == ["orphan", "rain", "storm"]
    assert [result["ruleIndex"] for result in run["results"]] == [2, 0, 1, 2]
    for rule in listed:
        assert all(rule[part]["text"] for part in ("shortDescription", "fullDescription", "help"))


# Fingerprints


def test_a_fingerprint_stays_when_lines_are_inserted_above_or_indented(review, tmp_path):
    write_deck(tmp_path, HEADING + OWL + BARE)
    before = review("birds.yaml", "--select", "cloze-bare")["results"]
    further_in = BARE.replace("      -", "        -")
    moved = OWL.replace("      -", "        -").replace("definition", "# A remark.\n    definition")
    write_deck(tmp_path, f"# Corrected.\n{HEADING}\n{moved}{further_in}")
    after = review("birds.yaml", "--select", "cloze-bare")["results"]
    assert [region_of(result)["startLine"] for result in (*before, *after)] == [12, 15]
    assert fingerprints(before) == fingerprints(after)


def test_a_fingerprint_changes_with_the_words_of_the_line_and_with_the_rule(review, tmp_path):
    write_deck(tmp_path, HEADING + OWL + BARE)
    mice = fingerprints(review("birds.yaml", "--select", "cloze-bare")["results"])
    write_deck(tmp_path, HEADING + OWL + BARE.replace("mice", "rats"))
    rats = fingerprints(review("birds.yaml", "--select", "cloze-bare")["results"])
    place = Place(tmp_path / "birds.yaml", 12, 9, BARE[:-1])
    other = sarif_log([Problem(place, "stale", "?")], RULES, tmp_path, "1.0.0")["runs"][0]["results"]
    assert len({*mice, *rats, *fingerprints(other)}) == 3


def test_equal_lines_of_a_file_have_fingerprints_of_their_own(review, tmp_path):
    concept = "  {0}:\n    term: {0}\n    definition: A bird that hunts at {1}.\n    statements:\n"
    owl, hawk = concept.format("owl", "night"), concept.format("hawk", "noon")
    bare = "      - Birds eat [[mice]].\n"
    deck = f"{HEADING}concepts:\n{owl}{bare}{hawk}{bare}"
    write_deck(tmp_path / "cards", deck)
    write_deck(tmp_path / "cards", deck.replace("voegel", "others"), "others.yaml")
    results = review("--select", "cloze-bare")["results"]
    told = {}
    for result in results:
        told.setdefault(file_of(result)["uri"], []).append(result["partialFingerprints"]["deckbuilderLine/v1"])
    first, second = told.values()
    assert len(set(first)) == 2
    # In another file the same lines are other places: the file's name tells them apart.
    assert first == second

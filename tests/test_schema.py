"""The schema for editors is true: what it accepts the reader accepts, and what it refuses the reader refuses.

An editor reads YAML by types: `1.0` is a number to it, and `true` a truth value. So facts are held against the
schema as an editor sees them, in both versions of YAML, and against the reader as they were typed.
"""

import copy
import json
import re
import subprocess
import sys
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

import deckbuilder
from deckbuilder.facts import models
from deckbuilder.facts.keys import MistakeError, keys_of
from deckbuilder.facts.load import load
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.facts.schema import schema_text
from tests.helpers import HEADING, OWL, files_in, write_deck
from tests.test_docs import COMPLETE_EXAMPLES, FENCE, MODELS
from tests.test_reading import MISTAKES

ROOT = Path(deckbuilder.__file__).parents[1]
SHIPPED = ROOT / "deckbuilder" / "facts" / "schema.json"
SCHEMA = json.loads(SHIPPED.read_text(encoding="utf-8"))
VALIDATOR = Draft7Validator(SCHEMA)
# What reading tells of the shape of a file; all other rules need to know more than one place of it.
OF_SHAPE = {"schema", "tag-invalid"}
OF_HEADINGS = {"misplaced", "no-heading"}


# --- Facts as an editor sees them, and as the reader does ----------------------------------------------------

# Scalars without quotes, and what they are to an editor: the core schema of YAML 1.2, and what 1.1 adds.
YAML_1_2 = {
    r"~|null|Null|NULL|": lambda _: None,
    r"true|True|TRUE": lambda _: True,
    r"false|False|FALSE": lambda _: False,
    r"0o[0-7]+": lambda word: int(word, 0),
    r"0x[0-9a-fA-F]+": lambda word: int(word, 0),
    r"[-+]?[0-9]+": int,
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?": float,
    r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)": lambda word: float(word.replace(".", "")),
}
YAML_1_1 = {
    r"yes|Yes|YES|on|On|ON": lambda _: True,
    r"no|No|NO|off|Off|OFF": lambda _: False,
    r"[-+]?[0-9][0-9_]+": lambda word: int(word.replace("_", "")),
    **YAML_1_2,
}
VERSIONS = [pytest.param(YAML_1_2, id="YAML 1.2"), pytest.param(YAML_1_1, id="YAML 1.1")]


def as_editor(text, kinds=YAML_1_2):
    """The values of a file as an editor sees them; keys are texts to all."""

    def seen(node):
        if isinstance(node, yaml.MappingNode):
            return {key.value: seen(value) for key, value in node.value}
        if isinstance(node, yaml.SequenceNode):
            return [seen(value) for value in node.value]
        fitting = (make for kind, make in kinds.items() if not node.style and re.fullmatch(kind, node.value))
        return next(fitting, str)(node.value)

    # libyaml where it is there: PyYAML's parser in Python stops at a question mark in braces.
    return seen(yaml.compose(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)))


def refused_by_schema(text, kinds=YAML_1_2):
    return [f"{list(error.absolute_path)}: {error.message}" for error in VALIDATOR.iter_errors(as_editor(text, kinds))]


def refused_by_reader(text, folder):
    """What reading tells of a file's shape; a file without a heading is read as a part of a deck."""
    file = write_deck(folder, text)
    is_part = not re.search("^deck:", text, re.MULTILINE)
    if is_part:
        write_deck(folder, HEADING + "concepts:\n  heading: {term: Heading}\n", "deck.yaml")
    else:
        (folder / "deck.yaml").unlink(missing_ok=True)
    problems = [problem for problem in load([file]).problems if problem.rule in OF_SHAPE | OF_HEADINGS]
    return [f"{problem.place.line}:{problem.place.column} {problem.message}" for problem in problems]


@dataclass(frozen=True)
class Typed:
    """A scalar that is typed without quotes."""

    text: str


def written(value, margin=""):
    """A value as YAML: texts in quotes, `Typed` ones without, None as nothing at all."""
    if isinstance(value, dict) and value:
        lines = (f"\n{margin}{key_written(key)}:{written(inner, margin + '  ')}" for key, inner in value.items())
    elif isinstance(value, list) and value:
        lines = (f"\n{margin}-{written(inner, margin + '  ')}" for inner in value)
    elif isinstance(value, Typed):
        lines = (f" {value.text}",)
    else:
        lines = ("" if value is None else f" {json.dumps(value, ensure_ascii=False)}",)
    return "".join(lines)


def key_written(key):
    return key if re.fullmatch("[a-z_]+", key) else json.dumps(key, ensure_ascii=False)


def file_of(value):
    return written(value).lstrip() + "\n"


# --- The file --------------------------------------------------------------------------------------------


def schemas_in(made):
    """A schema and all schemas within it."""
    yield made
    inner = [made[name] for name in ("if", "then", "else", "not", "items", "propertyNames") if name in made]
    inner += [made["additionalProperties"]] if isinstance(made.get("additionalProperties"), dict) else []
    inner += [*made.get("anyOf", ()), *made.get("properties", {}).values(), *made.get("definitions", {}).values()]
    for part in inner:
        yield from schemas_in(part)


def test_the_shipped_schema_is_what_the_models_give():
    """Make it anew with: python -m deckbuilder.facts.schema > deckbuilder/facts/schema.json"""
    assert SHIPPED.read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_a_schema_in_the_dialect_that_all_editors_know():
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    known = {*Draft7Validator.META_SCHEMA["properties"], "errorMessage", "patternErrorMessage", "enumDescriptions"}
    assert {name for part in schemas_in(SCHEMA) for name in part} <= known | {"doNotSuggest"}


def test_the_schema_says_what_it_is_and_that_it_is_made():
    assert SCHEMA["title"] == "deckbuilder facts"
    assert SCHEMA["$comment"].startswith("Generated from deckbuilder/facts/models.py")


def test_every_reference_stands_alone_and_every_definition_is_used():
    references = [part for part in schemas_in(SCHEMA) if "$ref" in part]
    assert {tuple(part) for part in references} == {("$ref",)}
    assert {part["$ref"] for part in references} == {f"#/definitions/{name}" for name in SCHEMA["definitions"]}


PATTERNS = sorted({part["pattern"] for part in schemas_in(SCHEMA) if "pattern" in part})


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_means_the_same_in_python_and_in_javascript(pattern):
    re.compile(pattern)
    assert pattern.isascii()
    assert not re.search(r"\\[wWdDbBAZ]|\(\?[^:=!]", pattern), "what these mean, or whether they are known, differs"


# --- What an editor shows ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """A key of the schema: where it stands, what is said of it, and a file with a value in its place."""

    path: str
    schema: dict
    file: object


def keys_in(made, path, file, done=frozenset()):
    """Every key that can stand in a value of the schema `made`; `file` puts such a value into a file."""
    if "$ref" in made:
        name = made["$ref"].removeprefix("#/definitions/")
        if name not in done:
            yield from keys_in(SCHEMA["definitions"][name], path, file, done | {name})
        return
    for branch in [*(made[name] for name in ("then", "else") if name in made), *made.get("anyOf", ())]:
        yield from keys_in(branch, path, file, done)
    for name, key in made.get("properties", {}).items():
        needed = {other: made["properties"][other]["examples"][0] for other in needed_in(made)}
        with_key = placed(file, lambda value, name=name, needed=needed: {**needed, name: value})
        yield Key(f"{path}{name}", key, with_key)
        yield from keys_in(key, f"{path}{name}.", with_key, done)
    if isinstance(made.get("additionalProperties"), dict):
        yield from keys_in(made["additionalProperties"], f"{path}*.", placed(file, lambda value: {"any": value}), done)
    if "items" in made:
        yield from keys_in(made["items"], f"{path}-.", placed(file, lambda value: [value]), done)


def needed_in(made):
    """The keys that a mapping needs, if no value stands for its words."""
    return [*made.get("required", ()), *made.get("else", {}).get("required", ())] if "properties" in made else []


def placed(outer, inner):
    return lambda value: outer(inner(value))


KEYS = list(keys_in(SCHEMA, "", lambda value: {"format": 1, "deck": {"id": "rocks", "name": "Rocks"}, **value}))
EACH_KEY = pytest.mark.parametrize("key", KEYS, ids=lambda key: key.path)


def test_the_schema_offers_every_key_of_the_models_and_no_others():
    offered = defaultdict(set)
    for key in KEYS:
        mapping, _, name = key.path.rpartition(".")
        offered[mapping].add(name)
    by_models = {
        frozenset(keys_of(model)) for model in MODELS.values() if model not in {models.Annotations, models.AsideWords}
    }
    assert {frozenset(names) for names in offered.values()} == by_models


@EACH_KEY
def test_every_key_is_explained_and_has_an_example(key):
    assert re.fullmatch(r"[\w(\[].*[.)]", key.schema["description"])
    assert key.schema["examples"]


@EACH_KEY
def test_every_example_is_accepted_where_it_stands_by_the_schema_and_by_the_reader(key, tmp_path):
    own = Draft7Validator({**key.schema, "definitions": SCHEMA["definitions"]})
    for example in key.schema["examples"]:
        assert list(own.iter_errors(example)) == []
        text = file_of(key.file(example))
        assert (refused_by_schema(text), refused_by_reader(text, tmp_path)) == ([], [])


def test_every_value_of_a_closed_choice_is_explained():
    choices = [part for part in schemas_in(SCHEMA) if "enum" in part and "enumDescriptions" in part]
    assert {word for part in choices for word in part["enum"]} == {
        *models.Kind.__args__,
        *models.Status.__args__,
        *models.Way.__args__,
        *models.Mode.__args__,
        *models.Side.__args__,
    }
    for part in choices:
        assert [meaning[-1] in ".?" for meaning in part["enumDescriptions"]] == [True] * len(part["enum"])


def test_what_is_left_out_stands_in_words_since_an_editor_would_write_out_a_default():
    assert not any("default" in part for part in schemas_in(SCHEMA))
    told = {key.path: re.findall(r"Default: (.*)\.", key.schema["description"]) for key in KEYS}
    assert told["deck.language"] == ["en"]
    assert told["deck.check.front_words"] == ["30"]
    assert told["classifications.*.items"] == ["causes, examples"]
    assert told["concepts.*.examples.-.classify"] == ["true"]
    assert told["concepts.*.examples.-.status"] == ["ok"]
    assert told["concepts.*.aliases"] == []


# --- Real decks ------------------------------------------------------------------------------------------------

DECKS = sorted([*ROOT.glob("cards/**/*.y*ml"), *ROOT.glob("tests/decks/*.y*ml")])


@pytest.mark.parametrize("kinds", VERSIONS)
@pytest.mark.parametrize("deck", DECKS, ids=lambda deck: deck.stem)
def test_a_real_deck_is_accepted(deck, kinds):
    assert refused_by_schema(deck.read_text(encoding="utf-8"), kinds) == []


@pytest.mark.parametrize("kinds", VERSIONS)
@pytest.mark.parametrize(("page", "text"), COMPLETE_EXAMPLES)
def test_every_complete_example_of_the_docs_is_accepted(page, text, kinds):
    del page
    assert refused_by_schema(text, kinds) == []


@pytest.mark.parametrize("kinds", VERSIONS)
def test_the_deck_that_new_writes_is_accepted(run, tmp_path, kinds):
    assert run("new", "Birds").code == 0
    assert refused_by_schema((tmp_path / "cards" / "birds.yaml").read_text(encoding="utf-8"), kinds) == []


@pytest.mark.parametrize("head", ["", "format: 1\n"])
def test_a_part_of_a_deck_needs_no_heading(tmp_path, head):
    part = head + OWL
    assert (refused_by_schema(part), refused_by_reader(part, tmp_path)) == ([], [])


@pytest.mark.parametrize("key", sorted(set(keys_of(models.FactsFile)) - {"format", "deck", "concepts"}))
def test_what_belongs_to_a_heading_is_refused_without_one(tmp_path, key):
    (value,) = (known.schema["examples"][0] for known in KEYS if known.path == key)
    part = file_of({"format": 1, key: value})
    assert refused_by_schema(part)
    assert refused_by_reader(part, tmp_path)


# --- What authors get wrong ------------------------------------------------------------------------------------

# Mistakes of shape that the schema does not find, by case and place.
NOT_FOUND = {
    ("dates, languages and versions", (5, 23)): "a pattern has no calendar: February has no 30th",
    **{
        ("keys in capitals are told at every level in one run", place): "an editor does not look behind an unknown key"
        for place in ((2, 8), (7, 10), (7, 29))
    },
    ("a list where the deck belongs", (2, 2)): "of a list in the place of the deck only that is told",
}
# What both tell in one line: the reader where the text begins, an editor at the piece behind its comma.
IN_THE_LINE = {"a text in braces that goes on behind a comma"}
# Of these an editor tells by itself: they are no YAML, or not the YAML that the reader reads.
NOTATION = {"yaml", "alias-recursive", "empty-file"}


def places_told(error, file):
    """The places in the file where the reader would tell what the schema found."""
    path = tuple(error.absolute_path)
    if error.context:
        return [place for inner in error.context for place in places_told(inner, file)]
    if error.validator == "additionalProperties":
        wrong = [((*path, name), True) for name in error.instance if name not in error.schema.get("properties", ())]
    elif error.validator == "required":
        wrong = [((*path, name), False) for name in error.validator_value if name not in error.instance]
    elif "propertyNames" in error.absolute_schema_path:
        wrong = [((*path, error.instance), True)]
    else:
        wrong = [(path, False)]
    found = [place_of(Origin(file, where), key=on_key) for where, on_key in wrong]
    return [(place.line, place.column) for place in found]


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case["name"])
def test_a_mistake_of_shape_is_found_at_the_place_where_the_reader_tells_it(case, tmp_path):
    file = write_deck(tmp_path, case["facts"])
    problems = load([file]).problems
    if NOTATION & {problem.rule for problem in problems}:
        return
    told = {(problem.place.line, problem.place.column) for problem in problems if problem.rule in OF_SHAPE}
    errors = list(VALIDATOR.iter_errors(as_editor(case["facts"])))
    found = {place for error in errors for place in places_told(error, file)}
    if case["name"] in IN_THE_LINE:
        assert {line for line, _ in told} == {line for line, _ in found}
        return
    not_found = {place for name, place in NOT_FOUND if name == case["name"]}
    assert told - found == not_found
    assert bool(found) == bool(told - not_found), "nothing else is refused"


def test_every_mistake_that_is_not_found_is_one_of_those_that_authors_make():
    assert {name for name, _ in NOT_FOUND} <= {case["name"] for case in MISTAKES}


# --- Texts that look like something else -----------------------------------------------------------------------


LOOKS = {
    "concepts: {owl: {term: WORD}}": "1 0 -1 1.10 1e3 0x1F .inf yes NO on true 2023 2023-10-29 12:30 1_000 0999 010",
    "concepts: {owl: {term: Owl, aliases: [WORD], definition: WORD, causes: [WORD]}}": "1 -1.5 no false",
    "concepts: {owl: {term: Owl, tags: [WORD], ref: WORD}}": "1 1.5 true no",
    "concepts: {owl: {term: Owl, mechanism: [WORD: [WORD, a]]}}": "1 1.5 no True",
    "concepts: {WORD: {term: Owl, is_a: WORD, requires: [WORD]}}": "1 2023 010 yes NO true 1_000",
    "sources: {a: {title: A, date: WORD}}": "2023 2023-10 2023-10-29 '0999'",
    "deck: {id: WORD, name: WORD}": "1 2023 true no",
    "deck: {id: a, name: A, version: WORD}": "1.0 1.10 1.0.2 '1.0'",
    "deck: {id: a, name: A, language: WORD}": "no on true pt-BR",
    "deck: {id: a, name: A, check: {members: WORD}}": "6 '6' 1_0 +6 '6.0' 06",
    "concepts: {owl: {term: Owl, causes: [{text: a, classify: WORD}]}}": "true FALSE yes No off y 1 0 '1' 'true' tRuE",
}


@pytest.mark.parametrize("kinds", VERSIONS)
@pytest.mark.parametrize(
    "facts", [facts.replace("WORD", word) for facts, words in LOOKS.items() for word in words.split()]
)
def test_what_yaml_takes_for_a_number_or_a_truth_value_is_a_text(tmp_path, facts, kinds):
    head = "format: '1'\n" + ("" if facts.startswith("deck") else "deck: {id: birds, name: Birds}\n")
    text = head + facts + "\n"
    assert (refused_by_schema(text, kinds), refused_by_reader(text, tmp_path)) == ([], [])


# The reader refuses these, and the schema cannot: why.
ACCEPTED_IN_VAIN = {
    "format: 1\ndeck: {id: birds, name: Birds, version: 1}": "1 and 1.0 are one number to an editor",
    "format: 1\ndeck: {id: True, name: Birds}": "True and true are one value to an editor",
    "format: 1.0\ndeck: {id: birds, name: Birds}": "1.0 and 1 are one number to an editor",
    "format: 1\ndeck: {id: birds, name: Birds, check: {members: 0x6}}": "an editor sees a number, not its digits",
    "format: 1\ndeck: {id: birds, name: Birds, check: {class_share: '150'}}": "only numbers have bounds, no texts",
    "concepts: {owl: {term: Owl, is_a: 1.0}}": "1.0 and 1 are one number to an editor",
    "concepts: {owl: {term: Owl, causes: [{text: a, classify: 1.0}]}}": "1.0 and 1 are one number to an editor",
    HEADING + "sources: {a: {title: A, date: 2023-02-30}}": "a pattern has no calendar",
    "concepts: {owl。: {term: Owl}}": "a short pattern cannot list the punctuation of all scripts",
    "concepts: {owl: {term: '\ue000'}}": "a short pattern cannot list all that shows nothing",
}
# The reader accepts these, and the schema refuses them: why. All but the last are accepted by both in quotes.
REFUSED_IN_VAIN = {
    "concepts: {owl: {term: null}}": "to an editor it is the same as nothing, which is the likelier slip",
    "concepts: {owl: {term: Owl, is_a: 1e-3}}": "no other number with a point is an id",
    HEADING + "sources: {a: {title: A, date: 0999}}": "99 or 999 is the likelier slip",
    "format: 1\ndeck: {id: birds, name: Birds, version: '١.٠'}": "\\d means other digits in JavaScript",
}


@pytest.mark.parametrize("facts", ACCEPTED_IN_VAIN)
def test_what_a_schema_cannot_know_is_told_by_the_reader(tmp_path, facts):
    assert refused_by_schema(facts) == []
    assert refused_by_reader(facts, tmp_path)


@pytest.mark.parametrize("facts", REFUSED_IN_VAIN)
def test_what_the_schema_refuses_beyond_the_reader_is_little(tmp_path, facts):
    assert refused_by_schema(facts)
    assert refused_by_reader(facts, tmp_path) == []


# --- Every text ---------------------------------------------------------------------------------------------------

CHECKS = {
    "Words": (models.check_words,),
    "QuestionAbout": (models.check_words, models.check_question_about),
    "Id": (models.check_id,),
    "DeckId": (models.check_deck_id,),
    "DeckName": (models.check_words, models.check_deck_name),
    "Language": (models.check_language,),
    "Version": (models.check_version,),
    "Tag": (models.check_tag,),
    "Date": (models.check_date,),
}
PIECES = [
    "...",
    "::",
    ":",
    " ",
    '"',
    "-",
    "_",
    ".",
    "a",
    "B",
    "ß",
    "2023",
    "02",
    "12",
    "31",
    "W05",
    "1",
    "0",
    "en",
    "con",
]
PIECES += ["com1", "Leech", "marked", "“", "\n", "\t", "\u200b", "é", "עברית", "漢字", "½", "·", "—", "\xa0", "[", "`"]


def passes(name, text):
    try:
        for check in CHECKS[name]:
            check(text.strip())
    except MistakeError:
        return False
    return True


def test_every_kind_of_text_is_known_to_these_tests():
    kinds = {name for name, definition in SCHEMA["definitions"].items() if "pattern" in definition}
    assert kinds == set(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_a_pattern_lets_through_what_the_reader_does(name):
    pattern = re.compile(SCHEMA["definitions"][name]["pattern"])

    @settings(max_examples=300, deadline=None, derandomize=True)
    @given(st.lists(st.sampled_from(PIECES), max_size=7).map("".join))
    def agrees(text):
        assume(not (name == "Date" and re.search("-02-(3|29)|-(11)-31", text)))
        assert bool(pattern.search(text)) == passes(name, text)

    agrees()


@pytest.mark.parametrize("name", ["Words", "Id", "Tag"])
def test_no_sign_of_any_script_is_refused_by_the_schema_alone(name):
    pattern = re.compile(SCHEMA["definitions"][name]["pattern"])
    signs = [chr(code) for code in range(0xA0, sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    texts = [text for sign in signs for text in (sign, f"a{sign}b") if not pattern.search(text)]
    assert [text for text in texts if passes(name, text)] == []


@pytest.mark.parametrize("name", ["Words", "Id", "Tag"])
def test_the_signs_that_authors_type_most_are_judged_alike(name):
    pattern = re.compile(SCHEMA["definitions"][name]["pattern"])
    signs = [chr(code) for code in [*range(0x20, 0x250), *range(0x2000, 0x2070)]]
    texts = [text for sign in signs if unicodedata.category(sign) != "Cc" for text in (sign, f"a{sign}b")]
    assert [text for text in texts if bool(pattern.search(text)) != passes(name, text)] == []


# --- Every file ---------------------------------------------------------------------------------------------------

TEXTS = {
    "Words": ["Owl", "[[Mice]]", "a: b", " padded ", "two\nlines", "عظم", "1.0", Typed("1.5"), Typed("true")],
    "Id": ["owl", "Käuzchen", "梟_2", " owl ", Typed("7"), Typed("true"), Typed("yes"), Typed("2023")],
    "DeckId": ["birds", "b-1_x", Typed("7"), Typed("true")],
    "DeckName": ["Birds", "Animals::Birds", "a:::b", Typed("1.5")],
    "Language": ["en", "pt-BR", Typed("no"), Typed("true")],
    "Version": ["1.0", "1.0.2", Typed("1.5")],
    "Tag": ["night", "birds::night", "a:b", Typed("1.5"), Typed("true")],
    "Date": ["2023-10-29", Typed("2023-10"), Typed("2023"), Typed("2023-10-29"), "1999"],
    "QuestionAbout": ["What is ...?", "Which?", 7],
}
NUMBERS = [Typed("7"), "7", Typed("1_0"), Typed("100")]
TRUTH = [Typed("true"), Typed("false"), Typed("yes"), "off", Typed("1")]
SLIPS = [None, "", "  ", "\u200b", "two words", "a/b", "-", "::", "a::", "leech", "con", "2023-13", "first", "perhaps"]
SLIPS += [[], {}, ["Owl"], [[]], {"owl": "white"}, {"owl": ["white"]}, {"text": "Owl"}, {"text": "Owl", "of": ["a"]}]
SLIPS += [Typed("1.5"), Typed("-3"), Typed("true"), Typed("no"), Typed("12:30"), Typed("0.5"), Typed("2023")]
NAMES = ["txt", "image", "note", "of", "text", "term", "id", "source", "classify", "Owls", "a b", " ", "", "concepts"]
IDS = st.sampled_from(["owl", "eagle", "梟", "7", "true"])
DEEPEST = 6


def values(made, deep=0):
    """Values that the schema `made` accepts; `deep` is how deep they stand."""
    return next(make(made, deep) for keyword, make in MAKERS.items() if made.get(keyword))


def referred(made, deep):
    name = made["$ref"].removeprefix("#/definitions/")
    if name in TEXTS:
        return st.sampled_from(TEXTS[name])
    return st.deferred(lambda: values(SCHEMA["definitions"][name], deep))


@st.composite
def mappings(draw, made, deep):
    needed = ["format", "deck", "concepts"] if made is SCHEMA else needed_in(made)
    others = [name for name in made["properties"] if name not in needed]
    chosen = draw(st.lists(st.sampled_from(others), max_size=4, unique=True)) if others else []
    if "value" in chosen and "else" in made and draw(st.booleans()):
        needed = made.get("required", [])
    return {name: draw(values(made["properties"][name], deep + 1)) for name in [*needed, *chosen]}


def named(made, deep):
    inner = values(made["additionalProperties"], deep + 1)
    pattern = made.get("propertyNames", {}).get("pattern", "")
    return st.dictionaries(IDS.filter(re.compile(pattern).search), inner, min_size=0 if deep > 1 else 1, max_size=2)


def lists(made, deep):
    least = made.get("minItems", 0)
    return st.lists(values(made["items"], deep + 1), min_size=least, max_size=least + 2 if deep < DEEPEST else least)


def branches(made, deep):
    if "maxProperties" in made["if"]:  # `Name: [members]`
        members = values(made["then"]["additionalProperties"], deep + 1)
        return st.dictionaries(IDS, members, min_size=1, max_size=1) | values(made["else"], deep)
    return values(made["then"], deep) | values(made["else"], deep)


MAKERS = {
    "$ref": referred,
    "properties": mappings,
    "if": branches,
    "anyOf": lambda made, deep: values(made["anyOf"][0], deep),
    "additionalProperties": named,
    "items": lists,
    "const": lambda made, _: st.just(made["const"]),
    "enum": lambda made, _: st.sampled_from(made["enum"]),
    "type": lambda made, _: st.sampled_from(TRUTH if "boolean" in made["type"] else NUMBERS),
}


def places_in(value, path=()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in inner:
        yield from places_in(part, (*path, step))


def at(value, path):
    for step in path:
        value = value[step]
    return value


@st.composite
def slips(draw, value):
    """The value with one thing changed, as by a hasty hand."""
    value = copy.deepcopy(value)
    paths = [path for path in places_in(value) if path]
    # Most that is written stands deep; the few keys at the top would else have most of the slips.
    path = draw(st.sampled_from([path for path in paths if len(path) > 2] or paths) | st.sampled_from(paths))
    around, step = at(value, path[:-1]), path[-1]
    hand = draw(st.sampled_from(["replace", "remove", "rename", "move", "wrap"]))
    if hand == "remove":
        del around[step]
    elif hand == "rename" and isinstance(around, dict):
        new = draw(st.sampled_from(NAMES))
        renamed = {new if name == step else name: inner for name, inner in around.items()}
        around.clear()
        around.update(renamed)
    elif hand == "move":
        around[step] = copy.deepcopy(at(value, draw(st.sampled_from(list(places_in(value))))))
    elif hand == "wrap":
        around[step] = [around[step]]
    else:
        around[step] = draw(st.sampled_from(SLIPS))
    return value


MANY = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


def agreed(text, folder):
    """Hold both against each other, where the schema can know."""
    assume(not re.search(r"^ +version: \d+$", text, re.MULTILINE))
    by_schema, by_reader = refused_by_schema(text), refused_by_reader(text, folder)
    assert bool(by_schema) == bool(by_reader), f"{text}\nschema: {by_schema}\nreader: {by_reader}"
    return not by_reader


@MANY
@given(st.data())
def test_a_file_that_the_schema_accepts_is_accepted_by_the_reader(tmp_path, data):
    text = file_of(data.draw(values(SCHEMA)))
    assert agreed(text, tmp_path), text


@MANY
@given(st.data())
def test_a_slip_is_refused_by_both_or_by_none(tmp_path, data):
    value = data.draw(values(SCHEMA).flatmap(slips))
    assume(isinstance(value, dict) and value)
    agreed(file_of(value), tmp_path)


# --- The command ---------------------------------------------------------------------------------------------------


def test_the_command_prints_the_schema(run):
    ran = run("schema")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == SHIPPED.read_text(encoding="utf-8")


def test_the_command_writes_the_schema_and_says_how_to_use_it(run, tmp_path):
    ran = run("schema", "-o", "cards/deck.schema.json")
    assert (ran.code, ran.err) == (0, "")
    assert files_in(tmp_path) == {str(Path("cards/deck.schema.json")): SHIPPED.read_text(encoding="utf-8").encode()}
    assert ran.out.splitlines()[-1] == "# yaml-language-server: $schema=deck.schema.json"


def test_an_older_schema_is_replaced(run, tmp_path):
    (tmp_path / "deck.schema.json").write_text("{}", encoding="utf-8")
    assert run("schema", "--output", "deck.schema.json").code == 0
    assert json.loads((tmp_path / "deck.schema.json").read_text(encoding="utf-8")) == SCHEMA


def test_a_deck_is_never_overwritten_by_the_schema(run, tmp_path):
    write_deck(tmp_path, HEADING + OWL)
    ran = run("schema", "-o", "birds.yaml")
    assert ran.code == 2
    assert "'birds.yaml' does not end in .json" in ran.err
    assert files_in(tmp_path) == {"birds.yaml": (HEADING + OWL).encode()}


def test_a_folder_is_not_a_file(run, tmp_path):
    (tmp_path / "cards.json").mkdir()
    assert run("schema", "-o", "cards.json").code == 2


def test_an_interrupted_write_leaves_what_was_there(run, tmp_path, monkeypatch):
    (tmp_path / "deck.schema.json").write_text("{}", encoding="utf-8")

    def refuse(_, target):
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(Path, "replace", refuse)
    assert run("schema", "-o", "deck.schema.json").code == 3
    assert files_in(tmp_path) == {"deck.schema.json": b"{}"}


def test_the_command_is_quick_because_it_reads_no_models():
    words = [sys.executable, "-X", "importtime", "-m", "deckbuilder", "schema"]
    ran = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=True)  # noqa: S603 - our own
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in ran.stderr.splitlines()}
    assert "click" in names
    assert not names & {"pydantic", "yaml"}


# --- The page for authors --------------------------------------------------------------------------------------------

PAGE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
SHOWN = [block for _, language, block in FENCE.findall(PAGE) if language == "text"]


def test_the_page_on_editors_shows_what_the_command_says(run):
    said = run("schema", "-o", "cards/deck.schema.json").out.replace("\\", "/")
    assert said in [re.sub("^ +", "", block, flags=re.MULTILINE) for block in SHOWN]


def test_the_page_on_editors_shows_the_explanations_of_the_schema():
    """Recorded from yaml-language-server, whose answers these tests cannot ask for."""
    rows = [re.fullmatch(r"(\w+) {2,}(.*)", line) for block in SHOWN for line in block.splitlines()]
    shown = dict(row.groups() for row in rows if row)
    known = {key.path.removeprefix("concepts.*."): key.schema["description"] for key in KEYS}
    (statuses,) = {tuple(part["enumDescriptions"]) for part in schemas_in(SCHEMA) if part.get("enum", [""])[0] == "ok"}
    known |= dict(zip(models.Status.__args__, statuses, strict=True))
    assert shown == {name: known[name] for name in shown}
    assert len(shown) > len(models.Status.__args__)


def test_the_page_on_editors_explains_a_key_as_the_schema_does():
    (key,) = (key for key in KEYS if key.path == "concepts.*.contrasts")
    example = yaml.safe_dump(key.schema["examples"][0])
    assert f"Concept\n\n{key.schema['description']}\n\nExample:\n\n{example}" in SHOWN

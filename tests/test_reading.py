"""Facts as authors write them: what is read, and what is told when it cannot be."""

import re
import unicodedata
from itertools import zip_longest
from pathlib import Path

import pytest
import yaml

from deckbuilder.build import build
from deckbuilder.facts import plain
from deckbuilder.facts.events import index_places, read_values
from deckbuilder.facts.load import load
from deckbuilder.facts.source import Source
from deckbuilder.kinds.around import count_status
from tests.helpers import HEADING, OWL, told, write_deck

CASES = Path(__file__).with_name("cases") / "mistakes.yaml"
MISTAKES = yaml.load(CASES.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - makes texts, lists and mappings alone
CONCEPTS = "concepts:\n  owl: {term: Owl}\n"


# --- Mistakes, as cases/mistakes.yaml has them -------------------------------------------------------


def as_expected(problem, line):
    """The expected line if it says what the problem says, or else the problem."""
    if problem is None:
        return "(nothing)"
    place = f"{problem.place.line}:{problem.place.column} {problem.rule}: "
    message, arrow, fix = (line or "").removeprefix(place).rpartition("→")
    if not arrow:
        message, fix = fix, ""
    if line and line.startswith(place) and message.strip() in problem.message and fix.strip() in problem.fix:
        return line
    return f"{place}{problem.message} → {problem.fix}"


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case["name"])
def test_a_mistake_is_told_where_it_stands_and_with_what_to_do(case, tmp_path):
    file = write_deck(tmp_path, case["facts"])
    problems = build([file], tmp_path / "dist").problems
    expected = case["problems"].splitlines()
    assert [as_expected(*pair) for pair in zip_longest(problems, expected)] == expected
    assert all(problem.place.file == file for problem in problems)
    assert not (tmp_path / "dist").exists()
    assert not file.with_suffix(".lock").exists()


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case["name"])
def test_the_line_that_a_problem_shows_is_the_line_of_the_file(case, tmp_path):
    lines = case["facts"].split("\n")
    for problem in build([write_deck(tmp_path, case["facts"])], tmp_path / "dist").problems:
        if problem.place.line:
            assert problem.place.text == lines[problem.place.line - 1]
            assert 1 <= problem.place.column <= len(problem.place.text) + 1


def test_lists_nested_beyond_a_hundred_levels_are_refused(tmp_path):
    deep = HEADING + "concepts:\n  owl:\n    term: Owl\n    examples: " + "[" * 5000 + "owl" + "]" * 5000 + "\n"
    loaded = load([write_deck(tmp_path, deep)])
    assert told(loaded.problems) == ["6:112 yaml: nested deeper than 100 levels"]


def test_groups_nested_beyond_a_hundred_levels_are_refused(tmp_path):
    deep = HEADING + "concepts:\n  owl:\n    term: Owl\n    examples: " + "[{a: " * 5000 + "b" + "}]" * 5000 + "\n"
    (problem,) = load([write_deck(tmp_path, deep)]).problems
    assert "nested deeper than 100 levels" in problem.message


def test_a_cycle_of_a_thousand_concepts_is_told_once(tmp_path):
    chain = "".join(f"  c{n}: {{term: C{n}, requires: [c{(n + 1) % 1000}]}}\n" for n in range(1000))
    (problem,) = load([write_deck(tmp_path, HEADING + "concepts:\n" + chain)]).problems
    assert problem.rule == "cycle"


def test_a_chain_of_thousands_of_concepts_is_no_cycle(tmp_path):
    chain = "".join(f"  c{n}: {{term: C{n}, requires: [c{n + 1}]}}\n" for n in range(3000))
    file = write_deck(tmp_path, HEADING + "concepts:\n" + chain + "  c3000: {term: Last}\n")
    assert load([file]).problems == ()


def test_all_mistakes_of_all_files_are_told_in_one_run(tmp_path):
    write_deck(tmp_path, HEADING + "concepts:\n  owl: {term: Owl, defintion: A bird.}\n", "birds.yaml")
    write_deck(tmp_path, 'format: 1\ndeck: {id: fish, name: "Fish}\n', "fish.yaml")
    write_deck(tmp_path, b"format: 1\ndeck: {id: bugs, name: K\xe4fer}\n", "bugs.yaml")
    problems = build([tmp_path], tmp_path / "dist").problems
    assert [(p.place.file.name, p.place.line, p.place.column, p.rule) for p in problems] == [
        ("birds.yaml", 4, 20, "schema"),
        ("bugs.yaml", 2, 25, "encoding"),
        ("fish.yaml", 2, 24, "yaml"),
    ]


# A fact of each kind that there is, one of them in another where that can be.
FACTS = [
    "definition: {text: A bird of the night., %s}",
    "features: {hunt: {text: at night, %s}}",
    "mechanism: [It hears, {text: It strikes, %s}]",
    "mechanism: [It hears, {text: It eats, of: [{text: at once, %s}]}]",
    "causes: [{text: Eggs, %s}]",
    "examples: [White owls: [{text: Barn owl, %s}]]",
    "lists: {sites: [{text: Woods, %s}]}",
    "statements: [{text: 'Owls are [[silent]].', %s}]",
    "statements: [{text: 'Owls hunt at [[night]].', exceptions: [{text: Snowy owl, %s}]}]",
    "questions: [{ask: 'Why at night?', answer: It hears, %s}]",
    "images: [{file: owl.png, ask: 'Who is it?', answer: An owl, %s}]",
    "images: [{file: owl.png, masks: [{answer: Beak, box: [1, 2, 3, 4], %s}]}]",
    "notes: [{type: Basic, fields: {Front: Owl}, %s}]",
    "orders: [{title: Its day, items: [Dusk, Dawn], %s}]",
    "orders: [{title: Its year, items: [Spring, {text: Autumn, %s}]}]",
    "pairs: {latin: {Barn owl: {text: Tyto alba, %s}}}",
]
KNOWN = """\
axes: {hunt: {name: When it hunts}}
lists: {sites: {title: Where it lives}}
relations: {latin: {ask: "What is ... in Latin?"}}
"""


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.partition("text")[0])
@pytest.mark.parametrize(("mistake", "told_at"), [("source: atlas", "atlas"), ("image: gone.png", "image: gone")])
def test_a_name_that_leads_nowhere_is_told_at_every_kind_of_fact(fact, mistake, told_at, tmp_path):
    line = f"    {fact % mistake}"
    deck = write_deck(tmp_path, f"{HEADING}{KNOWN}concepts:\n  owl:\n    term: Owl\n{line}\n")
    wrong = mistake.split()[1]
    places = [problem.place for problem in load([deck]).problems if wrong in problem.message]
    assert [(place.text, place.column) for place in places] == [(line, line.index(told_at) + 1)]


# --- Texts stay as typed ------------------------------------------------------------------------------


@pytest.fixture(params=["libyaml's parser", "the parser in Python"])
def either_parser(request, monkeypatch):
    if request.param == "the parser in Python":
        monkeypatch.setattr(plain, "_LOADER", yaml.SafeLoader)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML was built without libyaml")


def values_of(text):
    reading = read_values(Source(Path("birds.yaml"), text))
    assert reading.problems == ()
    assert reading.whole
    return reading.value


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    "word",
    [
        "NO",
        "yes",
        "off",
        "true",
        "12:30",
        "1.10",
        "2023-10-29",
        "0x10",
        "010",
        "1e3",
        "1_000",
        "null",
        "~",
        ".inf",
        "=",
    ],
)
def test_a_word_that_yaml_knows_stays_as_typed(word):
    assert values_of(f"term: {word}") == {"term": word}
    assert values_of(f"[{word}]") == [word]
    assert values_of(f"{word}: a") == {word: "a"}


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Owls eat [[mice]] at night", "Owls eat [[mice]] at night"),
        ("a < b & c", "a < b & c"),
        ("it's C#, isn't it?", "it's C#, isn't it?"),
        ("12:30 is lunch::time", "12:30 is lunch::time"),
        (r"$\frac{a}{b}$", r"$\frac{a}{b}$"),
        (r"'It''s $\beta$'", r"It's $\beta$"),
        (r'"a \"b\" \\beta"', r'a "b" \beta'),
        ('"two\\nlines"', "two\nlines"),
        ('"tab\\tbetween"', "tab\tbetween"),
        ("|\n  two\n  lines", "two\nlines"),
        (">-\n  one\n  line", "one line"),
        ("one\n  line", "one line"),
        ('""', ""),
        ("''", ""),
        ("", None),
        ("a # comment", "a"),
        ("عظم 骨 🦴", "عظم 骨 🦴"),
    ],
)
def test_a_text_is_read_as_it_stands(written, read):
    assert values_of(f"term: {written}") == {"term": read}


@pytest.mark.usefixtures("either_parser")
def test_anchors_stand_for_what_they_name():
    assert values_of("{a: &x [b, c], d: *x, e: &y f, g: *y}") == {"a": ["b", "c"], "d": ["b", "c"], "e": "f", "g": "f"}


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("text", ["---\nterm: Owl\n", "term: Owl\n...\n", "%YAML 1.1\n---\nterm: Owl\n"])
def test_one_document_may_say_where_it_begins_and_ends(text):
    assert values_of(text) == {"term": "Owl"}


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case["name"])
def test_the_parser_in_python_reads_and_tells_the_same(case, monkeypatch):
    source = Source(Path("birds.yaml"), case["facts"])
    fast = read_values(source), index_places(source)
    monkeypatch.setattr(plain, "_LOADER", yaml.SafeLoader)
    slow = read_values(source), index_places(source)
    if fast[0].whole:
        assert slow == fast
    else:
        assert [(p.place.line, p.message) for p in slow[0].problems] == [
            (p.place.line, p.message) for p in fast[0].problems
        ]


@pytest.mark.parametrize("question", ["Why does it hoot?", "How? At night?", "¿Por qué?", "Why? (Think.)"])
def test_a_question_in_braces_needs_no_quotes(question):
    """Of libyaml; PyYAML's parser in Python stops at the question mark, and asks for quotes."""
    assert values_of(f"[{{ask: {question}, answer: a}}]") == [{"ask": question, "answer": "a"}]


def test_the_parsers_agree_on_every_place_of_a_real_deck(monkeypatch):
    file = Path(__file__).parents[1] / "cards" / "calcification.yaml"
    source = Source(file, file.read_text(encoding="utf-8"))
    fast = read_values(source), index_places(source)
    monkeypatch.setattr(plain, "_LOADER", yaml.SafeLoader)
    assert (read_values(source), index_places(source)) == fast
    assert len(fast[1].spots) > 500


def test_every_value_has_a_place():
    text = "deck: {id: birds}\nconcepts:\n  owl:\n    examples:\n      - Barn owl\n      - Whites: [Snowy owl]\n"
    places = index_places(Source(Path("birds.yaml"), text))
    assert {path: (spot.line + 1, spot.column + 1) for path, spot in places.spots.items()} == {
        (): (1, 1),
        ("deck",): (1, 7),
        ("deck", "id"): (1, 12),
        ("concepts",): (3, 3),
        ("concepts", "owl"): (4, 5),
        ("concepts", "owl", "examples"): (5, 7),
        ("concepts", "owl", "examples", 0): (5, 9),
        ("concepts", "owl", "examples", 1): (6, 9),
        ("concepts", "owl", "examples", 1, "Whites"): (6, 17),
        ("concepts", "owl", "examples", 1, "Whites", 0): (6, 18),
    }


def only_deck(*paths):
    loaded = load(paths)
    assert told(loaded.problems) == []
    (deck,) = loaded.decks
    return deck


def test_words_that_yaml_knows_are_texts_of_a_deck(tmp_path):
    facts = "format: 1\ndeck: {id: 1, name: NO}\nconcepts:\n  NO: {term: 1.10, definition: null, aliases: [12:30]}\n"
    concept = only_deck(write_deck(tmp_path, facts)).concepts["NO"]
    assert (concept.term, concept.definition.text, concept.aliases) == ("1.10", "null", ("12:30",))


def test_dates_may_lack_day_and_month(tmp_path):
    sources = (
        "sources:\n  a: {title: A, date: 2023-10-29}\n  b: {title: B, date: 2023-10}\n  c: {title: C, date: 2023}\n"
    )
    deck = only_deck(write_deck(tmp_path, HEADING + sources + CONCEPTS))
    assert [source.date for source in deck.sources.values()] == ["2023-10-29", "2023-10", "2023"]


def test_one_name_may_stand_for_a_list_of_one(tmp_path):
    owl = "concepts:\n  bird: {term: Bird}\n  owl: {term: Owl, is_a: bird, tags: night, aliases: Strix}\n"
    concept = only_deck(write_deck(tmp_path, HEADING + owl)).concepts["owl"]
    assert (concept.is_a, concept.tags, concept.aliases) == (("bird",), ("night",), ("Strix",))


def test_a_group_may_be_written_in_two_ways(tmp_path):
    short = HEADING + "concepts:\n  owl:\n    term: Owl\n    examples:\n      - White: [Barn owl]\n"
    long = HEADING + "concepts:\n  owl:\n    term: Owl\n    examples:\n      - {text: White, of: [{text: Barn owl}]}\n"
    assert only_deck(write_deck(tmp_path, short)).concepts == only_deck(write_deck(tmp_path, long, "b.yaml")).concepts


def test_ids_may_be_written_in_any_script(tmp_path):
    facts = HEADING + "concepts:\n  käuzchen: {term: Käuzchen}\n  بومة: {term: بومة}\n  梟_2: {term: 梟}\n"
    assert list(only_deck(write_deck(tmp_path, facts)).concepts) == ["käuzchen", "بومة", "梟_2"]


def test_accents_written_in_two_signs_are_read_as_one(tmp_path):
    decomposed = unicodedata.normalize("NFD", HEADING + "concepts:\n  mésange: {term: Mésange bleuâtre}\n")
    assert "é" not in decomposed
    concepts = only_deck(write_deck(tmp_path, decomposed)).concepts
    assert concepts["mésange"].term == "Mésange bleuâtre"


def test_a_reference_accented_in_another_way_is_found(tmp_path):
    owl = f"  owl: {{term: Owl, is_a: {unicodedata.normalize('NFD', 'mésange')}}}\n"
    assert only_deck(write_deck(tmp_path, HEADING + "concepts:\n  mésange: {term: Mésange}\n" + owl))


@pytest.mark.parametrize("line_end", ["\r\n", "\r"], ids=["Windows", "old Mac"])
def test_lines_may_end_as_on_another_system(tmp_path, line_end):
    facts = HEADING + "concepts:\n  owl:\n    term: Owl\n    definition: |\n      Hunts\n      at night.\n"
    there = only_deck(write_deck(tmp_path, facts.replace("\n", line_end), "there.yaml"))
    assert there.concepts == only_deck(write_deck(tmp_path, facts)).concepts


@pytest.mark.parametrize("line_end", ["\r\n", "\r"], ids=["Windows", "old Mac"])
def test_places_count_the_lines_of_another_system(tmp_path, line_end):
    facts = HEADING + "concepts:\n  owl:\n    term: Owl\n    defintion: A bird.\n"
    (problem,) = load([write_deck(tmp_path, facts.replace("\n", line_end))]).problems
    assert (problem.place.line, problem.place.column, problem.place.text) == (6, 5, "    defintion: A bird.")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    only_deck(write_deck(tmp_path, b"\xef\xbb\xbf" + (HEADING + CONCEPTS).encode()))
    broken = write_deck(tmp_path, b"\xef\xbb\xbffromat: 1\n" + (HEADING + CONCEPTS).encode(), "broken.yaml")
    assert told(load([broken]).problems) == ["1:1 schema: unknown key 'fromat'"]


# --- Files that hold no readable text -------------------------------------------------------------------


def test_an_empty_file_is_told(tmp_path):
    loaded = load([write_deck(tmp_path, "")])
    assert told(loaded.problems) == ["0:0 empty-file: the file is empty"]
    assert loaded.decks == ()


@pytest.mark.parametrize(
    ("data", "line", "column", "byte"),
    [
        (b"format: 1\nterm: K\xe4fer\n", 2, 8, "0xe4"),
        (b"\xff", 1, 1, "0xff"),
        (b"a: b\r\nterm: \xf0\x9f\xa6\x89 K\xe4fer\r\n", 2, 10, "0xe4"),
        (b"\xef\xbb\xbfa: b\nterm: K\xe4fer", 2, 8, "0xe4"),
        (b"term: \xf0\x9f\xa6", 1, 7, "0xf0"),
        (b"term: \xed\xa0\x80", 1, 7, "0xed"),
    ],
    ids=["Latin-1", "first byte", "behind an emoji", "behind a byte order mark", "cut off", "surrogate"],
)
def test_a_file_that_is_not_utf_8_is_told_with_the_place_of_the_byte(tmp_path, data, line, column, byte):
    (problem,) = load([write_deck(tmp_path, data)]).problems
    assert (problem.rule, problem.place.line, problem.place.column) == ("encoding", line, column)
    assert byte in problem.message
    assert "UTF-8" in problem.fix


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-32"])
def test_a_file_in_utf_16_is_told_as_such(tmp_path, encoding):
    mark = "" if encoding in {"utf-16", "utf-32"} else "\ufeff"
    (problem,) = load([write_deck(tmp_path, (mark + HEADING).encode(encoding))]).problems
    assert (problem.rule, problem.fix) == ("encoding", "save it as UTF-8")


@pytest.mark.parametrize("code", [0x00, 0x01, 0x08, 0x0B, 0x0C, 0x1B, 0x1F, 0x7F, 0x80, 0x9F, 0xFFFE, 0xFFFF])
def test_a_control_character_is_told_with_its_place(tmp_path, code):
    facts = HEADING + f"concepts:\n  owl:\n    term: Ow{chr(code)}l\n"
    loaded = load([write_deck(tmp_path, facts)])
    assert told(loaded.problems) == [f"5:13 control-character: control character U+{code:04X} in the file"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_place_that_git_could_not_merge_is_told_as_such(tmp_path, end):
    ours, theirs = "    term: Owl\n", "    term: Owls\n"
    conflict = f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> branch\n"
    facts = HEADING + f"concepts:\n  owl:\n{conflict}  hawk:\n{conflict}"
    loaded = load([write_deck(tmp_path, facts.replace("\n", end))])
    message = "yaml: an unresolved merge conflict"
    assert told(loaded.problems) == [f"5:1 {message}", f"11:1 {message}"]
    assert loaded.problems[0].fix.startswith("keep the lines that are right")


def test_signs_of_a_merge_within_a_text_are_words(tmp_path):
    facts = (
        HEADING
        + "concepts:\n  git:\n    term: Git\n    definition: |\n      Signs are\n      <<<<<<< HEAD\n      >>>>>>> x\n"
    )
    assert load([write_deck(tmp_path, facts)]).problems == ()


@pytest.mark.parametrize("escape", [r"\0", r"\x07", r"\e", r"\x7f", r"\b"])
def test_a_control_character_cannot_come_in_by_an_escape(tmp_path, escape):
    facts = HEADING + f'concepts:\n  owl:\n    term: "Ow{escape}l"\n'
    loaded = load([write_deck(tmp_path, facts)])
    assert [(p.place.line, p.place.column, p.rule) for p in loaded.problems] == [(5, 11, "yaml")]


@pytest.mark.parametrize("escape", [r"\ud800", r"\uDFFF", r"\ufffe", r"\uffff", r"\x85"])
def test_half_a_character_or_none_cannot_come_in_by_an_escape(tmp_path, escape):
    facts = HEADING + f'concepts:\n  owl:\n    term: "Ow{escape}l"\n    definition: A bird.\n'
    built = build([write_deck(tmp_path, facts)], tmp_path / "dist")
    assert built.problems or built.decks  # told or built, but never a traceback


def test_a_deck_is_built_under_the_longest_id_that_files_can_be_named_by(tmp_path):
    file = write_deck(tmp_path, HEADING.replace("id: birds", f"id: {'b' * 228}") + OWL)
    assert told(build([file], tmp_path / "dist").problems) == []


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        (f"id: {'b' * 229}", "2:12 schema: this is too long for a deck's id"),
        (f"id: birds, formerly: {'b' * 229}", "2:29 reference: no deck can have had the id"),
    ],
    ids=["the id", "a former id"],
)
def test_a_deck_id_that_no_file_can_be_named_by_is_told(heading, expected, tmp_path):
    file = write_deck(tmp_path, HEADING.replace("id: birds", heading) + OWL)
    (problem,) = told(build([file], tmp_path / "dist").problems)
    assert problem.startswith(expected)


def test_many_control_characters_are_not_told_one_by_one(tmp_path):
    loaded = load([write_deck(tmp_path, "\x00" * 10_000)])
    assert 1 <= len(loaded.problems) <= 10


def test_a_file_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    file = write_deck(tmp_path, HEADING + CONCEPTS)

    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    loaded = load([file])
    assert told(loaded.problems) == ["0:0 unreadable: cannot be read: Permission denied"]
    assert loaded.decks == ()


def test_a_link_that_leads_nowhere_is_not_a_deck(tmp_path):
    tmp_path.joinpath("birds.yaml").symlink_to(tmp_path / "gone.yaml")
    assert told(load([tmp_path]).problems) == ["0:0 no-deck: no deck here: no YAML file with a 'deck:' heading"]


# --- Folders ---------------------------------------------------------------------------------------------


def test_a_heading_by_the_other_ending_is_told_by_its_name(tmp_path):
    write_deck(tmp_path, HEADING, "birds/deck.yml")
    write_deck(tmp_path, CONCEPTS, "birds/owls.yaml")
    write_deck(tmp_path, CONCEPTS, "birds/more/hawks.yaml")
    fixes = [problem.fix for problem in load([tmp_path / "birds"]).problems if problem.rule == "no-heading"]
    assert [fix.startswith(f"rename {tmp_path / 'birds' / 'deck.yml'} to deck.yaml") for fix in fixes] == [True, True]


def test_a_folder_with_a_deck_yaml_is_one_deck(tmp_path):
    write_deck(tmp_path, HEADING + "axes: {size: Size}\n", "birds/deck.yaml")
    write_deck(
        tmp_path, "concepts:\n  owl: {term: Owl, contrasts: [eagle], features: {size: small}}\n", "birds/owl.yaml"
    )
    write_deck(tmp_path, "format: 1\nconcepts:\n  eagle: {term: Eagle}\n", "birds/day/eagle.yml")
    deck = only_deck(tmp_path / "birds")
    assert deck.file == tmp_path / "birds" / "deck.yaml"
    assert sorted(deck.concepts) == ["eagle", "owl"]
    assert deck.homes["eagle"] == tmp_path / "birds" / "day" / "eagle.yml"


def test_a_folder_of_decks_is_read_deck_by_deck(tmp_path):
    write_deck(tmp_path, HEADING.replace("birds", "fish") + CONCEPTS, "fish.yaml")
    write_deck(tmp_path, HEADING + CONCEPTS, "birds/deck.yaml")
    write_deck(tmp_path, HEADING.replace("birds", "bugs") + CONCEPTS, "more/bugs.yml")
    loaded = load([tmp_path])
    assert told(loaded.problems) == []
    assert sorted(deck.heading.id for deck in loaded.decks) == ["birds", "bugs", "fish"]


def test_a_mistake_in_a_part_is_told_in_the_part(tmp_path):
    write_deck(tmp_path, HEADING, "birds/deck.yaml")
    part = write_deck(tmp_path, "concepts:\n  owl: {term: Owl, is_a: brid}\n  bird: {term: Bird}\n", "birds/owl.yaml")
    loaded = load([tmp_path / "birds"])
    assert told(loaded.problems) == ["2:26 reference: no concept 'brid'"]
    assert loaded.problems[0].place.file == part
    assert loaded.decks == ()


def test_a_broken_part_does_not_make_its_concepts_unknown_elsewhere(tmp_path):
    write_deck(tmp_path, HEADING + "concepts:\n  owl: {term: Owl, is_a: bird}\n", "birds/deck.yaml")
    write_deck(tmp_path, "concepts:\n  bird: {tem: Bird}\n", "birds/bird.yaml")
    loaded = load([tmp_path / "birds"])
    assert [(p.place.file.name, p.place.line) for p in loaded.problems] == [("bird.yaml", 2)]


def test_a_concept_in_two_files_of_one_deck_is_told_with_both_places(tmp_path):
    write_deck(tmp_path, HEADING, "birds/deck.yaml")
    write_deck(tmp_path, "concepts:\n  owl: {term: Owl}\n", "birds/a.yaml")
    write_deck(tmp_path, "concepts:\n  eagle: {term: Eagle}\n  owl: {term: Owl}\n", "birds/b.yaml")
    (problem,) = load([tmp_path / "birds"]).problems
    assert (problem.place.file.name, problem.place.line, problem.place.column) == ("b.yaml", 3, 3)
    assert problem.rule == "duplicate-concept"
    assert f"{tmp_path / 'birds' / 'a.yaml'}:2" in problem.message


def test_what_belongs_to_the_heading_is_refused_in_a_part(tmp_path):
    write_deck(tmp_path, HEADING, "birds/deck.yaml")
    part = "format: 1\ndeck: {id: owls, name: Owls}\naxes: {size: Size}\nconcepts:\n  owl: {term: Owl}\n"
    write_deck(tmp_path, part, "birds/owl.yaml")
    loaded = load([tmp_path / "birds"])
    assert sorted(told(loaded.problems)) == [
        "2:1 misplaced: 'deck' belongs into the deck's deck.yaml",
        "3:1 misplaced: 'axes' belongs into the deck's deck.yaml",
    ]


def test_a_folder_without_decks_is_told(tmp_path):
    write_deck(tmp_path, "Birds.", "notes.txt")
    (problem,) = load([tmp_path]).problems
    assert (problem.rule, problem.place.file) == ("no-deck", tmp_path)
    assert "deckbuilder new" in problem.fix


def test_facts_in_a_folder_without_a_heading_are_told(tmp_path):
    write_deck(tmp_path, CONCEPTS, "birds/owl.yaml")
    write_deck(tmp_path, "concepts:\n  eagle: {term: Eagle}\n", "birds/eagle.yaml")
    loaded = load([tmp_path])
    assert loaded.decks == ()
    assert [p.rule for p in loaded.problems if p.rule != "no-deck"] == ["no-heading"]


def test_an_empty_folder_inside_is_no_mistake(tmp_path):
    write_deck(tmp_path, HEADING + CONCEPTS)
    tmp_path.joinpath("drafts").mkdir()
    assert only_deck(tmp_path)


def test_hidden_files_and_folders_are_ignored(tmp_path):
    write_deck(tmp_path, HEADING, "birds/deck.yaml")
    write_deck(tmp_path, CONCEPTS, "birds/owl.yaml")
    write_deck(tmp_path, "{", "birds/.#owl.yaml")
    write_deck(tmp_path, "{", "birds/.git/config.yaml")
    write_deck(tmp_path, "{", ".hidden.yaml")
    assert list(only_deck(tmp_path).concepts) == ["owl"]


def test_a_deck_below_a_hidden_folder_is_read_when_it_is_named(tmp_path):
    write_deck(tmp_path, HEADING, ".notes/birds/deck.yaml")
    write_deck(tmp_path, CONCEPTS, ".notes/birds/owl.yaml")
    assert list(only_deck(tmp_path / ".notes" / "birds").concepts) == ["owl"]


def test_a_deck_named_twice_is_read_once(tmp_path):
    file = write_deck(tmp_path, HEADING + CONCEPTS)
    assert only_deck(file, tmp_path, file)


def test_two_decks_with_one_id_are_both_refused(tmp_path):
    write_deck(tmp_path, HEADING + OWL, "a.yaml")
    write_deck(tmp_path, HEADING + OWL, "b.yaml")
    write_deck(tmp_path, HEADING.replace("birds", "fish") + OWL, "c.yaml")
    loaded = load([tmp_path])
    assert [deck.heading.id for deck in loaded.decks] == ["fish"]
    assert [(p.place.file.name, p.place.line, p.place.column, p.rule) for p in loaded.problems] == [
        ("a.yaml", 2, 12, "duplicate-deck"),
        ("b.yaml", 2, 12, "duplicate-deck"),
    ]
    assert re.search(r"a\.yaml$", loaded.problems[1].message)


def test_three_decks_with_one_id_are_all_refused(tmp_path):
    for name in ("a.yaml", "b.yaml", "c.yaml"):
        write_deck(tmp_path, HEADING + OWL, name)
    loaded = load([tmp_path])
    assert loaded.decks == ()
    assert {p.place.file.name for p in loaded.problems} == {"a.yaml", "b.yaml", "c.yaml"}


def test_reading_tells_its_progress_file_by_file(tmp_path):
    write_deck(tmp_path, HEADING, "birds/deck.yaml")
    write_deck(tmp_path, CONCEPTS, "birds/owl.yaml")
    write_deck(tmp_path, HEADING.replace("birds", "fish") + CONCEPTS, "fish.yaml")
    seen = []
    load([tmp_path], lambda *step: seen.append(step))
    assert seen == [("reading", 1, 3), ("reading", 2, 3), ("reading", 3, 3)]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(tmp_path, encoding):
    (problem,) = load([write_deck(tmp_path, (HEADING + OWL).encode(encoding))]).problems
    assert (problem.message, problem.fix) == ("is saved as UTF-16", "save it as UTF-8")


@pytest.mark.parametrize("begin", [b"{\\rtf1\\ansi deck:}", b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_document_of_a_word_processor_is_told_as_such(tmp_path, begin):
    (problem,) = load([write_deck(tmp_path, begin)]).problems
    assert "not plain text" in problem.message
    assert "Make Plain Text" in problem.fix


def test_an_ending_in_capitals_is_an_ending(tmp_path):
    write_deck(tmp_path, HEADING + OWL, "BIRDS.YAML")
    assert len(load([tmp_path]).decks) == 1


def test_a_file_with_a_hidden_second_ending_is_told_where_no_deck_is(tmp_path):
    write_deck(tmp_path, HEADING + OWL, "birds.yaml.txt")
    (problem,) = load([tmp_path]).problems
    assert problem.fix == "rename birds.yaml.txt to birds.yaml"


def test_an_imported_note_that_is_held_back_is_counted_like_any_fact(tmp_path):
    held = "    notes: [{id: flight, type: Basic, fields: {Front: How?, Back: Quietly}, status: hold}]\n"
    (deck,) = load([write_deck(tmp_path, HEADING + OWL + held)]).decks
    assert count_status(deck) == {"ok": 1, "hold": 1}

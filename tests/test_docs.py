"""The documentation cannot lie: what it names is there, what is there is named, and its examples work."""

import importlib
import inspect
import os
import re
import tempfile
from pathlib import Path

import click
import pytest

import deckbuilder
from deckbuilder.check import RULES, check, stops_build
from deckbuilder.commands.cli import COMMANDS, cli
from deckbuilder.facts import models
from deckbuilder.facts.keys import keys_of
from deckbuilder.facts.load import load
from deckbuilder.kinds import KINDS, make_notes
from deckbuilder.notetypes import NOTE_TYPES

ROOT = Path(deckbuilder.__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
COMPLETE = "format: 1"
# What stands for a drawing that an example names; large enough for its masks.
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="440"><circle r="4"/></svg>'

BUILD = "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e . && .venv/bin/deckbuilder build"
TEST = "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[test]' && .venv/bin/pytest"

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^()\s]+)\)")
KEYS = re.compile(r"<!-- keys: (\w+) -->\n((?:\|.*\n)+)")
FIRST_CELL = re.compile(r"^\| *(`.*?) *(?<!\\)\|", re.MULTILINE)


def name_of(page):
    return page.relative_to(ROOT).as_posix()


def read(page):
    return page.read_text(encoding="utf-8")


def examples(page):
    """Every fenced block of YAML on a page, with the margin that it stands in taken off."""
    blocks = [
        (margin, body, text[: match.start()].count("\n") + 2)
        for text in (read(page),)
        for match in FENCE.finditer(text)
        for margin, language, body in (match.groups(),)
        if language == "yaml"
    ]
    return {line: re.sub(f"^{margin}", "", body, flags=re.MULTILINE) for margin, body, line in blocks}


COMPLETE_EXAMPLES = [
    pytest.param(page, text, id=f"{name_of(page)}:{line}")
    for page in PAGES
    for line, text in examples(page).items()
    if COMPLETE in text
]


def notes_from(text, folder, page=None):
    """The notes of an example; it must have no problem at all. What its page shows as another file stands beside it."""
    file = folder / "example.yaml"
    file.write_text(text, encoding="utf-8")
    for name, body in re.findall(
        r"`(\S+\.carried\.json)`[^\n]*\n\n```json\n(.*?)```", read(page) if page else "", re.DOTALL
    ):
        (folder / name).write_text(body, encoding="utf-8")
    for name in re.findall(r"[\w/-]+\.svg", text):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(DRAWING, encoding="utf-8")
    loaded = load([file])
    assert loaded.problems == ()
    made = make_notes(loaded.decks[0])
    assert made.problems == ()
    assert [problem for problem in check(loaded.decks[0], made, tuple(RULES.values())) if stops_build(problem)] == []
    return made.notes


def section(page, title, *, deep=True):
    """The part of a page under the heading `title`, with the headings below it if `deep`."""
    parts = re.split(r"^(#+) +(.*)$", read(page), flags=re.MULTILINE)
    found, depth = [], 0
    for marks, heading, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if depth and (len(marks) <= depth or not deep):
            break
        if depth or heading.replace("`", "") == title:
            depth = depth or len(marks)
            found.append(text)
    assert found, f"{name_of(page)} has no heading {title!r}"
    return "".join(found)


def named_in_tables(text):
    """What the first cells of tables name in code."""
    return {code for cell in FIRST_CELL.findall(text) for code in re.findall(r"`([^`]+)`", cell)}


def commands(table, title="deckbuilder"):
    """Every command with its title, groups opened up."""
    found = []
    for name, command in table.items():
        found.append((f"{title} {name}", command))
        if isinstance(command, click.Group):
            found += commands(command.commands, f"{title} {name}")
    return found


def words_of(command):
    """What a person can type behind a command: its options by all their names, its arguments by theirs."""
    return {
        word
        for parameter in command.params
        for word in (
            (*parameter.opts, *parameter.secondary_opts)
            if isinstance(parameter, click.Option)
            else [parameter.human_readable_name.strip("[].")]
        )
    }


def documented_words(title):
    """`-o DIR`, `--output DIR` documents -o and --output."""
    return {code.split()[0] for code in named_in_tables(section(DOCS / "commands.md", title, deep=False))}


# Commands

ALL_COMMANDS = commands({name: importlib.import_module(row[0]).command for name, row in COMMANDS.items()})


@pytest.mark.parametrize(("title", "command"), ALL_COMMANDS, ids=[title for title, _ in ALL_COMMANDS])
def test_every_command_is_documented_with_its_options_and_no_others(title, command):
    assert documented_words(title) == words_of(command)


def test_the_options_of_deckbuilder_itself_are_documented():
    assert documented_words("deckbuilder") == words_of(cli) | {"-h", "--help"}


def test_the_page_of_commands_documents_no_command_that_is_not_there():
    documented = re.findall(r"^#+ `(deckbuilder .*)`$", read(DOCS / "commands.md"), re.MULTILINE)
    assert sorted(documented) == sorted(title for title, _ in ALL_COMMANDS)


# Kinds


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_page_with_pictures_of_front_and_back(kind):
    page = read(DOCS / "kinds" / f"{kind}.md")
    for side in ("front", "back"):
        picture = f"images/kind-{kind}-{side}.png"
        assert f"](../{picture})" in page
        assert (DOCS / picture).is_file()


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_a_kind_has_an_example_that_makes_this_kind(kind, tmp_path):
    page = DOCS / "kinds" / f"{kind}.md"
    complete = [text for text in examples(page).values() if COMPLETE in text]
    assert kind in {note.kind for text in complete for note in notes_from(text, tmp_path, page)}


@pytest.mark.parametrize("page", ["README.md", "docs/authoring.md"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_found_from_the_entrance(kind, page):
    assert f"kinds/{kind}.md" in read(ROOT / page)


# Format

MODELS = {
    name: model
    for name, model in inspect.getmembers(models, inspect.isclass)
    if issubclass(model, models.Strict) and model is not models.Strict and not name.startswith("_")
}


def documented_keys():
    return {name: named_in_tables(table) for name, table in KEYS.findall(read(DOCS / "authoring.md"))}


@pytest.mark.parametrize("name", MODELS)
def test_the_authoring_guide_names_every_key_of_the_format_and_no_others(name):
    tables = documented_keys()
    ancestors = [model.__name__ for model in MODELS[name].__mro__ if model.__name__ in MODELS]
    assert set().union(*(tables[ancestor] for ancestor in ancestors)) == set(keys_of(MODELS[name]))


def test_the_authoring_guide_names_every_status():
    guide = read(DOCS / "authoring.md")
    for status in models.Status.__args__:
        assert f"| `{status}` |" in guide


# Examples


@pytest.mark.parametrize(("page", "text"), COMPLETE_EXAMPLES)
def test_every_complete_example_makes_notes_without_a_problem(page, text, tmp_path):
    assert notes_from(text, tmp_path, page)


def test_the_readme_counts_the_cards_of_its_example_rightly(run, tmp_path):
    readme = ROOT / "README.md"
    (example,) = (text for text in examples(readme).values() if COMPLETE in text)
    (tmp_path / "example.yaml").write_text(example, encoding="utf-8")
    told = run("build", "example.yaml")
    (promised,) = re.findall(r"These lines make (\d+) cards", read(readme))
    assert re.search(rf"^ +cards +{promised} +in", told.out, re.MULTILINE)


def test_what_the_quickstart_shows_is_what_the_program_says(run, tmp_path):
    shown = [body.strip() for _, language, body in FENCE.findall(read(DOCS / "quickstart.md")) if language == "text"]
    said = [run("new", "Vertebrates").out, run("build", "cards/vertebrates.yaml").out]
    deck = tmp_path / "cards" / "vertebrates.yaml"
    before, slip, after = deck.read_text(encoding="utf-8").rpartition("definition:")
    assert slip
    deck.write_text(f"{before}definiton:{after}", encoding="utf-8")
    said.append(run("build", "cards/vertebrates.yaml").err)
    assert [text.replace("\\", "/").strip() for text in said] == shown


def test_what_the_authoring_guide_shows_of_a_changed_text_is_what_the_program_says(run, tmp_path):
    guide = DOCS / "authoring.md"
    facts = next(text for text in examples(guide).values() if COMPLETE in text)
    (tmp_path / "cards").mkdir()
    deck = tmp_path / "cards" / "rocks.yaml"
    deck.write_text(facts, encoding="utf-8")
    assert run("build", "cards/rocks.yaml").code == 0
    deck.write_text(facts.replace("Basalt", "Basalt lava"), encoding="utf-8")
    told = run("build", "cards/rocks.yaml").err.replace("\\", "/").partition("\n\n")[0]
    assert f"```text\n{told}\n```" in read(guide)


SLIPS = {
    "definition: Owls: birds": "a ': ' stands where none can",
    "\tdefinition: A bird": "a tab is used for indentation",
    "definition: [[Owls]] are birds": "a text that begins with [[ is read as YAML notation",
    "examples:\n      - Tawny owl\n     - Barn owl": "the lines do not fit together here",
    'definition: "A bird': "a quote or bracket that opens here is never closed",
    'definition: "A" bird': "text follows a closing quote",
    "contrasts: brid": "no concept 'brid'",
}


@pytest.mark.parametrize(("slip", "message"), SLIPS.items())
def test_the_messages_that_the_quickstart_explains_are_those_of_the_program(slip, message, run, tmp_path):
    head = "format: 1\ndeck: {id: birds, name: Birds}\nconcepts:\n  owl:\n    term: Owl\n    "
    (tmp_path / "birds.yaml").write_text(f"{head}{slip}\n", encoding="utf-8")
    assert f"error: {message} [" in run("build", "birds.yaml").err
    assert f"| {message} |" in read(DOCS / "quickstart.md")


# Links and words


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    prose = FENCE.sub("", read(page))
    for link in LINK.findall(prose):
        target, _, anchor = link.partition("#")
        if re.match(r"\w+:", link):
            continue
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in anchors(file), f"{link}: no such heading"


def anchors(page):
    """The anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ +(.*)$", FENCE.sub("", read(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [*PAGES, ROOT / "cards" / "LICENSE"], ids=name_of)
def test_no_page_names_a_place_of_one_machine(page):
    places = {ROOT, ROOT.parent, Path.home(), Path(tempfile.gettempdir())} - {Path(ROOT.anchor)}
    assert [str(place) for place in places if f"{place}{os.sep}" in read(page)] == []
    assert not re.search(r"--(?:extra-)?index-url|PIP_INDEX", read(page))


def test_no_picture_is_left_unused():
    linked = {(page.parent / link).resolve() for page in PAGES for link in LINK.findall(read(page)) if ":" not in link}
    assert {file for file in (DOCS / "images").iterdir() if file.resolve() not in linked} == set()


# What else the pages promise


@pytest.mark.parametrize("line", [BUILD, TEST])
def test_the_readme_has_the_line_that_sets_up(line):
    assert line in read(ROOT / "README.md").splitlines()


@pytest.mark.parametrize("line", [BUILD, TEST])
def test_the_check_of_everything_finds_the_line_in_the_readme(line):
    endings = re.findall(r"grep -m 1 '([^']+)' README\.md", read(ROOT / ".ci" / "run"))
    found = {next(filter(re.compile(ending).search, read(ROOT / "README.md").splitlines()), "") for ending in endings}
    assert line in found


def test_what_the_page_on_architecture_names_is_there():
    named = set(re.findall(r"`([a-z_]\w*(?:\.\w+)+)`", read(DOCS / "architecture.md")))
    # Not the names of files.
    named = {name for name in named if not name.endswith((".py", ".html", ".yaml", ".yml", ".txt"))}
    assert len(named) > len(KINDS)
    for name in named:
        module, _, last = name.rpartition(".")
        within = importlib.import_module(f"deckbuilder.{module}")
        assert callable(getattr(within, last, None)) or importlib.import_module(f"deckbuilder.{name}"), name


def test_the_table_of_the_rooms_names_each_of_them():
    table = section(DOCS / "architecture.md", "The rooms of the house")
    rooms = re.findall(r"^\| `(\w+)(?:/|\.py)` \|", table, re.MULTILINE)
    there = {path.stem for path in (ROOT / "deckbuilder").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert set(rooms) == {name for name in there if not name.startswith("_")}


@pytest.mark.parametrize("note_type", NOTE_TYPES, ids=lambda note_type: note_type.name)
def test_every_note_type_is_documented_as_it_is(note_type):
    page = DOCS / "note-types.md"
    own = section(page, note_type.name)
    common = named_in_tables(section(page, "Fields that all types have"))
    assert f"Id {note_type.id}." in own
    for template in note_type.templates:
        row = f"| `{template.name}` | `{template.gate}` | `{template.file}.front.html`, `{template.file}.back.html` |"
        assert row in own
    fields = [field.name for field in note_type.fields if not field.name.startswith("Reserved")]
    assert set(fields) <= named_in_tables(own) | common

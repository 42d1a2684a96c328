"""`deckbuilder build` and `deckbuilder new`, as someone types them."""

import errno
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr
from pathlib import Path

import click
import pytest

import deckbuilder
from deckbuilder import build as building
from deckbuilder import plan
from deckbuilder.commands import progress as progress_module
from deckbuilder.commands.cli import COMMANDS
from deckbuilder.problems import Place
from deckbuilder.report import shown_line
from tests.helpers import HEADING, OWL, files_in, write_deck

BROKEN_OWL = OWL.replace("definition", "defintion")
DISPUTED = """\
format: 1
deck: {id: birds, name: "Animals::Birds"}
concepts:
  owl:
    term: Owl
    definition: A bird that hunts at night.
    statements:
      - {text: "Owls eat [[mice]].", status: disputed, note: Sources differ.}
      - {text: "Owls drink [[dew]].", status: hold}
    questions:
      - {ask: Why does an owl fly without a sound, answer: Its feathers have soft edges.}
    examples: [Barn owl, Tawny owl]
"""


@pytest.fixture
def clock(monkeypatch):
    """The time that a build is told, in Unix seconds: `clock(1_700_000_000)`."""

    def at(seconds):
        monkeypatch.setattr(plan, "now", lambda: seconds)

    at(1_700_000_000)
    return at


# --- Building ---------------------------------------------------------------------------------------------


def test_a_deck_is_built_into_dist_with_its_lock_beside_its_facts(run, tmp_path):
    write_deck(tmp_path, HEADING + OWL, "cards/birds.yaml")
    ran = run("build")
    assert (ran.code, ran.err) == (0, "")
    assert sorted(files_in(tmp_path)) == ["cards/birds.lock", "cards/birds.yaml", "dist/birds.apkg"]


def test_the_summary_counts_cards_by_kind_and_facts_set_apart(run, tmp_path):
    write_deck(tmp_path, DISPUTED)
    assert run("build", "birds.yaml").out == (
        "Animals::Birds\n"
        "  definition  2\n"
        "  cloze       1\n"
        "  question    1\n"
        "  list        2\n"
        "  cards       6  in 4 notes\n"
        "  facts: 1 disputed (shown with a caveat), 1 held back (no cards)\n"
        "  review: 1 error, 1 warning; deckbuilder check shows them\n"
        f"  → {Path('dist', 'birds.apkg')}\n"
        "\n"
    )


def test_a_card_that_is_wrong_stops_its_deck_and_one_that_is_poor_does_not(run, tmp_path):
    poor = "    questions: [{ask: Does it fly?, answer: 'Yes'}]\n"
    write_deck(tmp_path, HEADING + OWL + poor)
    assert run("build", "birds.yaml").code == 0
    before = files_in(tmp_path)
    wrong = "    questions: [{ask: What food?, answer: Mice}, {ask: What food?, answer: Voles, id: prey}]\n"
    write_deck(tmp_path, HEADING + OWL + wrong)
    ran = run("build", "birds.yaml", "--accept-removals")
    assert ran.code == 1
    assert "error: this front has two answers: 'Mice' and 'Voles' [front-ambiguous]" in ran.err
    assert {name: data for name, data in files_in(tmp_path).items() if name != "birds.yaml"} == {
        name: data for name, data in before.items() if name != "birds.yaml"
    }


def test_json_holds_the_result_in_a_fixed_shape(run, tmp_path):
    write_deck(tmp_path, DISPUTED)
    ran = run("build", "birds.yaml", "-o", "out", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == {
        "decks": [
            {
                "id": "birds",
                "name": "Animals::Birds",
                "package": str(Path("out", "birds.apkg")),
                "notes": 4,
                "cards": 6,
                "kinds": {"definition": 2, "cloze": 1, "question": 1, "list": 2},
                "held": 1,
                "disputed": 1,
            }
        ],
        "problems": [],
    }


def test_json_holds_the_problems_too(run, tmp_path):
    write_deck(tmp_path, HEADING + BROKEN_OWL)
    ran = run("build", "birds.yaml", "--json")
    assert (ran.code, ran.err) == (1, "")
    assert json.loads(ran.out) == {
        "decks": [],
        "problems": [
            {
                "file": "birds.yaml",
                "line": 6,
                "column": 5,
                "rule": "schema",
                "severity": "error",
                "message": "unknown key 'defintion' (did you mean 'definition'?)",
            }
        ],
    }


def test_json_keeps_letters_of_every_script(run, tmp_path):
    write_deck(tmp_path, "format: 1\ndeck: {id: birds, name: Vögel 鳥}\n" + OWL)
    assert "Vögel 鳥" in run("build", "birds.yaml", "--json").out


def test_a_problem_is_shown_with_its_line_and_what_to_do(run, tmp_path):
    write_deck(tmp_path, HEADING + BROKEN_OWL)
    ran = run("build", "birds.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "birds.yaml:6:5: error: unknown key 'defintion' [schema]\n"
        "  6 |     defintion: A bird that hunts at night.\n"
        "    |     ^\n"
        "  → did you mean 'definition'?\n"
        "\n"
        "1 error: the decks concerned were left as they were.\n"
    )


@pytest.mark.parametrize(
    ("line", "column", "shown", "caret"),
    [
        ("    term: x", 5, "    term: x", 4),
        ("\tterm: x", 2, " term: x", 1),
        ("鳥: x", 3, "鳥: x", 3),
        ("e\u0301: x", 3, "e\u0301: x", 1),
        ("x" * 100, 100, "x" * 100, 99),
        ("a" * 100 + "b" * 100, 101, "…" + "a" * 60 + "b" * 40 + "…", 61),
        ("a" * 100 + "b" * 20, 120, "…" + "a" * 41 + "b" * 20, 61),
    ],
    ids=["indented", "tab", "wide", "combining", "as long as it may be", "cut at both ends", "cut at its start"],
)
def test_the_caret_stands_below_the_place(line, column, shown, caret):
    assert shown_line(Place(Path("birds.yaml"), 1, column, line)) == (shown, caret)


def test_a_problem_of_a_whole_file_shows_no_line():
    assert shown_line(Place(Path("birds.yaml"))) is None


def test_one_broken_deck_does_not_stop_another(run, tmp_path):
    write_deck(tmp_path, HEADING + BROKEN_OWL, "cards/birds.yaml")
    write_deck(tmp_path, HEADING.replace("birds", "fish") + OWL, "cards/fish.yaml")
    ran = run("build")
    assert ran.code == 1
    assert "defintion" in ran.err
    assert f"→ {Path('dist', 'fish.apkg')}" in ran.out
    assert sorted(files_in(tmp_path / "dist")) == ["fish.apkg"]
    assert not tmp_path.joinpath("cards", "birds.lock").exists()


def test_decks_may_be_named_one_by_one(run, tmp_path):
    write_deck(tmp_path, HEADING + OWL, "birds.yaml")
    write_deck(tmp_path, HEADING.replace("birds", "fish") + OWL, "fish/deck.yaml")
    assert run("build", "birds.yaml", "fish").code == 0
    assert sorted(files_in(tmp_path / "dist")) == ["birds.apkg", "fish.apkg"]


def test_a_deck_built_twice_is_the_same_to_the_byte(run, tmp_path, clock):
    write_deck(tmp_path, DISPUTED)
    run("build", "birds.yaml")
    first = files_in(tmp_path)
    clock(1_800_000_000)
    assert run("build", "birds.yaml").code == 0
    assert files_in(tmp_path) == first


def test_a_deck_built_elsewhere_with_its_lock_is_the_same_to_the_byte(run, tmp_path, clock):
    write_deck(tmp_path, DISPUTED, "here/birds.yaml")
    run("build", "here", "-o", "here")
    clock(1_800_000_000)
    write_deck(tmp_path, DISPUTED.replace("\n", "\r\n"), "there/birds.yaml")
    write_deck(tmp_path, tmp_path.joinpath("here", "birds.lock").read_bytes(), "there/birds.lock")
    assert run("build", "there", "-o", "there").code == 0
    assert tmp_path.joinpath("there", "birds.apkg").read_bytes() == tmp_path.joinpath("here", "birds.apkg").read_bytes()


@pytest.mark.usefixtures("clock")
def test_a_changed_deck_is_another_package(run, tmp_path):
    write_deck(tmp_path, HEADING + OWL)
    run("build", "birds.yaml")
    first = files_in(tmp_path / "dist")
    write_deck(tmp_path, HEADING + OWL.replace("night", "dusk"))
    run("build", "birds.yaml")
    assert files_in(tmp_path / "dist") != first


def test_source_date_epoch_makes_first_builds_alike(run, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    write_deck(tmp_path, HEADING + OWL, "a/birds.yaml")
    write_deck(tmp_path, HEADING + OWL, "b/birds.yaml")
    run("build", "a", "-o", "a")
    run("build", "b", "-o", "b")
    assert files_in(tmp_path / "a") == files_in(tmp_path / "b")


def test_a_deck_that_becomes_broken_keeps_its_last_package_and_lock(run, tmp_path):
    write_deck(tmp_path, HEADING + OWL)
    run("build", "birds.yaml")
    before = files_in(tmp_path)
    write_deck(tmp_path, HEADING + BROKEN_OWL)
    assert run("build", "birds.yaml").code == 1
    assert files_in(tmp_path) == {**before, "birds.yaml": (HEADING + BROKEN_OWL).encode()}


def test_a_lock_that_went_missing_stops_the_build(run, tmp_path):
    write_deck(tmp_path, HEADING + OWL)
    run("build", "birds.yaml")
    tmp_path.joinpath("birds.lock").unlink()
    before = files_in(tmp_path)
    ran = run("build", "birds.yaml")
    assert ran.code == 1
    assert "[lock-missing]" in ran.err
    assert files_in(tmp_path) == before


@pytest.mark.parametrize("lock", [b"", b"\xff\xfe", b"{", b"<<<<<<< ours\n", b"\x00"])
def test_a_lock_that_cannot_be_read_stops_the_build(run, tmp_path, lock):
    write_deck(tmp_path, HEADING + OWL)
    run("build", "birds.yaml")
    tmp_path.joinpath("birds.lock").write_bytes(lock)
    before = files_in(tmp_path)
    ran = run("build", "birds.yaml")
    assert ran.code == 1
    assert "birds.lock" in ran.err
    assert "Traceback" not in ran.err
    assert files_in(tmp_path) == before


# --- Wrong usage -----------------------------------------------------------------------------------------


def test_without_a_folder_of_cards_a_path_is_asked_for(run, tmp_path):
    ran = run("build")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no folder cards/ here" in ran.err
    assert files_in(tmp_path) == {}


def test_a_path_that_is_not_there_is_told(run):
    ran = run("build", "brids.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "'brids.yaml' does not exist" in ran.err


@pytest.mark.parametrize("path", ["birds", "cards/birds", "cards/brids.yaml", "birds.yml"])
def test_a_path_that_is_not_there_is_told_with_the_deck_that_was_meant(run, tmp_path, path):
    write_deck(tmp_path, HEADING + OWL, "cards/birds.yaml")
    write_deck(tmp_path, HEADING + OWL, "cards/mammals.yaml")
    ran = run("build", path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.rstrip().endswith("Did you mean 'cards/birds.yaml'?")


def test_a_package_in_the_place_of_facts_is_told_as_what_it_is(run, tmp_path):
    run("build", write_deck(tmp_path, HEADING + OWL))
    ran = run("build", "dist/birds.apkg")
    assert ran.code == 1
    assert "is a package for Anki, not facts" in ran.err


def test_an_output_that_is_a_file_is_told(run, tmp_path):
    write_deck(tmp_path, HEADING + OWL)
    tmp_path.joinpath("dist").write_text("mine", encoding="utf-8")
    ran = run("build", "birds.yaml")
    assert ran.code == 2
    assert "dist" in ran.err
    assert files_in(tmp_path) == {"birds.yaml": (HEADING + OWL).encode(), "dist": b"mine"}


@pytest.mark.parametrize("words", [["biuld"], ["build", "--jsno"], ["new"], ["build", "--output"], ["--verbose"]])
def test_words_that_are_no_command_are_wrong_usage(run, words):
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "Error: " in ran.err
    assert "Traceback" not in ran.err


def test_a_folder_without_decks_is_a_problem_and_no_traceback(run, tmp_path):
    tmp_path.joinpath("cards").mkdir()
    ran = run("build")
    assert ran.code == 1
    assert "cards: error: no deck here" in ran.err
    assert "deckbuilder new" in ran.err


# --- A disk that does not do as told ----------------------------------------------------------------------


@pytest.fixture
def birds(run, tmp_path):
    """A deck that was built, and then changed; gives all files as they were before the next build."""
    write_deck(tmp_path, HEADING + OWL)
    run("build", "birds.yaml")
    write_deck(tmp_path, HEADING + OWL.replace("night", "dusk"))
    return files_in(tmp_path)


def test_an_output_below_a_file_is_told_and_changes_nothing(run, tmp_path, birds):
    tmp_path.joinpath("file").write_bytes(b"mine")
    ran = run("build", "birds.yaml", "-o", "file/below")
    assert ran.code == 3
    assert "file" in ran.err
    assert "Traceback" not in ran.err
    assert files_in(tmp_path) == {**birds, "file": b"mine"}


@pytest.mark.parametrize("when", [1, 2, 3])
def test_a_full_disk_is_told_and_changes_nothing(run, tmp_path, birds, monkeypatch, when):
    really, calls = os.fsync, []

    def fsync(descriptor):
        calls.append(descriptor)
        if len(calls) == when:
            raise OSError(errno.ENOSPC, "No space left on device")
        really(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    ran = run("build", "birds.yaml")
    assert (ran.code, ran.out) == (3, "")
    assert "No space left on device" in ran.err
    assert "check free space" in ran.err
    assert "Traceback" not in ran.err
    assert files_in(tmp_path) == birds


def test_a_place_that_may_not_be_written_is_told_and_changes_nothing(run, tmp_path, birds, monkeypatch):
    really = tempfile.mkstemp

    def mkstemp(*args, **options):
        if Path(options["dir"]).name == "dist":
            raise PermissionError(errno.EACCES, "Permission denied", str(options["dir"]))
        return really(*args, **options)

    monkeypatch.setattr(tempfile, "mkstemp", mkstemp)
    ran = run("build", "birds.yaml")
    assert (ran.code, ran.out) == (3, "")
    assert "dist: Permission denied" in ran.err
    assert "permissions" in ran.err
    assert files_in(tmp_path) == birds


def test_a_full_disk_keeps_the_decks_that_were_built_before_it_filled(run, tmp_path, monkeypatch):
    write_deck(tmp_path, HEADING + OWL, "cards/a.yaml")
    write_deck(tmp_path, HEADING.replace("birds", "fish") + OWL, "cards/b.yaml")
    really = tempfile.mkstemp

    def mkstemp(*args, **options):
        if "fish" in options["prefix"]:
            raise OSError(errno.ENOSPC, "No space left on device")
        return really(*args, **options)

    monkeypatch.setattr(tempfile, "mkstemp", mkstemp)
    ran = run("build")
    assert ran.code == 3
    assert sorted(files_in(tmp_path)) == ["cards/a.yaml", "cards/b.yaml", "cards/birds.lock", "dist/birds.apkg"]


# Ctrl-C; and Windows, where a file that Anki has open cannot be replaced.
STOPS = [KeyboardInterrupt, PermissionError(13, "Permission denied", "birds.apkg")]


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("stop", STOPS, ids=["Ctrl-C", "file in use"])
def test_a_build_stopped_between_lock_and_package_is_made_whole_by_the_next(  # noqa: PLR0913 - all are fixtures
    run, tmp_path, birds, monkeypatch, stop, nth
):
    really, calls = Path.replace, []

    def replace(self, target):
        calls.append(target)
        if len(calls) == nth:
            raise stop
        return really(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", replace)
        # What is remembered of the facts is replaced too, and may fail.
        ran = run("build", "birds.yaml", "--no-cache")
    assert ran.code == 3
    assert "Traceback" not in ran.err
    assert run("build", "birds.yaml").code == 0
    whole = files_in(tmp_path)
    assert sorted(whole) == sorted(birds)
    assert whole["birds.lock"] != birds["birds.lock"]
    assert whole["dist/birds.apkg"] != birds["dist/birds.apkg"]


@pytest.mark.parametrize("stop", STOPS, ids=["Ctrl-C", "file in use"])
def test_a_build_stopped_behind_its_lock_does_not_say_that_nothing_was_changed(run, tmp_path, birds, monkeypatch, stop):
    really = Path.replace

    def replace(self, target):
        if Path(target).suffix == ".apkg":
            raise stop
        return really(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    ran = run("build", "birds.yaml")
    assert tmp_path.joinpath("birds.lock").read_bytes() != birds["birds.lock"]
    assert "nothing was changed" not in ran.err.lower()


def test_an_interrupted_build_says_so(run, tmp_path, monkeypatch):
    def stop(*_args, **_options):
        raise KeyboardInterrupt

    write_deck(tmp_path, HEADING + OWL)
    monkeypatch.setattr(building, "build", stop)
    ran = run("build", "birds.yaml")
    assert (ran.code, ran.out) == (3, "")
    assert "Interrupted" in ran.err


def test_what_nobody_expected_asks_for_a_report(run, tmp_path, monkeypatch):
    def fail(*_args, **_options):
        raise RuntimeError("no such thing as an owl")

    write_deck(tmp_path, HEADING + OWL)
    monkeypatch.setattr(building, "build", fail)
    ran = run("build", "birds.yaml")
    assert (ran.code, ran.out) == (3, "")
    assert "no such thing as an owl" in ran.err
    assert "Please report it" in ran.err


# --- Progress --------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """What is written to it, and that it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def a_second_a_look(monkeypatch):
    """Each look at the clock takes a second."""
    seconds = iter(range(1000))
    monkeypatch.setattr(progress_module.time, "monotonic", lambda: next(seconds))


@pytest.mark.usefixtures("a_second_a_look")
def test_nothing_is_drawn_where_there_is_no_terminal(capsys):
    with progress_module.progress() as tell:
        tell("making", 1, 2)
        tell("making", 2, 2)
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("a_second_a_look")
def test_long_work_is_drawn_on_a_terminal_and_wiped_at_its_end():
    with redirect_stderr(Terminal()) as terminal, progress_module.progress() as tell:
        tell("making", 1, 2)
        tell("making", 2, 2)
    assert "making" in terminal.getvalue()
    assert "1/2" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\033[K")


def test_short_work_is_not_drawn():
    with redirect_stderr(Terminal()) as terminal, progress_module.progress() as tell:
        tell("making", 1, 2)
        tell("making", 2, 2)
    assert terminal.getvalue() == ""


@pytest.mark.usefixtures("a_second_a_look")
def test_nothing_is_drawn_beside_json():
    with redirect_stderr(Terminal()) as terminal, progress_module.progress(quiet=True) as tell:
        tell("making", 1, 2)
        tell("making", 2, 2)
    assert terminal.getvalue() == ""


# --- A new deck ------------------------------------------------------------------------------------------


def test_a_new_deck_for_which_the_disk_has_no_room_leaves_no_empty_file(run, tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ran = run("new", "birds")
    assert ran.code == 3
    assert f"{Path('cards', 'birds.yaml')}: No space left on device" in ran.err
    assert files_in(tmp_path) == {}


@pytest.mark.parametrize("words", [["new", "rocks"], ["new", "rocks", "-d", "cards/more"], ["import", "rocks.csv"]])
def test_no_deck_is_written_into_the_folder_of_another_deck(run, tmp_path, words):
    write_deck(tmp_path / "cards", "format: 1\ndeck: {id: birds, name: Birds}\n", name="deck.yaml")
    tmp_path.joinpath("rocks.csv").write_text("Rock;Stone\n", encoding="utf-8")
    before = files_in(tmp_path)
    ran = run(*words)
    assert ran.code == 2
    told = f"{Path('cards', 'deck.yaml')} makes one deck of all files in its folder: choose another folder with -"
    assert told in " ".join(ran.err.split())
    assert files_in(tmp_path) == before


def test_a_new_deck_builds_at_once(run, tmp_path):
    ran = run("new", "bird-songs")
    file = Path("cards", "bird-songs.yaml")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"Wrote {file}. Build it with: deckbuilder build {file}\n"
    built = json.loads(run("build", "--json").out)
    assert built["problems"] == []
    assert built["decks"][0]["id"] == "bird-songs"
    assert set(built["decks"][0]["kinds"]) == {
        "definition",
        "contrast",
        "cloze",
        "question",
        "mechanism",
        "list",
        "classification",
    }
    assert tmp_path.joinpath("dist", "bird-songs.apkg").is_file()


@pytest.mark.parametrize(
    ("name", "deck_id"),
    [
        ("Bird songs", "bird-songs"),
        ("Biology::Cells", "biology-cells"),
        ("Vögel des Südens", "vogel-des-sudens"),
        ('The "best" birds', "the-best-birds"),
        ("It's: a {deck} #1", "it-s-a-deck-1"),
        (r"back\slash", "back-slash"),
        ("  birds  ", "birds"),
        ("a" * 60, "a" * 60),
        ("../../etc/passwd", "etc-passwd"),
        ("{{id}}", "id"),
        ("bird 🦉 songs", "bird-songs"),
        ("two\nlines", "two-lines"),
        ("tab\there", "tab-here"),
        ("::birds::", "birds"),
        ("bell\x07", "bell"),
    ],
)
def test_a_new_deck_may_be_named_in_any_way(run, tmp_path, name, deck_id):
    assert run("new", name).code == 0
    assert list(files_in(tmp_path)) == [f"cards/{deck_id}.yaml"]
    built = json.loads(run("build", "--json").out)
    assert built["problems"] == []
    assert built["decks"][0]["id"] == deck_id


def test_a_new_deck_keeps_its_name_as_typed(run):
    run("new", "Vögel: Süd & Nord")
    assert json.loads(run("build", "--json").out)["decks"][0]["name"] == "Vögel: Süd & Nord"


@pytest.mark.parametrize("name", ["", " ", "!!!", "鳥", ":-:", "🦉"])
def test_a_name_without_plain_letters_is_refused(run, tmp_path, name):
    ran = run("new", name)
    assert (ran.code, ran.out) == (2, "")
    assert "letters or digits" in ran.err
    assert files_in(tmp_path) == {}


@pytest.mark.parametrize("name", ["con", "NUL", "com1"])
def test_a_name_that_windows_keeps_to_itself_is_refused(run, tmp_path, name):
    assert run("new", name).code == 2
    assert files_in(tmp_path) == {}


def test_a_name_that_is_too_long_for_a_file_is_told(run, tmp_path):
    ran = run("new", "a" * 300)
    assert ran.code in {2, 3}
    assert "Traceback" not in ran.err
    assert files_in(tmp_path) == {}


def test_a_deck_that_is_there_is_not_overwritten(run, tmp_path):
    write_deck(tmp_path, "mine", "cards/birds.yaml")
    ran = run("new", "Birds")
    assert (ran.code, ran.out) == (2, "")
    assert "exists already" in ran.err
    assert files_in(tmp_path) == {"cards/birds.yaml": b"mine"}


def test_a_name_without_latin_letters_is_told_with_what_to_do(run, tmp_path):
    ran = run("new", "日本語")
    assert ran.code == 2
    assert "change 'name:' in the new file" in ran.err
    assert not (tmp_path / "cards").exists()


def test_a_new_deck_does_not_make_one_deck_of_its_folder(run):
    run("new", "Birds")
    ran = run("new", "Deck")
    assert ran.code == 2
    assert "would make one deck of all files in its folder" in ran.err
    assert run("build").code == 0


def test_a_new_deck_may_stand_elsewhere(run, tmp_path):
    assert run("new", "birds", "-d", "decks/mine").code == 0
    assert list(files_in(tmp_path)) == ["decks/mine/birds.yaml"]


def test_a_new_deck_in_a_place_that_is_a_file_is_told(run, tmp_path):
    tmp_path.joinpath("cards").write_bytes(b"mine")
    ran = run("new", "birds")
    assert ran.code == 2
    assert files_in(tmp_path) == {"cards": b"mine"}


# --- Help ------------------------------------------------------------------------------------------------


def test_the_version_is_told(run):
    ran = run("--version")
    assert (ran.code, ran.out) == (0, f"deckbuilder, version {deckbuilder.__version__}\n")


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_names_every_command(run, flag):
    ran = run(flag)
    assert (ran.code, ran.err) == (0, "")
    for name, (_module, short_help) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(short_help)}", ran.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("build", ["[PATH]...", "--output DIR", "--json", "--accept-removals", "default: dist", "2 wrong usage"]),
        ("new", ["NAME", "--directory DIR", "default: cards"]),
    ],
)
def test_help_of_a_command_lists_its_options(run, command, words):
    ran = run(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    for word in words:
        assert word in " ".join(ran.out.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run, command):
    ran = run(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: deckbuilder {command} ")
    assert "-h, --help" in ran.out


def python(*words, **options):
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *words], capture_output=True, text=True, encoding="utf-8", check=False, **options
    )


def test_help_is_quick_because_it_loads_nothing_heavy():
    imported = python("-X", "importtime", "-m", "deckbuilder", "--help").stderr
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in imported.splitlines()}
    assert "click" in names
    assert not names & {"genanki", "yaml", "asyncio", "pydantic", "markdown_it", "anki", "sqlite3"}


def test_mistakes_are_told_without_loading_the_writer(tmp_path):
    write_deck(tmp_path, HEADING + BROKEN_OWL)
    ran = python("-X", "importtime", "-m", "deckbuilder", "build", "birds.yaml", cwd=tmp_path)
    assert ran.returncode == 1
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in ran.stderr.splitlines()}
    assert not names & {"genanki", "asyncio"}


def test_a_first_build_is_quick_because_it_loads_no_judge_and_nothing_heavy(tmp_path):
    write_deck(tmp_path, HEADING + OWL)
    ran = python("-X", "importtime", "-m", "deckbuilder", "build", "birds.yaml", cwd=tmp_path)
    assert ran.returncode == 0
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in ran.stderr.splitlines()}
    assert {"genanki", "yaml"} <= names
    heavy = {
        "pydantic",
        "pydantic_core",
        "asyncio",
        "markdown_it",
        "jinja2",
        "pygments",
        "zstandard",
        "PIL",
        "graphlay",
    }
    assert not names & heavy


def test_genanki_without_asyncio_leaves_what_others_import_as_it_is():
    words = "import deckbuilder.package.write, cached_property; print(hasattr(cached_property, 'asyncio'))"
    assert python("-c", words).stdout == "True\n"


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_output_that_knows_few_letters_gets_the_rest_replaced(tmp_path, words):
    write_deck(tmp_path, "format: 1\ndeck: {id: birds, name: 鳥 Vögel}\n" + OWL)
    few_letters = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "deckbuilder", "build", "birds.yaml", *words],
        capture_output=True, check=False, cwd=tmp_path, env=few_letters,
    )  # fmt: skip
    assert b"Traceback" not in ran.stderr
    assert ran.returncode == 0
    assert b"birds.apkg" in ran.stdout


def test_problems_are_told_to_a_terminal_that_knows_few_letters(tmp_path):
    write_deck(tmp_path, HEADING + "concepts:\n  鳥: {term: 鳥, defintion: 鳥}\n")
    few_letters = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    ran = subprocess.run(
        [sys.executable, "-m", "deckbuilder", "build", "birds.yaml"],
        capture_output=True, check=False, cwd=tmp_path, env=few_letters,
    )  # fmt: skip
    assert b"Traceback" not in ran.stderr
    assert ran.returncode == 1
    assert b"birds.yaml:4:" in ran.stderr


@pytest.mark.parametrize("closed", [1, 2], ids=["output", "errors"])
@pytest.mark.parametrize("words", [["build", "birds.yaml"], ["check", "birds.yaml"]])
def test_a_command_whose_output_is_closed_says_nothing_and_does_its_work(tmp_path, words, closed):
    """As a service or a shell's `>&-` starts it."""
    write_deck(tmp_path, HEADING + OWL)
    start = f"import os, sys; os.close({closed}); os.execv(sys.executable, sys.argv[1:])"
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", start, sys.executable, "-m", "deckbuilder", *words],
        capture_output=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert b"Traceback" not in ran.stderr
    assert ran.returncode == (words[0] == "check")
    assert Path(tmp_path, "dist", "birds.apkg").exists() is (words[0] == "build")


def test_what_is_said_of_a_full_disk_is_true_where_the_package_was_written(run, tmp_path, birds, monkeypatch):
    """A log on a full disk: the deck is built, and only its summary cannot be written."""
    say = click.echo

    def echo(*words, err=False, **options):
        if not err:
            raise OSError(errno.ENOSPC, "No space left on device")
        say(*words, err=err, **options)

    monkeypatch.setattr(click, "echo", echo)
    ran = run("build", "birds.yaml")
    assert ran.code == 3
    assert files_in(tmp_path) != birds
    assert "Nothing" not in ran.err
    assert "No file was left half written" in ran.err


def test_of_a_very_large_deck_a_build_asks_only_what_can_stop_it(run, tmp_path, monkeypatch):
    """Counting what makes a card poor would take as long as the build; what makes one wrong is never let pass."""
    monkeypatch.setattr("deckbuilder.check.run._MOST_COUNTED", 3)
    wrong = "    questions: [{ask: What food?, answer: Mice}, {ask: What food?, answer: Voles, id: prey}]\n"
    write_deck(tmp_path, HEADING + OWL + wrong)
    assert "[front-ambiguous]" in run("build", "birds.yaml").err
    write_deck(tmp_path, DISPUTED)
    ran = run("build", "birds.yaml")
    assert (ran.code, ran.err) == (0, "")
    assert "review: not counted in a deck of this size; deckbuilder check tells it" in ran.out

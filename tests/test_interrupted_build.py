"""A build that is stopped at any instant: lock and package still belong together, and the next build mends the rest.

The build is run again and again, and stopped at its first step, at its second, and so on, where a step is anything
that it does to a file: making one, writing it through to the disk, moving it, removing it.
"""

import errno
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from deckbuilder.build import build
from deckbuilder.commands.cli import run as command_line
from deckbuilder.lock import parse_lock
from deckbuilder.package.read import read_package
from tests.conftest import Ran
from tests.helpers import files_in, write_deck

EPOCH = 1_800_000_000
FACTS = """\
format: 1
deck: {id: birds, name: Birds}
concepts:
  owl:
    term: Owl
    definition: A bird that hunts at night.
    examples: [Barn owl, Snowy owl]
    questions:
      - {ask: Why is its flight silent?, answer: Its feathers are soft.}
"""
QUESTION = "    questions:\n      - {ask: Why is its flight silent?, answer: Its feathers are soft.}\n"
CHANGED = FACTS.replace("[Barn owl, Snowy owl]", "[Elf owl, Barn owl]").replace("hunts at", "flies at")
# Name: the facts that were built before (None: nothing was), and those of the build that is stopped.
BUILDS = {
    "first build": (None, FACTS),
    "build of changed facts": (FACTS, CHANGED),
    "build that withdraws a note and makes an update package": (FACTS, CHANGED.replace(QUESTION, "")),
    "build that brings a note back and removes the update package": (FACTS.replace(QUESTION, ""), FACTS),
}
REALLY_UNLINK = os.unlink
STEPS = ("os.replace", "os.fsync", "os.unlink", "os.chmod", "tempfile.mkstemp")
# `deckbuilder build` whose process ends at its step number N, before or after the step is done.
KILLED = """
import importlib, itertools, os, sys
number, moment, steps = int(sys.argv[1]), sys.argv[2], sys.argv[3].split(",")
from deckbuilder.commands.cli import run
count = itertools.count(1)
def dying(whole):
    def step(*arguments, **named):
        mine = next(count) == number
        if mine and moment == "before":
            os._exit(9)
        result = whole(*arguments, **named)
        if mine:
            os._exit(9)
        return result
    return step
for name in steps:
    module, function = name.split(".")
    module = importlib.import_module(module)
    setattr(module, function, dying(getattr(module, function)))
sys.exit(run(sys.argv[4:]))
"""


@pytest.fixture
def run(capsys):
    """The command line where `here` has gone."""

    def type_in(*words):
        capsys.readouterr()
        code = command_line(words)
        written = capsys.readouterr()
        return Ran(code, written.out, written.err)

    return type_in


@dataclass(frozen=True)
class Case:
    """A folder as it is before the build and as it is after it, in all its files."""

    start: Path
    before: dict[str, bytes]
    after: dict[str, bytes]


@pytest.fixture(scope="module", params=BUILDS)
def case(request, tmp_path_factory):
    facts_before, facts = BUILDS[request.param]
    start = tmp_path_factory.mktemp("start")
    with pytest.MonkeyPatch.context() as monkeypatch:
        if facts_before is not None:
            # Something was withdrawn before, so that an update package is there to be removed.
            for day, text in enumerate((FACTS, facts_before)):
                built(start, text, monkeypatch, day)
        write_deck(start / "cards", facts)
        before = files_in(start)
        whole = Path(shutil.copytree(start, tmp_path_factory.mktemp("whole") / "copy"))
        built(whole, facts, monkeypatch, 9)
    return Case(start, before, files_in(whole))


def built(folder, facts, monkeypatch, day):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + day * 86_400))
    file = write_deck(folder / "cards", facts)
    assert build([file], folder / "dist", accept_removals=True).problems == ()


@pytest.fixture
def here(case, tmp_path, monkeypatch):
    """The folder, as often as it is asked for, each time as it was before the build."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + 9 * 86_400))
    numbers = itertools.count()

    def again():
        folder = Path(shutil.copytree(case.start, tmp_path / f"try-{next(numbers)}"))
        monkeypatch.chdir(folder)
        return folder

    return again


def visible(files):
    """Without what begins with a dot: temporary files and the journal."""
    return {name: data for name, data in files.items() if not Path(name).name.startswith(".")}


def hidden(files):
    return sorted(name for name in files if Path(name).name.startswith("."))


def assert_they_match(folder):
    """The package holds the notes, times and numbers that the lock says."""
    lock_file = folder / "cards" / "birds.lock"
    lock, problems = parse_lock(lock_file.read_text(encoding="utf-8"), lock_file)
    assert problems == []
    shipped = {note.guid: (note.mod, len(note.ords)) for note in read_package(folder / "dist" / "birds.apkg")[0].notes}
    assert set(shipped) == {entry.guid for entry in lock.living.values()}
    for entry in lock.living.values():
        mod, cards = shipped[entry.guid]
        assert mod == entry.mod
        assert cards == len(entry.numbers) or not entry.numbers


# Between the end of a step and the beginning of the next nothing touches a file, so one of the two is enough each day.
@pytest.mark.parametrize("moment", ["before", pytest.param("after", marks=pytest.mark.slow)])
def test_build_that_is_killed_is_undone_or_completed(case, here, moment):
    for number in itertools.count(1):
        folder = here()
        words = ["-c", KILLED, str(number), moment, ",".join(STEPS), "build", "--accept-removals"]
        killed = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
        if killed.returncode != 9:
            assert killed.returncode == 0, killed.stderr
            assert files_in(folder) == case.after
            break
        # The next command completes what was decided, and decides nothing.
        build([folder / "cards"], folder / "dist", accept_removals=True, locked=True)
        seen = visible(files_in(folder))
        assert seen in (visible(case.before), visible(case.after)), f"killed {moment} step {number}"
        if "dist/birds.apkg" in seen:
            assert_they_match(folder)
        for name in hidden(files_in(folder)):
            # A build may be at work on them, so only old ones are removed.
            os.utime(folder / name, (0, 0))
        assert build([folder / "cards"], folder / "dist", accept_removals=True).problems == ()
        left = files_in(folder)
        assert visible(left) == visible(case.after), f"killed {moment} step {number}"
        assert hidden(left) == [], f"killed {moment} step {number}"
    assert number > 6, "the steps were not counted"


def test_journal_is_found_by_every_command_that_plans(case, here, run, monkeypatch):
    """`diff` and `release`, too, see old or new, and never half of each."""
    for number in itertools.count(1):
        folder = here()
        words = ["-c", KILLED, str(number), "before", "os.replace", "build", "--accept-removals"]
        killed = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
        if killed.returncode != 9:
            break
        monkeypatch.chdir(folder)
        assert run("diff", "--accept-removals").code == 0
        assert visible(files_in(folder)) in (visible(case.before), visible(case.after))
    assert number > 2


# --------------------------------------------------------------------- stopped, and alive to tell


class Stopped:
    """Files are touched as ever until step number N, which raises."""

    def __init__(self, monkeypatch, number, error):
        self.count = 0
        for name in STEPS:
            module, function = name.split(".")
            module = {"os": os, "tempfile": tempfile}[module]
            monkeypatch.setattr(module, function, self.step(getattr(module, function), number, error))

    def step(self, whole, number, error):
        def do(*arguments, **named):
            self.count += 1
            if self.count == number:
                raise error
            return whole(*arguments, **named)

        return do


ERRORS = {
    "Ctrl+C": KeyboardInterrupt(),
    "full disk": OSError(errno.ENOSPC, "No space left on device", "somewhere"),
    "no permission": PermissionError(errno.EACCES, "Permission denied", "somewhere"),
}


@pytest.mark.parametrize("error", ERRORS)
def test_build_that_cannot_go_on_changes_nothing_or_says_so(case, here, run, error):
    for number in itertools.count(1):
        folder = here()
        with pytest.MonkeyPatch.context() as monkeypatch:
            stopped = Stopped(monkeypatch, number, ERRORS[error])
            ran = run("build", "--accept-removals")
        if stopped.count < number:
            assert ran.code == 0
            break
        left = files_in(folder)
        told = f"{error} at step {number}: {ran.err}"
        if ran.code == 0:
            # Met while tidying up, when all was done.
            assert visible(left) == visible(case.after), told
        elif "othing was changed" in ran.err:
            assert left == case.before, told
        else:
            assert ran.code == 3, told
            assert ran.err, told
        assert build([folder / "cards"], folder / "dist", accept_removals=True).problems == ()
        assert files_in(folder) == case.after, told
    assert number > 6, "the steps were not counted"


def test_build_that_changes_nothing_takes_no_step_at_all(tmp_path, monkeypatch):
    file = write_deck(tmp_path / "cards", FACTS)
    build([file], tmp_path / "dist")
    before = files_in(tmp_path)
    stopped = Stopped(monkeypatch, 1, ERRORS["full disk"])
    monkeypatch.setattr(os, "unlink", REALLY_UNLINK)  # of what lies in the system's folder for temporary files
    assert build([file], tmp_path / "dist").problems == ()
    assert stopped.count == 0
    assert files_in(tmp_path) == before


def test_journal_of_somebody_else_is_told(tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)
    write_deck(tmp_path / "cards", FACTS)
    (tmp_path / "cards" / ".birds.journal").write_text("not ours", encoding="utf-8")
    ran = run("build")
    assert ran.code == 3
    assert "is no journal of deckbuilder: delete it" in ran.err


def test_journal_survives_a_folder_that_was_moved(case, here, tmp_path):
    """Killed, then the whole project is renamed: the next build must not write to the old place, nor lose the new."""
    folder = here()
    words = ["-c", KILLED, "2", "before", "os.replace", "build", "--accept-removals"]
    killed = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    assert killed.returncode == 9
    moved = folder.rename(tmp_path / "moved")
    os.chdir(moved)
    assert build([Path("cards")], Path("dist"), accept_removals=True).problems == ()
    assert visible(files_in(moved)) == visible(case.after)
    assert not folder.exists()

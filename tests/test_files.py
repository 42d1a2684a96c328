"""Files replaced together, as a whole or not at all."""

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from deckbuilder.files import finish_replacing, replace_file, replace_files
from tests.helpers import files_in


@pytest.fixture
def journal(tmp_path):
    return tmp_path / ".birds.journal"


@pytest.fixture
def disk_full(monkeypatch):
    """From the second file on, there is no space left."""
    really, calls = os.fsync, []

    def fsync(descriptor):
        calls.append(descriptor)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        really(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)


@pytest.fixture
def stopped(monkeypatch):
    """The process is stopped when it moves the last file but one into its place: `stopped(nth)`."""
    really, calls = Path.replace, []

    def at(nth):
        def replace(self, target):
            calls.append(target)
            if len(calls) == nth:
                raise KeyboardInterrupt
            return really(self, target)

        monkeypatch.setattr(Path, "replace", replace)

    return at


def test_all_files_are_written(tmp_path, journal):
    replace_files({tmp_path / "birds.lock": b"lock", tmp_path / "dist" / "birds.apkg": b"package"}, journal)
    assert files_in(tmp_path) == {"birds.lock": b"lock", "dist/birds.apkg": b"package"}


def test_files_that_stand_there_are_replaced(tmp_path, journal):
    tmp_path.joinpath("birds.lock").write_bytes(b"a much longer old lock")
    replace_files({tmp_path / "birds.lock": b"new"}, journal)
    assert files_in(tmp_path) == {"birds.lock": b"new"}


@pytest.mark.parametrize("among", ["", "shared", "elsewhere/shared"])
def test_a_link_goes_on_to_lead_to_the_file_that_others_read(tmp_path, journal, among):
    shared, link = tmp_path / among / "common.lock", tmp_path / "birds.lock"
    shared.parent.mkdir(parents=True, exist_ok=True)
    shared.write_bytes(b"old")
    link.symlink_to(shared)
    replace_files({link: b"new"}, journal)
    assert (link.is_symlink(), shared.read_bytes()) == (True, b"new")
    replace_file(link, b"newer")
    assert (link.is_symlink(), shared.read_bytes()) == (True, b"newer")
    assert sorted(file.name for file in tmp_path.rglob("*") if file.is_file()) == ["birds.lock", "common.lock"]


def test_a_file_that_holds_what_it_should_is_let_alone(tmp_path, journal):
    same, other = tmp_path / "birds.lock", tmp_path / "birds.apkg"
    long = b"a lock" * 100_000
    same.write_bytes(long)
    other.write_bytes(long)
    before = same.stat()
    replace_files({same: long, other: long[:-1] + b"!", tmp_path / "gone.apkg": None}, journal)
    assert same.stat() == before
    assert other.read_bytes() == long[:-1] + b"!"
    assert sorted(files_in(tmp_path)) == ["birds.apkg", "birds.lock"]


@pytest.mark.parametrize("stood", [b"", b"a long", b"a long package", b"a long package!", b"a lone package", None])
def test_a_file_can_be_given_part_by_part(tmp_path, journal, stood):
    file = tmp_path / "birds.apkg"
    if stood is not None:
        file.write_bytes(stood)
    replace_files({file: lambda: iter([b"a long", b" ", b"package"])}, journal)
    assert files_in(tmp_path) == {"birds.apkg": b"a long package"}


def test_a_part_that_cannot_be_had_leaves_all_files_as_they_were(tmp_path, journal):
    def parts():
        yield b"a long "
        raise OSError(errno.EIO, "Input/output error")

    (tmp_path / "birds.apkg").write_bytes(b"old package")
    with pytest.raises(OSError, match="Input/output"):
        replace_files({tmp_path / "birds.lock": b"new lock", tmp_path / "birds.apkg": parts}, journal)
    assert files_in(tmp_path) == {"birds.apkg": b"old package"}


def test_nothing_is_written_where_all_is_as_it_should_be(tmp_path, journal, stopped):
    file = tmp_path / "birds.lock"
    file.write_bytes(b"lock")
    stopped(1)
    replace_files({file: b"lock"}, journal)
    assert files_in(tmp_path) == {"birds.lock": b"lock"}


def test_a_file_without_contents_is_removed(tmp_path, journal):
    tmp_path.joinpath("old.apkg").write_bytes(b"old")
    replace_files({tmp_path / "old.apkg": None, tmp_path / "never-was.apkg": None, tmp_path / "new": b"new"}, journal)
    assert files_in(tmp_path) == {"new": b"new"}


def test_names_may_hold_spaces_and_any_letters(tmp_path, journal):
    file = tmp_path / "vögel und mehr" / "鳥 🦉.apkg"
    replace_files({file: b"package"}, journal)
    assert file.read_bytes() == b"package"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_written_file_may_be_read_by_those_whom_the_umask_lets(tmp_path, journal):
    before = os.umask(0o022)
    try:
        replace_files({tmp_path / "birds.apkg": b"package"}, journal)
    finally:
        os.umask(before)
    assert stat.S_IMODE(tmp_path.joinpath("birds.apkg").stat().st_mode) == 0o644


@pytest.mark.usefixtures("disk_full")
def test_a_full_disk_changes_nothing(tmp_path, journal):
    tmp_path.joinpath("birds.lock").write_bytes(b"old lock")
    tmp_path.joinpath("birds.apkg").write_bytes(b"old package")
    with pytest.raises(OSError, match="No space left"):
        replace_files({tmp_path / "birds.lock": b"new lock", tmp_path / "birds.apkg": b"new package"}, journal)
    assert files_in(tmp_path) == {"birds.lock": b"old lock", "birds.apkg": b"old package"}


@pytest.mark.usefixtures("disk_full")
def test_a_full_disk_is_told_of_the_file_that_was_to_be_written(tmp_path, journal):
    with pytest.raises(OSError, match="No space left") as caught:
        replace_files({tmp_path / "one": b"1", tmp_path / "two": b"2"}, journal)
    assert caught.value.filename == str(tmp_path / "two")


def test_a_target_that_is_a_folder_changes_nothing(tmp_path, journal):
    tmp_path.joinpath("birds.lock").write_bytes(b"old lock")
    tmp_path.joinpath("birds.apkg").mkdir()
    with pytest.raises(OSError, match="birds"):
        replace_files({tmp_path / "birds.lock": b"new lock", tmp_path / "birds.apkg": b"new package"}, journal)
    assert files_in(tmp_path) == {"birds.lock": b"old lock"}


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_an_interruption_leaves_all_old_or_is_completed_to_all_new(tmp_path, journal, stopped, monkeypatch, nth):
    old = {"birds.lock": b"old lock", "birds.apkg": b"old package", "gone.apkg": b"gone"}
    new = {"birds.lock": b"new lock", "birds.apkg": b"new package"}
    for name, data in old.items():
        tmp_path.joinpath(name).write_bytes(data)
    stopped(nth)
    changes = {**{tmp_path / name: data for name, data in new.items()}, tmp_path / "gone.apkg": None}
    with pytest.raises(KeyboardInterrupt):
        replace_files(changes, journal)
    monkeypatch.undo()
    finish_replacing(journal)
    assert files_in(tmp_path) in (old, new)


def test_there_is_nothing_to_finish_where_nothing_was_begun(tmp_path, journal):
    finish_replacing(journal)
    assert files_in(tmp_path) == {}


def test_a_journal_that_is_no_journal_is_told(tmp_path, journal):
    journal.write_text("{", encoding="utf-8")
    with pytest.raises(OSError, match="no journal of deckbuilder"):
        finish_replacing(journal)
    assert files_in(tmp_path) == {".birds.journal": b"{"}


@pytest.mark.parametrize("text", ["", "{}", "\x00", '[{"birds.tmp": "birds'])
def test_a_journal_with_other_contents_is_told(journal, text):
    journal.write_text(text, encoding="utf-8")
    with pytest.raises(OSError, match="no journal of deckbuilder"):
        finish_replacing(journal)

"""A build that would do again what the last one did answers at once, and only then."""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile

import pytest

import deckbuilder.build
from deckbuilder import cache
from deckbuilder.facts import kept
from deckbuilder.facts.load import load
from tests.helpers import HEADING, OWL, files_in, write_deck

HOUR = 3600


@pytest.fixture(autouse=True)
def work(monkeypatch):
    """How often something was really built."""
    done = []
    build = deckbuilder.build.build
    monkeypatch.setattr(deckbuilder.build, "build", lambda *a, **k: (done.append(1), build(*a, **k))[1])
    return done


def aged(file, seconds=HOUR):
    """A file that was saved a while ago. Its time of any change cannot be set, so the clock of the build goes on."""
    then = time.time() - seconds
    os.utime(file, (then, then))
    return file


@pytest.fixture
def _later(monkeypatch):
    """Builds are an hour after the files."""
    now = time.time_ns
    monkeypatch.setattr("deckbuilder.commands.build.time.time_ns", lambda: now() + HOUR * 10**9)


@pytest.fixture
def deck(tmp_path, _later):
    return aged(write_deck(tmp_path, HEADING + OWL, "cards/birds.yaml"))


@pytest.mark.usefixtures("_later")
def test_a_change_in_a_file_with_an_ending_in_capitals_is_built(run, tmp_path, work):
    file = aged(write_deck(tmp_path, HEADING + OWL, "cards/BIRDS.YAML"))
    run("build")
    aged(write_deck(file.parent, HEADING + OWL.replace("night", "dusk"), file.name))
    run("build")
    assert len(work) == 2


@pytest.mark.usefixtures("_later")
@pytest.mark.parametrize("links", [("loop",), ("loop", "again")])
@pytest.mark.parametrize("name", ["cards/birds.yaml", "cards/birds/deck.yaml"])
def test_links_that_lead_back_to_their_folder_are_not_followed_for_ever(run, tmp_path, work, links, name):
    file = aged(write_deck(tmp_path, HEADING + OWL, name))
    for link in links:
        file.with_name(link).symlink_to(file.parent, target_is_directory=True)
    assert run("build").code == 0
    assert run("build").code == 0
    assert len(work) == 1


@pytest.mark.usefixtures("deck")
def test_building_again_without_a_change_says_the_same_and_does_nothing(run, tmp_path, work):
    first = run("build")
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file()}
    again = run("build")
    assert (again, len(work)) == (first, 1)
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize(
    "change",
    [
        lambda deck: write_deck(deck.parent, HEADING + OWL.replace("night", "dusk"), "birds.yaml"),
        lambda deck: aged(write_deck(deck.parent, HEADING + OWL.replace("night", "light"), "birds.yaml")),
        lambda deck: (deck.parent / "birds.lock").write_text("damaged"),
        lambda deck: (deck.parent.parent / "dist" / "birds.apkg").unlink(),
        lambda deck: (deck.parent.parent / "dist" / "birds.apkg").write_bytes(b"another"),
        lambda deck: write_deck(deck.parent, HEADING.replace("birds", "more") + OWL, "more.yaml"),
        lambda deck: (deck.parent / ".birds.journal").write_text("[{}, []]"),
        lambda deck: deck.rename(deck.with_name("owls.yaml")),
    ],
    ids=["words", "words of one length", "lock", "no package", "package", "another deck", "journal", "renamed"],
)
def test_any_change_is_built(run, deck, work, change):
    run("build")
    change(deck)
    run("build")
    assert len(work) == 2


@pytest.mark.usefixtures("deck")
def test_a_picture_that_changed_is_built(run, tmp_path, work):
    picture = "    image: {file: owl.svg, alt: An owl}\n"
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="1"/>'
    aged(write_deck(tmp_path, svg.format(1), "cards/owl.svg"))
    owl = OWL.replace("definition: A bird that hunts at night.", "definition:\n      text: A bird.\n  " + picture)
    aged(write_deck(tmp_path, HEADING + owl, "cards/birds.yaml"))
    assert run("build").code == 0
    run("build")
    assert len(work) == 1
    write_deck(tmp_path, svg.format(2), "cards/owl.svg")
    run("build")
    assert len(work) == 2


def test_a_file_saved_while_or_just_before_a_build_ran_is_read_again(run, tmp_path, work):
    write_deck(tmp_path, HEADING + OWL, "cards/birds.yaml")
    run("build")
    run("build")
    assert len(work) == 2


@pytest.mark.usefixtures("deck")
def test_a_deck_with_a_problem_is_told_each_time(run, tmp_path, work):
    aged(write_deck(tmp_path, HEADING + OWL.replace("term", "trem"), "cards/birds.yaml"))
    first = run("build")
    assert (run("build"), len(work)) == (first, 2)
    assert first.code == 1


@pytest.mark.usefixtures("deck")
def test_other_options_ask_anew(run, work):
    run("build")
    run("build", "--no-cache")
    run("build", "--locked")
    run("build", "cards", "-o", "elsewhere")
    assert len(work) == 4


@pytest.mark.usefixtures("deck")
@pytest.mark.parametrize("damage", [b"", b"\0" * 40, b"{}", b"[" * 5000])
def test_a_damaged_cache_counts_as_none(run, work, damage):
    first = run("build")
    for entry in cache.folder().iterdir():
        entry.write_bytes(damage)
    assert run("build") == first
    for entry in cache.folder().iterdir():
        cache.write(entry.name, [damage])
    assert run("build") == first
    assert len(work) == 3


@pytest.mark.usefixtures("deck")
@pytest.mark.skipif(os.name != "posix", reason="Windows keeps such folders to their user by itself")
def test_a_cache_that_others_could_write_is_not_used(run, work):
    run("build")
    cache.folder().chmod(0o777)
    run("build")
    assert len(work) == 2


@pytest.mark.usefixtures("deck")
def test_without_a_place_for_a_cache_decks_are_built_all_the_same(run, tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "folder", lambda: write_deck(tmp_path, "", "a file") / "cache")
    assert run("build").code == run("build").code == 0


@pytest.mark.usefixtures("deck")
def test_with_and_without_a_cache_the_same_files_come_out(run, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    run("build", "--no-cache")
    without = files_in(tmp_path / "dist") | files_in(tmp_path / "cards")
    for _ in range(2):
        run("build")
        assert files_in(tmp_path / "dist") | files_in(tmp_path / "cards") == without


@pytest.fixture
def read(monkeypatch):
    """The files that were read from their YAML."""
    files = []
    values = kept.read_values
    monkeypatch.setattr(kept, "read_values", lambda source: (files.append(source.file.name), values(source))[1])
    return files


def test_only_a_file_that_changed_is_read_from_its_yaml_again(run, tmp_path, read):
    write_deck(tmp_path, HEADING, "birds/deck.yaml")
    write_deck(tmp_path, OWL, "birds/owls.yaml")
    write_deck(tmp_path, OWL.replace("owl", "hawk").replace("Owl", "Hawk").replace("night", "day"), "birds/hawks.yaml")
    run("build", "birds")
    assert sorted(read) == ["deck.yaml", "hawks.yaml", "owls.yaml"]
    read.clear()
    write_deck(tmp_path, OWL.replace("night", "dusk"), "birds/owls.yaml")
    assert run("build", "birds").code == 0
    assert read == ["owls.yaml"]
    with sqlite3.connect(":memory:") as collection:
        collection.deserialize(zipfile.ZipFile(tmp_path / "dist" / "birds.apkg").read("collection.anki2"))
        (rows,) = zip(*collection.execute("SELECT flds FROM notes"), strict=True)
    assert sum("dusk" in row for row in rows) == 1
    assert len(rows) == 2


@pytest.mark.parametrize("damage", [b"", b"{", b"[" * 5000])
def test_a_value_of_the_cache_that_is_damaged_is_read_from_its_yaml_again(run, tmp_path, read, damage):
    write_deck(tmp_path, HEADING, "birds/deck.yaml")
    write_deck(tmp_path, OWL, "birds/owls.yaml")
    first = run("build", "birds")
    (entry,) = (entry.name for entry in cache.folder().iterdir() if entry.name.startswith("values-"))
    whole = cache.read(entry)
    program, heading, owls = whole.splitlines()
    hash_of_text = owls[: owls.index(b"{")]
    cache.write(entry, [b"\n".join([program, heading, hash_of_text + damage, b""])])
    assert run("build", "birds") == first
    assert read == ["deck.yaml", "owls.yaml", "owls.yaml"]
    assert cache.read(entry) == whole


@pytest.fixture
def no_temporary_files(monkeypatch, tmp_path):
    monkeypatch.setattr("deckbuilder.spool._HELD", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "a folder that is not there"))


@pytest.mark.usefixtures("no_temporary_files")
def test_without_room_for_values_nothing_is_kept_and_the_deck_is_read(tmp_path):
    write_deck(tmp_path, HEADING, "birds/deck.yaml")
    write_deck(tmp_path, OWL, "birds/owls.yaml")
    loaded = load([tmp_path / "birds"])
    assert (loaded.problems, list(loaded.decks[0].concepts)) == ((), ["owl"])
    assert list(cache.folder().glob("values-*")) == []


def test_two_files_with_one_text_are_kept_once(run, tmp_path, read):
    for name in ("deck", "empty", "empty-too"):
        write_deck(tmp_path, HEADING + OWL if name == "deck" else "concepts: {}\n", f"birds/{name}.yaml")
    assert run("build", "birds").code == 0
    read.clear()
    write_deck(tmp_path, HEADING + OWL.replace("night", "dusk"), "birds/deck.yaml")
    assert run("build", "birds").code == 0
    assert read == ["deck.yaml"]


def test_of_a_deck_of_one_file_no_values_are_kept(run, tmp_path):
    """If the file has not changed, neither has the deck, and nothing is read at all."""
    write_deck(tmp_path, HEADING + OWL)
    run("build", "birds.yaml")
    assert list(cache.folder().glob("values-*")) == []


def test_a_file_with_a_mistake_is_told_of_as_before(run, tmp_path, read):
    write_deck(tmp_path, HEADING, "birds/deck.yaml")
    write_deck(tmp_path, OWL.replace("term: Owl", "term: Owl\n    term: Owl"), "birds/owls.yaml")
    first = run("build", "birds")
    assert run("build", "birds") == first
    assert "[duplicate-key]" in first.err
    assert read == ["deck.yaml", "owls.yaml", "owls.yaml"]


def test_two_builds_at_once_share_a_cache_and_make_the_same(tmp_path):
    write_deck(tmp_path, HEADING + OWL, "one/birds.yaml")
    write_deck(tmp_path, HEADING + OWL, "two/birds.yaml")
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "SOURCE_DATE_EPOCH": "1700000000"}
    for _ in range(2):
        command = [sys.executable, "-m", "deckbuilder", "build"]
        both = [
            subprocess.Popen([*command, name, "-o", f"{name}/dist"], cwd=tmp_path, env=environment)  # noqa: S603
            for name in ("one", "two")
        ]
        assert [process.wait() for process in both] == [0, 0]
        assert files_in(tmp_path / "one") == files_in(tmp_path / "two")

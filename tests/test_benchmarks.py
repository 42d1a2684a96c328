"""What the benchmarks compare is comparable: the straightforward program makes the same notes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import deckbuilder
from deckbuilder.package.read import read_package

BENCHMARKS = Path(deckbuilder.__file__).parents[1] / "benchmarks"


@pytest.fixture
def facts(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import facts  # noqa: PLC0415 - a script's part

    return facts


def notes_in(package):
    shipped, problems = read_package(package)
    assert not problems
    return {note.guid: (note.type_id, note.row, frozenset(note.tags), note.ords) for note in shipped.notes}


def test_the_opponent_makes_the_same_notes(run, tmp_path, facts):
    facts.write_deck(tmp_path / "deck", facts=1000, files=5)
    assert run("build", "deck", "-o", "ours").code == 0
    command = [sys.executable, BENCHMARKS / "naive.py", "deck", "naive"]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONWARNINGS": "ignore"})  # noqa: S603
    ours, theirs = notes_in(tmp_path / "ours/benchmark.apkg"), notes_in(tmp_path / "naive/benchmark.apkg")
    assert len(ours) == 720
    assert ours == theirs


def test_a_deck_to_measure_with_has_every_kind_of_card_and_no_error(run, tmp_path, facts):
    facts.write_deck(tmp_path / "deck", facts=100, files=3)
    ran = run("build", "deck")
    assert "error" not in ran.err
    kinds = [line.split()[0] for line in ran.out.splitlines()[1:8]]
    assert kinds == ["definition", "contrast", "cloze", "question", "mechanism", "list", "classification"]

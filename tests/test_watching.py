"""`check --watch`: the review at each save, in a process of its own as an author leaves it running."""

import os
import queue
import signal
import subprocess
import sys
import threading

import pytest

from tests.helpers import HEADING, OWL, write_deck

PATIENCE = 30


class Watched:
    """A running `deckbuilder check --watch` and what it says, line by line."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "deckbuilder", "check", "--watch"],
            cwd=folder,
            env={**os.environ, "PYTHONUTF8": "1"},
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def look(self):
        """All that is said up to the next waiting."""
        said = []
        while not said or "Ctrl-C" not in said[-1]:
            said.append(self.lines.get(timeout=PATIENCE))
        return "".join(said)


@pytest.fixture
def watched(tmp_path):
    write_deck(tmp_path, HEADING + OWL, "cards/birds.yaml")
    running = Watched(tmp_path)
    yield running
    running.process.kill()
    running.process.wait()
    running.process.stdout.close()


def test_each_save_is_reviewed_again(watched, tmp_path):
    assert "defintion" not in watched.look()
    write_deck(tmp_path, HEADING + OWL.replace("definition", "defintion"), "cards/birds.yaml")
    assert "unknown key 'defintion'" in watched.look()
    write_deck(tmp_path, HEADING + OWL, "cards/birds.yaml")
    assert "defintion" not in watched.look()


def test_a_save_of_the_theme_is_reviewed_too(watched, tmp_path):
    watched.look()
    write_deck(tmp_path, ".context { color: #999999; }", "cards/theme.css")
    watched.look()
    write_deck(tmp_path, HEADING.replace("name: Birds", "name: Birds, theme: theme.css") + OWL, "cards/birds.yaml")
    assert "#999999 on #ffffff has a contrast of 2.8:1" in watched.look()
    write_deck(tmp_path, ".context { color: var(--quiet); }", "cards/theme.css")
    assert "has a contrast of" not in watched.look()


def test_a_new_file_and_a_removed_one_are_seen(watched, tmp_path):
    watched.look()
    other = write_deck(tmp_path, "format: 2\ndeck: {id: fish, name: Fish}\n", "cards/fish.yaml")
    assert "fish.yaml" in watched.look()
    other.unlink()
    assert "fish.yaml" not in watched.look()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_ends_it_without_a_complaint(watched):
    watched.look()
    watched.process.send_signal(signal.SIGINT)
    assert watched.process.wait(timeout=PATIENCE) == 0
    assert watched.lines.empty()

from dataclasses import dataclass

import pytest

from deckbuilder.commands.cli import run as run_deckbuilder
from tests.browser import chromium  # noqa: F401 - a fixture


@dataclass(frozen=True)
class Ran:
    """What a command left behind: its exit code, and what it wrote."""

    code: int
    out: str
    err: str


def pytest_collection_modifyitems(items):
    """The longest test begins first: at the end, one processor would be busy with it while the others are idle."""
    items.sort(key=lambda item: item.path.name != "test_history_property.py")


@pytest.fixture(autouse=True)
def no_cache_of_the_user(tmp_path_factory, monkeypatch):
    """Each test begins with an empty cache of its own."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr("deckbuilder.cache.folder", lambda: folder / "deckbuilder")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """The command line, as if typed in an empty folder: `run("build", "cards")`."""
    monkeypatch.chdir(tmp_path)

    def type_in(*words):
        capsys.readouterr()
        code = run_deckbuilder([str(word) for word in words])
        written = capsys.readouterr()
        return Ran(code, written.out, written.err)

    return type_in

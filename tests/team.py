"""The repository that docs/teams.md describes, laid out from the page itself, with real git."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import deckbuilder

ROOT = Path(deckbuilder.__file__).parents[1]
PAGE = ROOT / "docs" / "teams.md"
PLACEHOLDER = "https://github.com/OWNER/anki-deckbuilder"
OWLS = "cards/birds/owls.yaml"
PENGUINS = "cards/birds/penguins.yaml"
LOCK = "cards/birds/birds.lock"
PACKAGE = "dist/birds.apkg"
PROJECT = (
    ".github",
    ".pre-commit-hooks.yaml",
    "LICENSE",
    "README.md",
    "action.yml",
    "constraints.txt",
    "deckbuilder",
    "pyproject.toml",
)
EPOCH = 1_800_000_000

_PERSON = {"NAME": "Ada", "EMAIL": "ada@school.example"}
_FILE = re.compile(r"^### `([^`]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def page():
    return PAGE.read_text(encoding="utf-8")


def files_of_the_page():
    """The files of the repository, by their path."""
    return dict(_FILE.findall(page()))


def environment(home, **more):
    """What a program finds around it: nobody's own git settings, and no GitHub."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "GITHUB_", "PRE_COMMIT", "RUNNER_", "COV_"))
    }
    names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _PERSON.items()}
    settings = {"GIT_CONFIG_GLOBAL": str(home / "gitconfig"), "GIT_CONFIG_NOSYSTEM": "1", "PYTHONUTF8": "1"}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]])
    return kept | names | settings | {"PATH": path, "SOURCE_DATE_EPOCH": str(EPOCH)} | more


class Repository:
    """A folder with git in it, in which commands are typed."""

    def __init__(self, folder, home):
        self.folder = Path(folder)
        self.env = environment(Path(home))

    def run(self, *words, code=0, **more):
        """Type a command; its exit code must be `code`, unless that is None."""
        ran = subprocess.run(  # noqa: S603 - the tests' own words
            [str(word) for word in words],
            capture_output=True,
            check=False,
            cwd=self.folder,
            encoding="utf-8",
            env=self.env | more,
        )
        assert code in {None, ran.returncode}, f"{words}: {ran.returncode}\n{ran.stdout}\n{ran.stderr}"
        return ran

    def git(self, *words, code=0):
        return self.run("git", *words, code=code).stdout

    def deckbuilder(self, *words, code=0):
        return self.run("deckbuilder", *words, code=code)

    def write(self, files):
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def change(self, name, old, new):
        text = self.read(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write({name: text.replace(old, new)})

    def commit(self, message="A change"):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD").strip()


def team(folder, home):
    """The repository of the page, built and committed on the branch main."""
    Path(folder).mkdir(parents=True)
    repository = Repository(folder, home)
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.write(files_of_the_page())
    repository.deckbuilder("build")
    repository.commit("A deck about birds")
    return repository


def copy_of(repository, folder):
    """The same repository in another folder."""
    shutil.copytree(repository.folder, folder)
    return Repository(folder, Path(folder).parent)


def copy_of_this_project(folder):
    """What this project installs and runs from, as it stands; an installation can leave its traces there."""
    Path(folder).mkdir()
    for name in PROJECT:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder

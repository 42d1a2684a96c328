"""The hooks, run by pre-commit itself on the repository of docs/teams.md.

Each test runs twice: with the program that is installed here, and (slow) in the environment that pre-commit makes
from a copy of this project, as it does for a team. That one needs the internet once.
"""

import re
import shutil
import sys

import pytest
import yaml

from tests.helpers import files_in
from tests.team import (
    LOCK,
    OWLS,
    PACKAGE,
    PENGUINS,
    PLACEHOLDER,
    ROOT,
    Repository,
    copy_of,
    copy_of_this_project,
    page,
    team,
)

pytest.importorskip("pre_commit")
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="works with git")

CONFIG = ".pre-commit-config.yaml"
ROCKS = """\
format: 1
deck: {id: rocks, name: Rocks}
sources: {handbook: {title: Handbook of rocks, date: 2024}}
default_source: handbook
concepts:
  granite: {term: Granite, definition: A rock of quartz and feldspar.}
"""
HOOKS = ROOT / ".pre-commit-hooks.yaml"


@pytest.fixture(scope="module")
def birds(tmp_path_factory):
    home = tmp_path_factory.mktemp("team")
    return team(home / "birds", home)


@pytest.fixture(
    scope="module", params=["installed here", pytest.param("installed by pre-commit", marks=pytest.mark.slow)]
)
def hooks(request, tmp_path_factory):
    """From the page's configuration to one that finds the hooks on this machine; and where pre-commit keeps things."""
    home = tmp_path_factory.mktemp("pre-commit")
    if request.param == "installed here":
        return with_local_hooks, home / "cache"
    project = project_in_git(home)
    return lambda config: config.replace(PLACEHOLDER, project.as_posix()), home / "cache"


def with_local_hooks(config):
    """The same hooks, and a program that is there already."""
    (repo,) = yaml.safe_load(config)["repos"]
    manifest = {hook["id"]: hook for hook in yaml.safe_load(HOOKS.read_text(encoding="utf-8"))}
    chosen = [manifest[hook["id"]] | hook | {"language": "system"} for hook in repo["hooks"]]
    return yaml.safe_dump({"repos": [{"repo": "local", "hooks": chosen}]})


def project_in_git(home):
    """A clone of this project as it stands, under the version that the page names."""
    folder = copy_of_this_project(home / "anki-deckbuilder")
    project = Repository(folder, home)
    project.git("init", "--quiet")
    project.commit()
    project.git("tag", *set(re.findall(r"rev: (\S+)", page())))
    return folder


@pytest.fixture
def repository(birds, hooks, tmp_path):
    """A clone of the team's repository, with the hooks set up."""
    configured, cache = hooks
    clone = copy_of(birds, tmp_path / "birds")
    clone.env["PRE_COMMIT_HOME"] = str(cache)
    clone.configure = lambda config: clone.write({CONFIG: configured(config)})
    clone.configure(clone.read(CONFIG))
    clone.run(sys.executable, "-m", "pre_commit", "install")
    clone.git("add", CONFIG)
    clone.git("commit", "--quiet", "--no-verify", "--message", "Hooks of this machine")
    return clone


def try_to_commit(repository):
    """Commit everything; the exit code, and what the hooks say."""
    repository.git("add", "--all")
    ran = repository.run("git", "commit", "--quiet", "--message", "A change", code=None)
    return ran.returncode, ran.stdout + ran.stderr


def outcome(said, hook):
    """Passed, Failed or Skipped."""
    (found,) = re.findall(rf"^{re.escape(hook)}\.+(?:\(no files to check\))?(\w+)$", said, re.MULTILINE)
    return found


def as_shown(said, hook):
    """What a hook said, as the page shows it: the line that it failed, and the lines below."""
    _, _, below = said.partition(f"- hook id: {hook}\n")
    return f"- hook id: {hook}\n{below}".partition("\n\n")[0] + "\n\n" + below.partition("\n\n")[2].partition("\n\n")[0]


def text_blocks():
    return [
        re.sub("^   ", "", block, flags=re.MULTILINE) for block in re.findall(r"```text\n(.*?)```", page(), re.DOTALL)
    ]


def test_pre_commit_accepts_the_list_of_hooks(tmp_path):
    Repository(tmp_path, tmp_path).run(sys.executable, "-m", "pre_commit", "validate-manifest", HOOKS)


def test_a_good_deck_passes(repository):
    before = files_in(repository.folder / "cards") | files_in(repository.folder / "dist")
    said = repository.run(sys.executable, "-m", "pre_commit", "run", "--all-files").stdout
    assert outcome(said, "deckbuilder check") == "Passed"
    assert outcome(said, "deckbuilder build --locked") == "Passed"
    assert files_in(repository.folder / "cards") | files_in(repository.folder / "dist") == before


def test_a_change_with_its_build_is_committed(repository):
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.deckbuilder("build")
    code, said = try_to_commit(repository)
    assert code == 0, said
    assert repository.git("show", "--name-only", "--format=").split() == [LOCK, OWLS, PACKAGE]


def test_a_mistake_stops_the_commit_and_is_shown_as_on_the_page(repository):
    repository.change(OWLS, "definition:", "definiton:")
    code, said = try_to_commit(repository)
    assert code == 1
    assert f"{OWLS}:4:5: error: unknown key 'definiton' [schema]" in said
    assert any(as_shown(said, "deckbuilder-check") in block for block in text_blocks())
    assert repository.git("log", "--format=%s").startswith("Hooks of this machine\n")


def test_a_mistake_is_told_once_for_a_deck_of_several_files(repository):
    for file in (OWLS, PENGUINS):
        repository.change(file, "definition:", "definiton:")
    _, said = try_to_commit(repository)
    checked = said.partition("deckbuilder build --locked")[0]
    assert [checked.count(f"{file}:4:5: error:") for file in (OWLS, PENGUINS)] == [1, 1]


def test_one_changed_file_is_reviewed_with_the_others_of_its_deck(repository):
    repository.change(OWLS, "    term: Owl\n", "    term: Owl\n    contrasts: [penguin]\n")
    repository.change(PENGUINS, "    term: Penguin\n", "    term: Penguin\n    contrasts: [owl]\n")
    repository.deckbuilder("build")
    repository.git("add", PENGUINS, LOCK, PACKAGE)
    repository.git("commit", "--quiet", "--no-verify", "--message", "One half")
    code, said = try_to_commit(repository)
    assert outcome(said, "deckbuilder check") == "Passed", said
    assert code == 0


def test_facts_without_a_build_stop_the_commit_as_on_the_page(repository):
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    code, said = try_to_commit(repository)
    assert code == 1
    assert outcome(said, "deckbuilder check") == "Passed"
    assert any(as_shown(said, "deckbuilder-locked") in block for block in text_blocks())


def test_a_build_that_is_not_staged_does_not_count(repository):
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.git("add", OWLS)
    repository.deckbuilder("build")
    ran = repository.run("git", "commit", "--quiet", "--message", "Facts alone", code=1)
    assert f"{LOCK}: error: would change [not-locked]" in ran.stdout + ran.stderr


def test_a_new_lock_that_is_not_staged_is_missed_as_the_page_admits(repository):
    repository.write({"cards/rocks.yaml": ROCKS})
    repository.deckbuilder("build")
    repository.git("add", "cards/rocks.yaml")
    assert repository.run("git", "commit", "--quiet", "--message", "Facts alone").returncode == 0


def test_a_merge_is_committed_once_it_is_built(repository):
    for branch, file, old in (("one", OWLS, "are soft."), ("two", PENGUINS, "dense feathers.")):
        repository.git("checkout", "--quiet", "-b", branch, "main")
        repository.change(file, old, old.replace(".", ", too."))
        repository.deckbuilder("build")
        repository.git("add", "cards", "dist")
        repository.git("commit", "--quiet", "--no-verify", "--message", branch)
    repository.git("merge", "one", code=1)
    repository.git("add", "cards", "dist")
    told = repository.run("git", "commit", "--no-edit", code=1)
    assert outcome(told.stdout + told.stderr, "deckbuilder build --locked") == "Failed"
    repository.deckbuilder("build")
    repository.git("add", "cards", "dist")
    repository.git("commit", "--quiet", "--no-edit")
    assert len(repository.git("log", "-1", "--format=%P").split()) == 2


def test_deleting_a_file_of_a_deck_is_seen_by_the_locked_build(repository):
    (repository.folder / PENGUINS).unlink()
    code, said = try_to_commit(repository)
    assert code == 1
    assert outcome(said, "deckbuilder check") == "Skipped"
    assert outcome(said, "deckbuilder build --locked") == "Failed"


def test_yaml_that_is_no_deck_is_not_touched(repository):
    others = {
        "mkdocs.yml": "site_name: Birds\nemoji: !!python/name:material.extensions.emoji.twemoji\n",
        ".github/workflows/pages.yml": "on: push\njobs: {}\n",
        "docs/cards/broken.yaml": "a: b: [\n",
        "cards/birds/.draft.yaml": "concepts: not yet\n",
        "cards/.trash/old.yaml": "a: b: [\n",
    }
    repository.write(others)
    code, said = try_to_commit(repository)
    assert code == 0, said
    assert outcome(said, "deckbuilder check") == "Skipped"
    assert {name: repository.read(name) for name in others} == others
    said = repository.run(sys.executable, "-m", "pre_commit", "run", "--all-files").stdout
    assert outcome(said, "deckbuilder check") == "Passed"


def test_warnings_stop_the_commit_where_the_team_asks_for_it(repository, birds):
    repository.change(OWLS, "are soft.", "are soft, etc.")
    repository.deckbuilder("build")
    code, said = try_to_commit(repository)
    assert code == 1
    assert re.search(rf"^{OWLS}:\d+:\d+: warning: .* \[vague-answer\]$", said, re.MULTILINE)
    repository.configure(birds.read(CONFIG).replace("        args: [--strict]\n", ""))
    code, said = try_to_commit(repository)
    assert code == 0, said


def test_decks_in_another_folder_are_named_as_on_the_page(repository, birds):
    shown = next(block for block in re.findall(r"```yaml\n(.*?)```", page(), re.DOTALL) if "^decks/" in block)
    hooks = birds.read(CONFIG)
    repository.configure(hooks.partition("      - id:")[0] + shown)
    repository.git("mv", "cards", "decks")
    repository.git("mv", "dist", "packages")
    repository.write({"cards/recipes.yaml": "onions: 3\n"})
    code, said = try_to_commit(repository)
    assert code == 0, said
    assert outcome(said, "deckbuilder check") == "Passed"
    repository.change("decks/birds/owls.yaml", "definition:", "definiton:")
    code, said = try_to_commit(repository)
    assert code == 1
    assert "decks/birds/owls.yaml:4:5: error:" in said

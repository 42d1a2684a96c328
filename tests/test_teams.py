"""What docs/teams.md promises to a team, done on the repository that the page describes."""

import os
import re
import shutil
import sys

import pytest
import yaml

import deckbuilder
from tests.team import (
    EPOCH,
    LOCK,
    OWLS,
    PACKAGE,
    PENGUINS,
    PLACEHOLDER,
    ROOT,
    Repository,
    copy_of,
    files_of_the_page,
    page,
    team,
)

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="works with git")

ACTION = "OWNER/anki-deckbuilder"
WORKFLOWS = [".github/workflows/deck.yml", ".github/workflows/release.yml"]
LATER = {"SOURCE_DATE_EPOCH": str(EPOCH + 86_400)}


@pytest.fixture(scope="module")
def birds(tmp_path_factory):
    home = tmp_path_factory.mktemp("team")
    return team(home / "birds", home)


@pytest.fixture
def repository(birds, tmp_path):
    return copy_of(birds, tmp_path / "birds")


def read_yaml(text):
    # YAML takes `on` for a truth value; GitHub takes it for a word.
    return yaml.safe_load(re.sub(r"^on:", '"on":', text, flags=re.MULTILINE))


def action():
    return read_yaml((ROOT / "action.yml").read_text(encoding="utf-8"))


def steps_of(workflow):
    return [step for job in read_yaml(files_of_the_page()[workflow])["jobs"].values() for step in job["steps"]]


def table_under(title):
    """The rows of all tables of a section, by the names in their first cells."""
    _, _, text = page().partition(f"\n## {title}\n")
    rows = re.findall(r"^\| `([\w-]+)` \| (.*) \|$", text.partition("\n## ")[0], re.MULTILINE)
    return {name: cells.split(" | ") for name, cells in rows}


# --------------------------------------------------------------------- the page


def test_the_tree_shows_the_files_of_the_repository(repository):
    repository.run("deckbuilder", "release", "cards/birds")
    there = {
        file.relative_to(repository.folder).as_posix()
        for file in repository.folder.rglob("*")
        if file.is_file() and ".git" not in file.relative_to(repository.folder).parts
    }
    tree = re.search(r"## The repository\n\n```text\n(.*?)```", page(), re.DOTALL)[1]
    shown, folders = set(), []
    for line in tree.splitlines():
        name = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 2
        folders = [*folders[:depth], name]
        if not name.endswith("/"):
            shown.add("".join(folders))
    assert shown == there


def test_all_versions_on_the_page_are_that_of_the_program():
    files = files_of_the_page()
    (hooks,) = read_yaml(files[".pre-commit-config.yaml"])["repos"]
    assert hooks["repo"] == PLACEHOLDER
    named = {hooks["rev"], *re.findall(rf"{ACTION}@([\w.]+)", page())}
    assert named == {f"v{deckbuilder.__version__}"}


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_workflows_give_the_action_only_inputs_that_it_has(workflow):
    (given,) = [step.get("with", {}) for step in steps_of(workflow) if step.get("uses", "").startswith(ACTION)]
    assert set(given) <= set(action()["inputs"])


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_workflows_are_as_github_asks_for(workflow, tmp_path):
    pytest.importorskip("check_jsonschema")
    file = tmp_path / "workflow.yml"
    file.write_text(files_of_the_page()[workflow], encoding="utf-8")
    words = ["check_jsonschema", "--builtin-schema", "vendor.github-workflows", file]
    Repository(tmp_path, tmp_path).run(sys.executable, "-m", *words)


def test_the_page_names_every_input_with_its_default_and_every_output():
    inputs, outputs = action()["inputs"], action()["outputs"]
    told = table_under("The action")
    assert set(told) == set(inputs) | set(outputs)
    defaults = {name: f"`{value['default']}`" for name, value in inputs.items()}
    assert {name: told[name][0] for name in inputs} == defaults | {"github-token": "the job's own"}


def test_the_page_names_every_hook():
    hooks = read_yaml((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    told = table_under("The hooks")
    assert {hook["id"] for hook in hooks} <= set(told)
    files, exclude = hooks[0]["files"], hooks[0]["exclude"].replace("|", r"\|")
    assert f"Takes the place of `{files}`." in told["files"][0]
    assert f"Takes the place of `{exclude}`." in told["exclude"][0]


# --------------------------------------------------------------------- the repository


def test_the_deck_of_the_page_has_nothing_to_mend(repository):
    assert repository.deckbuilder("check", "--strict").stdout == "Nothing to mend.\n"
    repository.deckbuilder("build", "--locked")


def test_two_branches_that_changed_two_facts_are_merged_by_building_again(repository):
    repository.git("checkout", "--quiet", "-b", "owls")
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.deckbuilder("build")
    repository.commit("Owls")
    repository.git("checkout", "--quiet", "main")
    repository.change(PENGUINS, "A layer of fat", "A thick layer of fat")
    repository.run("deckbuilder", "build", **LATER)
    repository.commit("Penguins")
    repository.git("checkout", "--quiet", "owls")

    merge = repository.git("merge", "main", code=1)
    assert f"Merge conflict in {PACKAGE}" in merge
    assert merge.count("Merge conflict") == 1
    repository.deckbuilder("build")
    repository.git("add", "cards", "dist")
    repository.git("commit", "--quiet", "--no-edit")

    repository.deckbuilder("build", "--locked")
    assert repository.git("status", "--porcelain") == ""
    said = repository.deckbuilder("diff", "--against", released(repository, "main~1")).stdout
    assert "0 new, 2 changed, 0 withdrawn, 4 unchanged" in said


def test_two_branches_that_changed_the_same_note_keep_its_identity(repository):
    before = identity_of(repository, "birds/owl/question/silent")
    for branch, words in {"fringed": "are soft and fringed.", "velvet": "are soft as velvet."}.items():
        repository.git("checkout", "--quiet", "-b", branch, "main")
        repository.change(OWLS, "are soft.", words)
        repository.deckbuilder("build")
        repository.commit(branch)
    merge = repository.git("merge", "fringed", code=1)
    assert f"Merge conflict in {OWLS}" in merge
    assert f"Merge conflict in {LOCK}" not in merge
    repository.git("checkout", "--ours", OWLS)
    repository.deckbuilder("build")
    repository.commit("Merge")
    repository.deckbuilder("build", "--locked")
    assert identity_of(repository, "birds/owl/question/silent") == before


def test_a_merge_is_taken_back_as_the_page_says_and_students_are_corrected(repository):
    repository.git("checkout", "--quiet", "-b", "owls")
    repository.change(OWLS, "are soft.", "are hard.")
    repository.change(OWLS, "  owl:", "  elf-owl: {term: Elf owl, definition: An owl of ice.}\n  owl:")
    repository.deckbuilder("build")
    repository.commit("Owls")
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--no-edit", "owls")
    repository.run("deckbuilder", "release", "cards/birds", **LATER)
    repository.commit("A release")

    repository.git("revert", "--no-commit", "-m", "1", "main~1", code=None)
    assert "hard" not in repository.read(OWLS)
    repository.git("checkout", "HEAD", "--", LOCK, "dist")
    said = repository.deckbuilder("diff", "--accept-removals").stdout
    assert "0 new, 1 changed, 1 withdrawn, 5 unchanged" in said
    assert "Touches 2 notes" in said
    repository.deckbuilder("build", "--accept-removals")
    repository.commit("Taken back")
    repository.deckbuilder("release", "cards/birds")


def test_a_merge_that_nobody_built_is_told_by_the_locked_build(repository):
    for branch, file, old in (("one", OWLS, "are soft."), ("two", PENGUINS, "dense feathers.")):
        repository.git("checkout", "--quiet", "-b", branch, "main")
        repository.change(file, old, old.replace(".", ", too."))
        repository.deckbuilder("build")
        repository.commit(branch)
    repository.git("merge", "one", code=1)
    repository.commit("Merge, with the package of one side")
    assert f"{PACKAGE}: error: would change [not-locked]" in repository.deckbuilder("build", "--locked", code=1).stderr


def test_without_the_attributes_a_conflict_in_the_lock_is_told_as_the_page_shows(repository):
    repository.write({".gitattributes": "*.apkg binary\n"})
    repository.commit("No union")
    for branch, words in {"fringed": "are soft and fringed.", "velvet": "are soft as velvet."}.items():
        repository.git("checkout", "--quiet", "-b", branch, "main")
        repository.change(OWLS, "are soft.", words)
        repository.deckbuilder("build")
        repository.commit(branch)
    repository.git("merge", "fringed", code=1)
    repository.git("checkout", "--ours", OWLS)
    told = repository.deckbuilder("build", code=1).stderr.replace("\\", "/").partition("\n\n")[0]
    assert f"```text\n{told}\n```" in page()


def test_the_release_workflow_publishes_the_packages_with_the_newest_changes(repository, tmp_path):
    repository.deckbuilder("release", "cards/birds")
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.run("deckbuilder", "release", "cards/birds", **LATER)
    script = steps_of(WORKFLOWS[1])[-1]
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\ncat "$RUNNER_TEMP/notes.md"\n', encoding="utf-8")
    gh.chmod(0o755)
    path = os.pathsep.join([str(gh.parent), repository.env["PATH"]])
    names = {"PATH": path, "RUNNER_TEMP": str(tmp_path), "TAG": "v1.1"}
    assert "${{" not in script["run"]
    said = repository.run("bash", "-eo", "pipefail", "-c", script["run"], **names).stdout
    assert said.startswith(f"release\ncreate\nv1.1\n{PACKAGE}\n--verify-tag\n--title\nv1.1\n")
    assert "## 1.1 " in said
    assert "**soft and fringed.**" in said
    assert "## 1.0 " not in said


def identity_of(repository, key):
    (line,) = [line for line in repository.read(LOCK).splitlines() if line.startswith(f"note\t{key}\t")]
    return line.split("\t")[2]


def released(repository, commit):
    """The package as it was in a commit."""
    repository.git("worktree", "add", "--quiet", "../before", commit)
    return repository.folder.parent / "before" / PACKAGE

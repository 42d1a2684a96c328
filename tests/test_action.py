"""The action, step by step as a runner does it: with bash, in a shallow clone of the merged pull request.

GitHub itself cannot be had here. In its place stands a program `gh` that keeps what it is asked for.
"""

import json
import os
import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from tests.team import LOCK, OWLS, PACKAGE, PENGUINS, ROOT, Repository, copy_of, copy_of_this_project, page, team

pytestmark = [
    pytest.mark.skipif(shutil.which("git") is None, reason="works with git"),
    pytest.mark.skipif(os.name == "nt", reason="needs bash, and scripts that start by their first line"),
]

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = ACTION["runs"]["steps"]
PULL = 7
ATTACHED = "https://github.com/school/birds/actions/runs/1/artifacts/2"
LINK = f"\n[The cards before and after]({ATTACHED}), a page to download and open in a browser.\n"

REFUSED = "gh: Resource not accessible by integration (HTTP 403)"
# What `gh` does: it keeps its words and the body, prints the ids of comments that are there, and may be refused.
GH = f"""#!{sys.executable}
import json, os, pathlib, sys
words = sys.argv[1:]
body = next((pathlib.Path(word[6:]).read_text(encoding="utf-8") for word in words if word.startswith("body=@")), None)
with open(os.environ["GH_LOG"], "a", encoding="utf-8") as log:
    print(json.dumps({{"words": words, "body": body, "token": os.environ.get("GH_TOKEN")}}), file=log)
if os.environ["GH_REFUSES"] and os.environ["GH_REFUSES"] in words:
    sys.exit("{REFUSED}")
if "--paginate" in words:
    print(os.environ["GH_COMMENTS"])
"""


@dataclass
class Job:
    """What a run of the action left behind."""

    code: int = 0
    log: str = ""
    summary: str = ""
    outputs: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    attached: str = ""

    @property
    def annotations(self):
        return [line for line in self.log.splitlines() if re.match(r"::(error|warning|notice) ", line)]


@pytest.fixture(scope="module")
def birds(tmp_path_factory):
    home = tmp_path_factory.mktemp("team")
    return team(home / "birds", home)


@pytest.fixture
def repository(birds, tmp_path):
    """The team's repository on a branch of its own, to change something."""
    clone = copy_of(birds, tmp_path / "birds")
    # As on GitHub, whoever knows a commit can fetch it.
    clone.git("config", "uploadpack.allowAnySHA1InWant", "true")
    clone.git("checkout", "--quiet", "-b", "change")
    return clone


@pytest.fixture
def gh(tmp_path):
    """A folder with `gh` in it."""
    program = tmp_path / "bin" / "gh"
    program.parent.mkdir()
    program.write_text(GH, encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.fixture
def run_action(repository, gh, tmp_path):
    """Run the action on the pull request of what is committed in `repository`."""

    def run(*, event="pull_request", comments="", refuses="", install_from=None, **inputs):
        base = repository.git("rev-parse", "main").strip()
        ref = f"refs/pull/{PULL}/merge" if event == "pull_request" else "refs/heads/main"
        head = merged(repository) if event == "pull_request" else repository.git("rev-parse", "HEAD").strip()
        work = tmp_path / f"work-{len(list(tmp_path.iterdir()))}"
        runner = Repository(checked_out(repository, head, work), tmp_path)
        temp = tmp_path / f"{work.name}-temp"
        temp.mkdir()
        del runner.env["SOURCE_DATE_EPOCH"]
        runner.env |= {
            "GITHUB_ACTION_PATH": str(install_from or ROOT),
            "GITHUB_REF": ref,
            "GITHUB_REPOSITORY": "school/birds",
            "GITHUB_SHA": head,
            "GITHUB_STEP_SUMMARY": str(temp / "summary"),
            "RUNNER_TEMP": str(temp),
            "GH_LOG": str(temp / "gh"),
            "GH_COMMENTS": comments,
            "GH_REFUSES": refuses,
            "PATH": os.pathsep.join([str(gh.parent), runner.env["PATH"]]),
        }
        pull = {"number": str(PULL), "base": {"sha": base}} if event == "pull_request" else {}
        github = {"token": "the job's own", "event": {"pull_request": pull}}
        return play(runner, temp, github, inputs, install=install_from is not None)

    return run


def merged(repository):
    """The commit in which GitHub merges the branch into main, to be looked at."""
    tree = repository.git("rev-parse", "HEAD^{tree}").strip()
    parents = ["-p", repository.git("rev-parse", "main").strip(), "-p", repository.git("rev-parse", "HEAD").strip()]
    return repository.git("commit-tree", tree, *parents, "-m", "Merge").strip()


def checked_out(repository, commit, folder):
    """What actions/checkout leaves: one commit without its history."""
    folder.mkdir()
    work = Repository(folder, repository.folder.parent)
    work.git("init", "--quiet")
    work.git("remote", "add", "origin", repository.folder.as_uri())
    work.git("fetch", "--quiet", "--depth=1", "origin", commit)
    work.git("checkout", "--quiet", "--detach", commit)
    return folder


def play(runner, temp, github, inputs, *, install):
    """All steps with a script, in their order; a failed step stops those without a condition."""
    given = {name: value.get("default", "") for name, value in ACTION["inputs"].items()}
    given = {name: str(fill(value, {"github": github})) for name, value in given.items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    assert set(given) == set(ACTION["inputs"])
    steps = {"python": {"outputs": {"python-path": sys.executable}}}
    if not install:
        steps["install"] = {"outputs": {"python": sys.executable}}
    known = {"inputs": given, "github": github, "steps": steps}
    job = Job()
    for number, step in enumerate(STEPS):
        if step.get("id") in steps or not (holds(step["if"], known) if "if" in step else job.code == 0):
            continue
        if "uses" in step:
            # GitHub keeps the file and gives it an address.
            job.attached = Path(fill(step["with"]["path"], known)).read_text(encoding="utf-8")
            steps[step["id"]] = {"outputs": {"artifact-url": ATTACHED}}
            continue
        output = temp / f"output-{number}"
        output.touch()
        script = temp / f"step-{number}.sh"
        script.write_text(step["run"], encoding="utf-8")
        names = {name: str(fill(value, known)) for name, value in step["env"].items()} | {"GITHUB_OUTPUT": str(output)}
        ran = runner.run("bash", "--noprofile", "--norc", "-eo", "pipefail", script, code=None, **names)
        job.code = job.code or ran.returncode
        job.log += ran.stdout + ran.stderr
        outputs = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
        steps[step.get("id", str(number))] = {"outputs": outputs}
    job.outputs = {name: fill(value["value"], known) for name, value in ACTION["outputs"].items()}
    summary, log = temp / "summary", temp / "gh"
    job.summary = summary.read_text(encoding="utf-8") if summary.exists() else ""
    job.calls = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
    return job


def fill(text, known):
    """A value with its `${{ }}`: names, and `||` between them."""
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: next(filter(None, look_up(match[1], known)), ""), str(text))


def look_up(expression, known):
    for name in expression.split(" || "):
        value = known
        for key in name.split("."):
            value = value.get(key, {})
        yield value or ""


def holds(condition, known):
    """A condition of the two forms that the action uses."""
    terms = re.fullmatch(r"\$\{\{ (.*) \}\}", condition)[1].split(" && ")
    names = [re.fullmatch(r"([\w.]+) != ''", term)[1] for term in terms if term != "!cancelled()"]
    return all(next(look_up(name, known)) for name in names)


def written(job):
    """The comment that was written or replaced: how, where, and its text."""
    found = [call for call in job.calls if "--method" in call["words"]]
    assert len(found) <= 1
    return [(call["words"][2], call["words"][3], call["body"]) for call in found]


# --------------------------------------------------------------------- the file


def test_every_input_and_output_is_described():
    for described in (ACTION, *ACTION["inputs"].values(), *ACTION["outputs"].values()):
        assert described["description"]


def test_no_expression_stands_in_a_script():
    assert [step["run"] for step in STEPS if "${{" in step.get("run", "")] == []


def test_actions_of_others_are_pinned_to_a_major_version():
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used == ["actions/setup-python@v7", "actions/upload-artifact@v7"]


def test_the_action_is_as_github_asks_for(tmp_path):
    pytest.importorskip("check_jsonschema")
    words = ["check_jsonschema", "--builtin-schema", "vendor.github-actions", ROOT / "action.yml"]
    Repository(tmp_path, tmp_path).run(sys.executable, "-m", *words)


# --------------------------------------------------------------------- what it says


def test_a_change_that_is_not_about_decks_passes_and_writes_no_comment(repository, run_action):
    repository.write({"README.md": "Birds\n"})
    repository.commit()
    job = run_action()
    assert (job.code, job.annotations) == (0, [])
    assert "### deckbuilder: passed, nothing changes for students" in job.summary
    assert "| Birds | 6 | 9 | 0 | 0 | 0 | 6 | safe |" in job.summary
    assert (job.outputs["changed"], job.outputs["verdict"]) == ("false", "safe")
    assert written(job) == []


def test_a_changed_fact_is_told_on_the_pull_request_as_on_the_page(repository, run_action):
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    food = "      - {id: food, ask: What do penguins eat?, answer: Fish and krill.}\n"
    repository.write({PENGUINS: repository.read(PENGUINS) + food})
    repository.deckbuilder("build")
    repository.commit()
    job = run_action()
    assert (job.code, job.annotations) == (0, [])
    base = repository.git("rev-parse", "main")[:7]
    shown = re.search(r"```markdown\n(.*?)^ *```$", page(), re.DOTALL | re.MULTILINE)[1]
    report = job.summary.partition("\n")[2].replace(base, "1a2b3c4")
    assert re.sub("^   ", "", shown, flags=re.MULTILINE).strip() == report.strip()
    assert (job.outputs["changed"], job.outputs["verdict"]) == ("true", "touched")
    assert Path(job.outputs["report"]).read_text(encoding="utf-8") == job.summary
    assert written(job) == [("POST", f"repos/school/birds/issues/{PULL}/comments", job.summary + LINK)]
    assert {call["token"] for call in job.calls} == {"the job's own"}


def test_the_next_push_replaces_the_comment(repository, run_action):
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.deckbuilder("build")
    repository.commit()
    job = run_action(comments="4711\n4712")
    assert written(job) == [("PATCH", "repos/school/birds/issues/comments/4711", job.summary + LINK)]
    (asked,) = [call["words"] for call in job.calls if "--paginate" in call["words"]]
    assert f'startswith("{job.summary.splitlines()[0]}")' in asked[-1]


def test_a_change_that_is_taken_back_replaces_the_comment(repository, run_action):
    repository.write({"README.md": "Birds\n"})
    repository.commit()
    ((method, _, body),) = written(run_action(comments="4711"))
    assert method == "PATCH"
    assert "nothing changes for students" in body


def test_a_mistake_is_an_annotation_at_its_line_and_fails(repository, run_action):
    repository.change(OWLS, "definition:", "definiton:")
    repository.commit()
    job = run_action()
    assert job.code == 1
    assert job.annotations == [
        f"::error file={OWLS},line=4,col=5,title=schema::unknown key 'definiton' (did you mean 'definition'?)"
    ]
    assert "### deckbuilder: failed, 1 error\n" in job.summary
    told = f"- {OWLS}:4:5: error: unknown key 'definiton' (did you mean 'definition'?) [schema]"
    assert told in job.summary.splitlines()
    assert [method for method, _, _ in written(job)] == ["POST"]


def test_what_review_and_build_both_find_is_told_once(repository, run_action):
    repository.change(OWLS, "answer: The edges of its feathers are soft.", "answer: Because its flight is silent.")
    repository.change(PENGUINS, "What keeps a penguin warm in the water?", "Why is the flight of an owl silent?")
    repository.commit()
    job = run_action()
    assert job.code == 1
    told = [line.partition("title=")[2] for line in job.annotations if "not-locked" not in line]
    assert len(told) == len(set(told)) > 0


def test_a_token_that_may_not_write_is_no_failure(repository, run_action):
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.deckbuilder("build")
    repository.commit()
    job = run_action(refuses="POST")
    assert job.code == 0
    (line,) = job.annotations
    assert line == (
        f"::notice title=deckbuilder::no comment on the pull request ({REFUSED}); "
        "the report is in the summary of this run"
    )
    assert "**soft and fringed.**" in job.summary


def test_a_runner_without_gh_is_no_failure(repository, run_action, gh):
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.deckbuilder("build")
    repository.commit()
    gh.chmod(0o644)
    job = run_action()
    assert job.code == 0
    assert any("no comment on the pull request (gh cannot be run" in line for line in job.annotations)


def test_no_comment_is_written_where_none_is_wanted(repository, run_action):
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.deckbuilder("build")
    repository.commit()
    job = run_action(comment="false")
    assert (job.code, job.calls) == (0, [])
    assert "**soft and fringed.**" in job.summary


def test_the_cards_before_and_after_are_attached(repository, run_action):
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.deckbuilder("build")
    repository.commit()
    job = run_action()
    assert job.attached.startswith("<!doctype html>")
    assert "<ins>soft and fringed.".replace("<", "\\u003c") in job.attached
    assert Path(job.outputs["cards"]).suffix == ".html"


def test_no_cards_are_attached_where_none_change(repository, run_action):
    repository.write({"README.md": "Birds\n"})
    repository.commit()
    job = run_action(comments="4711")
    assert (job.attached, job.outputs["cards"]) == ("", "")
    assert "before and after" not in written(job)[0][2]


# --------------------------------------------------------------------- what it holds


def test_facts_without_a_build_fail(repository, run_action):
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.commit()
    job = run_action()
    assert job.code == 1
    assert [line.partition(",title=not-locked::")[0] for line in job.annotations] == [
        f"::error file={LOCK}",
        f"::error file={PACKAGE}",
    ]
    assert "**soft and fringed.**" in job.summary


def test_without_packages_in_git_the_decks_of_the_base_are_built_and_compared(repository, run_action):
    packages_out_of_git(repository)
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.deckbuilder("build")
    repository.commit()
    job = run_action(locked="false")
    assert (job.code, job.annotations) == (0, [])
    assert "| Birds | 6 | 9 | 0 | 1 | 0 | 5 | touched |" in job.summary


def test_without_packages_in_git_a_lock_that_was_left_behind_is_a_warning(repository, run_action):
    packages_out_of_git(repository)
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.commit()
    job = run_action(locked="false")
    assert job.code == 0
    assert [line.partition("::is not")[0] for line in job.annotations] == [f"::warning file={LOCK},title=not-locked"]


def test_facts_that_were_merged_without_a_build_can_be_changed_again(repository, run_action):
    packages_out_of_git(repository)
    (repository.folder / LOCK).unlink()
    shutil.rmtree(repository.folder / "dist")
    repository.git("checkout", "--quiet", "main")
    repository.run("deckbuilder", "build", SOURCE_DATE_EPOCH="1700000000")
    repository.change(OWLS, "are soft.", "are hard.")
    repository.git("add", "--all")
    when = {f"GIT_{who}_DATE": "1750000000 +0000" for who in ("AUTHOR", "COMMITTER")}
    repository.run("git", "commit", "--quiet", "-m", "Nobody built this", **when)
    repository.git("checkout", "--quiet", "-B", "change")
    repository.change(OWLS, "are hard.", "are soft and fringed.")
    repository.commit()
    job = run_action(locked="false")
    assert job.code == 0
    assert "| Birds | 6 | 9 | 0 | 1 | 0 | 5 | touched |" in job.summary


def packages_out_of_git(repository):
    repository.git("checkout", "--quiet", "main")
    repository.git("rm", "--quiet", "--cached", "-r", "dist")
    repository.write({".gitignore": "dist/\n"})
    repository.commit("Packages are not in git")
    repository.git("checkout", "--quiet", "-B", "change")


def test_warnings_fail_if_the_team_is_strict(repository, run_action):
    repository.change(OWLS, "are soft.", "are soft, etc.")
    repository.deckbuilder("build")
    repository.commit()
    codes = {strict: run_action(strict=strict).code for strict in ("false", "true")}
    assert codes == {"false": 0, "true": 1}


def test_a_team_can_forbid_changes_that_touch_students_notes(repository, run_action):
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.deckbuilder("build")
    repository.commit()
    job = run_action(fail_on="touched")
    assert job.code == 1
    assert "this change is touched for students" in job.log
    assert "failed, the change is not allowed for students" in job.summary


def test_a_new_deck_is_a_first_release(repository, run_action):
    repository.write({"cards/rocks.yaml": DECK_OF_ROCKS})
    repository.deckbuilder("build")
    repository.commit()
    job = run_action()
    assert job.code == 0
    assert "| Birds | 6 | 9 | 0 | 0 | 0 | 6 | safe |" in job.summary
    assert "| Rocks | 1 | 2 | 1 | 0 | 0 | 0 | safe |" in job.summary
    assert "First release, with 1 notes." in job.summary


def test_each_package_of_a_deck_has_its_line_and_each_language_its_lock(repository, run_action):
    packages_out_of_git(repository)
    outputs = "outputs:\n  short: {concepts: [owl]}\n  german: {language: de, name: Vögel}\n"
    repository.change("cards/birds/deck.yaml", "format: 1\n", f"format: 1\n{outputs}")
    repository.deckbuilder("build")
    repository.git("add", "cards/birds/deck.yaml")
    repository.git("commit", "--quiet", "-m", "Without the lock of the other language")
    job = run_action(locked="false")
    assert "| Birds | 6 | 9 | 0 | 0 | 0 | 6 | safe |" in job.summary
    assert re.search(r"\| Birds \(output short\) \| [1-5] \|", job.summary)
    assert "| Vögel (output german) | 6 | 9 | 6 | 0 | 0 | 0 | safe |" in job.summary
    assert "birds@de.lock" in " ".join(job.annotations)


def test_what_was_merged_meanwhile_is_not_told_as_a_change(repository, run_action):
    repository.write({"README.md": "Birds\n"})
    repository.commit()
    behind = repository.git("rev-parse", "main").strip()
    repository.git("checkout", "--quiet", "main")
    repository.change(PENGUINS, "A layer of fat", "A thick layer of fat")
    repository.deckbuilder("build")
    repository.commit()
    repository.git("checkout", "--quiet", "change")
    repository.git("merge", "--quiet", "--no-edit", "main")
    assert behind != repository.git("rev-parse", "main").strip()
    assert run_action().outputs["changed"] == "false"


def test_a_push_without_a_base_is_compared_with_the_last_release(repository, run_action):
    repository.deckbuilder("release", "cards/birds")
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.deckbuilder("build")
    repository.commit()
    job = run_action(event="push")
    assert (job.code, written(job)) == (0, [])
    assert "| Birds | 6 | 9 | 0 | 1 | 0 | 5 | touched |" in job.summary
    assert "Compared with the package last released, or else last built." in job.summary


def test_several_decks_can_be_named_one_per_line(repository, run_action):
    repository.write({"rocks and stones/rocks.yaml": DECK_OF_ROCKS})
    repository.deckbuilder("build", "cards", "rocks and stones")
    repository.commit()
    job = run_action(paths="cards\nrocks and stones\n")
    assert job.code == 0
    assert [line.split(" | ")[0] for line in job.summary.splitlines()[5:7]] == ["| Birds", "| Rocks"]


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"paths": "decks"}, "paths names 'decks', which is not in the repository"),
        ({"paths": "../cards"}, "is not in the repository"),
        ({"paths": " "}, "paths is empty: name the folder of the decks"),
        ({"strict": "yes"}, "strict is 'yes': write true or false"),
        ({"fail_on": "always"}, "fail-on is 'always': write never, touched or breaking"),
    ],
)
def test_an_input_that_cannot_be_meant_is_told(inputs, told, repository, run_action):
    assert repository.git("status", "--porcelain") == ""
    job = run_action(**inputs)
    assert job.code == 1
    (line,) = job.annotations
    assert told in line
    assert job.calls == []


# --------------------------------------------------------------------- strangers


def test_texts_of_a_stranger_run_nothing_call_nobody_and_command_nothing(repository, run_action):
    hostile = "$(touch pwned) `touch pwned` ::error::no ##[error]no @everyone #1 <x>|</details>"
    repository.change(OWLS, "The edges of its feathers are soft.", json.dumps(hostile))
    repository.deckbuilder("build")
    repository.commit()
    job = run_action()
    assert job.code == 0, job.log
    assert not list(repository.folder.parent.rglob("pwned"))
    assert job.annotations == []
    assert "##[" not in job.log
    ((_, _, body),) = written(job)
    assert "@everyone" not in body
    assert "@&#8203;everyone" in body
    assert "#1" not in body
    assert body.count("</details>") == 1


def test_a_path_with_a_command_in_it_is_a_path(repository, run_action):
    repository.write({"$(touch pwned);`touch pwned`/rocks.yaml": DECK_OF_ROCKS})
    repository.deckbuilder("build", "$(touch pwned);`touch pwned`")
    repository.commit()
    job = run_action(paths="$(touch pwned);`touch pwned`")
    assert job.code == 0, job.log
    assert "| Rocks | 1 | 2 |" in job.summary
    assert not list(repository.folder.parent.rglob("pwned"))


def test_python_files_of_the_repository_are_not_run(repository, run_action):
    repository.write({f"{name}.py": "raise SystemExit('taken over')\n" for name in ("yaml", "click", "deckbuilder")})
    repository.commit()
    job = run_action()
    assert job.code == 0, job.log


def test_a_report_that_is_too_long_for_a_comment_is_cut_and_says_so(repository, run_action):
    questions = [
        f"      - {{id: q{number}, ask: 'Number {number}: {'why ' * 1000}?', answer: Because {number}.}}\n"
        for number in range(20)
    ]
    repository.write({PENGUINS: repository.read(PENGUINS) + "".join(questions)})
    repository.deckbuilder("build")
    repository.commit()
    job = run_action()
    ((_, _, body),) = written(job)
    assert len(body) < 65_536 < len(job.summary)
    assert body.endswith("</details>\n\nThe rest is in the summary of the run.\n" + LINK)


# --------------------------------------------------------------------- the whole


@pytest.mark.slow
def test_the_action_installs_itself_and_runs(repository, run_action, tmp_path):
    project = copy_of_this_project(tmp_path / "action")
    repository.change(OWLS, "are soft.", "are soft and fringed.")
    repository.deckbuilder("build")
    repository.commit()
    job = run_action(install_from=project)
    assert job.code == 0, job.log
    assert "| Birds | 6 | 9 | 0 | 1 | 0 | 5 | touched |" in job.summary


DECK_OF_ROCKS = """\
format: 1
deck: {id: rocks, name: Rocks}
sources: {handbook: {title: Handbook of rocks, date: 2024}}
default_source: handbook
concepts:
  granite: {term: Granite, definition: A rock of quartz and feldspar.}
"""

# ruff: noqa: INP001 - a script that action.yml runs, not part of a package
"""Reviews, builds and compares the decks of a repository, and writes a report.

Inputs are environment variables, set in action.yml, so that no text of a stranger becomes part of a command line.
Mistakes become annotations, the report goes to the summary of the run. Exit code 1 says that something must be mended.
"""

import contextlib
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from shorten import shortened

from deckbuilder.commands.cli import run
from deckbuilder.problems import Place, Problem, Severity
from deckbuilder.report import github_annotation

Record = Mapping[str, Any]

VERDICTS = ("safe", "touched", "breaking")
FAIL_ON = {"never": "", "touched": "touched", "breaking": "breaking"}
NO_COMMIT = "0" * 40
MOST_TOLD = 30
# GitHub takes a summary of 1 MiB, and a character may take four bytes.
LONGEST = 250_000
NAMES = {"error": "error", "warning": "warning", "info": "remark"}


class InputError(Exception):
    """An input of the action that cannot be meant."""


@dataclass(frozen=True)
class Inputs:
    paths: tuple[str, ...]
    output: str
    strict: bool
    locked: bool
    fail_on: str


@dataclass(frozen=True)
class Base:
    """What the decks are compared with: a folder of packages, and how to say it."""

    packages: str
    told: str


def main() -> int:
    try:
        inputs = read_inputs()
    except InputError as error:
        say(f"::error title=deckbuilder::{error}")
        return 1
    paths = ("--", *inputs.paths)
    strict, locked = ["--strict"] * inputs.strict, ["--locked"] * inputs.locked
    checked, check_code = record_of("check", "--format", "json", "-o", inputs.output, *strict, *paths)
    built, build_code = record_of("build", "--json", "-o", inputs.output, *locked, *paths)
    base = find_base(inputs)
    cards = Path(os.environ["RUNNER_TEMP"], f"deckbuilder-{mark_of(inputs)}.html")
    compared, diff_code = record_of("diff", "--json", "--html", str(cards), "-o", base.packages, *paths)
    stale = [] if inputs.locked else stale_locks(built["decks"])
    problems = distinct([*checked["problems"], *built["problems"], *compared["problems"], *stale])
    for problem in problems:
        say(annotation(problem))
    verdict = max((deck["verdict"] for deck in compared["decks"]), key=VERDICTS.index, default="safe")
    refused = inputs.fail_on != "" and VERDICTS.index(verdict) >= VERDICTS.index(inputs.fail_on)
    if refused:
        say(f"::error title=deckbuilder::this change is {verdict} for students, and fail-on forbids it")
    failed = bool(check_code or build_code or diff_code or refused)
    changed = any(is_changed(deck) for deck in compared["decks"])

    file = Path(os.environ["RUNNER_TEMP"], f"deckbuilder-{mark_of(inputs)}.md")
    report = "\n".join(
        [
            # comment.py finds its comment by the first line, which nobody sees.
            f"<!-- deckbuilder {mark_of(inputs)} -->",
            f"### deckbuilder: {headline(problems, failed=failed, changed=changed, refused=refused)}",
            "",
            *table(built["decks"], compared["decks"]),
            *listed(problems),
            *(details(run_deckbuilder("diff", "--markdown", "-o", base.packages, *paths)[1]) if changed else []),
            base.told,
            "",
        ]
    )
    file.write_text(report, encoding="utf-8", newline="\n")
    append("GITHUB_STEP_SUMMARY", shortened(report, LONGEST, "The rest is told by: deckbuilder diff --markdown"))
    news = flag(changed or failed)
    append("GITHUB_OUTPUT", f"changed={flag(changed)}\nverdict={verdict}\nnews={news}\nreport={file}\n")
    # Where nothing changes, there are no cards to be looked at.
    append("GITHUB_OUTPUT", f"cards={cards if changed and cards.exists() else ''}\n")
    return 1 if failed else 0


# Inputs


def read_inputs() -> Inputs:
    fail_on = os.environ["DECKBUILDER_FAIL_ON"].strip()
    if fail_on not in FAIL_ON:
        raise InputError(f"fail-on is '{fail_on}': write never, touched or breaking")
    paths = tuple(within(line.strip()) for line in os.environ["DECKBUILDER_PATHS"].splitlines() if line.strip())
    for path in paths:
        if not Path(path).exists():
            raise InputError(f"paths names '{path}', which is not in the repository")
    if not paths:
        raise InputError("paths is empty: name the folder of the decks")
    return Inputs(
        paths=paths,
        output=within(os.environ["DECKBUILDER_OUTPUT"].strip()),
        strict=switch("strict"),
        locked=switch("locked"),
        fail_on=FAIL_ON[fail_on],
    )


def within(path: str) -> str:
    """A path as it is named in the repository, so that the same name finds it in another commit."""
    try:
        return Path(os.path.normpath(Path.cwd() / path)).relative_to(Path.cwd()).as_posix()
    except ValueError:
        raise InputError(f"'{path}' is not in the repository") from None


def switch(name: str) -> bool:
    value = os.environ[f"DECKBUILDER_{name.upper()}"].strip().lower()
    if value not in {"true", "false"}:
        raise InputError(f"{name} is '{value}': write true or false")
    return value == "true"


def mark_of(inputs: Inputs) -> str:
    """Tells the reports of two uses of the action in one repository apart."""
    return hashlib.sha256("\n".join(inputs.paths).encode()).hexdigest()[:12]


# Programs


def run_deckbuilder(*words: str, folder: Path | None = None) -> tuple[int, str, str]:
    """A command as if typed: its exit code, and what it wrote to standard output and error.

    It runs in this process, and so never takes a module from the repository that it looks at.
    """
    out, error = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder or Path.cwd()), redirect_stdout(out), redirect_stderr(error):
        code = run(words)
    return code, out.getvalue(), error.getvalue()


def record_of(*words: str) -> tuple[Record, int]:
    """What a command says as JSON, and its exit code."""
    code, out, error = run_deckbuilder(*words)
    try:
        return json.loads(out), code
    except ValueError:
        quote(error)
        message = f"deckbuilder {words[0]} stopped with exit code {code}; the log says why"
        problem = {"file": "", "line": 0, "column": 0, "rule": "deckbuilder", "severity": "error", "message": message}
        return {"decks": [], "problems": [problem]}, code or 1


def git(*words: str) -> bytes | None:
    """What git says, or None if it fails."""
    try:
        ran = subprocess.run(["git", *words], capture_output=True, check=False)  # noqa: S603, S607 - no shell; the runner's own git
    except OSError:
        return None
    return ran.stdout if ran.returncode == 0 else None


# What the decks are compared with


def find_base(inputs: Inputs) -> Base:
    """The packages of the commit that this change builds upon, or else those in the output folder."""
    commit = base_commit()
    if not commit or not fetched(commit):
        if commit:
            say("::notice title=deckbuilder::the base commit cannot be fetched, so the last packages are compared")
        return Base(inputs.output, "Compared with the package last released, or else last built.")
    folder = Path(os.environ["RUNNER_TEMP"], f"deckbuilder-base-{uuid4().hex}")
    told = f"Compared with the decks as they are in {commit[:7]}."
    names = (git("ls-tree", "-z", "--name-only", commit, f"{inputs.output}/") or b"").decode()
    packages = [name for name in names.split("\0") if name.endswith(".apkg")]
    folder.mkdir(parents=True)
    for name in packages:
        (folder / Path(name).name).write_bytes(git("cat-file", "blob", f"{commit}:{name}") or b"")
    if not packages and not built_from(commit, folder, inputs):
        told += " Not every deck could be built there: one that could not is shown as if it were new."
    return Base(str(folder), told)


def base_commit() -> str:
    """The commit whose decks students would have without this change; empty if there is none."""
    base = os.environ.get("DECKBUILDER_BASE", "").strip()
    if not re.fullmatch(r"[0-9a-f]{40,64}", base) or base == NO_COMMIT:
        return ""
    head = (git("rev-parse", "HEAD") or b"").decode().strip()
    on_merge = re.fullmatch(r"refs/pull/\d+/merge", os.environ.get("GITHUB_REF", ""))
    if on_merge and head == os.environ.get("GITHUB_SHA"):
        # GitHub merged the pull request into the base for us to look at: the first parent is the base of this moment.
        parents = re.findall(rb"^parent ([0-9a-f]+)$", git("cat-file", "commit", "HEAD") or b"", re.MULTILINE)
        if len(parents) > 1:
            return str(parents[0].decode())
    return (git("merge-base", "HEAD", base) or b"").decode().strip() or base


def fetched(commit: str) -> bool:
    there = git("cat-file", "-e", f"{commit}^{{commit}}") is not None
    return there or git("fetch", "--quiet", "--no-tags", "--depth=1", "origin", commit) is not None


def built_from(commit: str, out: Path, inputs: Inputs) -> bool:
    """Build the decks of a commit that has no packages; whether all went well."""
    archive = git("archive", "--format=tar", commit)
    if archive is None:
        return False
    folder = Path(f"{out}-facts")
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        # Decks are made of pictures, sounds and themes too, wherever they are.
        tar.extractall(folder, [file for file in tar if file.isfile()], filter="data")
    there = tuple(path for path in inputs.paths if (folder / path).exists())
    if not there:
        return True  # all decks are new
    # As of its own time: facts that were merged without a build are older there than what changes now.
    with as_of((git("show", "--no-patch", "--format=%ct", commit) or b"").decode().strip()):
        return run_deckbuilder("build", "-o", str(out), "--", *there, folder=folder)[0] == 0


@contextlib.contextmanager
def as_of(seconds: str) -> Iterator[None]:
    """Let a build take this for now, in seconds since 1970."""
    before = os.environ.get("SOURCE_DATE_EPOCH", "")
    os.environ["SOURCE_DATE_EPOCH"] = seconds
    try:
        yield
    finally:
        os.environ["SOURCE_DATE_EPOCH"] = before


def stale_locks(decks: Sequence[Record]) -> list[Record]:
    """Locks that the build has just changed: the committed ones do not know all notes."""
    ids = {deck["id"] for deck in decks}
    said = git("status", "--porcelain", "-z", "--untracked-files=all", "--", "*.lock") or b""
    message = "is not the lock of these facts (run 'deckbuilder build' and commit the lock)"
    # A deck in another language has a lock that is named for both.
    files = [line[3:] for line in said.decode().split("\0") if Path(line[3:]).stem.partition("@")[0] in ids]
    return [
        {"file": file, "line": 0, "column": 0, "rule": "not-locked", "severity": "warning", "message": message}
        for file in files
    ]


# What is said


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def quote(text: str) -> None:
    """Into the log, and no line of it is taken for a command to the runner."""
    token = uuid4().hex
    say(f"::stop-commands::{token}\n{text.rstrip()}\n::{token}::")
    sys.stdout.flush()


def append(variable: str, text: str) -> None:
    with Path(os.environ[variable]).open("a", encoding="utf-8", newline="\n") as file:
        file.write(text)


def flag(value: bool) -> str:  # noqa: FBT001 - the value itself
    return "true" if value else "false"


def distinct(problems: Sequence[Record]) -> list[Record]:
    """Each problem once, though several commands met it; the worst first, because GitHub shows ten of a kind."""
    once = {tuple(problem.items()): problem for problem in problems}.values()
    return sorted(once, key=lambda problem: list(NAMES).index(problem["severity"]))


def annotation(problem: Record) -> str:
    if not problem["file"]:
        return f"::{problem['severity']} title=deckbuilder::{problem['message']}"
    place = Place(Path(problem["file"]), problem["line"], problem["column"])
    return github_annotation(
        Problem(place, problem["rule"], problem["message"], severity=Severity(problem["severity"]))
    )


def is_changed(deck: Record) -> bool:
    return any(deck[name] for name in ("new", "changed", "retired", "looks", "conflicting"))


def headline(problems: Sequence[Record], *, failed: bool, changed: bool, refused: bool) -> str:
    numbers = Counter(problem["severity"] for problem in problems)
    told = [
        f"{numbers[name]} {noun}{'' if numbers[name] == 1 else 's'}" for name, noun in NAMES.items() if numbers[name]
    ]
    told += ["the change is not allowed for students"] if refused else []
    told += [] if changed or failed else ["nothing changes for students"]
    return ", ".join(["failed" if failed else "passed", *told])


def table(built: Sequence[Record], compared: Sequence[Record]) -> list[str]:
    """Each deck's counts; notes and cards are known if it was built."""
    sizes = {called(deck): (deck["notes"], deck["cards"]) for deck in built}
    rows = []
    for deck in compared:
        notes, cards = sizes.get(deck["deck"], ("", ""))
        counts = [notes, cards, *(len(deck[name]) for name in ("new", "changed", "retired")), deck["unchanged"]]
        rows.append(" | ".join(["", plain(deck["deck"]), *map(str, counts), deck["verdict"], ""]).strip())
    if not rows:
        return []
    head = "| Deck | Notes | Cards | New | Changed | Withdrawn | Unchanged | For students |"
    return [head, "|---|---:|---:|---:|---:|---:|---:|---|", *rows, ""]


def called(deck: Record) -> str:
    """A deck or one of its outputs, as `deckbuilder diff` names it."""
    _, _, output = deck["id"].partition(".")
    return f"{deck['name']} (output {output})" if output else str(deck["name"])


def listed(problems: Sequence[Record]) -> list[str]:
    lines = []
    for problem in problems[:MOST_TOLD]:
        where = ":".join(str(part) for part in (problem["file"], problem["line"], problem["column"]) if part)
        lines.append(f"- {plain(where)}: {problem['severity']}: {plain(problem['message'])} [{problem['rule']}]")
    more = len(problems) - MOST_TOLD
    return [*lines, *([f"- and {more} more, in the log of the run"] if more > 0 else []), *([""] if lines else [])]


def details(words: str) -> list[str]:
    return ["<details><summary>What students see</summary>", "", harmless(words).rstrip(), "", "</details>", ""]


def plain(text: str) -> str:
    """Words that Markdown shows as they are, on one line."""
    return harmless(re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", " ".join(text.split())))


def harmless(text: str) -> str:
    """Words that call nobody (@name) and point at no issue (#1)."""
    return re.sub(r"@(?=\w)|#(?=\d)", r"\g<0>&#8203;", text)


if __name__ == "__main__":
    sys.exit(main())

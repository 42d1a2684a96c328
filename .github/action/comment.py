# ruff: noqa: INP001 - a script that action.yml runs, not part of a package
"""Puts the report into one comment of the pull request, which later runs replace.

A token that may not write (a pull request from a fork) is no failure: the report is in the summary of the run.
"""

import os
import subprocess
import sys
from pathlib import Path

from shorten import shortened

# GitHub takes 65,536 characters.
LONGEST = 60_000


class RefusedError(Exception):
    """GitHub did not do it; says why in one line."""


def main() -> int:
    pull = os.environ.get("PULL_REQUEST", "")
    if os.environ["DECKBUILDER_COMMENT"].strip().lower() != "true" or not pull.isdecimal():
        return 0
    try:
        say(comment(Path(os.environ["REPORT"]), pull))
    except RefusedError as error:
        reason = str(error).replace("%", "%25")
        say(
            f"::notice title=deckbuilder::no comment on the pull request ({reason}); "
            "the report is in the summary of this run"
        )
    return 0


def comment(report: Path, pull: str) -> str:
    """Write or replace the comment; says what was done. Raises RefusedError."""
    text = report.read_text(encoding="utf-8")
    mark = text.partition("\n")[0]
    issues = f"repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    # The mark is made by review.py from letters and digits, and can stand in quotes.
    chosen = f'.[] | select(.body | startswith("{mark}")) | .id'
    found = gh("--paginate", f"{issues}/{pull}/comments?per_page=100", "--jq", chosen).split()
    if not found and os.environ["NEWS"] != "true":
        return "Nothing changes, so there is no comment."
    body = report.with_suffix(".comment.md")
    told = shortened(text, LONGEST, "The rest is in the summary of the run.") + link(os.environ.get("CARDS", ""))
    body.write_text(told, encoding="utf-8", newline="\n")
    if found:
        gh("--method", "PATCH", f"{issues}/comments/{found[0]}", "--field", f"body=@{body}", "--silent")
        return "The comment on the pull request was replaced."
    gh("--method", "POST", f"{issues}/{pull}/comments", "--field", f"body=@{body}", "--silent")
    return "A comment was written on the pull request."


def link(cards: str) -> str:
    """Where the page with the cards is, if it could be attached."""
    if not cards.startswith("https://"):
        return ""
    return f"\n[The cards before and after]({cards}), a page to download and open in a browser.\n"


def gh(*words: str) -> str:
    try:
        ran = subprocess.run(["gh", "api", *words], capture_output=True, check=False, encoding="utf-8")  # noqa: S603, S607 - no shell; the runner's own gh
    except OSError as error:
        raise RefusedError(f"gh cannot be run: {error.strerror}") from None
    if ran.returncode:
        raise RefusedError(" ".join(ran.stderr.split())[:200] or f"gh ended with exit code {ran.returncode}")
    return ran.stdout


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())

"""`deckbuilder check`: what a demanding teacher would say of a deck."""

import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from deckbuilder import __version__
from deckbuilder.check.review import review, review_and_mend
from deckbuilder.check.rule import Rule
from deckbuilder.check.sarif import sarif_log
from deckbuilder.check.table import RULES
from deckbuilder.commands.paths import chosen_paths, output_option, paths_argument
from deckbuilder.commands.progress import progress
from deckbuilder.commands.show import show_json, show_mended, show_problems
from deckbuilder.commands.watch import saved
from deckbuilder.problems import Problem, Severity, did_you_mean
from deckbuilder.report import github_annotation, problem_record, tally


@click.command(epilog="Example: deckbuilder check cards --strict")
@paths_argument
@output_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="For people, for programs, as annotations of a GitHub workflow, or as SARIF 2.1.0 for code scanning.",
)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--select", metavar="RULE,...", help="Only these rules.")
@click.option("--ignore", metavar="RULE,...", help="All rules but these.")
@click.option("--fix", is_flag=True, help="Mend what is mechanical in the files, and tell the rest.")
@click.option("--watch", is_flag=True, help="Review again each time a file is saved, until Ctrl-C.")
@click.option("--explain", metavar="RULE", help="Print a rule's page and do nothing else.")
def command(  # noqa: PLR0913 - an argument for each option
    paths: tuple[Path, ...],
    out: Path,
    form: str,
    select: str | None,
    ignore: str | None,
    explain: str | None,
    *,
    strict: bool,
    fix: bool,
    watch: bool,
) -> int:
    """Review decks of facts: find bad cards at the line where to mend them.

    Exit code: 0 nothing to mend, 1 errors (with --strict also warnings).
    """
    if explain is not None:
        click.echo(_page(_known([explain])[0]))
        return 0
    chosen = _known(select.split(",")) if select else list(RULES)
    left_out = set(_known(ignore.split(","))) if ignore else set()
    rules = [RULES[name] for name in chosen if name not in left_out]
    decks = chosen_paths(paths)
    if watch:
        return _watch(decks, lambda: _show(_reviewed(decks, rules, out, form, fix=fix), form))
    problems = _reviewed(decks, rules, out, form, fix=fix)
    _show(problems, form)
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return 1 if any(problem.severity in failing for problem in problems) else 0


def _reviewed(decks: Sequence[Path], rules: Sequence[Rule], out: Path, form: str, *, fix: bool) -> list[Problem]:
    with progress(quiet=form != "text") as tell:
        if not fix:
            return review(decks, rules, out, tell)
        problems, mended = review_and_mend(decks, rules, out, tell)
    for problem in mended:
        show_mended(problem)
    return problems


def _show(problems: Sequence[Problem], form: str) -> None:
    if form == "json":
        show_json({"problems": [problem_record(problem) for problem in problems]})
    elif form == "github":
        for problem in problems:
            click.echo(github_annotation(problem))
    elif form == "sarif":
        show_json(sarif_log(problems, RULES, Path.cwd(), __version__))
    else:
        show_problems(problems)
        click.echo(_summary(problems))


def _watch(decks: Sequence[Path], look: Callable[[], None]) -> int:
    try:
        for _ in saved(decks):
            if sys.stdout.isatty():
                click.clear()
            look()
            click.echo(f"{time.strftime('%H:%M:%S')}  Waiting for a change; Ctrl-C ends it.", err=True)
    except KeyboardInterrupt:
        return 0
    raise AssertionError("files are watched without end")


def _known(names: list[str]) -> list[str]:
    wanted = [name.strip() for name in names if name.strip()]
    if not wanted:
        raise click.UsageError("no rule is named; see docs/rules.md")
    for name in wanted:
        if name not in RULES:
            raise click.UsageError(
                f"there is no rule {name!r}; {did_you_mean(name, list(RULES)) or 'see docs/rules.md'}"
            )
    return wanted


def _page(name: str) -> str:
    rule = RULES[name]
    examples = [
        f"{click.style('Found in', bold=True)}\n{textwrap.indent(rule.fails.strip(), '  ')}",
        f"{click.style('Better', bold=True)}\n{textwrap.indent(rule.passes.strip(), '  ')}",
    ]
    waiver = "Where a breach is meant, say so beside the fact:  allow: {" + f"{rule.id}: the reason" + "}"
    parts = [
        f"{click.style(rule.id, bold=True)} ({rule.severity.value}): {rule.summary}",
        textwrap.fill(rule.why, 88),
        *(examples if rule.fails else []),
        waiver if rule.find else "This cannot be waived.",
    ]
    return "\n\n".join(parts)


def _summary(problems: Sequence[Problem]) -> str:
    return f"{tally(Counter(problem.severity for problem in problems))}." if problems else "Nothing to mend."

"""Problems for a person: where, what, the line with a caret, and what to do."""

import json
import sys
from collections.abc import Iterable, Mapping

import click

from deckbuilder.problems import Problem, Severity
from deckbuilder.report import shown_line

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_NAMES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}


def show_problems(problems: Iterable[Problem]) -> None:
    """Print problems to standard error, with colour on a terminal."""
    for problem in problems:
        click.echo(_problem(problem), err=True)


def show_mended(problem: Problem) -> None:
    """Print one line for a mistake that was mended in its file."""
    place = problem.place
    where = click.style(f"{place.file}:{place.line}:{place.column}", bold=True)
    click.echo(f"{where}: {click.style('mended', fg='green')}: {problem.message} [{problem.rule}]", err=True)


def show_json(record: object) -> None:
    """Print a record for other programs: letters as they are where the output can hold them."""
    utf = (sys.stdout.encoding or "").lower().startswith("utf")
    click.echo(json.dumps(record, ensure_ascii=not utf, indent=2))


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def tally(findings: Mapping[Severity, int]) -> str:
    """`1 error, 3 warnings, 2 remarks`."""
    return ", ".join(count(findings[severity], _NAMES[severity]) for severity in Severity if findings.get(severity))


def _problem(problem: Problem) -> str:
    place = problem.place
    where = f"{place.file}:{place.line}:{place.column}" if place.line else str(place.file)
    severity = click.style(problem.severity.value, fg=_COLOURS[problem.severity], bold=True)
    lines = [f"{click.style(where, bold=True)}: {severity}: {problem.message} [{problem.rule}]"]
    shown = shown_line(place)
    if shown is not None:
        text, offset = shown
        margin = " " * len(str(place.line))
        lines.append(f"  {place.line} | {text}")
        lines.append(f"  {margin} | {' ' * offset}{click.style('^', fg='red', bold=True)}")
    if problem.fix:
        lines.append(f"  {click.style('→', fg='green')} {problem.fix}")
    return "\n".join(lines) + "\n"

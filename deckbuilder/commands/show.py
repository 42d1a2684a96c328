"""Problems for a person: where, what, the line with a caret, and what to do."""

import json
import sys
from collections.abc import Iterable

import click

from deckbuilder.problems import Problem, Severity
from deckbuilder.report import shown_line

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


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

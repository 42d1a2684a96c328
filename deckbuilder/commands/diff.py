"""`deckbuilder diff`: what the next release does to a student's collection."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from deckbuilder.changes import Changes, NoteChange, Verdict
from deckbuilder.changes.text import card_notes, left_text, to_markdown, to_record, verdict_text
from deckbuilder.changes.words import join_words, word_difference
from deckbuilder.commands.paths import chosen_paths, output_option, paths_argument
from deckbuilder.commands.show import show_json, show_problems
from deckbuilder.files import replace_file
from deckbuilder.problems import Problem, has_errors
from deckbuilder.release import Compared, changes_since
from deckbuilder.report import problem_record

_COLOURS = {Verdict.SAFE: "green", Verdict.TOUCHED: "yellow", Verdict.BREAKING: "red"}
_MANY = 20


@click.command(epilog="Example: deckbuilder diff --against calcification-1.0.apkg --markdown > notes.md")
@paths_argument
@click.option(
    "--against",
    metavar="PACKAGE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The package that students have; by default the last one released, or else built.",
)
@output_option
@click.option("--json", "form", flag_value="json", help="Print the result as JSON, for other programs.")
@click.option("--markdown", "form", flag_value="markdown", help="Print release notes.")
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the cards before and after as one page, whose name ends in .html.",
)
@click.option(
    "--fail-on", type=click.Choice(["touched", "breaking"]), help="Exit with 1 when the release does this or worse."
)
@click.option("--accept-removals", is_flag=True, help="Confirm that facts which vanished are gone, not renamed.")
def command(  # noqa: PLR0913 - an argument for each option
    paths: tuple[Path, ...],
    against: Path | None,
    out: Path,
    form: str | None,
    page: Path | None,
    fail_on: str | None,
    *,
    accept_removals: bool,
) -> int:
    """Say what the next release does to a student's collection. Nothing is written but the page, if one is asked for.

    Compares the facts with the package that students have: new, changed, withdrawn and unchanged notes,
    and a verdict: safe, touches notes (edits of students on these are replaced), or breaking.
    """
    if page is not None and page.suffix != ".html":
        raise click.UsageError(f"--html writes a page: {page} does not end in .html")
    compared, problems = changes_since(chosen_paths(paths), out, against, accept_removals=accept_removals)
    result = [one.changes for one in compared]
    if form == "json":
        record = {
            "decks": [to_record(changes) for changes in result],
            "problems": [problem_record(p) for p in problems],
        }
        show_json(record)
    else:
        show_problems(problems)
        for changes in result:
            click.echo(_markdown(changes) if form == "markdown" else "\n".join(_text(changes)))
    if page is not None:
        _write_page(page, compared, problems)
        click.echo(f"{click.style(str(page), fg='green')}  open it in a browser", err=form is not None)
    worst = max((list(Verdict).index(changes.verdict) for changes in result), default=0)
    refused = {None: False, "touched": worst >= 1, "breaking": worst > 1}[fail_on]
    return 1 if refused or has_errors(problems) else 0


def _write_page(file: Path, compared: Sequence[Compared], problems: Sequence[Problem]) -> None:
    # Pages are slow to import.
    from deckbuilder.difference.cards import difference  # noqa: PLC0415
    from deckbuilder.difference.page import difference_page  # noqa: PLC0415

    shown = [difference(one.plan, one.package, one.changes) for one in compared]
    replace_file(file, difference_page(shown, problems))


def _markdown(changes: Changes) -> str:
    return f"## {changes.deck}\n\n{to_markdown(changes)}"


def _text(changes: Changes) -> Iterator[str]:
    yield click.style(changes.deck, bold=True)
    yield from (f"  {click.style('conflict', fg='red')}  {reason}" for reason in changes.conflicting)
    yield from (f"  {click.style('look', fg='yellow')}  the cards of {name} look different" for name in changes.looks)
    yield from _list("new", "green", [title for _, title in changes.new])
    for change in changes.changed:
        yield from _changed(change)
    yield from _list("withdrawn", "red", [title for _, title in changes.retired])
    counts = {"new": changes.new, "changed": changes.changed, "withdrawn": changes.retired}
    told = [f"{len(notes):,} {name}" for name, notes in counts.items()]
    yield f"  {', '.join(told)}, {changes.unchanged:,} unchanged"
    yield from (f"  {text}" for text in (left_text(changes),) if text)
    yield "  " + click.style(verdict_text(changes), fg=_COLOURS[changes.verdict], bold=True) + "\n"


def _list(label: str, colour: str, titles: list[str]) -> Iterator[str]:
    shown = titles if not sys.stdout.isatty() else titles[:_MANY]
    yield from (f"  {click.style(label, fg=colour)}  {title}" for title in shown)
    if len(shown) < len(titles):
        yield f"  {click.style(label, fg=colour)}  and {len(titles) - len(shown):,} more (all with --markdown)"


def _changed(change: NoteChange) -> Iterator[str]:
    yield f"  {click.style('changed', fg='yellow')}  {change.key}"
    for field in change.fields:
        words = join_words(marked(kind, text) for kind, text in word_difference(field.before, field.after))
        yield f"    {field.field}: {words}"
    yield from (f"    {note}" for note in card_notes(change))


def marked(kind: str, text: str) -> str:
    """A run of words of a difference: as it is, removed, or added."""
    if kind == "same":
        return text
    # Brackets say it where colours do not reach.
    return click.style(f"[-{text}-]", fg="red") if kind == "removed" else click.style(f"{{+{text}+}}", fg="green")

"""`deckbuilder export`: decks for those who work with other programs."""

from pathlib import Path

import click

from deckbuilder.commands.paths import chosen_paths, output_option, paths_argument
from deckbuilder.commands.progress import progress
from deckbuilder.commands.show import show_json, show_problems
from deckbuilder.exporting.export import Export, Form, export
from deckbuilder.files import replace_files
from deckbuilder.problems import has_errors
from deckbuilder.report import count, problem_record


@click.command(epilog="Example: deckbuilder export cards/calcification.yaml --to csv")
@paths_argument
@click.option(
    "--to",
    "form",
    type=click.Choice([form.value for form in Form]),
    required=True,
    help="csv or tsv: a table that Anki reads; markdown: a text to read; crowdanki: a folder for CrowdAnki.",
)
@output_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for other programs.")
def command(paths: tuple[Path, ...], form: str, out: Path, *, as_json: bool) -> int:
    """Write decks in other forms: a table, a text, a folder of CrowdAnki.

    PATH is as in build. What is written holds the deck as the next build would make it, with its identities;
    lock and packages stay as they are.
    """
    with progress(quiet=as_json) as tell:
        exported = export(chosen_paths(paths), Form(form), out, out, tell)
    for deck in exported.decks:
        replace_files(deck.files, out / f".{deck.id}.export.journal")
    if as_json:
        show_json(_record(exported))
    else:
        show_problems(exported.problems)
        for deck in exported.decks:
            click.echo(f"{click.style(deck.name, bold=True)}  {count(deck.notes, 'note')}")
            media = len(deck.files) - 1
            beside = f"  and {count(media, 'media file')} beside it" if media else ""
            click.echo(f"  → {click.style(str(deck.file), fg='green')}{beside}\n")
    return 1 if has_errors(exported.problems) else 0


def _record(exported: Export) -> dict[str, object]:
    return {
        "decks": [
            {
                "id": deck.id,
                "name": deck.name,
                "notes": deck.notes,
                "file": deck.file.as_posix(),
                "files": [file.as_posix() for file in deck.files],
            }
            for deck in exported.decks
        ],
        "problems": [problem_record(problem) for problem in exported.problems],
    }

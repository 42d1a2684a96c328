"""`deckbuilder release`: a version that students can have."""

import re
from pathlib import Path

import click

from deckbuilder.changes.text import verdict_text
from deckbuilder.commands.paths import chosen_paths, deck_path, output_option
from deckbuilder.commands.progress import progress
from deckbuilder.commands.show import show_problems
from deckbuilder.release import Released, release
from deckbuilder.report import tally


@click.command(epilog="Example: deckbuilder release cards/calcification.yaml --version 1.4")
@click.argument("path", required=False, type=deck_path)
@click.option("--version", metavar="X.Y", help="The version; by default the last one counted up.")
@output_option
def command(path: Path | None, version: str | None, out: Path) -> int:
    """Release a deck: review, build and verify it, write its changelog, and say what to publish where.

    What makes a card wrong stops the release, as it stops a build; what else the review finds is counted.
    The changelog entry is the difference to the release before. Nothing is sent anywhere.
    """
    if version is not None and not re.fullmatch(r"\d+\.\d+(\.\d+)?", version):
        raise click.BadParameter("write it as 1.4", param_hint="--version")
    (chosen,) = chosen_paths((path,) if path else ())
    with progress() as tell:
        released, problems = release(chosen, out, version, tell)
    show_problems(problems)
    if released is None:
        click.echo("Nothing was released.", err=True)
        return 1
    click.echo(_what_next(released))
    if released.findings:
        click.echo(f"\nReview: {tally(released.findings)}; deckbuilder check shows them.")
    return 0


def _what_next(released: Released) -> str:
    package, *update = released.files
    lines = [
        click.style(f"{released.deck} {released.version}", bold=True),
        f"  {verdict_text(released.changes)}",
        f"  Changelog: {released.changelog}",
        "",
        "Publish:",
        f"  {package}  for everybody",
        *(f"  {file}  for students who have an earlier version: it tells them what was withdrawn" for file in update),
        *(f"  {file}  output {name}" for name, files in released.outputs.items() for file in files),
        "",
        "Where:",
        "  AnkiWeb: import the package into your own Anki, choose Share for the deck, paste the changelog entry.",
        f"  GitHub: commit all of it, tag v{released.version}, and attach the packages to a release of that tag.",
        "  A class's website: deckbuilder preview makes a page with the download; put its folder there.",
    ]
    return "\n".join(lines)

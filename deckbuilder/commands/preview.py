"""`deckbuilder preview`: the cards as pages for a browser."""

from pathlib import Path

import click

from deckbuilder.commands.paths import chosen_paths, paths_argument
from deckbuilder.commands.progress import progress
from deckbuilder.commands.show import count, show_problems
from deckbuilder.preview.folder import write_site
from deckbuilder.preview.previewed import preview
from deckbuilder.preview.site import site
from deckbuilder.problems import has_errors

_PACKAGES = Path("dist")


@click.command(epilog="Example: deckbuilder preview cards/calcification.yaml -o preview")
@paths_argument
@click.option(
    "-o",
    "--output",
    "out",
    metavar="DIR",
    default="preview",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the pages go.",
)
def command(paths: tuple[Path, ...], out: Path) -> int:
    """Show all cards in a browser, as students will see them, with what the review says of each.

    PATH is a deck's YAML file, a deck's folder, or a folder of decks; without one, the folder cards/.
    Exit code: 0 written, 1 a deck could not be shown, 2 wrong usage, 3 unexpected.
    """
    with progress() as tell:
        previewed = preview(chosen_paths(paths), _PACKAGES, tell)
        if previewed.decks:
            write_site(site(previewed.decks, out), out)
    show_problems(previewed.problems)
    for deck in previewed.decks:
        click.echo(f"{click.style(deck.name, bold=True)}  {count(len(deck.cards), 'card')}")
    if previewed.decks:
        click.echo(f"  → {click.style(str(out / 'index.html'), fg='green')}  open it in a browser")
    return 1 if has_errors(previewed.problems) else 0

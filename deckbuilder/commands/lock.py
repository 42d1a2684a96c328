"""`deckbuilder lock`: repair of the file that holds the cards' identity."""

from pathlib import Path

import click

from deckbuilder.commands.show import show_problems
from deckbuilder.files import replace_files
from deckbuilder.lock import format_lock, restore
from deckbuilder.package.description import selection_of
from deckbuilder.package.read import read_package
from deckbuilder.report import count


@click.group()
def command() -> None:
    """Repair the lock, which holds the identity of the cards that students have."""


@command.command("restore", epilog="Example: deckbuilder lock restore dist/calcification.apkg")
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="DIR",
    default="cards",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the deck's facts.",
)
def restore_command(package: Path, folder: Path) -> int:
    """Make a lost lock again from PACKAGE, the last one that students got.

    If there is a package NAME-update.apkg as well, take that one: it also knows the withdrawn notes.
    """
    shipped, problems = read_package(package)
    show_problems(problems)
    if shipped is None:
        return 1
    if selection := selection_of(shipped.description):
        message = f"{package} holds the output {selection!r}, not all notes of its deck"
        raise click.UsageError(f"{message}: take the package of the whole deck")
    try:
        lock = restore(shipped)
    except ValueError as error:
        click.echo(f"{package}: no lock can be made from it: {error}", err=True)
        return 1
    file = folder / f"{lock.deck}.lock"
    if file.exists():
        raise click.UsageError(f"{file} exists; delete it first if it is beyond repair")
    replace_files({file: format_lock(lock).encode()}, folder / f".{lock.deck}.journal")
    click.echo(
        f"Wrote {file} with {count(len(lock.entries), 'note')}. Check it with: deckbuilder diff --against {package}"
    )
    return 0

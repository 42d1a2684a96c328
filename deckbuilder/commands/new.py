"""`deckbuilder new`: a small, commented deck to begin with."""

from importlib.resources import files
from pathlib import Path

import click

from deckbuilder.commands.paths import OF_A_FOLDER, id_of, refuse_within_a_deck
from deckbuilder.facts.models import is_deck_id
from deckbuilder.files import replace_file


@click.command(epilog="Example: deckbuilder new bird-songs")
@click.argument("name")
@click.option(
    "-d",
    "--directory",
    "folder",
    metavar="DIR",
    default="cards",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the deck's file goes.",
)
def command(name: str, folder: Path) -> int:
    """Write a small deck of facts, with comments, that builds at once.

    NAME becomes the deck's name; its file and id are the same in lower case with hyphens.
    """
    deck_id, title = id_of(name), _title_from(name)
    if not deck_id or not title:
        message = (
            f"no file can be named by {name!r}: use letters or digits (a-z, 0-9), and change 'name:' in the new file"
        )
        raise click.BadParameter(message, param_hint="NAME")
    if deck_id == OF_A_FOLDER:
        message = f"{OF_A_FOLDER}.yaml would make one deck of all files in its folder: choose another name"
        raise click.BadParameter(message, param_hint="NAME")
    if not is_deck_id(deck_id):
        raise click.BadParameter(f"{deck_id!r} cannot name a file on every machine: choose another", param_hint="NAME")
    file = folder / f"{deck_id}.yaml"
    refuse_within_a_deck(file, "-d")
    if file.exists():
        raise click.UsageError(f"{file} exists already; nothing was changed")
    template = files("deckbuilder.commands").joinpath("new.yaml").read_text(encoding="utf-8")
    text = template.replace("{{id}}", deck_id).replace("{{name}}", title)
    replace_file(file, text.encode())
    click.echo(f"Wrote {file}. Build it with: deckbuilder build {file}")
    return 0


def _title_from(name: str) -> str:
    """The name as it can stand in double quotes, without empty levels."""
    printable = "".join(sign for sign in name if sign.isprintable()).replace("\\", "").replace('"', "'")
    return "::".join(level.strip() for level in printable.split("::") if level.strip())

"""`deckbuilder new`: a small, commented deck to begin with."""

import re
import unicodedata
from importlib.resources import files
from pathlib import Path

import click

from deckbuilder.facts.models import is_deck_id


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
    deck_id, title = _id_from(name), _title_from(name)
    if not deck_id or not title:
        raise click.BadParameter("use letters or digits (a-z, 0-9) in the name", param_hint="NAME")
    if not is_deck_id(deck_id):
        raise click.BadParameter(f"{deck_id!r} cannot name a file on every machine: choose another", param_hint="NAME")
    file = folder / f"{deck_id}.yaml"
    if file.exists():
        raise click.UsageError(f"{file} exists already; nothing was changed")
    template = files("deckbuilder.commands").joinpath("new.yaml").read_text(encoding="utf-8")
    text = template.replace("{{id}}", deck_id).replace("{{name}}", title)
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    click.echo(f"Wrote {file}. Build it with: deckbuilder build {file}")
    return 0


def _id_from(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _title_from(name: str) -> str:
    """The name as it can stand in double quotes, without empty levels."""
    printable = "".join(sign for sign in name if sign.isprintable()).replace("\\", "").replace('"', "'")
    return "::".join(level.strip() for level in printable.split("::") if level.strip())

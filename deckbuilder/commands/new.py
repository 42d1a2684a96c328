"""`deckbuilder new`: a small, commented deck to begin with."""

import re
import unicodedata
from importlib.resources import files
from pathlib import Path

import click


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
    deck_id = _id_from(name)
    if not deck_id:
        raise click.BadParameter("use letters or digits (a-z, 0-9) in the name", param_hint="NAME")
    file = folder / f"{deck_id}.yaml"
    if file.exists():
        raise click.UsageError(f"{file} exists already; nothing was changed")
    template = files("deckbuilder.commands").joinpath("new.yaml").read_text(encoding="utf-8")
    title = name.replace("\\", "").replace('"', "'").strip()
    text = template.replace("{{id}}", deck_id).replace("{{name}}", title)
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    click.echo(f"Wrote {file}. Build it with: deckbuilder build {file}")
    return 0


def _id_from(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))

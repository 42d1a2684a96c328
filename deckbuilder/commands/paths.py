"""What several commands take alike: which decks, and where packages are."""

import re
import unicodedata
from pathlib import Path

import click

# Letters that are no accented ones, in letters that every file can be named by.
_LATIN = str.maketrans(
    {"ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l"}
    | {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
# A file of this name makes one deck of its folder, so a deck beside others has another.
OF_A_FOLDER = "deck"

paths_argument = click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
output_option = click.option(
    "-o",
    "--output",
    "out",
    metavar="DIR",
    default="dist",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the packages are.",
)


def id_of(name: str) -> str:
    """A deck's id made of its name; empty if there is no Latin letter and no digit in it."""
    plain = unicodedata.normalize("NFKD", name.translate(_LATIN)).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def chosen_paths(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The decks that were named, or the folder cards/."""
    if paths:
        return paths
    if not Path("cards").is_dir():
        raise click.UsageError("there is no folder cards/ here: name a deck's file or folder")
    return (Path("cards"),)

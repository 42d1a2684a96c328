"""What several commands take alike: which decks, and where packages are."""

import re
import unicodedata
from pathlib import Path
from typing import Any

import click

# Letters that are no accented ones, in letters that every file can be named by.
_LATIN = str.maketrans(
    {"ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l"}
    | {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
# A file of this name makes one deck of its folder, so a deck beside others has another.
OF_A_FOLDER = "deck"


class _Deck(click.Path):
    """A deck's file or folder; where there is none, which one may have been meant."""

    def __init__(self) -> None:
        super().__init__(exists=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            near = _near(Path(value))
            raise (
                click.BadParameter(f"{error.message} Did you mean {str(near)!r}?", ctx, param) if near else error
            ) from None


def _near(missing: Path) -> Path | None:
    """A file of facts that is nearly called so: here, or in the folder cards."""
    # Only mistakes pay for it.
    from difflib import get_close_matches  # noqa: PLC0415

    folders = [missing.parent, Path("cards")]
    files = {file.stem: file for folder in reversed(folders) for file in sorted(folder.glob("*.y*ml"))}
    return next((files[name] for name in get_close_matches(missing.stem, files, n=1)), None)


deck_path = _Deck()
paths_argument = click.argument("paths", metavar="[PATH]...", nargs=-1, type=deck_path)
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


def refuse_within_a_deck(file: Path, option: str) -> None:
    """A new deck must not stand in the folder of another one, of which its file would be a part."""
    heading = f"{OF_A_FOLDER}.yaml"
    home = next((folder for folder in file.parents if (folder / heading).is_file()), None)
    if home is not None and file != home / heading:
        message = f"{home / heading} makes one deck of all files in its folder: choose another folder with {option}"
        raise click.UsageError(message)


def chosen_paths(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The decks that were named, or the folder cards/."""
    if paths:
        return paths
    if not Path("cards").is_dir():
        raise click.UsageError("there is no folder cards/ here: name a deck's file or folder")
    return (Path("cards"),)

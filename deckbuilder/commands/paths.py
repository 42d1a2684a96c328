"""What several commands take alike: which decks, and where packages are."""

from pathlib import Path

import click

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


def chosen_paths(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The decks that were named, or the folder cards/."""
    if paths:
        return paths
    if not Path("cards").is_dir():
        raise click.UsageError("there is no folder cards/ here: name a deck's file or folder")
    return (Path("cards"),)

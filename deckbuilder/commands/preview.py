"""`deckbuilder preview`: the cards as pages for a browser."""

from pathlib import Path

import click

from deckbuilder.commands.paths import chosen_paths, paths_argument
from deckbuilder.commands.progress import progress
from deckbuilder.commands.show import show_problems
from deckbuilder.preview.folder import write_site
from deckbuilder.preview.previewed import preview
from deckbuilder.preview.site import site
from deckbuilder.problems import has_errors
from deckbuilder.report import count

_OUT = Path("preview")
_LOOPBACK = "127.0.0.1"


@click.command(epilog="Example: deckbuilder preview cards/calcification.yaml --serve --open")
@paths_argument
@click.option(
    "-o",
    "--output",
    "out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Where the pages go.  [default: {_OUT}; with --serve nowhere]",
)
@click.option(
    "--packages",
    metavar="DIR",
    default="dist",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the packages are that the pages offer for download.",
)
@click.option("--serve", is_flag=True, help="Serve the pages to your browser; they follow each save, until Ctrl-C.")
@click.option("--open", "opens", is_flag=True, help="Open the browser, too.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help="The port to serve at; 0 for any.  [default: the first free one from 8321 on]",
)
@click.option(
    "--host", metavar="ADDRESS", help=f"The address to serve at.  [default: {_LOOPBACK}: this computer alone]"
)
@click.option("--expose", is_flag=True, help="Let other computers connect, where --host lets them reach this one.")
def command(  # noqa: PLR0913 - an argument for each option
    paths: tuple[Path, ...],
    out: Path | None,
    packages: Path,
    port: int | None,
    host: str | None,
    *,
    serve: bool,
    opens: bool,
    expose: bool,
) -> int:
    """Show decks in a browser: a page about each for students, and all its cards with what the review says of them.

    PATH is a deck's YAML file, a deck's folder, or a folder of decks; without one, the folder cards/.
    Exit code: 0 written, 1 a deck could not be shown, 2 wrong usage, 3 unexpected.
    """
    if serve:
        # A server is slow to import.
        from deckbuilder.commands.serve import Serve, serve_decks  # noqa: PLC0415

        return serve_decks(Serve(chosen_paths(paths), packages, out, host or _LOOPBACK, port, expose, opens))
    for name, given in (("--open", opens), ("--port", port is not None), ("--host", host), ("--expose", expose)):
        if given:
            raise click.UsageError(f"{name} goes with --serve")
    return _write(chosen_paths(paths), out or _OUT, packages)


def _write(paths: tuple[Path, ...], out: Path, packages: Path) -> int:
    with progress() as tell:
        previewed = preview(paths, packages, tell)
        if previewed.decks:
            write_site(site(previewed.decks, out), out)
    problems = [*previewed.problems, *(remark for deck in previewed.decks for remark in deck.remarks)]
    show_problems(problems)
    for deck in previewed.decks:
        offered = f", download: {deck.offer.file}" if deck.offer else ""
        name = click.style(deck.name, bold=True) + (f" (output {deck.output})" if deck.output else "")
        click.echo(f"{name}  {count(len(deck.cards), 'card')}{offered}")
    if previewed.decks:
        click.echo(f"  → {click.style(str(out / 'index.html'), fg='green')}  open it in a browser")
    return 1 if has_errors(problems) else 0

"""`deckbuilder masks`: draw the masks of a picture."""

import webbrowser
from pathlib import Path

import click

from deckbuilder.commands.paths import deck_path
from deckbuilder.masks.begin import begin
from deckbuilder.masks.pages import pages
from deckbuilder.serving import serving


@click.command(epilog="Example: deckbuilder masks cards/media/flower.svg --deck cards/botany.yaml")
@click.argument("image", metavar="IMAGE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--deck",
    metavar="PATH",
    type=deck_path,
    help="Begin with the masks that this deck has for the picture.",
)
@click.option("--port", metavar="N", type=click.IntRange(0, 65535), help="The port to serve on; 0 for any free one.")
@click.option("--open/--no-open", "opened", default=True, show_default=True, help="Open the page in a browser.")
def command(image: Path, deck: Path | None, port: int | None, *, opened: bool) -> int:
    """Draw masks over a picture in a browser, name what is under them, and copy them as facts.

    IMAGE is a PNG, JPEG, WebP, GIF or SVG. No file is changed: you paste what you copied into your deck.
    Only this computer can reach the page. End it with Ctrl-C.
    Exit code: 0 ended, 2 wrong usage, 3 unexpected.
    """
    beginning = begin(image, [deck] if deck else [])
    with serving(pages(beginning), port=port) as server:
        click.echo(f"{click.style(server.url, fg='green')}  draw the masks of {image} there; Ctrl-C ends it")
        if opened:
            webbrowser.open(server.url)
        try:
            server.wait()
        except KeyboardInterrupt:
            click.echo()
    return 0

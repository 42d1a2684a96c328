"""`deckbuilder preview --serve`: the cards in a browser while an author writes, at each save as they are now."""

import time
import webbrowser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from deckbuilder.commands.progress import progress
from deckbuilder.commands.show import show_problems
from deckbuilder.commands.watch import FACTS, saved
from deckbuilder.facts.media import PICTURES_AND_SOUNDS
from deckbuilder.preview.cards import ShownDeck, files_of_facts
from deckbuilder.preview.folder import write_site
from deckbuilder.preview.live import Live, last_good, to_show
from deckbuilder.preview.previewed import Previewed, preview
from deckbuilder.preview.site import site
from deckbuilder.problems import Place, Problem, UsageError
from deckbuilder.report import count
from deckbuilder.serving import Serving, is_loopback, serving

# Cards are to be there when the eye comes back from the editor.
_SECONDS = 0.1
_WOULD_EXPOSE = (
    "lets other computers connect: whoever can reach this one over the network could read your cards, and the names of "
    "your files. Add --expose if that is meant"
)
_EXPOSED = "Whoever can reach this computer over the network can now read your cards, and the names of your files."


@dataclass(frozen=True, slots=True)
class Serve:
    """What to serve, and where. Without `out` nothing is written; `exposed` says that others may connect."""

    paths: tuple[Path, ...]
    packages: Path
    out: Path | None
    host: str
    port: int | None
    exposed: bool
    opens: bool


def serve_decks(wanted: Serve) -> int:
    """Serve the decks until Ctrl-C."""
    if not (wanted.exposed or is_loopback(wanted.host)):
        raise UsageError(f"--host {wanted.host} {_WOULD_EXPOSE}")
    live = Live()
    with serving(live.answer, host=wanted.host, port=wanted.port, exposed=wanted.exposed) as server:
        if not is_loopback(wanted.host):
            click.echo(click.style(_EXPOSED, fg="yellow"), err=True)
        click.echo(f"{click.style(server.url, fg='green', bold=True)}  Ctrl-C ends it.")
        try:
            _follow(wanted, live, server)
        except KeyboardInterrupt:
            return 0
    raise AssertionError("files are watched without end")


def _follow(wanted: Serve, live: Live, server: Serving) -> None:
    decks: tuple[ShownDeck, ...] = ()
    files: list[Path] = []
    is_first = True
    for _ in saved(wanted.paths, seconds=_SECONDS, endings=FACTS | PICTURES_AND_SOUNDS, others=files):
        live.reading()
        previewed = _looked_at(wanted)
        decks = last_good(decks, previewed)
        files[:] = _files_of(decks)
        pages = site(decks, wanted.out or Path())
        live.show(to_show(decks, pages, previewed.problems))
        if wanted.out is not None:
            write_site(pages, wanted.out)
        _tell(previewed)
        if is_first and wanted.opens:
            _open(server.url + (f"decks/{decks[0].id}/cards.html" if len(decks) == 1 else ""))
        is_first = False


def _looked_at(wanted: Serve) -> Previewed:
    try:
        with progress() as tell:
            return preview(wanted.paths, wanted.packages, tell)
    except OSError as error:
        # A folder may go while it is read, and come back with the next save.
        place = Place(Path(error.filename or wanted.paths[0]))
        return Previewed((), (Problem(place, "unreadable", f"cannot be read: {error.strerror or error}"),))


def _files_of(decks: Sequence[ShownDeck]) -> Iterator[Path]:
    """Files that a deck is made of, wherever they are."""
    for deck in decks:
        yield from files_of_facts(deck.facts)
        yield from (one.file for one in deck.facts.media.values())
        yield from ([deck.facts.theme.file] if deck.facts.theme else [])


def _tell(previewed: Previewed) -> None:
    show_problems(previewed.problems)
    names = {deck.id: f"{deck.name} (output {deck.output})" if deck.output else deck.name for deck in previewed.decks}
    cards = [f"{names[deck.id]} {count(len(deck.cards), 'card')}" for deck in previewed.decks]
    click.echo(f"{time.strftime('%H:%M:%S')}  {', '.join(cards) or 'nothing to show'}")


def _open(url: str) -> None:
    if not webbrowser.open(url):
        click.echo(f"No browser was found: open {url} in one.", err=True)

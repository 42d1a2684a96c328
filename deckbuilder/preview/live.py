"""The site as it is served while an author writes: the last good cards, what is wrong now, and pages that follow."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from threading import Condition
from urllib.parse import parse_qs

from deckbuilder.preview.cards import ShownDeck
from deckbuilder.preview.pages.data import problem_records
from deckbuilder.preview.pages.frame import asset, page
from deckbuilder.preview.previewed import Previewed
from deckbuilder.preview.site import site
from deckbuilder.problems import Problem
from deckbuilder.report import shown_line
from deckbuilder.serving import HTML, Answer, Request, not_found, type_of

# More would bury the first one, which often is the cause of the others.
_MOST_TOLD = 50
_SECONDS_OF_SILENCE = 15
_STREAM = "/live"
_ASSETS = ("live.css", "live.js")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is served at a moment. `versions` tells by a page's name what it looks like, its scripts and cards included.

    `program` stands for all that does not come from the author: a page of another program cannot follow.
    """

    pages: Mapping[str, bytes]
    problems: tuple[Problem, ...]
    versions: Mapping[str, str]
    program: str
    is_reading: bool = False


def to_show(decks: Sequence[ShownDeck], pages: Mapping[str, bytes], problems: Sequence[Problem]) -> Shown:
    """The site of `decks`, and what is wrong, ready to be followed. Without decks there is no page."""
    assets = {name: data for name, data in pages.items() if name.startswith("assets/")}
    assets |= {f"assets/{name}": asset(name) for name in _ASSETS}
    others = {name: data for name, data in pages.items() if decks and name not in assets}
    folders: dict[PurePosixPath, list[bytes]] = {}
    for name, data in sorted(others.items()):
        folders.setdefault(PurePosixPath(name).parent, []).append(data)
    of_folder = {folder: _digest(found) for folder, found in folders.items()}
    versions = {name: of_folder[PurePosixPath(name).parent] for name in others if type_of(name) == HTML}
    following = {name: _following(pages[name], version) for name, version in versions.items()}
    return Shown({**assets, **others, **following}, tuple(problems), versions, _digest(assets.values()))


def last_good(before: Sequence[ShownDeck], now: Previewed) -> tuple[ShownDeck, ...]:
    """The decks of `now`, and as they were `before` those whose file is there and cannot be shown any more."""
    fresh = {_place(deck): deck for deck in now.decks}
    files, ids = {deck.facts.file for deck in now.decks}, {deck.id for deck in now.decks}
    known = [_place(deck) for deck in before]
    kept = [
        fresh.get(_place(deck), deck)
        for deck in before
        if _place(deck) in fresh or (deck.facts.file not in files and deck.facts.file.exists() and deck.id not in ids)
    ]
    return (*kept, *(deck for place, deck in fresh.items() if place not in known))


def _place(deck: ShownDeck) -> tuple[Path, str]:
    """Where a deck is written, and which of its outputs it is."""
    return deck.facts.file, deck.output


class Live:
    """What is served now, for any number of pages that wait for the next. One writes, all read."""

    def __init__(self) -> None:
        self._shown = replace(to_show((), site((), Path()), ()), is_reading=True)
        self._changed = Condition()

    def reading(self) -> None:
        """A save was seen, and is being looked at."""
        self.show(replace(self._shown, is_reading=True))

    def show(self, shown: Shown) -> None:
        with self._changed:
            self._shown = shown
            self._changed.notify_all()

    def answer(self, request: Request) -> Answer:
        if request.path == _STREAM:
            return Answer(self._follow("".join(parse_qs(request.query).get("page", []))), "text/event-stream")
        name = request.path[1:] + ("index.html" if request.path.endswith("/") else "")
        now = self._shown
        if name in now.pages:
            return Answer(now.pages[name], type_of(name))
        if type_of(name) != HTML:
            return not_found()
        status = HTTPStatus.OK if name == "index.html" else HTTPStatus.NOT_FOUND
        return Answer(_waiting("index.html" in now.pages), status=status)

    def _follow(self, name: str) -> Iterator[bytes]:
        """What a page is told, as an event stream: how things are, and again whenever that changes."""
        told: Shown | None = None
        yield b"retry: 500\n\n"
        while True:
            now = self._after(told)
            # Whoever left is met in writing.
            yield b": nothing new\n\n" if now is told else f"data: {json.dumps(_record(now, name))}\n\n".encode()
            told = now

    def _after(self, told: Shown | None) -> Shown:
        """What is shown once it is something else than `told`; the same again after a while."""
        with self._changed:
            self._changed.wait_for(lambda: self._shown is not told, _SECONDS_OF_SILENCE)
            return self._shown


def _record(now: Shown, name: str) -> dict[str, object]:
    return {
        "version": now.versions.get(name, ""),
        "program": now.program,
        "reading": now.is_reading,
        "count": len(now.problems),
        "problems": _problems_with_lines(now.problems[:_MOST_TOLD]),
    }


def _problems_with_lines(problems: Sequence[Problem]) -> list[dict[str, object]]:
    """Problems as a page shows them where no card can: with the line, and where the caret goes."""
    records = []
    for problem, record in zip(problems, problem_records(problems), strict=True):
        line, caret = shown_line(problem.place) or ("", 0)
        records.append({**record, "number": problem.place.line, "line": line, "caret": caret})
    return records


def _following(html: bytes, version: str) -> bytes:
    """A page that follows. Its version stands in it, so that it knows what it shows whenever it was fetched."""
    tags = (
        '<link rel="stylesheet" href="/assets/live.css">\n'
        f'<script src="/assets/live.js" data-version="{version}" defer></script>\n</head>'
    )
    return html.replace(b"</head>", tags.encode(), 1)


def _waiting(others: bool) -> bytes:  # noqa: FBT001 - the value itself
    """The page in place of one that is not there, or not yet."""
    return _following(page("waiting.html", "/", others=others), "")


def _digest(parts: Collection[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:16]

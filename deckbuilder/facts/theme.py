"""A deck's theme: its CSS file, and the fonts and pictures that the file names."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from deckbuilder.facts.deck import Deck, Media, Theme
from deckbuilder.facts.media import as_picture, as_stored, media_name, read_named
from deckbuilder.facts.pictures import FORMS
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.facts.styles import Styles, read_styles, with_files
from deckbuilder.problems import Place, Problem, Severity, has_errors

# How a font begins, by the ending of its file.
_FONTS: Mapping[str, tuple[bytes, ...]] = {
    ".woff2": (b"wOF2",),
    ".woff": (b"wOFF",),
    ".ttf": (b"\0\1\0\0", b"true"),
    ".otf": (b"OTTO",),
}
_PICTURES = frozenset({*FORMS, ".svg"})
# Anki takes files whose names begin with '_' for used, though no note names them. A name says what a file holds, and
# not whose it is: a deck that gets another id keeps its look, and decks with one font bring it once.
_OF_THEMES = "_theme"


def with_theme(deck: Deck) -> tuple[Deck, list[Problem]]:
    """The deck with the theme that its heading names, and what is wrong with that."""
    named = place_of(Origin(deck.file, ("deck", "theme")))
    file = as_stored(deck.file.parent / (deck.heading.theme or ""))
    if file.suffix.lower() != ".css":
        fix = "name a CSS file, as in theme.css"
        return deck, [Problem(named, "theme-broken", f"{file.name!r} is not a CSS file", fix)]
    data, problems = read_named(file, named)
    if data is None:
        return deck, problems
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return deck, [Problem(Place(file), "encoding", "the file is not saved as UTF-8", "save it as UTF-8")]
    styles = read_styles(text)
    lines = text.split("\n")
    problems = [
        Problem(_place(file, lines, (flaw.line, flaw.column)), flaw.rule, flaw.message, flaw.fix)
        for flaw in styles.flaws
    ]
    media, found = _files(file, lines, styles)
    problems += found
    if has_errors(problems):
        return deck, problems
    css = with_files(text, {name: one.name for name, one in media.items()})
    # By where they lie: a fact may name the same picture, which is then in the package under two names.
    beside = {f"{file.name}: {name}": one for name, one in media.items()}
    return replace(deck, theme=Theme(file, text, styles, css), media={**deck.media, **beside}), problems


def place_in(theme: Theme, line: int, column: int) -> Place:
    """Where something stands in a theme's file, as it was read."""
    return _place(theme.file, theme.text.split("\n"), (line, column))


def _place(file: Path, lines: list[str], spot: tuple[int, int]) -> Place:
    line, column = spot
    return Place(file, line, column, lines[line - 1] if line <= len(lines) else "")


def _files(theme: Path, lines: list[str], styles: Styles) -> tuple[dict[str, Media], list[Problem]]:
    media: dict[str, Media] = {}
    problems: list[Problem] = []
    for name, spot in styles.files.items():
        place = _place(theme, lines, spot)
        file = as_stored(theme.parent / name)
        data, found = read_named(file, place)
        problems += found
        if data is None:
            continue
        made, found = _file(file, data, place)
        # What is taken out of a drawing that only decorates is no news.
        problems += [problem for problem in found if problem.severity is Severity.ERROR]
        if made is not None:
            media[name] = replace(made, theme=True)
    return media, problems


def _file(file: Path, data: bytes, place: Place) -> tuple[Media | None, list[Problem]]:
    """A font or a picture. Its name says what it holds: Anki never replaces a file by another one of its name."""
    ending = file.suffix.lower()
    if ending in _PICTURES:
        return as_picture(_OF_THEMES, file, data, place)
    if ending not in _FONTS:
        known = ", ".join((*_FONTS, *sorted(_PICTURES)))
        fix = f"a theme can name fonts and pictures: {known}"
        return None, [Problem(place, "media-broken", f"{file.name!r} is neither a font nor a picture", fix)]
    if not data.startswith(_FONTS[ending]):
        message = f"{file.name!r} does not hold a font of the form {ending}"
        return None, [Problem(place, "media-broken", message, "take the file anew from where the font is offered")]
    return Media(media_name(_OF_THEMES, file, data), file, data), []

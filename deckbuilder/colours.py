"""The colours that all pages of this program share, so that one of them can never drift away from the others."""

from importlib.resources import files

COLOURS = "colours.css"


def colours() -> bytes:
    return files("deckbuilder").joinpath(COLOURS).read_bytes()

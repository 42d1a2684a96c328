"""A deck on paper: notes to read, and a sheet of questions with the answers at its end."""

from functools import partial

from deckbuilder.kinds.bench import Bench, cite
from deckbuilder.markup import render_block
from deckbuilder.preview.cards import ShownDeck
from deckbuilder.preview.handout.contrasts import contrast_tables
from deckbuilder.preview.handout.notes import chapters
from deckbuilder.preview.handout.paper import on_paper
from deckbuilder.preview.handout.sheet import exercises
from deckbuilder.preview.handout.words import direction, handout_words
from deckbuilder.preview.pages.frame import head, page

_ROOT = "../../"


def handout_page(deck: ShownDeck, *, siblings: bool) -> bytes:
    bench = Bench(deck.facts)
    heading = deck.facts.heading
    own = handout_words(deck.language)
    shown = head(deck, "Handout", siblings=siblings)
    return page(
        "handout.html",
        _ROOT,
        deck=shown,
        heading=heading,
        paper=partial(on_paper, media=f"{_ROOT}media/"),
        description=render_block(heading.description).html if heading.description else "",
        disclaimer=render_block(heading.disclaimer).html if heading.disclaimer else "",
        direction=direction(deck.language),
        words=bench.words,
        own=own,
        tables=list(contrast_tables(bench)),
        chapters=list(chapters(bench)),
        exercises=list(exercises(deck.notes, bench.words, own)),
        sources={name: (number, cite(source)) for number, (name, source) in enumerate(deck.facts.sources.items(), 1)},
        footer=_css_string(shown.title),
    )


def _css_string(text: str) -> str:
    """Text for a string of CSS: every sign that could end it is written as its number."""
    return "".join(sign if sign.isalnum() else f"\\{ord(sign):x} " for sign in text)

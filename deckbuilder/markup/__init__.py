"""Markdown, math and cloze markup to HTML; escaping lives here and nowhere else.

What only decks of others need is imported by its name: the way back, `from_html`, and `lines`.
"""

from deckbuilder.markup.blanks import Blank
from deckbuilder.markup.code import is_language
from deckbuilder.markup.escape import (
    escape,
    escape_answer,
    escape_in_cloze,
    shown_text,
    sort_text,
    typed_text,
    visible_text,
)
from deckbuilder.markup.render import Rendered, is_plain, render_block, render_inline

__all__ = [
    "Blank",
    "Rendered",
    "escape",
    "escape_answer",
    "escape_in_cloze",
    "is_language",
    "is_plain",
    "render_block",
    "render_inline",
    "shown_text",
    "sort_text",
    "typed_text",
    "visible_text",
]

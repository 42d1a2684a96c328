"""Markdown to a field of a foreign note type: lines and lists as they are typed, blanks as Anki writes them."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from deckbuilder.markup.blanks import Blank, find_blank, next_opener
from deckbuilder.markup.escape import disarm, escape_answer, escape_in_cloze, escape_math
from deckbuilder.markup.parser import Found, new_parser

# No text can hold these: they stand for the signs of a blank until all other such signs are escaped.
_OPEN, _ANSWER, _HINT, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
_MARKED = re.compile(f"{_OPEN}(\\d+){_ANSWER}(.*?){_HINT}(.*?){_CLOSE}", re.DOTALL)
# A text without any of these signs is its own HTML, and most texts are.
_PLAIN = re.compile(f"[^\\\\`*_\\[\\]<>&!${{}}\n:{_OPEN}-{_CLOSE}]*")
_MARKS = dict.fromkeys(map(ord, (_OPEN, _ANSWER, _HINT, _CLOSE)))


def render_lines(text: str, number_of: Callable[[Blank], int] | None = None) -> str:
    """HTML of a text of one line or several. Blanks are read if `number_of` tells their numbers."""
    if _PLAIN.fullmatch(text):
        return text
    text = text.translate(_MARKS)
    parser = _parser(blanks=number_of is not None)
    env = {"found": Found(), "number": number_of}
    html = _loose(parser.render(text, env).strip()) if "\n" in text else parser.renderInline(text, env)
    return disarm(html) if number_of is None else disarm(_with_blanks(html))


def _loose(html: str) -> str:
    """A single paragraph without its tags: lines in Anki's fields stand in none."""
    single = html.count("<p>") == 1 and html.startswith("<p>") and html.endswith("</p>")
    return html[len("<p>") : -len("</p>")] if single else html


@cache
def _parser(*, blanks: bool) -> MarkdownIt:
    parser = new_parser(breaks=True)
    parser.disable("image")
    if not blanks:
        parser.disable("blank")
    parser.add_render_rule("blank", _render_blank)
    parser.add_render_rule("math", _render_math)
    return parser


def _with_blanks(html: str) -> str:
    """The marks of blanks as Anki's signs, and all that only looks like such signs escaped."""
    pieces, position = [], 0
    for blank in _MARKED.finditer(html):
        hint = f"::{escape_answer(blank[3])}" if blank[3] else ""
        pieces.append(escape_in_cloze(html[position : blank.start()]))
        pieces.append(f"{{{{c{blank[1]}::{escape_answer(blank[2])}{hint}}}}}")
        position = blank.end()
    return "".join([*pieces, escape_in_cloze(html[position:])])


def _marked(blank: Blank, env: Any) -> str:
    return f"{_OPEN}{env['number'](blank)}{_ANSWER}{blank.html}{_HINT}{blank.hint}{_CLOSE}"


def _render_blank(_: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    return _marked(tokens[index].meta["blank"], env)


def _render_math(_: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    text, position, pieces = tokens[index].content, 0, []
    while env["number"] is not None and (start := next_opener(text, position)) >= 0:
        found = find_blank(text, start)
        if found is None:
            break
        blank = Blank(escape_math(found.answer), escape_math(found.hint), found.number)
        pieces += [escape_math(text[position:start]), _marked(blank, env)]
        position = found.end
    opener, closer = ("\\[", "\\]") if tokens[index].meta["block"] else ("\\(", "\\)")
    return "".join([opener, *pieces, escape_math(text[position:]), closer])

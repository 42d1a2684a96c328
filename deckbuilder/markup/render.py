"""Markdown to HTML by markdown-it, with two rules of our own: math and blanks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from deckbuilder.markup.blanks import Blank, find_blank, next_opener
from deckbuilder.markup.escape import disarm, escape

Segment = str | Blank

# A text without any of these signs is its own HTML, and most texts are.
_PLAIN = re.compile(r"[^\\`*_\[\]<>&!${}\n]*")
# As in Pandoc: no space inside the dollars, no digit behind the closing one ("$5 or $10" is money).
_MATH = re.compile(r"\$\$(?P<block>(?:[^$\\]|\\.)+)\$\$|\$(?!\s)(?P<inline>(?:[^$\\]|\\.)+?)(?<!\s)\$(?!\d)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML in pieces, with the blanks between them, and what is wrong with the markup."""

    segments: tuple[Segment, ...]
    mistakes: tuple[str, ...] = ()

    @property
    def html(self) -> str:
        """The whole as HTML, every answer shown."""
        return disarm("".join(piece if isinstance(piece, str) else piece.html for piece in self.segments))

    @property
    def blanks(self) -> tuple[Blank, ...]:
        return tuple(piece for piece in self.segments if isinstance(piece, Blank))


@lru_cache(maxsize=4096)
def render_inline(text: str) -> Rendered:
    """One text without block structure: CommonMark inline, math, and blanks."""
    if _PLAIN.fullmatch(text):
        return Rendered((text,))
    found = _Found()
    tokens = _parser().parseInline(text, {"found": found})[0].children or []
    segments = _segments(tokens, found)
    numbered = {blank.number is not None for blank in segments if isinstance(blank, Blank)}
    if len(numbered) > 1:
        found.mistakes.append("[[...]] and {{c1::...}} stand in one text: use one of them")
    return Rendered(tuple(segments), tuple(dict.fromkeys(found.mistakes)))


@lru_cache(maxsize=1024)
def render_block(text: str) -> Rendered:
    """A text with paragraphs and lists: all of CommonMark but HTML, and math."""
    found = _Found()
    parser = _parser()
    tokens = parser.parse(text, {"found": found})
    children = [child for token in tokens for child in token.children or ()]
    if any(_holds_blank(child) for child in children):
        found.mistakes.append("a blank stands where none can")
    _refuse_images(children, found)
    html = disarm(str(parser.renderer.render(tokens, parser.options, {})).strip())
    return Rendered((html,), tuple(dict.fromkeys(found.mistakes)))


class _Found:
    """What the rules met that is no token."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.inline.ruler.before("escape", "math", _math_rule)
    parser.inline.ruler.before("link", "blank", _blank_rule)
    parser.add_render_rule("text", _render_text)
    parser.add_render_rule("code_inline", _render_code)
    parser.add_render_rule("math", _render_math)
    parser.add_render_rule("blank", _render_blank)
    return parser


def _math_rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    if state.src[state.pos] != "$":
        return False
    match = _MATH.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("math", "", 0)
        token.content = match["block"] or match["inline"]
        token.meta = {"block": match["block"] is not None}
    state.pos = match.end()
    return True


def _blank_rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    found = find_blank(state.src, state.pos) if state.src[state.pos] in "[{" else None
    if found is None:
        return False
    if not silent:
        if found.mistake:
            state.env["found"].mistakes.append(found.mistake)
        token = state.push("blank", "", 0)
        # Parsed apart, so that emphasis cannot reach across a blank's border.
        answer, hint = (_inline_html(text, state.env["found"]) for text in (found.answer, found.hint))
        token.meta = {"blank": Blank(answer, hint, found.number)}
    state.pos = found.end
    return True


def _segments(tokens: Sequence[Token], found: _Found) -> list[Segment]:
    _refuse_images(tokens, found)
    segments: list[Segment] = []
    rest: list[Token] = []
    for token in tokens:
        pieces = _pieces(token, found)
        if pieces is None:
            rest.append(token)
            continue
        segments += [_html(rest, found), *pieces]
        rest = []
    return [segment for segment in [*segments, _html(rest, found)] if segment]


def _pieces(token: Token, found: _Found) -> list[Segment] | None:
    """A token that is or holds blanks, in pieces."""
    if not _holds_blank(token):
        return None
    return [token.meta["blank"]] if token.type == "blank" else _math_pieces(token, found)


def _holds_blank(token: Token) -> bool:
    return token.type == "blank" or (token.type == "math" and next_opener(token.content, 0) >= 0)


def _math_pieces(token: Token, found: _Found) -> list[Segment]:
    """Math with blanks in it: `$\\frac{[[a]]}{b}$`."""
    opener, closer = _math_delimiters(token)
    text, position = token.content, 0
    pieces: list[Segment] = [opener]
    while (start := next_opener(text, position)) >= 0:
        blank = find_blank(text, start)
        if blank is None:
            break
        if blank.mistake:
            found.mistakes.append(blank.mistake)
        if "}}" in blank.answer:
            found.mistakes.append("'}}' in math inside a blank: write '} }'")
        pieces += [
            escapeHtml(text[position:start]),
            Blank(escapeHtml(blank.answer), _inline_html(blank.hint, found), blank.number),
        ]
        position = blank.end
    return [*pieces, escapeHtml(text[position:]) + closer]


def _html(tokens: Sequence[Token], found: _Found) -> str:
    _refuse_images(tokens, found)
    parser = _parser()
    return disarm(str(parser.renderer.render(list(tokens), parser.options, {}))) if tokens else ""


def _inline_html(text: str, found: _Found) -> str:
    return _html(_parser().parseInline(text, {"found": found})[0].children or [], found)


def _refuse_images(tokens: Sequence[Token], found: _Found) -> None:
    if any(token.type == "image" for token in tokens):
        found.mistakes.append("an image in a text is not supported yet: remove it for now")


def _math_delimiters(token: Token) -> tuple[str, str]:
    return ("\\[", "\\]") if token.meta["block"] else ("\\(", "\\)")


def _render_text(_: RendererHTML, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    return escape(tokens[index].content)


def _render_code(_: RendererHTML, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    return f"<code>{escape(tokens[index].content)}</code>"


def _render_math(_: RendererHTML, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    opener, closer = _math_delimiters(tokens[index])
    return opener + escapeHtml(tokens[index].content) + closer


def _render_blank(_: RendererHTML, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    blank: Blank = tokens[index].meta["blank"]
    return blank.html

"""The Markdown parser, markdown-it, with three rules of our own: math, blanks and readings."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from deckbuilder.markup.blanks import Blank, find_blank, next_opener
from deckbuilder.markup.code import code_block, is_language
from deckbuilder.markup.escape import disarm, escape, escape_math

# As in Pandoc: no space inside the dollars, no digit behind the closing one ("$5 or $10" is money).
_MATH = re.compile(r"\$\$(?P<block>(?:[^$\\]|\\.)+)\$\$|\$(?!\s)(?P<inline>(?:[^$\\]|\\.)+?)(?<!\s)\$(?!\d)", re.DOTALL)

# Of what TeX or Markdown would read otherwise, nothing; and more than the letters of a product.
_WORDS_IN_MATH = re.compile(r"[^\\^_{}$&<>*`\[\]]*[^\W\d_]{3}[^\\^_{}$&<>*`\[\]]*")

# A reading in brackets behind Chinese signs, as Anki itself writes it: 漢字[かんじ]. It is of letters, never a number
# or a Chinese sign, so that notes in brackets stay what they are.
_HAN = "\u3005\u3006\u3007\u30f6\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CJK = f"\u3040-\u30ff{_HAN}"
_SIGN_OF_CJK = re.compile(f"[{_CJK}]")


# Made for the first reading: so many signs take longer to compile than a small deck without one takes to render.
@cache
def _reading() -> re.Pattern[str]:
    return re.compile(
        rf"\[(?![^\[\]]*[{_HAN}])((?:[^\W\d_]|[\u0300-\u036f\u3099\u309a\u00b7\u30fb.'\u2019 -])+)\](?!\()"
    )


@cache
def _bases() -> tuple[re.Pattern[str], ...]:
    """What a reading stands over: the signs before it; if these end in kana, all of the word, behind a space."""
    return (
        re.compile(rf"(?:(?<=[{_CJK}]) )?([{_HAN}]+)$"),
        re.compile(rf"(?:(?<=[{_CJK}]) |(?<![{_CJK}]))([{_CJK}]*[{_HAN}][{_CJK}]*)$"),
    )


def parse_inline(text: str) -> tuple[list[str | Blank], list[str]]:
    """A text without block structure in HTML and blanks by turns, and what is wrong with its markup."""
    found = Found()
    tokens = _parser().parseInline(text, {"found": found})[0].children or []
    return _segments(tokens, found), found.mistakes


def parse_block(text: str) -> tuple[str, list[str]]:
    """HTML of a text with paragraphs and lists, and what is wrong with its markup."""
    found = Found()
    parser = _parser()
    tokens = parser.parse(text, {"found": found})
    children = [child for token in tokens for child in token.children or ()]
    if any(_holds_blank(child) for child in children):
        found.mistakes.append("a blank stands where none can")
    _refuse_images(children, found)
    return disarm(str(parser.renderer.render(tokens, parser.options, {})).strip()), found.mistakes


class Found:
    """What the rules met that is no token."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []


@cache
def _parser() -> MarkdownIt:
    return new_parser()


def new_parser(**options: bool) -> MarkdownIt:
    """CommonMark with math, blanks and readings. What it parses needs `{"found": Found()}` as its environment."""
    parser = MarkdownIt("commonmark", {"html": False, **options})
    parser.inline.ruler.before("escape", "math", _math_rule)
    parser.inline.ruler.before("link", "blank", _blank_rule)
    parser.inline.ruler.before("link", "ruby", _ruby_rule)
    parser.add_render_rule("text", _render_text)
    parser.add_render_rule("code_inline", _render_code)
    parser.add_render_rule("fence", _render_fence)
    parser.add_render_rule("math", _render_math)
    parser.add_render_rule("blank", _render_blank)
    parser.add_render_rule("ruby", _render_ruby)
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


def _ruby_rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    if silent or state.src[state.pos] != "[" or not _SIGN_OF_CJK.match(state.pending[-1:]):
        return False
    reading = _reading().match(state.src, state.pos, state.posMax)
    base = _base_at_end(state.pending) if reading else None
    if reading is None or base is None:
        return False
    state.pending = state.pending[: base.start()]
    token = state.push("ruby", "", 0)
    token.content, token.meta = base[1], {"reading": reading[1]}
    state.pos = reading.end()
    return True


def _base_at_end(text: str) -> re.Match[str] | None:
    """What a reading stands over. Only the signs at the end are looked at, or each reading would look at all before."""
    start = len(text)
    while start and _SIGN_OF_CJK.match(text, start - 1):
        start -= 1
    if start == len(text):
        return None
    # A space before them goes with them.
    return next((found for base in _bases() if (found := base.search(text, max(start - 1, 0)))), None)


def _segments(tokens: Sequence[Token], found: Found) -> list[str | Blank]:
    _refuse_images(tokens, found)
    segments: list[str | Blank] = []
    rest: list[Token] = []
    for token in tokens:
        pieces = _pieces(token, found)
        if pieces is None:
            rest.append(token)
            continue
        segments += [_html(rest, found), *pieces]
        rest = []
    return [segment for segment in [*segments, _html(rest, found)] if segment]


def _pieces(token: Token, found: Found) -> list[str | Blank] | None:
    """A token that is or holds blanks, in pieces."""
    if not _holds_blank(token):
        return None
    return [token.meta["blank"]] if token.type == "blank" else _math_pieces(token, found)


def _holds_blank(token: Token) -> bool:
    return token.type == "blank" or (token.type == "math" and next_opener(token.content, 0) >= 0)


def _math_pieces(token: Token, found: Found) -> list[str | Blank]:
    """Math with blanks in it: `$\\frac{[[a]]}{b}$`."""
    opener, closer = _math_delimiters(token)
    text, position = token.content, 0
    pieces: list[str | Blank] = [opener]
    while (start := next_opener(text, position)) >= 0:
        blank = find_blank(text, start)
        if blank is None:
            break
        if blank.mistake:
            found.mistakes.append(blank.mistake)
        if "}}" in blank.answer:
            found.mistakes.append("'}}' in math inside a blank → write '} }'")
        pieces += [
            escape_math(text[position:start]),
            Blank(escape_math(blank.answer), _hint_in_math(blank.hint, found), blank.number),
        ]
        position = blank.end
    return [*pieces, escape_math(text[position:]) + closer]


def _hint_in_math(hint: str, found: Found) -> str:
    """Words stand as words: a formula would set their letters as a product, without the spaces."""
    html = _inline_html(hint, found)
    return f"\\text{{{html}}}" if _WORDS_IN_MATH.fullmatch(hint) else html


def _html(tokens: Sequence[Token], found: Found) -> str:
    _refuse_images(tokens, found)
    parser = _parser()
    return disarm(str(parser.renderer.render(list(tokens), parser.options, {}))) if tokens else ""


def _inline_html(text: str, found: Found) -> str:
    return _html(_parser().parseInline(text, {"found": found})[0].children or [], found)


def _refuse_images(tokens: Sequence[Token], found: Found) -> None:
    if any(token.type == "image" for token in tokens):
        found.mistakes.append(
            "a picture cannot stand in a text → show it beside, as 'image: {file: owl.png, alt: An owl}'"
        )


def _math_delimiters(token: Token) -> tuple[str, str]:
    return ("\\[", "\\]") if token.meta["block"] else ("\\(", "\\)")


def _render_text(_: RendererHTML, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    return escape(tokens[index].content)


def _render_code(_: RendererHTML, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    return f"<code>{escape(tokens[index].content)}</code>"


def _render_fence(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    language = tokens[index].info.strip().partition(" ")[0]
    if not language or not is_language(language):
        return renderer.fence(tokens, index, options, env)
    return code_block(tokens[index].content, language) + "\n"


def _render_math(_: RendererHTML, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    opener, closer = _math_delimiters(tokens[index])
    return opener + escape_math(tokens[index].content) + closer


def _render_ruby(_: RendererHTML, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    token = tokens[index]
    return f"<ruby>{token.content}<rt>{escape(token.meta['reading'])}</rt></ruby>"


def _render_blank(_: RendererHTML, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    blank: Blank = tokens[index].meta["blank"]
    return blank.html

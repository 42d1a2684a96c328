"""Markdown to HTML, with math and blanks. What is plain, and nearly all texts are, never meets the parser."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from deckbuilder.markup.blanks import Blank
from deckbuilder.markup.code import code_block
from deckbuilder.markup.escape import disarm, escape_math, visible_text

Segment = str | Blank

# Signs that mean nothing to Markdown, math or blanks: a text without others is its own HTML, and most texts are.
_SIGN = r"[^\\`*_\[\]<>&!${}\n]"
_PLAIN = re.compile(f"{_SIGN}*")
# Nor can one be blank that begins with a letter or a digit.
_PLAIN_WORDS = re.compile(rf"[^\W_]{_SIGN}*")
# Lines of code between two lines of backquotes, the first of which may name the language.
_FENCE = re.compile(r"^```(?P<language>[\w+#.-]*)[ \t]*\n(?P<code>.*?)\n?^```[ \t]*$", re.MULTILINE | re.DOTALL)

# Plain words, a blank of plain words, math of one line without a blank in it, or words with stars close around them.
_EASY = re.compile(
    rf"(?P<plain>{_SIGN}+)"
    rf"|\[\[(?P<answer>\s*(?![|\s]){_SIGN}+?)(?:\|(?P<hint>{_SIGN}*?))?\]\]"
    r"|\$(?!\s)(?P<math>[^$\\\[{\n]+)(?<!\s)\$(?!\d)"
    rf"|(?<!\S)(?P<stars>\*\*?)(?P<stressed>[a-zA-Z0-9](?:{_SIGN}*[a-zA-Z0-9])?)(?P=stars)(?![^\s.,;:?)])"
)
# A line that begins with a letter, or with stars before one, begins nothing but words.
_WORDS = re.compile(r"(?:\*\*?)?[^\W\d_]")
# What may stand between an author's text and a reader's eye without showing: a blank front is no card.
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"


class Rendered(NamedTuple):
    """HTML in pieces, with the blanks between them, and what is wrong with the markup.

    `html` is the whole, every answer shown; `shown` tells whether a reader sees anything of it, and of each answer.
    """

    segments: tuple[Segment, ...]
    mistakes: tuple[str, ...]
    html: str
    blanks: tuple[Blank, ...]
    shown: bool

    @classmethod
    def of(cls, segments: Sequence[Segment], mistakes: Iterable[str] = ()) -> "Rendered":
        html = disarm("".join([piece if isinstance(piece, str) else piece.html for piece in segments]))
        blanks = tuple([piece for piece in segments if isinstance(piece, Blank)])
        shown = _shows(html) and all(_shows(blank.html) for blank in blanks)
        return cls(tuple(segments), tuple(dict.fromkeys(mistakes)), html, blanks, shown)


def _shows(html: str) -> bool:
    """Whether a reader sees anything of it."""
    return html[:1].isalnum() or bool(visible_text(html).strip(_UNSEEN))


def is_plain(text: str) -> bool:
    """Whether a text is its own HTML, without blanks or mistakes, and a reader sees it: most are."""
    return _PLAIN_WORDS.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def render_inline(text: str) -> Rendered:
    """One text without block structure but lines of code: CommonMark inline, math, and blanks."""
    if _PLAIN.fullmatch(text):
        return Rendered((text,), (), text, (), shown=_shows(text))
    if "```" in text and _FENCE.search(text):
        return _with_code(text)
    easy = _easy(text)
    if easy is not None:
        return Rendered.of(easy)
    # The parser is slow to import, and many decks have no text for it.
    from deckbuilder.markup.parser import parse_inline  # noqa: PLC0415

    segments, mistakes = parse_inline(text)
    numbered = {blank.number is not None for blank in segments if isinstance(blank, Blank)}
    # A blank that is none has no number either.
    if len(numbered) > 1 and not mistakes:
        mistakes.append("[[...]] and {{c1::...}} stand in one text → use one of them")
    return Rendered.of(segments, mistakes)


@lru_cache(maxsize=1024)
def render_block(text: str) -> Rendered:
    """A text with paragraphs and lists: all of CommonMark but HTML, and math."""
    easy = _easy_blocks(text.rstrip())
    if easy is not None:
        return Rendered((easy,), (), easy, (), shown=True)
    from deckbuilder.markup.parser import parse_block  # noqa: PLC0415

    html, mistakes = parse_block(text)
    return Rendered.of([html], mistakes)


def _with_code(text: str) -> Rendered:
    """Words and code in turn. In code nothing is a blank: its brackets and braces are its own."""
    segments: list[Segment] = []
    mistakes: list[str] = []
    end = 0
    for fence in _FENCE.finditer(text):
        words = render_inline(text[end : fence.start()].strip())
        segments += [*words.segments, code_block(fence["code"], fence["language"])]
        mistakes += words.mistakes
        end = fence.end()
    rest = render_inline(text[end:].strip())
    return Rendered.of([*segments, *rest.segments], [*mistakes, *rest.mistakes])


def _easy(text: str) -> list[Segment] | None:
    """A text that is plain but for blanks, math and stress, without the parser: it could mean nothing else."""
    segments: list[Segment] = []
    end = 0
    for match in _EASY.finditer(text):
        if match.start() != end:
            return None
        end = match.end()
        found = match.lastgroup
        if found in {"answer", "hint"}:
            segments.append(Blank(match["answer"].strip(), (match["hint"] or "").strip()))
            continue
        html = match[0]
        if found == "math":
            html = f"\\({escape_math(match['math'])}\\)"
        elif found == "stressed":
            tag = "em" if len(match["stars"]) == 1 else "strong"
            html = f"<{tag}>{match['stressed']}</{tag}>"
        before = segments.pop() if segments else ""
        segments += [before + html] if isinstance(before, str) else [before, html]
    return segments if end == len(text) else None


def _easy_blocks(text: str) -> str | None:
    """Paragraphs and lists of easy lines, a blank line between any two of them, without the parser."""
    if "\n" not in text and text.isascii():
        words = _easy_line(text)
        return None if words is None else f"<p>{words}</p>"
    # Of other signs that are not seen, some end a line and some do not.
    if not text.replace("\n", "").replace("\xa0", "").isprintable():
        return None
    blocks = text.split("\n\n")
    # Two lists one after the other are one, whose entries stand apart.
    if any(one.startswith("- ") and other.startswith("- ") for one, other in pairwise(blocks)):
        return None
    easy = [html for block in blocks if (html := _easy_block(block)) is not None]
    return "\n".join(easy) if len(easy) == len(blocks) else None


def _easy_block(block: str) -> str | None:
    """Lines of one paragraph, or entries of one list."""
    lines = block.split("\n")
    is_list = all(line.startswith("- ") for line in lines)
    easy = [html for line in lines if (html := _easy_line(line[2:] if is_list else line)) is not None]
    if len(easy) < len(lines):
        return None
    if is_list:
        return "".join(["<ul>\n", *(f"<li>{html}</li>\n" for html in easy), "</ul>"])
    return "<p>" + "\n".join(easy) + "</p>"


def _easy_line(line: str) -> str | None:
    """A line that is words alone, and begins and ends like words."""
    if not _WORDS.match(line) or line[-1].isspace():
        return None
    easy = _easy(line)
    return easy[0] if easy is not None and len(easy) == 1 and isinstance(easy[0], str) else None

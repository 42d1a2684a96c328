"""HTML of cards, made fit for paper: pictures by their way, formulas marked, addresses in words, gaps to fill."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar
from urllib.parse import quote

from markupsafe import Markup

_T = TypeVar("_T")

_IMAGE = re.compile(r'<img src="([^"]*)"')
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
# Texts cannot hold these signs but in a formula of the author's: `markup.escape` parts all others.
_FORMULA = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_BORDER = re.compile(r"\\([(\[\])])")
_COMMAND = re.compile(r"\\(?:ce|pu|text|mathrm)\{")
_HEADING = re.compile(r"<(/?)h\d>")


def on_paper(html: str, media: str) -> Markup:
    """A text as `kinds` and `markup` made it. `media` is the way to the folder of pictures."""
    html = _IMAGE.sub(lambda image: f'<img src="{media}{quote(image[1])}"', html)
    html = _LINK.sub(_with_address, html)
    html = _FORMULA.sub(lambda formula: f'<span class="formula">{formula.group()}</span>', html)
    # The headings of a page are its own; those of a card are lines in bold.
    html = _HEADING.sub(lambda tag: "</strong></p>" if tag[1] else '<p class="head"><strong>', html)
    return Markup(html)  # noqa: S704 - HTML of our own making, in which every text of an author is escaped


def filled_in(pieces: Iterable[str | _T], answer: Callable[[_T], str]) -> str:
    """A text whose blanks show their answers, made to stand out."""
    return _joined(pieces, lambda blank: f"<b>{answer(blank)}</b>", answer)


def gap(hint: str = "") -> str:
    """Room to write a word or a few, with help behind it."""
    return '<span class="gap">&nbsp;</span>' + (f' <span class="hint">({hint})</span>' if hint else "")


def with_gaps(pieces: Iterable[str | _T], hint: Callable[[_T], str]) -> str:
    """A text with gaps where its blanks are."""
    return _joined(pieces, lambda blank: gap(hint(blank)), lambda _: r"\boxed{\phantom{MMM}}")


def answers(pieces: Iterable[str | _T], answer: Callable[[_T], str]) -> list[str]:
    """What belongs into the gaps, in their order; a formula's part is a formula."""
    shown = (
        answer(piece) if before is None else rf"\({_set_alike(answer(piece), before)}\)"
        for piece, before in _placed(pieces)
        if not isinstance(piece, str)
    )
    return list(dict.fromkeys(shown))


def _joined(pieces: Iterable[str | _T], outside: Callable[[_T], str], inside: Callable[[_T], str]) -> str:
    return "".join(
        piece if isinstance(piece, str) else (outside if before is None else inside)(piece)
        for piece, before in _placed(pieces)
    )


def _placed(pieces: Iterable[str | _T]) -> Iterator[tuple[str | _T, str | None]]:
    """Each piece, and what stands before it in a formula that a piece before it began, if one did."""
    before: str | None = None
    for piece in pieces:
        yield piece, before
        if not isinstance(piece, str):
            continue
        *_, border = None, *_BORDER.finditer(piece)
        if border is not None:
            before = piece[border.end() :] if border[1] in "([" else None
        elif before is not None:
            before += piece


def _set_alike(part: str, before: str) -> str:
    """Part of a formula in the command that it stands in: what is chemistry there is chemistry alone."""
    for command in reversed([*_COMMAND.finditer(before)]):
        rest = before[command.end() :]
        if rest.count("}") <= rest.count("{"):
            return f"{command[0]}{part}}}"
    return part


def _with_address(link: re.Match[str]) -> str:
    address, words = link.groups()
    return link.group() if words == address else f'{link.group()} <span class="address">({address})</span>'

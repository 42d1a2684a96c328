"""A field as words in a line, for showing what changed in it."""

import re
from collections import defaultdict
from collections.abc import Callable

from deckbuilder.markup import visible_text

# Of blanks within blanks, which imported decks have, the innermost.
_INNERMOST = re.compile(r"\{\{c([\d,]+)::((?:(?!\{\{c[\d,]+::|\}\}).)*)\}\}", re.DOTALL)
_DEEPEST = 8
_WITHIN = "\u2026"
CLOZE = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
PICTURE = re.compile(r'<img src="([^"]*)" alt="([^"]*)">')
_MASK = "image-occlusion:"


def readable(html: str) -> str:
    """A field's words; a blank as `[1: answer (hint)]`, a mask by its shape, a picture by file and alt text."""

    def blank(match: re.Match[str]) -> str:
        shown, _, hint = match[2].partition("::")
        if shown.startswith(_MASK):
            shown, hint = match[2].removeprefix(_MASK).replace(":", " "), ""
        return f"[{match[1]}: {shown}{f' ({hint})' if hint else ''}]"

    return visible_text(PICTURE.sub(r"<p>picture \1 \2</p>", _with_blanks(html, blank)))


def filled_in(html: str) -> str:
    """A field with the answers in its blanks."""
    return _with_blanks(html, lambda match: match[2].partition("::")[0])


def answers_in(html: str) -> dict[int, set[str]]:
    """What each number hides: all its answers, without what is hidden within them."""
    answers: defaultdict[int, set[str]] = defaultdict(set)

    def taken(match: re.Match[str]) -> str:
        answer = visible_text(match[2].partition("::")[0])
        for number in filter(None, match[1].split(",")):
            answers[int(number)].add(answer)
        return _WITHIN

    _with_blanks(html, taken)
    return dict(answers)


def _with_blanks(html: str, shown: Callable[[re.Match[str]], str]) -> str:
    for _ in range(_DEEPEST):
        html, found = _INNERMOST.subn(shown, html)
        if not found:
            break
    return html

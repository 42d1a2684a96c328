"""Code with its words in colours: classes that the cards' styling knows, so that no card needs a script.

Pygments is loaded for the first code that names a language, and for no other text.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from deckbuilder.markup.escape import escape

if TYPE_CHECKING:
    from pygments.lexer import Lexer

# Pygments' kinds of token, the nearest first, by the class that colours them. Few colours, so that they mean something.
_CLASSES = {
    "Comment": "comment",
    "Keyword": "keyword",
    "Literal.Number": "number",
    "Literal.String": "string",
    "Name.Builtin": "name",
    "Name.Class": "name",
    "Name.Function": "name",
    "Name.Tag": "keyword",
    "Operator.Word": "keyword",
}


def is_language(name: str) -> bool:
    """Whether code in this language can be coloured."""
    return _lexer(name) is not None


def code_block(code: str, language: str = "") -> str:
    """Lines of code as HTML, coloured if their language is known."""
    lexer = _lexer(language) if language else None
    inner = escape(code) if lexer is None else "".join(_coloured(lexer, code))
    return f"<pre><code>{inner}</code></pre>"


def _coloured(lexer: "Lexer", code: str) -> Iterator[str]:
    for name, tokens in groupby(lexer.get_tokens(code), lambda token: _class_of(token[0])):
        text = "".join(text for _, text in tokens)
        yield f'<span class="code-{name}">{escape(text)}</span>' if name else escape(text)


def _class_of(token: Any) -> str:
    parts = [str(part) for part in token]
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((_CLASSES[name] for name in names if name in _CLASSES), "")


@lru_cache(maxsize=64)
def _lexer(name: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - most decks hold no code
    from pygments.util import ClassNotFound  # noqa: PLC0415 - as above

    try:
        return get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None

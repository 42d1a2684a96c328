"""How rules compare words: folded case, no accents, and inflections taken off."""

import re
import unicodedata

_ENDINGS = re.compile(r"(?:ications?|ication|ations?|ities|ies|ing|ed|es|s|e|y|al|ic)$")
_LEAST = 4


def folded(text: str) -> str:
    """Lower case without accents, the words in single spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", plain))


def stem(word: str) -> str:
    """A word without its inflection, roughly; short words as they are."""
    cut = _ENDINGS.sub("", word)
    return cut if len(cut) >= _LEAST else word


def stems(text: str) -> list[str]:
    return [stem(word) for word in folded(text).split()]


def contains(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand in `text` side by side, whatever their inflection."""
    inner, outer = stems(phrase), stems(text)
    return bool(inner) and any(outer[n : n + len(inner)] == inner for n in range(len(outer) - len(inner) + 1))

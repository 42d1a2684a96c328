"""How rules compare words: folded case, no accents, and inflections taken off."""

import re
import unicodedata

_ENDINGS = re.compile(r"(?:ications?|ication|ations?|ities|ies|ing|ed|es|s|e|y|al|ic)$")
_LEAST = 4
_LONGEST_TERM = 2
# Of the Latin and of the East Asian scripts; not the hyphen, nor what stands in formulas.
_PUNCTUATION = re.compile(
    r"[.,;:!?\"'\u00a1\u00ab\u00bb\u00bf\u2018-\u201f\u2026\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f]"
)
_MATH = re.compile(r"(\\\(.+?\\\)|\\\[.+?\\\]|\\ce\{[^{}]*\})")
# In math a sign or a capital is another thing: $\ce{NO2}$ and $\ce{NO2-}$, $\ce{CO}$ and $\ce{Co}$.
_MATH_WORD = re.compile(r"\w+|[^\w\s\\(){}\[\]^…]")


def same_words(text: str) -> str:
    """What two texts have in common that a student reads as the same question or answer.

    Accents, vowel signs, capitals and the signs of formulas stay: *ano* is not *año*, *Polish* not *polish*, and
    Na not Na+. Punctuation goes, and the capital that begins a sentence.
    """
    tight = _MATH.sub(lambda formula: "".join(formula[0].split()), unicodedata.normalize("NFC", text))
    words = _PUNCTUATION.sub(" ", tight).split()
    plain = " ".join(words)
    return plain if len(words) <= _LONGEST_TERM else plain[:1].lower() + plain[1:]


def folded(text: str) -> str:
    """Lower case without accents, the words in single spaces; math keeps its capitals and its signs."""
    pieces = _MATH.split(text) if "\\" in text else [text]
    return " ".join(word for n, piece in enumerate(pieces) for word in (_math(piece) if n % 2 else _plain(piece)))


def _plain(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.findall(r"\w+", plain)


def _math(text: str) -> list[str]:
    return _MATH_WORD.findall(text.replace("\\ce{", "{"))


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

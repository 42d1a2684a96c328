"""How rules compare words: folded case, no accents, and inflections taken off."""

import re
import unicodedata
from functools import lru_cache

_ENDINGS = re.compile(r"(?:ication|ation|ied|ing|ed|e|y|al|ic)$")
# Of "cities", "boxes", "branches" and "bones"; the s of "glass", "axis" and "virus" is their own.
_PLURAL = re.compile(r"(?<=..)(?:ies|(?<=[sx])es|(?<=[cs]h)es|(?<=[^siu])s)$")
_LEAST = 4
_LONGEST_TERM = 2
# Of the Latin and of the East Asian scripts; not the hyphen, nor what stands in formulas.
_PUNCTUATION = re.compile(
    r"[.,;:!?\"'\u00a1\u00ab\u00bb\u00bf\u2018-\u201f\u2026\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f]"
)
# Beyond ASCII, but for the two signs that cards have of their own: a blank's and a path's.
_FOREIGN = re.compile("[^\x00-\x7f\u2026\u203a]")
# A sign between two spaces is asked about: what does . match, and what does ? match?
_SIGN_ALONE = re.compile(r"(?<=\s)([.,?!]+)(?=\s)")
MATH = re.compile(r"(\\\(.+?\\\)|\\\[.+?\\\]|\\ce\{[^{}]*\})")
# Thai, Lao, Burmese, Khmer, Japanese and Chinese set no spaces between words.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
# In math a sign or a capital is another thing: $\ce{NO2}$ and $\ce{NO2-}$, $\ce{CO}$ and $\ce{Co}$.
_MATH_WORD = re.compile(r"\w+|[^\w\s\\(){}\[\]^…]")


def same_words(text: str) -> str:
    """What two texts have in common that a student reads as the same question or answer.

    Accents, vowel signs, capitals and the signs of formulas stay: *ano* is not *año*, *Polish* not *polish*, and
    Na not Na+. Punctuation goes, and the capital that begins a sentence.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "\\" in text:
        text = MATH.sub(lambda formula: "".join(formula[0].split()), text)
    pieces = _SIGN_ALONE.split(text)
    words = " ".join(piece if n % 2 else _PUNCTUATION.sub(" ", piece) for n, piece in enumerate(pieces)).split()
    plain = " ".join(words)
    return plain if len(words) <= _LONGEST_TERM else plain[:1].lower() + plain[1:]


def folded(text: str) -> str:
    """Lower case without accents, the words in single spaces; math keeps its capitals and its signs."""
    if "\\" not in text:
        return " ".join(_plain(text))
    pieces = MATH.split(text)
    return " ".join(word for n, piece in enumerate(pieces) for word in (_math(piece) if n % 2 else _plain(piece)))


def _plain(text: str) -> list[str]:
    if not _FOREIGN.search(text):
        return re.findall(r"\w+", text.lower())
    shown = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not _is_accent(c))
    return "".join(c if c.isalnum() or c == "_" or unicodedata.category(c)[0] == "M" else " " for c in shown).split()


def _is_accent(sign: str) -> bool:
    """Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic; vowel signs of Hindi or Thai and the strokes
    that make another kana are parts of their letter.
    """
    place = unicodedata.combining(sign)
    return 10 <= place < 100 or place >= 200  # noqa: PLR2004 - Unicode's combining classes


def _math(text: str) -> list[str]:
    return _MATH_WORD.findall(text.replace("\\ce{", "{"))


# Most words of a deck are those of its other cards.
@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A word without its inflection, roughly; short words lose the ending of a plural at most."""
    single = _PLURAL.sub(lambda ending: "y" if ending[0] == "ies" else "", word) if len(word) >= _LEAST else word
    cut = _ENDINGS.sub("", single)
    return cut if len(cut) >= _LEAST else single


def stems(text: str) -> list[str]:
    return [stem(word) for word in folded(text).split()]


def _may_hold(text: str, stem_of_a_word: str) -> bool:
    """Whether the letters of a stem stand anywhere in a text; of most texts that is all there is to ask.

    A word begins with its stem, but for the y of "city" in "cities".
    """
    letters = stem_of_a_word.removesuffix("y")
    return letters in text or letters in (folded(text) if _FOREIGN.search(text) else text.lower())


def contains(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand in `text` side by side, whatever their inflection."""
    words = folded(phrase).split()
    if not words or not _may_hold(text, stem(words[0])):
        return False
    inner, outer = [stem(word) for word in words], stems(text)
    return any(outer[n : n + len(inner)] == inner for n in range(len(outer) - len(inner) + 1))

"""How rules compare words: folded case, no accents, and inflections taken off."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

_ENDINGS = re.compile(r"(?:ication|ation|ied|ing|ed|e|y|al|ic)$")
# Of "cities", "boxes", "branches" and "bones"; the s of "glass", "axis" and "virus" is their own.
_PLURAL = re.compile(r"(?<=..)(?:ies|(?<=[sx])es|(?<=[cs]h)es|(?<=[^siu])s)$")
# A space to Python, and in hardly any text: it stands between many that are read together.
_BETWEEN = "\x1e"
_LEAST = 4
_LONGEST_TERM = 2
# Of the Latin and of the East Asian scripts; not the hyphen, nor what stands in formulas.
_SIGNS = r"[.,;:!?\"'\u00a1\u00ab\u00bb\u00bf\u2018-\u201f\u2026\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f]"
_PUNCTUATION = re.compile(_SIGNS)
# A sign between two spaces is asked about, or before the sign that ends a question: what does . match, and what is !?
_SIGN_ALONE = re.compile(rf"(?<=\s)([.,?!]+(?=\s)|(?!\.+$){_SIGNS}{{2,}}$)")
MATH = re.compile(r"(\\\(.+?\\\)|\\\[.+?\\\]|\\ce\{[^{}]*\})")
_MATH_SIGN = re.compile(r"\\[()\[\]]")
_MOST_TOLD = 60
# Thai, Lao, Burmese, Khmer, Japanese and Chinese set no spaces between words.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
# In math a sign or a capital is another thing: $\ce{NO2}$ and $\ce{NO2-}$, $\ce{CO}$ and $\ce{Co}$.
_MATH_WORD = re.compile(r"\w+|[^\w\s\\(){}\[\]^…]")


def as_written(text: str) -> str:
    """The beginning of a text in quotes, to be told of: formulas between dollars, as in the facts."""
    shown = _MATH_SIGN.sub("$", text)
    shown = shown if len(shown) <= _MOST_TOLD else f"{shown[:_MOST_TOLD].rstrip()}…"
    mark = '"' if "'" in shown and '"' not in shown else "'"
    return f"{mark}{shown}{mark}"


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
    plain = " ".join(words) or text.strip()
    return plain if len(words) <= _LONGEST_TERM else plain[:1].lower() + plain[1:]


def same_letters(texts: Sequence[str]) -> list[str]:
    """What each of many texts has in common with all that have the `same_words`, and seldom with another.

    All are read together, in a fraction of the time.
    """
    joined = unicodedata.normalize("NFC", _without_own_signs(_together(texts)))
    return joined.casefold().translate(_UNPARTED).split(_BETWEEN) if texts else []


def folded(text: str) -> str:
    """Lower case without accents, the words in single spaces; math keeps its capitals and its signs."""
    if "\\" not in text:
        return " ".join(_plain(text))
    pieces = MATH.split(text)
    return " ".join(word for n, piece in enumerate(pieces) for word in (_math(piece) if n % 2 else _plain(piece)))


def _plain(text: str) -> list[str]:
    return _flat(text).split()


def _flat(text: str) -> str:
    """Lower case without accents, with spaces for whatever parts words."""
    text = _without_own_signs(text)
    lower = text.lower() if text.isascii() else unicodedata.normalize("NFKD", text.casefold())
    return lower.translate(_LETTERS)


def _without_own_signs(text: str) -> str:
    """Without a blank's sign and a path's, which no word has: of most cards they are the only ones beyond ASCII."""
    return text.replace("\u2026", " ").replace("\u203a", " ")


def _together(texts: Sequence[str]) -> str:
    joined = _BETWEEN.join(texts)
    return joined if joined.count(_BETWEEN) < len(texts) else _BETWEEN.join(" ".join(text.split()) for text in texts)


class _Table(dict[int, int | str | None]):
    """What becomes of each sign, for `str.translate`; found out when the sign is met first."""

    def __init__(self, becomes: Callable[[str], str | None]) -> None:
        super().__init__({ord(_BETWEEN): _BETWEEN})
        self._becomes = becomes

    def __missing__(self, code: int) -> str | None:
        self[code] = there = self._becomes(chr(code))
        return there


def _letter(sign: str) -> str | None:
    """Letters, digits and marks that are parts of a letter; nothing for an accent, a space for all else."""
    if _is_accent(sign):
        return None
    return sign if sign.isalnum() or sign == "_" or unicodedata.category(sign)[0] == "M" else " "


def _is_accent(sign: str) -> bool:
    """Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic; vowel signs of Hindi or Thai and the strokes
    that make another kana are parts of their letter.
    """
    place = unicodedata.combining(sign)
    return 10 <= place < 100 or place >= 200  # noqa: PLR2004 - Unicode's combining classes


def _unparted(sign: str) -> str | None:
    """All but what `same_words` takes for nothing: spaces and punctuation."""
    return None if sign.isspace() or _PUNCTUATION.match(sign) else sign


_LETTERS = _Table(_letter)
_UNPARTED = _Table(_unparted)


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


def contains(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand in `text` side by side, whatever their inflection."""
    words, there = folded(phrase).split(), folded(text)
    if not _may_stand(words, there):
        return False
    inner, outer = [stem(word) for word in words], [stem(word) for word in there.split()]
    return any(outer[n : n + len(inner)] == inner for n in range(len(outer) - len(inner) + 1))


def _may_stand(words: Sequence[str], text: str) -> bool:
    """Whether the letters of the stems of some folded words stand anywhere in such a text; mostly that is all there
    is to ask.
    """
    for word in words:
        # A word begins with its stem, but for the y of "city" in "cities".
        if stem(word).removesuffix("y") not in text:
            return False
    return bool(words)


def may_contain(texts: Sequence[str], phrases: Sequence[str]) -> list[bool]:
    """For each of many texts whether it can be that it `contains` the phrase at the same place of `phrases`.

    All are read together, in a fraction of the time.
    """
    asked = map(str.split, _each_folded(phrases))
    return [_may_stand(words, text) for text, words in zip(_each_folded(texts), asked, strict=True)]


def _each_folded(texts: Sequence[str]) -> list[str]:
    """Many texts `folded`, but for the spaces between the words."""
    joined = _together(texts)
    lines = _flat(joined).split(_BETWEEN) if texts else []
    if "\\" not in joined:
        return lines
    return [folded(text) if "\\" in text else line for text, line in zip(texts, lines, strict=True)]

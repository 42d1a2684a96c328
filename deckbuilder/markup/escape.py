"""Text as HTML that shows just that text, in a browser and in Anki."""

import html
import re
from functools import lru_cache

_TAG = re.compile(r"<[^>]*>")
# A reading over a word is told behind it.
_READING = re.compile(r"<(/?)rt>")
_WITH_READING = re.compile(r"<rt>.*?</rt>")
# Where a line or a word may break, pasted along with words (not the signs that join letters of some scripts), and
# the apostrophes and quotes of word processors: in Anki's box a key writes straight ones.
_NO_KEY: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad")),
    **dict.fromkeys(map(ord, "\u2018\u2019"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d"), '"'),
}
_BLOCK = re.compile(r"</?(?:br|p|pre|ul|ol|li|div|table|tr|td|th|h\d|dl|dt|dd|summary|aside|footer)\b[^>]*>")
# What Anki obeys wherever it stands in a field: sounds, speech, LaTeX pictures, answer boxes.
_ANKI_DIRECTIVE = re.compile(r"\[(?=sound:|anki:|type:|/?latex\]|/?\$\$?\])", re.IGNORECASE)
# MathJax reads these in the page's text; only our own math may say them.
_MATH_OPENER = re.compile(r"\\(?=[(\[]|$)")
# Signs that some layer between here and a card would obey; most texts have none.
_MEANS_SOMETHING = re.compile(r"[&<>\\\[]")
_CLOZE_SIGNS = str.maketrans({"{": "&#123;", "}": "&#125;", ":": "&#58;"})
_CLOZE_SIGN_PAIR = re.compile(r"\{\{|\}\}|::")
# An answer stands between signs, and would lend them its own.
_CLOZE_SIGN_AT_EDGE = re.compile(r"^[}:]+|[{}:]+$")


def escape(text: str) -> str:
    """`text` as HTML, with nothing in it that MathJax or Anki would obey."""
    if not _MEANS_SOMETHING.search(text):
        return text
    return disarm(_MATH_OPENER.sub(r"\\<wbr>", html.escape(text, quote=False)))


def escape_math(text: str) -> str:
    """What stands in a formula, as HTML; MathJax and Anki read it as it is."""
    return html.escape(text, quote=False).replace('"', "&quot;")


def disarm(html_text: str) -> str:
    """HTML whose Anki directives are shown rather than obeyed."""
    return _ANKI_DIRECTIVE.sub("&#91;", html_text) if "[" in html_text else html_text


def escape_in_cloze(html_text: str) -> str:
    """HTML in which `{{`, `}}` and `::` are no cloze markup; it shows the same."""
    if "{{" not in html_text and "}}" not in html_text and "::" not in html_text:
        return html_text
    return _CLOZE_SIGN_PAIR.sub(_translated, html_text)


def _translated(signs: re.Match[str]) -> str:
    return signs[0].translate(_CLOZE_SIGNS)


def escape_answer(html_text: str) -> str:
    """HTML that can stand between `{{c1::` and `}}`."""
    if "{" not in html_text and "}" not in html_text and ":" not in html_text:
        return html_text
    return _CLOZE_SIGN_AT_EDGE.sub(_translated, escape_in_cloze(html_text))


def sort_text(html_text: str) -> str:
    """What Anki keeps of a note's first field to sort and find duplicates by."""
    if "<" not in html_text and "&" not in html_text and "\xa0" not in html_text:
        return html_text
    return html.unescape(_without(_TAG, html_text, "")).replace("\xa0", " ")


def visible_text(html_text: str) -> str:
    """What a reader sees of `html_text`, in one line."""
    if "<" not in html_text and "&" not in html_text:
        words = " ".join(html_text.split())
        # Most texts are their own words, and a large deck has very many of them.
        return html_text if words == html_text else words
    return " ".join(shown_text(html_text).split())


def shown_text(html_text: str) -> str:
    """What a reader sees of `html_text`, with spaces and ends of lines as they are written."""
    return _read(html_text) if "<" in html_text or "&" in html_text else html_text


# What stands between two entries of a list is the same in all lists.
@lru_cache(maxsize=1024)
def _read(html_text: str) -> str:
    told = _READING.sub(lambda tag: "]" if tag[1] else "[", _without(_BLOCK, html_text, " "))
    return html.unescape(_without(_TAG, told, ""))


def typed_text(html_text: str) -> str:
    """What a student types for `html_text`, as HTML: its words in one line, without readings and what no key writes."""
    return escape(visible_text(_WITH_READING.sub("", html_text).translate(_NO_KEY)))


def _without(tags: re.Pattern[str], html_text: str, instead: str) -> str:
    """Behind the last `>` no tag ends: a search from each of many `<` to the end of the text would take for ever."""
    head, end, tail = html_text.rpartition(">")
    return tags.sub(instead, head + end) + tail

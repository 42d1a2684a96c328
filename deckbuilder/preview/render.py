"""A note's cards as Anki renders them: the same templates, the same cloze markup, the same HTML.

It knows the constructs that the templates of `deckbuilder.notetypes` use, and no others (`foreign` knows more).
Anki's backend judges it in `tests/test_preview_render.py`.
"""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from deckbuilder.markup import visible_text
from deckbuilder.notetypes import CarriedType, NoteType, Template
from deckbuilder.preview.foreign import render_foreign

_SECTION = re.compile(r"\{\{([#^])([^{}]+)\}\}(.*?)\{\{/\2\}\}", re.DOTALL)
_FIELD = re.compile(r"\{\{(?:(type:cloze|type|cloze|cloze-only):)?([^{}]+)\}\}")
# What Anki holds for empty in a condition (rslib: field_is_empty).
_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE)
_CLOZE = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
# Within math a cloze leaves no tags behind: MathJax reads text alone (rslib: strip_html_inside_mathjax).
_MATH = re.compile(r"(\\[(\[])(.*?)(\\[\])])", re.DOTALL)
_HTML_TAG = re.compile(r"<!--.*?-->|<style.*?>.*?</style>|<script.*?>.*?</script>|<.*?>", re.DOTALL | re.IGNORECASE)
_HEARD = re.compile(r"\[sound:([^\]]+)\]|\[anki:tts lang=(\w+)\](.*?)\[/anki:tts\]", re.DOTALL)
_MASK = "image-occlusion:"
_ATTRIBUTES = {"oi": "occludeInactive"}
_ESCAPED = re.compile(r"[^A-Za-z0-9\u0100-\U0010ffff]")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound by its file's name, or words to speak in a language (as Anki writes it: `en_US`)."""

    words: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Sides:
    """One card as HTML: what stands inside the `.card` of Anki's page, before and after the answer is shown.

    Where something is heard, Anki leaves a mark such as `[anki:play:q:0]`; `heard` says what, by that mark.
    """

    question: str
    answer: str
    heard: Mapping[str, Heard] = field(default_factory=dict)


def render(note_type: NoteType, row: Sequence[str], ord_: int) -> Sides:
    """The card `ord_` (from 0) of a note: by its template, or by the number of its blank in a cloze note."""
    if isinstance(note_type, CarriedType):
        return Sides(*render_foreign(note_type, row, ord_))
    front, back = _read(note_type.templates[0 if note_type.is_cloze else ord_])
    fields = {field.name: content for field, content in zip(note_type.fields, row, strict=True)}
    heard: dict[str, Heard] = {}
    question = _marked(_fill(front, fields, ord_ + 1, asked=True), "q", heard)
    answer = _marked(_fill(back, {**fields, "FrontSide": question}, ord_ + 1, asked=False), "a", heard)
    return Sides(question, answer, heard)


def _marked(side: str, name: str, heard: dict[str, Heard]) -> str:
    """A side with marks for what is heard on it."""
    if "[" not in side:
        return side
    numbers = itertools.count()

    def mark(found: re.Match[str]) -> str:
        made = f"[anki:play:{name}:{next(numbers)}]"
        heard[made] = Heard(found[1]) if found[1] else Heard(visible_text(found[3]), found[2])
        return made

    return _HEARD.sub(mark, side)


@cache
def _read(template: Template) -> tuple[str, str]:
    """Both sides of a template, read from their files once for all cards."""
    return template.front, template.back


def _fill(template: str, fields: Mapping[str, str], number: int, *, asked: bool) -> str:
    """Conditions first, on the template alone; then all fields in one pass, so that no field's text is read as one."""

    def filled(match: re.Match[str]) -> str:
        filter_, name = match.groups()
        if filter_ and filter_.startswith("type"):
            # Anki's window puts a box there, or the comparison.
            return f"[[{filter_}:{name}]]"
        return _FILTERS[filter_](fields[name], number, asked) if filter_ else fields[name]

    return _FIELD.sub(filled, _without_idle_sections(template, fields))


def _without_idle_sections(template: str, fields: Mapping[str, str]) -> str:
    def section(match: re.Match[str]) -> str:
        empty = _EMPTY.fullmatch(fields[match[2]]) is not None
        return _without_idle_sections(match[3], fields) if empty is (match[1] == "^") else ""

    return _SECTION.sub(section, template)


def _cloze(text: str, number: int, asked: bool) -> str:  # noqa: FBT001 - what every filter is given
    """The text with the blank `number` hidden or marked. Blanks never nest in our notes (`markup.blanks`).

    A text without such a blank has nothing to say on the card.
    """
    if all(int(ordinal) != number for ordinal, *_ in _CLOZE.findall(text)):
        return ""

    def blank(match: re.Match[str]) -> str:
        ordinal, answer, hint = match.groups()
        if answer.startswith(_MASK):
            return _mask(answer, ordinal, number, asked=asked)
        if int(ordinal) != number:
            return f'<span class="cloze-inactive" data-ordinal="{ordinal}">{answer}</span>'
        if not asked:
            return f'<span class="cloze" data-ordinal="{ordinal}">{answer}</span>'
        return (
            f'<span class="cloze" data-cloze="{_attribute(answer)}" data-ordinal="{ordinal}">[{hint or "..."}]</span>'
        )

    return _MATH.sub(lambda math: math[1] + _HTML_TAG.sub("", math[2]) + math[3], _CLOZE.sub(blank, text))


def _cloze_only(text: str, number: int, asked: bool) -> str:  # noqa: FBT001 - as above
    """What stands in the blank `number`, or in its place, and nothing around it."""
    mine = [(answer, hint) for ordinal, answer, hint in _CLOZE.findall(text) if int(ordinal) == number]
    return ", ".join((hint or "...") if asked else answer for answer, hint in mine)


_FILTERS: Mapping[str, Callable[[str, int, bool], str]] = {"cloze": _cloze, "cloze-only": _cloze_only}


def _mask(words: str, ordinal: str, number: int, *, asked: bool) -> str:
    """A mask of a picture as Anki tells its own script of it."""
    shape, *properties = words.removeprefix(_MASK).split(":")
    known = [("shape", shape), *(pair.split("=", 1) for pair in properties)]
    told = "".join(f'data-{_ATTRIBUTES.get(name, name)}="{value}" ' for name, value in known)
    role = "cloze-inactive" if int(ordinal) != number else "cloze" if asked else "cloze-highlight"
    return f'<div class="{role}" data-ordinal="{ordinal}" {told}></div>'


def _attribute(text: str) -> str:
    """Text in an attribute as Anki writes it (htmlescape: encode_attribute)."""
    return _ESCAPED.sub(lambda sign: _NAMED.get(sign.group(), f"&#x{ord(sign.group()):02X};"), text)

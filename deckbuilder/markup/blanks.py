"""Blanks in a text: `[[answer]]`, `[[answer|hint]]`, or Anki's own `{{c1::answer::hint}}`."""

import re
from dataclasses import dataclass
from typing import NamedTuple

# Anki gives no cards to numbers above this (rslib's cloze limit).
HIGHEST_NUMBER = 500
_NATIVE = re.compile(r"\{\{c(?P<number>[\d,]+)::")
_OPENERS = re.compile(r"\[\[|\{\{c[\d,]+::")


class Blank(NamedTuple):
    """A hidden answer as HTML. `number` is set only where the author numbered the blank."""

    html: str
    hint: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A blank as it stands in a text: its parts as typed, where it ends, and what is wrong with it."""

    answer: str
    hint: str
    number: int | None
    end: int
    mistake: str = ""


def find_blank(text: str, start: int) -> Found | None:
    """The blank that begins at `start`, if one does."""
    if text.startswith("[[", start):
        own = _own(text, start)
        # "[[[a]] b]" is a blank in brackets: the first bracket is only text.
        return None if own.mistake and text.startswith("[[[", start) else own
    native = _NATIVE.match(text, start)
    return _native(text, native) if native else None


def next_opener(text: str, start: int) -> int:
    """Where the next blank may begin, or -1."""
    match = _OPENERS.search(text, start)
    return match.start() if match else -1


def _own(text: str, start: int) -> Found:
    """Brackets within an answer must pair, so that `[[x[0]]]` hides `x[0]`."""
    depth, position = 0, start + 2
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 1
        elif _OPENERS.match(text, position):
            return Found("", "", None, len(text), "a blank stands inside a blank")
        elif character == "[":
            depth += 1
        elif character == "]" and depth:
            depth -= 1
        elif text.startswith("]]", position):
            answer, _, hint = _split_hint(text[start + 2 : position])
            return _checked(answer, hint, None, position + 2)
        position += 1
    return Found("", "", None, len(text), "a blank that opens with [[ is never closed with ]]")


def _split_hint(inner: str) -> tuple[str, str, str]:
    """At the first `|` that is neither escaped nor inside math or code."""
    for match in re.finditer(r"\\.|\$[^$]*\$|`[^`]*`|(\|)", inner):
        if match[1]:
            return inner[: match.start()], "|", inner[match.end() :]
    return inner, "", ""


def _native(text: str, opener: re.Match[str]) -> Found:
    end = text.find("}}", opener.end())
    if end < 0:
        return Found("", "", None, len(text), f"a blank that opens with {opener.group()} is never closed with }}}}")
    inner = text[opener.end() : end]
    if "," in opener["number"]:
        return Found("", "", None, end + 2, f"{opener.group()}...}}}} has two numbers → give each blank one number")
    number = int(opener["number"])
    if not 1 <= number <= HIGHEST_NUMBER:
        return Found("", "", None, end + 2, f"the number of a blank is 1 to {HIGHEST_NUMBER}, not {number}")
    if _OPENERS.search(inner):
        return Found("", "", None, end + 2, "a blank stands inside a blank")
    if inner.count("{") > inner.count("}"):
        return Found("", "", None, end + 2, "'}}' in a blank ends it → write '} }' in math")
    answer, _, hint = inner.partition("::")
    return _checked(answer, hint, number, end + 2)


def _checked(answer: str, hint: str, number: int | None, end: int) -> Found:
    mistake = ""
    if not answer.strip():
        mistake = "a blank has no answer"
    elif any("}}" in math for math in re.findall(r"\$[^$]*\$", answer)):
        mistake = "'}}' in math inside a blank → write '} }'"
    return Found(answer.strip(), hint.strip(), number, end, mistake)

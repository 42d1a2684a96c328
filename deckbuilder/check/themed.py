"""A theme judged: its contrast as far as it can be computed, its sizes, what moves, and the fonts that it names."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import tinycss2

from deckbuilder.check.looks import MODES, Mode, Part, Shade, hexadecimal, parts_of, rules_of
from deckbuilder.check.looks import contrast as contrast_of
from deckbuilder.check.rule import Finding
from deckbuilder.facts.deck import Theme
from deckbuilder.facts.places import Origin
from deckbuilder.facts.styles import Declaration, StyleRule
from deckbuilder.facts.theme import place_in
from deckbuilder.notetypes import QUESTION, themed_css
from deckbuilder.problems import Severity

_LEAST = 4.5
# Below this even large letters are hard to read.
_LEAST_BY_FAR = 3.0
_LEAST_PIXELS = 20
_MOST_NAMED = 4
_PIXELS = {"px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "q": 96 / 101.6}
_GENERIC = frozenset(
    {"serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "ui-serif", "ui-sans-serif"}
    | {"ui-monospace", "ui-rounded", "math", "emoji", "inherit", "initial", "unset", "revert"}
)
_MOVING = re.compile(r"(?:-webkit-)?(?:animation|transition)(?:-.*)?")
_STILL = frozenset({"none", "0s", "unset", "initial"})
_NIGHT = re.compile(r"\.night(?:Mode|_mode)\b")
_OF_SYSTEM = "prefers-color-scheme"
_NIGHT_NAMES = ".card.nightMode, .card.night_mode, .nightMode .card, .night_mode .card"


def contrast(theme: Theme, origin: Origin) -> Iterator[Finding]:
    """Each pair of colours once, with the parts of a card that show it, where the theme names one of the two."""
    dim: dict[tuple[Declaration, str, str, str, float], list[str]] = {}
    unknown: dict[Declaration, list[str]] = {}
    for mode in MODES:
        for part in (part for rules in _variants(theme) for part in _parts(rules, mode)):
            shades = (part.ink, *part.grounds)
            by = next((shade.by for shade in shades if shade.by is not None and _says(theme, shade.by)), None)
            mixed = next((shade.by for shade in shades if shade.by is not None and shade.unknown), None)
            if mixed is not None:
                unknown.setdefault(mixed, []).append(part.name)
            elif by is not None and (ratio := contrast_of(part)) < _LEAST:
                ground = min(part.grounds, key=lambda one, part=part: _contrast_on(part, one))  # type: ignore[misc]
                colours = (hexadecimal(part.ink.colour), hexadecimal(ground.colour))
                dim.setdefault((by, mode.name, *colours, _shown(ratio)), []).append(part.name)
    for (by, when, ink, paper, ratio), names in dim.items():
        severity = Severity.ERROR if ratio < _LEAST_BY_FAR else None
        message = f"{ink} on {paper} has a contrast of {ratio}:1 {when}, less than {_LEAST}:1: {_some(names)}"
        yield _at(theme, origin, by, message, "take a darker or a lighter colour for one of the two", severity)
    for by, names in unknown.items():
        message = f"the contrast with '{by.text}' cannot be computed without a browser: {_some(names)}"
        yield _at(theme, origin, by, message, "look at the cards yourself, by day and in night mode", Severity.INFO)


def night(theme: Theme, origin: Origin) -> Iterator[Finding]:
    """Colours that hold under one name of night mode and not under another."""
    rules = theme.styles.rules
    of_system = next((rule for rule in rules if any(_OF_SYSTEM in one for one in rule.conditions)), None)
    if of_system is not None:
        message = "cards follow the night mode of Anki, not that of the system"
        yield _at(theme, origin, of_system, message, f"write the selectors {_NIGHT_NAMES}")
        return
    nights = {tuple(map(_colours, _parts(rules, mode))) for mode in MODES[1:]}
    if len(nights) > 1:
        first = next((rule for rule in rules if _NIGHT.search(rule.selector)), rules[0])
        message = "these colours hold at night on some devices and not on others, where night mode has another name"
        yield _at(theme, origin, first, message, f"write all four: {_NIGHT_NAMES}")


def size(theme: Theme, origin: Origin) -> Iterator[Finding]:
    for one in _declarations(theme):
        lengths = (token for token in one.value if token.type == "dimension" and token.lower_unit in _PIXELS)
        small = next((token for token in lengths if 0 < token.value * _PIXELS[token.lower_unit] < _LEAST_PIXELS), None)
        if small is not None and one.name.lower() in {"font-size", "font"}:
            message = (
                f"{small.serialize()} is less than {_LEAST_PIXELS}px, and stays so where a student wants larger letters"
            )
            yield _at(theme, origin, one, message, "write it as a part of what is around it, as in 0.9em")


def motion(theme: Theme, origin: Origin) -> Iterator[Finding]:
    for one in _declarations(theme):
        name, value = one.name.lower(), one.text.lower()
        if (_MOVING.fullmatch(name) and value not in _STILL) or (name, value) == ("scroll-behavior", "smooth"):
            fix = "remove it: what moves distracts, and makes some people ill"
            yield _at(theme, origin, one, f"{name} makes something move", fix)


def font(theme: Theme, origin: Origin) -> Iterator[Finding]:
    """Fonts that a student may not have, where nothing is named to take instead."""
    named = (one for said in theme.styles.fonts for one in said if one.name.lower() == "font-family")
    sure = _GENERIC | {name.lower() for one in named for name in _families(one)}
    for one in _declarations(theme):
        is_font = one.name.lower() in {"font-family", "font"}
        # What a custom property says is judged nowhere: it may be anything.
        families = _families(one) if is_font and all(token.type != "function" for token in one.value) else []
        if families and not sure & {name.lower() for name in families}:
            message = f"{families[0]!r} is a font that not every device has"
            fix = "end the list with serif, sans-serif or monospace, or bring its file along with @font-face"
            yield _at(theme, origin, one, message, fix)


JUDGES: Mapping[str, Callable[[Theme, Origin], Iterator[Finding]]] = {
    "theme-contrast": contrast,
    "theme-night": night,
    "theme-size": size,
    "theme-motion": motion,
    "theme-font": font,
}


def _families(one: Declaration) -> list[str]:
    """The fonts that a declaration names; of a `font` without the size and what else stands before them."""
    parts: list[list[Any]] = [[]]
    for token in one.value:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    if one.name.lower() == "font":
        sizes = [at for at, token in enumerate(parts[0]) if token.type in {"dimension", "percentage", "number"}]
        parts[0] = parts[0][sizes[-1] + 1 :] if sizes else parts[0]
    names = (next((t.value for t in part if t.type == "string"), tinycss2.serialize(part).strip()) for part in parts)
    return [name for name in names if name]


def _declarations(theme: Theme) -> Iterator[Declaration]:
    return (one for rule in theme.styles.rules for one in rule.declarations)


def _variants(theme: Theme) -> Iterator[Sequence[StyleRule]]:
    """The rules that always hold; and all, if some hold only on some screens."""
    always = [rule for rule in theme.styles.rules if not rule.conditions]
    yield always
    if len(always) < len(theme.styles.rules):
        yield theme.styles.rules


def _parts(rules: Sequence[StyleRule], mode: Mode) -> Iterator[Part]:
    """The parts of a card with these rules behind our own."""
    return parts_of((*rules_of(themed_css(QUESTION.css, "")), *rules), mode)


def _shown(ratio: float) -> float:
    """With one decimal place, and never more than it is: 4.47 is not enough."""
    return int(ratio * 10) / 10


def _contrast_on(part: Part, ground: Shade) -> float:
    return contrast_of(replace(part, grounds=(ground,)))


def _colours(part: Part) -> tuple[object, ...]:
    return (part.ink.colour, *(ground.colour for ground in part.grounds))


def _says(theme: Theme, one: Declaration) -> bool:
    return any(one is said for said in _declarations(theme))


def _some(names: Sequence[str]) -> str:
    """The parts of a card, each once; of many the first few."""
    shown = list(dict.fromkeys(names))
    more = f" and {len(shown) - _MOST_NAMED} more" if len(shown) > _MOST_NAMED else ""
    return ", ".join(shown[:_MOST_NAMED]) + more


def _at(  # noqa: PLR0913 - a finding, and where it stands
    theme: Theme,
    origin: Origin,
    spot: StyleRule | Declaration,
    message: str,
    fix: str,
    severity: Severity | None = None,
) -> Finding:
    return Finding(origin, message, fix, severity, place=place_in(theme, spot.line, spot.column))

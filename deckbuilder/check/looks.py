"""The colours of a card without a browser: what a styling makes of every part of a card, by day and in night mode.

It follows the cascade: selectors, their weight and order, `!important`, custom properties, what is inherited, and
colours that let others through. What it cannot know is said so, and never taken for right: pictures behind a text,
and colours that only a browser can mix. `tests/test_theme_contrast.py` holds it against Chromium.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice
from typing import Any

import cssselect2
from tinycss2.color5 import parse_color

from deckbuilder.facts.styles import Declaration, StyleRule, read_styles

Colour = tuple[float, float, float, float]
_BLACK: Colour = (0, 0, 0, 1)
_WHITE: Colour = (1, 1, 1, 1)
_CLEAR: Colour = (0, 0, 0, 0)
# Words that take a value over from what is around.
_AS_AROUND = frozenset({"inherit", "unset", "revert", "revert-layer"})
# The tokens of a value without custom properties in it, and what declared the last of those that were.
_Filled = tuple[list[Any], Declaration]
_FilledBy = tuple[list[Any], Declaration | None]
_Variables = Mapping[str, _Filled]
# No author means more: tokens of a value, custom properties that name one another, colours behind one text.
_LONGEST, _LONGEST_CHAIN, _MOST_GROUNDS = 500, 100, 200
_OPAQUE = 1.0
# Up to this sRGB is linear.
_LINEAR = 0.04045


@dataclass(frozen=True, slots=True)
class Mode:
    """How an Anki says that it is night: by which class, on the card or around it. By day it says nothing."""

    name: str
    around: str = ""
    card: str = ""


MODES = (
    Mode("by day"),
    Mode("in night mode", card="nightMode"),
    Mode("in night mode", around="nightMode"),
    Mode("in night mode", card="night_mode"),
    Mode("in night mode", around="night_mode"),
)


@dataclass(frozen=True, slots=True)
class Shade:
    """A colour, and what declared it: None for a browser's own. `unknown` is what it cannot be read from."""

    colour: Colour
    by: Declaration | None = None
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a card with words: its ink, and all that may lie behind it."""

    name: str
    ink: Shade
    grounds: tuple[Shade, ...]


@dataclass(frozen=True, slots=True)
class _Laid:
    """What an element itself lays behind its words: a colour (None for that of its ink), and over it gradients."""

    ground: Shade | None = Shade(_CLEAR)
    images: tuple[Shade, ...] = ()


@dataclass(frozen=True, slots=True)
class _Style:
    """What an element has, and hands on to those within it."""

    variables: _Variables = field(default_factory=dict)
    ink: Shade = Shade(_BLACK)
    laid: _Laid = _Laid()
    grounds: tuple[Shade, ...] = (Shade(_WHITE),)
    opacity: float = 1.0


def parts_of(rules: Sequence[StyleRule], mode: Mode) -> Iterator[Part]:
    """Every part of a card that holds words, as `rules` colour it."""
    matcher = cssselect2.Matcher()
    for rule in rules:
        for selector in _compiled(rule.selector):
            matcher.add_selector(selector, rule)
    root = ET.fromstring(_sample())  # noqa: S314 - a file of ours
    root.set("class", mode.around)
    body = root.find("body")
    if body is not None:
        body.set("class", f"card card1 {mode.card}".strip())
    yield from _walk(cssselect2.ElementWrapper.from_html_root(root), _Style(), matcher)


def contrast(part: Part) -> float:
    """The least contrast of a part's ink with what lies behind it, as WCAG 2.2 defines it (1 to 21)."""
    return min(_ratio(_over(part.ink.colour, ground.colour), ground.colour) for ground in part.grounds)


def hexadecimal(colour: Colour) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in colour[:3])


@cache
def _sample() -> str:
    return files("deckbuilder.check").joinpath("parts.html").read_text(encoding="utf-8")


@cache
def rules_of(css: str) -> tuple[StyleRule, ...]:
    """The rules of a styling of ours."""
    return read_styles(css).rules


@lru_cache(maxsize=4096)
def _compiled(selector: str) -> tuple[Any, ...]:
    """Its parts between commas that a card can match; one that nobody understands drops the rule, as in a browser."""
    try:
        return tuple(one for one in cssselect2.compile_selector_list(selector) if one.pseudo_element is None)
    except (cssselect2.SelectorError, SyntaxError, RecursionError, MemoryError):
        return ()


def _walk(element: Any, parent: _Style, matcher: Any) -> Iterator[Part]:
    style = _styled(element, parent, matcher)
    name = element.etree_element.get("data-part")
    if name:
        ink = style.ink if style.opacity == _OPAQUE else replace(style.ink, colour=_faded(style.ink, style.opacity))
        yield Part(name, ink, style.grounds)
    for child in element.iter_children():
        yield from _walk(child, style, matcher)


def _styled(element: Any, parent: _Style, matcher: Any) -> _Style:
    said = [one for *_, rule in matcher.match(element) for one in rule.declarations]
    said.sort(key=lambda one: one.important)
    variables = _variables({one.name: one for one in said if one.name.startswith("--")}, parent.variables)
    ink = parent.ink
    for one in said:
        ink = _ink(one, variables, parent.ink) if one.name.lower() == "color" else ink
    opacity, laid = parent.opacity, _Laid()
    for one in said:
        if one.name.lower() in {"background", "background-color", "background-image"}:
            laid = _laid(one, variables, laid, parent.laid)
        elif one.name.lower() == "opacity":
            opacity = parent.opacity * _number(_filled(one.value, variables)[0])
    grounds = tuple(islice(_behind(parent.grounds, laid.ground or ink, laid.images), _MOST_GROUNDS))
    return _Style(variables, ink, laid, grounds, opacity)


def _ink(one: Declaration, variables: _Variables, inherited: Shade) -> Shade:
    tokens, by = _filled(one.value, variables)
    word = _word(tokens)
    if not tokens or word in _AS_AROUND or word == "currentcolor":
        return inherited
    return Shade(_BLACK, one) if word == "initial" else _shade(tokens, by or one, one.text)


def _shade(tokens: Sequence[Any], by: Declaration, said: str) -> Shade:
    colour = _colour(tokens[0]) if len(tokens) == 1 else None
    return Shade(_CLEAR, by, said) if colour is None else Shade(colour, by)


def _laid(one: Declaration, variables: _Variables, before: _Laid, around: _Laid) -> _Laid:
    """What an element lays behind its words once this declaration counts, too."""
    tokens, by = _filled(one.value, variables)
    name, word = one.name.lower(), _word(tokens)
    if word == "inherit":
        found = around
    elif not tokens or word in _AS_AROUND or word == "initial":
        found = _Laid(Shade(_CLEAR, one))
    elif name == "background-color":
        found = _Laid(None if word == "currentcolor" else _shade(tokens, by or one, one.text))
    else:
        found = _background(tokens, variables, by or one, one.text)
    if name == "background":
        return found
    return replace(before, ground=found.ground) if name == "background-color" else replace(before, images=found.images)


def _background(tokens: Sequence[Any], variables: _Variables, by: Declaration, said: str) -> _Laid:
    """The colour of a background, and those of its gradients; a picture is unknown."""
    ground: Shade | None = Shade(_CLEAR, by)
    images: list[Shade] = []
    for token in tokens:
        name = token.lower_name if token.type == "function" else token.type
        if name == "url":
            images.append(Shade(_CLEAR, by, said))
        elif name.endswith("-gradient"):
            stops = _filled(token.arguments, variables)[0]
            images += [Shade(colour, by) for stop in stops if (colour := _colour(stop))]
        elif name == "ident" and token.lower_value == "currentcolor":
            ground = None
        elif (colour := _colour(token)) is not None:
            ground = Shade(colour, by)
        elif token.type == "function":
            ground = Shade(_CLEAR, by, said)
    return _Laid(ground, tuple(images))


def _behind(below: Sequence[Shade], ground: Shade, images: Sequence[Shade]) -> Iterator[Shade]:
    """All that may lie behind a text: each colour of a gradient over the ground, over what lies below."""
    layers = [ground]
    if images:
        layers = [
            replace(image, colour=_over(image.colour, ground.colour), by=image.by or ground.by) for image in images
        ]
    for layer in layers:
        for under in below:
            if layer.colour[3] == 0 and not layer.unknown:
                yield under
                continue
            by = layer.by or under.by
            hidden = layer.colour[3] == _OPAQUE
            unknown = layer.unknown or ("" if hidden else under.unknown)
            yield Shade(_over(layer.colour, under.colour), by, unknown)


def _variables(said: Mapping[str, Declaration], inherited: _Variables) -> _Variables:
    """The custom properties of an element: each is filled where it is said, and handed on so.

    One that names itself, by whatever detour, is not there.
    """
    known: dict[str, _Filled] = {}
    missing: set[str] = set()
    open_: list[str] = []

    def look_up(name: str) -> _Filled | None:
        if name not in said:
            return inherited.get(name)
        if len(open_) > _LONGEST_CHAIN:
            return None
        if name in open_:
            missing.update(open_[open_.index(name) :])
        if name in known or name in missing or name in open_:
            return known.get(name) if name not in missing else None
        open_.append(name)
        one = said[name]
        filled = _replaced(one.value, look_up)
        open_.pop()
        word = _word(filled[0]) if filled else ""
        if name in missing or filled is None or word == "initial":
            missing.add(name)
            return None
        if word in _AS_AROUND:
            return inherited.get(name)
        known[name] = (filled[0], filled[1] or one)
        return known[name]

    found = {name: value for name in said if (value := look_up(name))}
    return {**{name: value for name, value in inherited.items() if name not in said}, **found}


def _filled(value: Sequence[Any], variables: _Variables) -> tuple[list[Any], Declaration | None]:
    """A value with the custom properties that it names in their place, and what declared the last of them.

    Nothing is left of a value that names one which is not there.
    """
    return _replaced(value, variables.get) or ([], None)


def _replaced(value: Sequence[Any], look_up: Callable[[str], _Filled | None]) -> _FilledBy | None:
    tokens: list[Any] = []
    by: Declaration | None = None
    for token in _significant(value):
        if token.type != "function" or token.lower_name != "var":
            tokens.append(token)
            continue
        name, *rest = _significant(token.arguments) or [None]
        known = look_up(getattr(name, "value", "")) or (_replaced(rest[1:], look_up) if rest else None)
        if known is None:
            return None
        tokens += known[0]
        by = known[1] or by
        if len(tokens) > _LONGEST:
            return None
    return tokens, by


def _significant(tokens: Sequence[Any]) -> list[Any]:
    return [token for token in tokens if token.type not in {"whitespace", "comment"}]


def _word(tokens: Sequence[Any]) -> str:
    """A value that is a word and nothing else."""
    return str(tokens[0].lower_value) if len(tokens) == 1 and tokens[0].type == "ident" else ""


def _number(tokens: Sequence[Any]) -> float:
    token = tokens[0] if len(tokens) == 1 else None
    if token is not None and token.type in {"number", "percentage"}:
        return float(max(0.0, min(1.0, token.value / (100 if token.type == "percentage" else 1))))
    return 1.0


def _colour(token: Any) -> Colour | None:
    if token.type not in {"ident", "hash", "function"}:
        return None
    try:
        found = parse_color(token)
        if found is None or isinstance(found, str):
            return None
        red, green, blue = found.to("srgb").coordinates if found.space != "srgb" else found.coordinates
    except (ValueError, TypeError, NotImplementedError, ZeroDivisionError):
        return None
    red, green, blue = (min(1.0, max(0.0, float(channel or 0))) for channel in (red, green, blue))
    return red, green, blue, float(found.alpha)


def _faded(shade: Shade, opacity: float) -> Colour:
    red, green, blue, alpha = shade.colour
    return red, green, blue, alpha * opacity


def _over(upper: Colour, lower: Colour) -> Colour:
    """A colour laid over another one, as far as it lets that through."""
    alpha = upper[3] + lower[3] * (1 - upper[3])
    if alpha == 0:
        return _CLEAR
    mixed = [(u * upper[3] + w * lower[3] * (1 - upper[3])) / alpha for u, w in zip(upper[:3], lower[:3], strict=True)]
    return mixed[0], mixed[1], mixed[2], alpha


def _ratio(one: Colour, two: Colour) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [c / 12.92 if c <= _LINEAR else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

"""The colours of a card without a browser: what a styling makes of every part of a card, by day and in night mode.

It follows the cascade: selectors, their weight and order, `!important`, custom properties, what is inherited, and
colours that let others through. What it cannot know is said so, and never taken for right: pictures behind a text,
and colours that only a browser can mix. `tests/test_theme_contrast.py` holds it against Chromium.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

import cssselect2
from tinycss2.color5 import parse_color

from deckbuilder.facts.styles import Declaration, StyleRule, read_styles

Colour = tuple[float, float, float, float]
_BLACK: Colour = (0, 0, 0, 1)
_WHITE: Colour = (1, 1, 1, 1)
_CLEAR: Colour = (0, 0, 0, 0)
# Custom properties that name one another are followed so far.
_LONGEST_CHAIN = 40
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
class _Style:
    """What an element has, and hands on to those within it."""

    variables: Mapping[str, tuple[tuple[Any, ...], Declaration]] = field(default_factory=dict)
    ink: Shade = Shade(_BLACK)
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


def _compiled(selector: str) -> list[Any]:
    """Its parts between commas that a card can match; one that nobody understands drops the rule, as in a browser."""
    try:
        return [one for one in cssselect2.compile_selector_list(selector) if one.pseudo_element is None]
    except (cssselect2.SelectorError, SyntaxError, RecursionError, MemoryError):
        return []


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
    variables = {**parent.variables, **{one.name: (one.value, one) for one in said if one.name.startswith("--")}}
    ink = parent.ink
    for one in said:
        ink = _ink(one, variables, parent.ink) if one.name.lower() == "color" else ink
    opacity, ground, images = parent.opacity, Shade(_CLEAR), list[Shade]()
    for one in said:
        name = one.name.lower()
        if name == "background-color":
            ground = _shade(one, variables, ink, parent.ink)
        elif name in {"background", "background-image"}:
            shorthand, images = _background(one, variables, ink)
            ground = ground if name == "background-image" else shorthand
        elif name == "opacity":
            opacity = parent.opacity * _number(_filled(one.value, variables)[0])
    return _Style(variables, ink, tuple(_behind(parent.grounds, ground, images)), opacity)


def _ink(one: Declaration, variables: Mapping[str, Any], inherited: Shade) -> Shade:
    shade = _shade(one, variables, inherited, inherited)
    return inherited if shade.colour == _CLEAR and shade.by is None and not shade.unknown else shade


def _shade(one: Declaration, variables: Mapping[str, Any], current: Shade, inherited: Shade) -> Shade:
    """The colour that a declaration names; clear and declared by nobody if the declaration has no effect."""
    tokens, by = _filled(one.value, variables)
    if len(tokens) != 1:
        return Shade(_CLEAR) if not tokens else Shade(_CLEAR, one, one.text)
    word = tokens[0].lower_value if tokens[0].type == "ident" else ""
    if word in {"inherit", "unset", "revert", "revert-layer"}:
        return inherited if one.name.lower() == "color" or word == "inherit" else Shade(_CLEAR, one)
    if word == "initial":
        return Shade(_BLACK if one.name.lower() == "color" else _CLEAR, one)
    if word == "currentcolor":
        return current
    colour = _colour(tokens[0])
    return Shade(_CLEAR, by or one, one.text) if colour is None else Shade(colour, by or one)


def _background(one: Declaration, variables: Mapping[str, Any], ink: Shade) -> tuple[Shade, list[Shade]]:
    """The colour of a `background`, and those of its gradients; a picture is unknown."""
    tokens, by = _filled(one.value, variables)
    ground, images = Shade(_CLEAR, one), list[Shade]()
    for token in tokens:
        if token.type == "url" or (token.type == "function" and token.lower_name == "url"):
            images.append(Shade(_CLEAR, one, one.text))
        elif token.type == "function" and token.lower_name.endswith("-gradient"):
            stops = _filled(token.arguments, variables)[0]
            images += [Shade(colour, by or one) for stop in stops if (colour := _colour(stop))]
        elif token.type == "ident" and token.lower_value == "currentcolor":
            ground = ink
        elif (colour := _colour(token)) is not None:
            ground = Shade(colour, by or one)
        elif token.type == "function":
            ground = Shade(_CLEAR, one, one.text)
    return ground, images


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


def _filled(value: Sequence[Any], variables: Mapping[str, Any]) -> tuple[list[Any], Declaration | None]:
    """A value with the custom properties that it names in their place, and what declared the last of them.

    Nothing is left of a value that names one which is not there.
    """
    tokens, by, chain = _significant(value), None, 0
    while any(token.type == "function" and token.lower_name == "var" for token in tokens):
        chain += 1
        if chain > _LONGEST_CHAIN:
            return [], by
        filled: list[Any] = []
        for token in tokens:
            if token.type != "function" or token.lower_name != "var":
                filled.append(token)
                continue
            name, *rest = _significant(token.arguments) or [None]
            known = variables.get(getattr(name, "value", ""))
            if known is not None:
                filled += _significant(known[0])
                by = known[1]
            elif rest:
                filled += rest[1:]
            else:
                return [], by
        tokens = filled
    return tokens, by


def _significant(tokens: Sequence[Any]) -> list[Any]:
    return [token for token in tokens if token.type not in {"whitespace", "comment"}]


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

"""Drawings (SVG): documents, and so able to run scripts. They are cleaned by a list of what may stay.

What only acts is taken out: scripts, what starts them, links, and what editors write for themselves. What would be
missing from the picture is a mistake instead: files that it fetches, and foreign documents within it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from deckbuilder.facts.pictures import BrokenFileError

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
# Deeper than any editor draws, and less deep than what exhausts the program.
_DEEPEST = 200
_SIZE = re.compile(r"\s*(?P<number>[+]?\d*\.?\d+(?:[eE][+-]?\d+)?)\s*(?P<unit>px|pt|pc|mm|cm|in)?\s*")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_FETCHES = re.compile(r"@import|url\(\s*['\"]?\s*(?!#|data:image/|['\"])", re.IGNORECASE)
_WITHIN = ("#", "data:image/")

_NAMES_OF_ELEMENTS = """
svg g defs symbol use title desc style switch path rect circle ellipse line polyline polygon text tspan textPath
image marker pattern clipPath mask linearGradient radialGradient stop filter view animate animateMotion
animateTransform set mpath feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix
feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight
feTile feTurbulence
"""
_ELEMENTS = frozenset(_NAMES_OF_ELEMENTS.split())
_NAMES_OF_ATTRIBUTES = """
id class style lang role version viewBox preserveAspectRatio width height x y x1 x2 y1 y2 cx cy r rx ry fx fy fr
dx dy d points transform rotate pathLength textLength lengthAdjust startOffset method spacing side offset
gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits patternTransform clipPathUnits
maskUnits maskContentUnits markerUnits markerWidth markerHeight refX refY orient filterUnits primitiveUnits type
media systemLanguage requiredFeatures requiredExtensions href alignment-baseline baseline-shift clip clip-path
clip-rule color color-interpolation color-interpolation-filters color-rendering cursor direction display
dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font font-family font-size
font-size-adjust font-stretch font-style font-variant font-weight glyph-orientation-horizontal
glyph-orientation-vertical image-rendering isolation letter-spacing lighting-color marker marker-end marker-mid
marker-start mask mask-type mix-blend-mode opacity overflow paint-order pointer-events shape-rendering
stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration text-orientation text-rendering
transform-box transform-origin unicode-bidi vector-effect visibility white-space word-spacing writing-mode
attributeName attributeType begin dur end min max restart repeatCount repeatDur calcMode values keyTimes
keySplines keyPoints from to by additive accumulate path in in2 result mode operator k1 k2 k3 k4 stdDeviation
edgeMode kernelMatrix order divisor bias targetX targetY preserveAlpha surfaceScale diffuseConstant
specularConstant specularExponent limitingConeAngle pointsAtX pointsAtY pointsAtZ azimuth elevation z scale
xChannelSelector yChannelSelector baseFrequency numOctaves seed stitchTiles radius tableValues slope intercept
amplitude exponent
"""
_ATTRIBUTES = frozenset(_NAMES_OF_ATTRIBUTES.split())
_ACTING = frozenset({"script", "handler", "listener", "iframe", "object", "embed", "audio", "video"})


class UnsafeDrawingError(Exception):
    """What a drawing holds that can neither stay nor be taken out, in words that follow the file's name."""


# How much of what is left over stands before a drawing.
_BEFORE = {"xMin": 0, "xMax": 1, "YMin": 0, "YMax": 1}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing that may be shown: its bytes, those of the file where nothing had to go.

    `left`, `top`, `width` and `height` are the part that is seen, in the units in which it is drawn (0 if unknown);
    `taken_out` is what could have acted.
    """

    data: bytes
    left: float = 0
    top: float = 0
    width: float = 0
    height: float = 0
    taken_out: tuple[str, ...] = ()


def read_drawing(data: bytes) -> Drawing:
    """An SVG, cleaned. Raises BrokenFileError and UnsafeDrawingError."""
    if not re.match(rb"\s*(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*\0?<", data):
        raise BrokenFileError("does not hold an SVG picture")
    if b"<!ENTITY" in data.replace(b"\0", b""):  # also in UTF-16
        raise UnsafeDrawingError("defines entities")
    try:
        root = ET.fromstring(data)  # noqa: S314 - entities, the danger in XML, were refused above
    except (ET.ParseError, ValueError, LookupError) as error:  # the last two: an encoding that it does not know
        raise BrokenFileError(f"is not a whole SVG: {error}") from None
    if _local(root.tag) != "svg":
        raise BrokenFileError("does not hold an SVG picture")
    cleaner = _Cleaner()
    cleaned = cleaner.clean(root, 0)
    left, top, width, height, sized = _frame(root)
    if width and not sized:
        # Without them a browser takes a size of its own for it, and masks would lie beside their parts.
        cleaned.attrib |= {"width": f"{width:g}", "height": f"{height:g}"}
        cleaner.changed = True
    if cleaner.changed:
        cleaned.attrib = {"xmlns": _SVG, "xmlns:xlink": _XLINK, **cleaned.attrib}
        data = ET.tostring(cleaned, encoding="unicode").encode()
    return Drawing(data, left, top, width, height, tuple(dict.fromkeys(cleaner.taken_out)))


class _Cleaner:
    """A second tree with what may stay, and what was left out of it."""

    def __init__(self) -> None:
        self.taken_out: list[str] = []
        self.changed = False

    def clean(self, element: ET.Element, depth: int) -> ET.Element:
        if depth > _DEEPEST:
            raise UnsafeDrawingError("is nested too deep")
        tag = _local(element.tag)
        copy = ET.Element("g" if tag == "a" else tag, dict(self._attributes(tag, element)))
        copy.text, copy.tail = element.text, element.tail
        if tag == "style" and _FETCHES.search(element.text or ""):
            raise UnsafeDrawingError("holds a style that fetches a file")
        for child in element:
            if self._may_stay(child):
                copy.append(self.clean(child, depth + 1))
            else:
                _keep_text_after(child, copy)
        return copy

    def _may_stay(self, element: ET.Element) -> bool:
        tag = _local(element.tag)
        if tag == "foreignObject":
            raise UnsafeDrawingError("holds the element <foreignObject>")
        if (tag in _ELEMENTS or tag == "a") and element.tag in {f"{{{_SVG}}}{tag}", tag}:
            self.changed = self.changed or tag == "a"
            started = element.get("attributeName", "").rpartition(":")[2].lower()
            if started != "href" and not started.startswith("on"):
                return True
        if tag in _ACTING or element.get("attributeName"):
            self.taken_out.append(f"the element <{tag}>")
        self.changed = True
        return False

    def _attributes(self, tag: str, element: ET.Element) -> Iterator[tuple[str, str]]:
        for key, value in element.attrib.items():
            space, _, name = key.removeprefix("{").rpartition("}")
            if name.lower().startswith("on"):
                self.taken_out.append(f"the script {name}")
            elif name == "href" and tag == "a":
                self.taken_out.append(f"a link to {value[:60]!r}")
            elif name in {"href", "src"} and space in {"", _XLINK} and not value.strip().startswith(_WITHIN):
                raise UnsafeDrawingError(f"holds a link to {value[:60]!r}")
            elif _FETCHES.search(value):
                raise UnsafeDrawingError("holds a style that fetches a file")
            elif not space and (name in _ATTRIBUTES or name.startswith("aria-")):
                yield name, value
                continue
            elif space == _XLINK and name == "href":
                yield "xlink:href", value
                continue
            elif space == _XML:
                yield f"xml:{name}", value
                continue
            self.changed = True


def _keep_text_after(left_out: ET.Element, parent: ET.Element) -> None:
    if not left_out.tail:
        return
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + left_out.tail
    else:
        parent.text = (parent.text or "") + left_out.tail


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _frame(root: ET.Element) -> tuple[float, float, float, float, bool]:
    """The part that is seen, and whether the drawing says itself how large that is shown."""
    width, height = _length(root.get("width")), _length(root.get("height"))
    try:
        box = [float(number) for number in re.split(r"[\s,]+", root.get("viewBox", "").strip())]
    except ValueError:
        box = []
    if len(box) != len(("left", "top", "width", "height")) or not (box[2] > 0 and box[3] > 0):
        return (0, 0, width, height, bool(width and height))
    left, top, inner_width, inner_height = box
    if not (width and height):
        return (left, top, inner_width, inner_height, False)
    fit = root.get("preserveAspectRatio", "").strip()
    if not fit.startswith("none"):
        # Where the two differ in shape, the drawing stands in the middle of a larger picture, or where it says.
        scale = min(width / inner_width, height / inner_height)
        left -= (width / scale - inner_width) * _BEFORE.get(fit[:4], 0.5)
        top -= (height / scale - inner_height) * _BEFORE.get(fit[4:8], 0.5)
        inner_width, inner_height = width / scale, height / scale
    return (left, top, inner_width, inner_height, True)


def _length(text: str | None) -> float:
    """A length in pixels; 0 for none, or one that hangs on what is around the drawing."""
    match = _SIZE.fullmatch(text or "")
    return float(match["number"]) * _PIXELS[match["unit"] or ""] if match else 0

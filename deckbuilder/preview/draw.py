"""A cluster of concepts as boxes and lines. graphlay lays it out; everything else about the picture is here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from deckbuilder.preview.related import Cluster, Tie, Way

Point = tuple[float, float]

_MOST_LINES = 4
_BEND = 9


@dataclass(frozen=True, slots=True)
class Size:
    """Measures of a picture, in pixels: of its letters, of a box, and of the room between boxes."""

    letters: int
    box: int
    beside: int
    below: int
    padding: int
    bracket: int

    @property
    def line(self) -> int:
        return round(self.letters * 1.3)


WIDE = Size(letters=16, box=184, beside=56, below=18, padding=12, bracket=16)
NARROW = Size(letters=14, box=122, beside=30, below=14, padding=8, bracket=10)


@dataclass(frozen=True, slots=True)
class Box:
    """A concept: the middle of its box, the box's size, and its term in lines."""

    concept: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A tie: its way as the `d` of an SVG path, and the arrow head at its end, or none."""

    way: Way
    path: str
    head: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of `width` by `height` pixels, whose first corner is 0, 0."""

    width: float
    height: float
    size: Size
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def can_draw() -> bool:
    """Whether graphlay is there: it has no builds for some rare machines."""
    try:
        import graphlay  # noqa: F401, PLC0415 - only a share page pays for it
    except ImportError:
        return False
    return True


def draw(cluster: Cluster, terms: Mapping[str, str], size: Size) -> Drawing:
    """The picture of a cluster, the most general at the left. The same cluster always gives the same picture."""
    import graphlay  # noqa: PLC0415 - only a share page pays for it

    wrapped = {concept: wrap(terms[concept], size) for concept in cluster.concepts}
    depths = dict(zip(cluster.concepts, cluster.depths, strict=True))
    graph = graphlay.Graph()
    for concept in cluster.concepts:
        height = len(wrapped[concept]) * size.line + 2 * size.padding
        graph.node(concept, width=size.box, height=height)
    level = [tie for tie in cluster.ties if depths[tie.one] == depths[tie.other]]
    for number, tie in enumerate(level):
        # Both point at a spot at their right, so that they come to stand side by side, with room for a bracket.
        graph.node(number, width=1, height=1)
        graph.edge(tie.one, number)
        graph.edge(tie.other, number)
    across = [tie for tie in cluster.ties if tie not in level]
    for tie in across:
        one, other = sorted((tie.one, tie.other), key=depths.__getitem__)
        graph.edge(one, other, group=list(Way).index(tie.way))
    return _drawing(graphlay.layout(graph, options=_options(size)), wrapped, level, across, size)


def _options(size: Size) -> dict[str, Any]:
    return {
        "direction": "leftright",
        "spacing": {"layer_gap": size.beside, "node_gap": size.below, "dummy_gap": size.below, "port_gap": 10},
        "routing": {"port_sides": "facing_only", "merge_edges": "both", "centre_ports": "all"},
    }


def _drawing(
    layout: Any, wrapped: Mapping[str, tuple[str, ...]], level: Sequence[Tie], across: Sequence[Tie], size: Size
) -> Drawing:
    """The layout moved to begin at 0, 0, with a pixel of room for the strokes."""
    left, top = layout.bounds["min"]["x"] - 1, layout.bounds["min"]["y"] - 1
    boxes = {
        concept: Box(
            concept,
            round(placed["center"]["x"] - left, 1),
            round(placed["center"]["y"] - top, 1),
            placed["size"]["width"],
            placed["size"]["height"],
            wrapped[concept],
        )
        for concept, placed in zip(wrapped, layout.nodes, strict=False)
    }
    routes = (
        [(round(at["x"] - left, 1), round(at["y"] - top, 1)) for at in edge["points"]]
        for edge in layout.edges[2 * len(level) :]
    )
    trunks = {tie.one for tie in across if tie.way is not Way.CONTRAST}
    lines = [
        _line(
            tie,
            _aside(route, size) if tie.way is Way.CONTRAST and not trunks.isdisjoint((tie.one, tie.other)) else route,
        )
        for tie, route in zip(across, routes, strict=True)
    ]
    brackets = list(_brackets([(tie, boxes[tie.one], boxes[tie.other]) for tie in level], size))
    right = max([box.x + box.width / 2 for box in boxes.values()] + [bracket[2][0] for _, bracket in brackets])
    bottom = max(box.y + box.height / 2 for box in boxes.values())
    lines += [Line(tie.way, _rounded(bracket), "") for tie, bracket in brackets]
    return Drawing(round(right + 1, 1), round(bottom + 1, 1), size, tuple(boxes.values()), tuple(lines))


def _aside(points: list[Point], size: Size) -> list[Point]:
    """A way that shares the trunk of others, beside it: lines of two kinds on one another cannot be told apart."""
    if len(points) != 4:  # noqa: PLR2004 - out of a box, up or down, and into another
        return points
    (x, y), (trunk, _), _, end = points
    start = y + size.bracket * (1 if end[1] > y else -1)
    return [(x, start), (trunk + size.bracket, start), (trunk + size.bracket, end[1]), end]


def _brackets(pairs: Sequence[tuple[Tie, Box, Box]], size: Size) -> Iterator[tuple[Tie, list[Point]]]:
    """At the right of two boxes of one column; one around another stands further out."""
    taken: list[tuple[float, float, float]] = []
    for tie, *pair in sorted(pairs, key=lambda one: abs(one[1].y - one[2].y)):
        upper, lower = sorted(pair, key=lambda box: box.y)
        edge = max(box.x + box.width / 2 for box in pair)
        start, end = upper.y + upper.height / 4, lower.y - lower.height / 4
        out = max((far for far, above, below in taken if above < end and start < below), default=edge) + size.bracket
        taken.append((out, start, end))
        yield tie, [(edge, start), (out, start), (out, end), (edge, end)]


def _line(tie: Tie, points: list[Point]) -> Line:
    """What is a kind of something points at it; what is learned later is pointed at."""
    way = list(reversed(points)) if tie.way is Way.KIND else points
    head = "" if tie.way is Way.CONTRAST else _head(way[-2], way[-1])
    return Line(tie.way, _rounded(way), head)


def _head(before: Point, tip: Point) -> str:
    """Lines run into boxes from the left or from the right."""
    back = -9 if before[0] < tip[0] else 9
    return f"M{tip[0]:g} {tip[1]:g}l{back} -5v10z"


def _rounded(points: Sequence[Point]) -> str:
    """A path along the points, its bends as arcs where there is room."""
    bends = [_bend(*corner) for corner in zip(points, points[1:], points[2:], strict=False)]
    (x, y), (end_x, end_y) = points[0], points[-1]
    return f"M{x:g} {y:g}{''.join(bends)}L{end_x:g} {end_y:g}"


def _bend(before: Point, here: Point, after: Point) -> str:
    start, end = _towards(here, before), _towards(here, after)
    return f"L{start[0]:g} {start[1]:g}Q{here[0]:g} {here[1]:g} {end[0]:g} {end[1]:g}"


def _towards(here: Point, there: Point) -> Point:
    length = abs(there[0] - here[0]) + abs(there[1] - here[1])
    part = min(_BEND, length / 2) / length if length else 0
    return round(here[0] + (there[0] - here[0]) * part, 1), round(here[1] + (there[1] - here[1]) * part, 1)


# ------------------------------------------------------------------------- words


def wrap(text: str, size: Size) -> tuple[str, ...]:
    """A term in lines that fit into a box; what does not fit at all ends in an ellipsis."""
    room = (size.box - 2 * size.padding) / size.letters
    # No letter is narrower than a third of its height, so that no more than this can be seen.
    seen = text[: int(3 * room) * _MOST_LINES + 1]
    lines = [""]
    for word in (piece for whole in seen.split() for piece in _pieces(whole, room)):
        longer = f"{lines[-1]} {word}".strip()
        if _breadth(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = [line for line in lines if line][:_MOST_LINES]
    if len(lines) > _MOST_LINES or len(seen) < len(text):
        kept[-1] = _ending(kept[-1], room)
    return tuple(kept)


def _ending(line: str, room: float) -> str:
    while _breadth(f"{line} …") > room:
        line = line[:-1]
    return f"{line.rstrip(' -')} …"


def _pieces(word: str, room: float) -> Iterator[str]:
    """A word too long for a line, parted with a hyphen: at its own, or else where the line ends."""
    while _breadth(word) > room:
        fits = next(n for n in range(len(word), 0, -1) if n == 1 or _breadth(word[:n] + "-") <= room)
        own = word.rfind("-", 1, fits + 1) + 1
        yield word[:own] if own else word[:fits] + "-"
        word = word[own or fits :]
    yield word


def _breadth(text: str) -> float:
    """About how broad a text is, in heights of its letters; rather too much than too little."""
    return sum(map(_breadth_of, text))


def _breadth_of(sign: str) -> float:
    if east_asian_width(sign) in "WF":
        return 1.0
    if sign in "iIjlft.,:;'|!()[] ":
        return 0.36
    return 0.9 if sign in "mwMW" else 0.7 if sign.isupper() else 0.6

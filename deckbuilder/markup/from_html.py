"""HTML of Anki's fields to Markdown, where Markdown can say it.

People's fields are full of what an editor or a web page left in them: `div` for lines, fonts, sizes, no-break spaces.
What carries no meaning is dropped, what Markdown has no sign for and a reader might miss (a colour) is named, and
what cannot be said at all is refused. Whether the Markdown is right is never believed: it is rendered and compared.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import groupby

from deckbuilder.markup.blanks import Blank, next_opener
from deckbuilder.markup.escape import escape, visible_text
from deckbuilder.markup.lines import render_lines
from deckbuilder.markup.safe import LINKED

_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
# A text without any of these signs is its own Markdown, and most texts are.
_PLAIN = re.compile(r"[^\\`*_\[\]<>&!${}|~\n\xa0]*")
_MATH = re.compile(r"\\\((?P<inline>.*?)\\\)|\\\[(?P<display>.*?)\\\]", re.DOTALL)
_MATH_SIGN = re.compile(r"\\[()\[\]]")
_SPECIAL = re.compile(r"([\\`*_\[\]<>$&~|!{}])")
_CLOZE_SIGN = re.compile(r"(\{\{c\d+::|\}\})")
_BLANK_SIGN = re.compile(r"(\[\[|\]\]|\|)")
# Blanks as Anki reads them: also with several numbers, which no text of ours can say.
_ANKI_BLANK = re.compile(r"\{\{c([\d,]+)::")
_LINE_START = re.compile(r"^(\d+)([.)])|^([-+#=])")
_ANKI_DIRECTIVE = re.compile(r"\[(sound:|anki:|type:|/?latex\]|/?\$\$?\])", re.IGNORECASE)

_BLOCKS = {"div", "p", "center", "section", "article", "header", "footer", "main"}
_MARKS = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "code": "code"}
_LOST = {"u": "underlining", "small": "size", "big": "size", "ins": "underlining", "mark": "colour"}
# Anki's editor and word processors leave these behind; they say nothing.
_IDLE = {"span", "font", "html", "body", "o:p", "nobr", "tbody", "wbr", "abbr", "label", "bdi"}
_LOWERED = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_RAISED = dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
_SHIFTED = {"sub": {**_LOWERED, "\u2212": "₋"}, "sup": {**_RAISED, "\u2212": "⁻"}}
_PLAIN_COLOURS = {"", "black", "#000", "#000000", "rgb(0,0,0)", "inherit", "initial", "windowtext", "currentcolor"}
_PLAIN_BACKGROUNDS = {"", "white", "#fff", "#ffffff", "rgb(255,255,255)", "transparent", "inherit", "initial", "none"}
_BOLD = {"bold", "bolder", "600", "700", "800", "900"}


class UnsayableError(ValueError):
    """What a field holds has no Markdown; says what it is."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look. `marks` are of `strong`, `em`, `code`, `math`, `display`, and `link URL`."""

    text: str
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """A line as a reader sees it: plain, an entry of a list (`ul`, `ol`), or more of such an entry (`more`).

    `gap` tells of an empty line before it, which is a matter of taste.
    """

    runs: tuple[Run, ...]
    kind: str = ""
    depth: int = 0
    gap: bool = field(default=False, compare=False)


def to_markdown(html: str, *, cloze: bool = False) -> tuple[str, frozenset[str]]:
    """A field's Markdown, and what it does not say of the field's look. Raises UnsayableError.

    What comes out is what `render_lines` shows alike; in a `cloze` field with its blanks.
    """
    if _PLAIN.fullmatch(html) and html == html.strip() and "  " not in html:
        return html, frozenset()
    lines, lost = read_html(html)
    # Two braces or brackets are a blank for us, and no blank may stand here.
    like_blank = not cloze and re.search(r"\[\[|\{\{", html)
    for careful in (True,) if like_blank else (False, True):
        text = _write(lines, careful=careful, cloze=cloze)
        shown = render_lines(text, _number_of if cloze else None)
        # The same words are not enough: a blank that would come out as mere words is a card that goes.
        if _same(shown, lines) and (not cloze or _ANKI_BLANK.findall(shown) == _ANKI_BLANK.findall(html)):
            return text, lost
    raise UnsayableError("formatting that Markdown cannot say")


def literal_markdown(text: str, *, cloze: bool = False) -> str:
    """Markdown in which every sign of a text stands for itself; in a `cloze` text its blanks stay blanks."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    shown = render_lines("\n".join(lines), _number_of if cloze else None)
    is_same = visible_text(shown) == visible_text(escape(" ".join(lines))) and "<" not in shown.replace("<br />", "")
    # What looks like a blank and is to be none needs its backslashes.
    if is_same and (cloze or next_opener(text, 0) < 0):
        return "\n".join(lines)
    signs = (_CLOZE_SIGN if "{{c" in text else _BLANK_SIGN) if cloze else None
    return "\n".join(_LINE_START.sub(_escaped_start, _literal(line, signs)) for line in lines)


def read_html(html: str) -> tuple[tuple[Line, ...], frozenset[str]]:
    """The lines of a field, and what of its look they leave out. Raises UnsayableError."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = reader.finish()
    if len(lines) == 1:
        # A list of one is a line.
        return (replace(lines[0], kind="", depth=0),), frozenset(reader.lost)
    return lines, frozenset(reader.lost)


def _number_of(blank: Blank) -> int:
    return blank.number or 0


def _same(html: str, lines: tuple[Line, ...]) -> bool:
    try:
        return read_html(html)[0] == lines
    except UnsayableError:
        return False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lost: set[str] = set()
        self._lines: list[Line] = []
        self._runs: list[Run] = []
        self._open: list[tuple[str, frozenset[str]]] = []
        self._lists: list[str] = []
        self._kind = ""
        self._breaks = 0

    def finish(self) -> tuple[Line, ...]:
        self._break()
        return tuple(self._lines)

    # ------------------------------------------------------------- what the parser meets

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = frozenset(self._marks_of(tag, {name: value or "" for name, value in attrs}))
        if tag == "br":
            self._break()
            self._breaks += 1
        elif tag in {"ul", "ol"}:
            self._break()
            if any(name in {"start", "type", "reversed"} for name, _ in attrs):
                raise UnsayableError("a list with numbers of its own")
            self._lists.append(tag)
            self._open.append((tag, frozenset()))
        elif tag == "li":
            self._break()
            if not self._lists:
                raise UnsayableError("an entry of no list")
            self._kind = self._lists[-1]
            self._open.append((tag, marks))
        elif tag in _BLOCKS:
            self._break()
            self._open.append((tag, marks))
        elif tag in _MARKS or tag in _LOST or tag in _IDLE or tag in _SHIFTED or tag == "a":
            if tag != "wbr":
                self._open.append((tag, marks))
        elif tag != "meta":
            raise UnsayableError(_named(tag))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS or tag in {"li", "ul", "ol"}:
            self._break()
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
            self._kind = "more" if self._lists else ""
        if tag == "li":
            self._kind = "more" if len(self._lists) > 1 else ""
        for position in range(len(self._open) - 1, -1, -1):
            if self._open[position][0] == tag:
                del self._open[position]
                break

    def handle_data(self, data: str) -> None:
        if _ANKI_DIRECTIVE.search(data):
            raise UnsayableError("a sound, LaTeX or another thing that Anki does")
        text = _SPACE.sub(" ", data)
        shifted = next((name for name, _ in reversed(self._open) if name in _SHIFTED), "")
        if shifted:
            text = _shift(text, shifted)
        marks = frozenset(mark for _, marks in self._open for mark in marks)
        self._runs.append(Run(text, marks))

    def unknown_decl(self, data: str) -> None:
        raise UnsayableError(f"<![{data[:20]}")

    # ------------------------------------------------------------- lines

    def _break(self) -> None:
        runs = _tidy(self._runs)
        self._runs = []
        if not runs:
            return
        depth = len(self._lists)
        kind = self._kind if depth else ""
        self._lines.append(Line(runs, kind, depth, gap=self._breaks > 1 and bool(self._lines)))
        self._breaks = 0
        if kind in {"ul", "ol"}:
            self._kind = "more"

    def _marks_of(self, tag: str, attributes: dict[str, str]) -> Iterator[str]:
        for name, value in attributes.items():
            if name.startswith("on"):
                raise UnsayableError("a script")
            if name in {"class", "dir", "align"} and value:
                self.lost.add("a look of the note type" if name == "class" else "alignment")
        if tag in _MARKS:
            yield _MARKS[tag]
        if tag in _LOST:
            self.lost.add(_LOST[tag])
        if tag == "a":
            href = attributes.get("href", "").strip()
            if not href.startswith(LINKED):
                raise UnsayableError("a link that leads to no web page")
            yield f"link {href}"
        if tag == "font":
            self._lose(_plain(attributes.get("color", "")) not in _PLAIN_COLOURS, "colour")
            self._lose("size" in attributes, "size")
        yield from self._style(attributes.get("style", ""))

    def _style(self, style: str) -> Iterator[str]:
        said = dict(_declarations(style))
        if "none" in said.get("display", "") or "hidden" in said.get("visibility", ""):
            raise UnsayableError("something hidden")
        if "line-through" in said.get("text-decoration", "") + said.get("text-decoration-line", ""):
            raise UnsayableError("struck through text")
        if said.get("vertical-align", "") in {"sub", "super"}:
            raise UnsayableError("lowered or raised text")
        if any(name in said for name in ("position", "float", "background-image", "content")):
            raise UnsayableError("a layout of its own")
        if said.get("font-weight") in _BOLD:
            yield "strong"
        if said.get("font-style") in {"italic", "oblique"}:
            yield "em"
        underlined = "underline" in said.get("text-decoration", "") + said.get("text-decoration-line", "")
        self._lose(underlined, "underlining")
        self._lose(said.get("color", "") not in _PLAIN_COLOURS, "colour")
        background = said.get("background-color", said.get("background", ""))
        self._lose(background not in _PLAIN_BACKGROUNDS, "colour")
        self._lose(said.get("text-align", "start") not in {"start", "left", "inherit"}, "alignment")

    def _lose(self, is_lost: bool, what: str) -> None:  # noqa: FBT001 - a condition and its name
        if is_lost:
            self.lost.add(what)


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        yield name.strip().lower(), _plain(value.replace("!important", ""))


def _plain(value: str) -> str:
    return "".join(value.lower().split())


def _named(tag: str) -> str:
    known = {
        "img": "a picture within the text",
        "table": "a table",
        "script": "a script",
        "s": "struck through text",
        "strike": "struck through text",
        "del": "struck through text",
        "ruby": "ruby (furigana)",
        "pre": "preformatted text",
        "hr": "a rule across the card",
        "blockquote": "a quotation",
    }
    return known.get(tag) or ("a heading" if re.fullmatch(r"h\d", tag) else f"the element <{tag[:20]}>")


def _shift(text: str, how: str) -> str:
    signs = _SHIFTED[how]
    if not all(sign in signs or sign.isspace() for sign in text):
        raise UnsayableError("lowered text" if how == "sub" else "raised text")
    return "".join(signs.get(sign, sign) for sign in text)


def _tidy(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Runs merged where they look alike; spaces in no marks, one at a time, and none at the ends; formulas found."""
    apart = [piece for run in runs for piece in _spaces_apart(run)]
    merged: list[Run] = []
    for run in apart:
        if merged and merged[-1].marks == run.marks:
            merged[-1] = Run(merged[-1].text + run.text, run.marks)
        elif run.text:
            merged.append(run)
    single: list[Run] = []
    for run in merged:
        text = _cloze_spaces(_SPACE.sub(" ", run.text))
        if not single or single[-1].text.endswith(" "):
            text = text.lstrip(" ")
        if text:
            single.append(Run(text, run.marks))
    while single and not single[-1].text.rstrip(" "):
        single.pop()
    if single:
        single[-1] = Run(single[-1].text.rstrip(" "), single[-1].marks)
    return tuple(piece for run in single for piece in _formulas(run))


def _spaces_apart(run: Run) -> Iterator[Run]:
    if not run.marks or "code" in run.marks:
        yield run
        return
    inner = run.text.strip(" ")
    start = len(run.text) - len(run.text.lstrip(" "))
    yield Run(run.text[:start] if inner else run.text)
    yield Run(inner, run.marks)
    yield Run(run.text[start + len(inner) :] if inner else "")


def _cloze_spaces(text: str) -> str:
    """Spaces at the edges of a blank stand outside it."""
    if "{{c" not in text and "}}" not in text:
        return text
    text = re.sub(r"(\{\{c\d+::) +", r" \1", text)
    text = re.sub(r" *:: *(?=[^{}]*\}\})", "::", text)
    return _SPACE.sub(" ", re.sub(r" +(\}\}+)", r"\1 ", text))


def _formulas(run: Run) -> Iterator[Run]:
    position = 0
    for math in _MATH.finditer(run.text):
        yield from _words(run.text[position : math.start()], run.marks)
        inline, display = math["inline"], math["display"]
        text = (inline if display is None else display).strip()
        if not text or run.marks & {"code"}:
            raise UnsayableError("an empty formula")
        yield Run(text, run.marks | {"math" if display is None else "display"})
        position = math.end()
    yield from _words(run.text[position:], run.marks)


def _words(text: str, marks: frozenset[str]) -> Iterator[Run]:
    if _MATH_SIGN.search(text):
        raise UnsayableError("a formula with formatting or lines in it")
    if text:
        yield Run(text, marks)


# ------------------------------------------------------------- Markdown


def _write(lines: Sequence[Line], *, careful: bool, cloze: bool) -> str:
    written: list[str] = []
    margins: list[int] = []
    counts: list[int] = []
    before: Line | None = None
    for line in lines:
        words = _inline(line.runs, careful=careful, cloze=cloze)
        if careful and line.kind in {"", "more"}:
            words = _LINE_START.sub(_escaped_start, words)
        if before is not None and (line.gap or (not line.depth and before.depth)):
            written.append("")
        if line.kind in {"ul", "ol"}:
            del margins[line.depth - 1 :], counts[line.depth :]
            margins += [2] * (line.depth - 1 - len(margins))
            counts += [0] * (line.depth - len(counts))
            counts[-1] += 1
            sign = "- " if line.kind == "ul" else f"{counts[-1]}. "
            written.append(" " * sum(margins) + sign + words)
            margins.append(len(sign))
        else:
            del counts[line.depth :]
            written.append(" " * sum(margins[: line.depth]) + words)
        before = line
    return "\n".join(written)


def _escaped_start(start: re.Match[str]) -> str:
    return f"{start[1]}\\{start[2]}" if start[1] else f"\\{start[3]}"


def _inline(runs: Sequence[Run], *, careful: bool, cloze: bool) -> str:
    pieces = []
    looks = {mark for run in runs for mark in run.marks}
    outer = next((mark for kind in ("link", "strong", "em") for mark in sorted(looks) if mark.startswith(kind)), "")
    for is_inside, group in groupby(runs, lambda run: outer in run.marks if outer else False):
        inside = list(group)
        if is_inside:
            inner = [Run(run.text, run.marks - {outer}) for run in inside]
            pieces.append(_wrapped(outer, _inline(inner, careful=careful, cloze=cloze)))
        elif outer:
            pieces.append(_inline(inside, careful=careful, cloze=cloze))
        else:
            pieces += [_piece(run, careful=careful, cloze=cloze) for run in inside]
    return "".join(pieces)


def _wrapped(mark: str, text: str) -> str:
    if mark.startswith("link "):
        return f"[{text}](<{mark.removeprefix('link ')}>)"
    sign = "**" if mark == "strong" else "*"
    return f"{sign}{text}{sign}"


def _piece(run: Run, *, careful: bool, cloze: bool) -> str:
    if "math" in run.marks:
        return f"${run.text}$"
    if "display" in run.marks:
        return f"$${run.text}$$"
    if "code" in run.marks:
        return f"`{run.text}`"
    if not careful:
        return run.text
    return _literal(run.text, _CLOZE_SIGN if cloze else None)


def _literal(text: str, kept: re.Pattern[str] | None) -> str:
    """A text in which every sign stands for itself, but for those of blanks that are `kept`."""
    parts = kept.split(text) if kept else [text]
    return "".join(part if number % 2 else _SPECIAL.sub(r"\\\1", part) for number, part in enumerate(parts))

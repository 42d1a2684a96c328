"""A theme's CSS, read: its rules, the files that it names, and what may not stand in it.

Cards are shown without a network and must tell nobody that they were looked at, so nothing is fetched from elsewhere.
What goes into the package is written anew from what was read here: there is nothing in it that was not judged.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import tinycss2

# What a theme may be divided by. Others are younger than many students' phones, or load something.
_CONDITIONS = frozenset({"media", "supports"})
_KEYFRAMES = frozenset({"keyframes", "-webkit-keyframes"})
# Functions that fetch what a plain string in them names, or run something.
_FETCHING = frozenset(
    {"src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade", "expression"}
)
_HELD = ("data:image/", "data:font/", "data:application/font-", "#")
# A comment, a string in which none begins, or a comment without an end.
_COMMENT = re.compile(r"""/\*.*?\*/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?P<open>/\*)""", re.DOTALL)
_LEAVES_STYLE = "</style"
_DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Flaw:
    """What cannot stay as it is: where (from 1), the rule of the reviewer that says so, what, and what to do."""

    line: int
    column: int
    rule: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """`name: value` with the tokens of the value, as tinycss2 has them; known by itself, wherever it says the same."""

    name: str
    value: tuple[Any, ...]
    important: bool
    line: int
    column: int

    @property
    def text(self) -> str:
        return str(tinycss2.serialize(self.value)).strip()


@dataclass(frozen=True, slots=True)
class StyleRule:
    """A selector with what it says. `conditions` are the `@media` and `@supports` around it, in words."""

    selector: str
    declarations: tuple[Declaration, ...]
    conditions: tuple[str, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Styles:
    """A stylesheet as it was read. `fonts` are the `@font-face`, `frames` the places of `@keyframes`.

    `files` are the files that it names, each with the place where it is named first.
    """

    rules: tuple[StyleRule, ...] = ()
    fonts: tuple[tuple[Declaration, ...], ...] = ()
    frames: tuple[tuple[int, int], ...] = ()
    files: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    flaws: tuple[Flaw, ...] = ()


def read_styles(text: str) -> Styles:
    """A stylesheet and all that is wrong with it."""
    nodes = tinycss2.parse_stylesheet(text)
    reader = _Reader()
    if _is_deep(nodes):
        message = "brackets stand in brackets more often than anybody can mean"
        reader.flaw(1, 1, "theme-broken", message, "write it anew")
        return Styles(flaws=tuple(reader.flaws))
    reader.read(nodes, ())
    opened = next((found.start("open") for found in _COMMENT.finditer(text) if found["open"]), None)
    if opened is not None:
        line, column = text.count("\n", 0, opened) + 1, opened - text.rfind("\n", 0, opened)
        message = "a comment that begins here never ends, and takes all that follows with it"
        reader.flaw(line, column, "theme-broken", message, "end it with */")
    if _LEAVES_STYLE in text.lower():
        line = text.lower()[: text.lower().index(_LEAVES_STYLE)].count("\n") + 1
        reader.flaw(line, 1, "theme-unsafe", "'</style' would end the styling of the card", "remove it")
    return Styles(
        tuple(reader.rules),
        tuple(reader.fonts),
        tuple(reader.frames),
        reader.files,
        tuple(sorted(reader.flaws, key=lambda flaw: (flaw.line, flaw.column))),
    )


def with_files(text: str, names: Mapping[str, str]) -> str:
    """A stylesheet whose files are called by other names: those that its cards find them by."""
    nodes = tinycss2.parse_stylesheet(text)
    for token in _tokens(nodes):
        if token.type == "url":
            token.representation = _named(token, names)
        elif token.type == "function" and token.lower_name == "url":
            for string in token.arguments:
                if string.type == "string" and _file(string.value) in names:
                    string.representation = f'"{names[_file(string.value)]}"'
    return str(tinycss2.serialize(nodes)).strip()


def _named(token: Any, names: Mapping[str, str]) -> str:
    name = names.get(_file(token.value))
    return f"url({name})" if name else str(token.representation)


def _file(url: str) -> str:
    """The file that an address names; nothing if it is within the stylesheet itself."""
    return "" if url.strip().lower().startswith(_HELD) else unquote(url.strip())


class _Reader:
    """Gathers what a stylesheet holds."""

    def __init__(self) -> None:
        self.rules: list[StyleRule] = []
        self.fonts: list[tuple[Declaration, ...]] = []
        self.frames: list[tuple[int, int]] = []
        self.files: dict[str, tuple[int, int]] = {}
        self.flaws: list[Flaw] = []

    def flaw(self, line: int, column: int, rule: str, message: str, fix: str) -> None:
        self.flaws.append(Flaw(line, column, rule, message, fix))

    def read(self, nodes: Iterable[Any], conditions: tuple[str, ...]) -> None:
        for node in nodes:
            if node.type == "qualified-rule":
                self._rule(node, conditions)
            elif node.type == "at-rule":
                self._at_rule(node, conditions)
            elif node.type == "error":
                self._broken(node)

    def _rule(self, node: Any, conditions: tuple[str, ...]) -> None:
        self._judge_tokens(node.prelude)
        selector = tinycss2.serialize(node.prelude).strip()
        said = tuple(self._declarations(node.content))
        self.rules.append(StyleRule(selector, said, conditions, node.source_line, node.source_column))

    def _at_rule(self, node: Any, conditions: tuple[str, ...]) -> None:
        name, place = node.lower_at_keyword, (node.source_line, node.source_column)
        if name == "import":
            message = "@import fetches another file, and cards are shown without a network"
            self.flaw(*place, "theme-unsafe", message, "copy what it holds into this file")
        elif name in _CONDITIONS and node.content is not None:
            self._judge_tokens(node.prelude)
            asked = f"@{name} {tinycss2.serialize(node.prelude).strip()}"
            self.read(tinycss2.parse_rule_list(node.content), (*conditions, asked))
        elif name == "font-face" and node.content is not None:
            self.fonts.append(tuple(self._declarations(node.content)))
        elif name in _KEYFRAMES and node.content is not None:
            self.frames.append(place)
            self._judge_tokens(node.content)
        elif name != "charset":
            fix = "write plain rules; of those with an @ it can have @media, @supports and @font-face"
            self.flaw(*place, "theme-broken", f"@{name} cannot stand in a theme", fix)

    def _declarations(self, content: Iterable[Any]) -> Iterator[Declaration]:
        for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
            place = (node.source_line, node.source_column)
            if node.type == "declaration":
                self._judge_tokens(node.value)
                self._judge_end(node.value)
                yield Declaration(node.name, tuple(node.value), node.important, *place)
            elif node.type == "error":
                self._broken(node, "a declaration is written as 'color: #1f2328;'")
            else:
                fix = "is the '}' of the rule above missing? A rule within a rule is unknown to many phones"
                self.flaw(*place, "theme-broken", "a rule begins within another one", fix)

    def _broken(self, node: Any, fix: str = "a rule is written as '.front { color: #1f2328; }'") -> None:
        self.flaw(node.source_line, node.source_column, "theme-broken", "this cannot be read as CSS", fix)

    def _judge_end(self, value: Sequence[Any]) -> None:
        """No value has a colon: it is that of the next declaration, and a browser would take neither."""
        words = [token for token in value if token.type != "whitespace"]
        for word, sign in pairwise(words):
            if word.type == "ident" and sign == ":":
                message = f"a ';' is missing before {word.value!r}"
                self.flaw(word.source_line, word.source_column, "theme-broken", message, "end each declaration with it")

    def _judge_tokens(self, nodes: Iterable[Any]) -> None:
        for token in _tokens(nodes):
            place = (token.source_line, token.source_column)
            if token.type == "error":
                self._broken(token)
            elif token.type == "url":
                self._address(token.value, *place)
            elif token.type == "function" and token.lower_name == "url":
                strings = [one.value for one in token.arguments if one.type == "string"]
                self._address(strings[0] if strings else "", *place)
            elif token.type == "function" and token.lower_name in _FETCHING:
                message = f"{token.name}() can fetch a file from elsewhere"
                self.flaw(*place, "theme-unsafe", message, "write url(file) with a file of the deck")

    def _address(self, url: str, line: int, column: int) -> None:
        name = _file(url)
        scheme = name.partition(":")[0] if ":" in name else ""
        if scheme or name.startswith(("/", "\\")):
            message = f"url({url.strip()[:60]}) is not a file of the deck, and cards are shown without a network"
            self.flaw(line, column, "theme-unsafe", message, "put the file beside the theme, and name it by its name")
        elif name:
            self.files.setdefault(name, (line, column))


_PARTS: Mapping[str, Callable[[Any], Iterable[Any]]] = {
    "function": lambda node: node.arguments,
    **dict.fromkeys(("() block", "[] block", "{} block"), lambda node: node.content),
    "qualified-rule": lambda node: [*node.prelude, *node.content],
    "at-rule": lambda node: [*node.prelude, *(node.content or ())],
}


def _tokens(nodes: Iterable[Any]) -> Iterator[Any]:
    """All tokens, with those within functions and blocks."""
    return (node for node, _ in _nested(nodes))


def _is_deep(nodes: Iterable[Any]) -> bool:
    return any(depth > _DEEPEST for _, depth in _nested(nodes))


def _nested(nodes: Iterable[Any]) -> Iterator[tuple[Any, int]]:
    """All tokens with their depth; a loop, since CSS nests as deep as somebody likes."""
    left = [iter(nodes)]
    while left:
        node = next(left[-1], None)
        if node is None:
            left.pop()
            continue
        yield node, len(left)
        if node.type in _PARTS:
            left.append(iter(_PARTS[node.type](node)))

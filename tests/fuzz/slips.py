"""Slips of an author's hand: lines lost, moved or out of their column, signs and values where others belong."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

# A text, a place in it (one beyond its end counts from its beginning again), and what else the slip needs.
Slip = Callable[[str, int, Any], str]

SIGNS = [
    *(
        ": ",
        ":",
        "- ",
        "-",
        "? ",
        ", ",
        "[",
        "]",
        "{",
        "}",
        "[[",
        "]]",
        "{{c1::",
        "{{c999::",
        "}}",
        "|",
        "::",
        "$",
        "$$",
    ),
    *("'", '"', '"""', "`", "\\", "\\[", '"\\x00"', '"\\ud800"', '"\\u2028"', "#", " # ", "&a ", "*a", "*tawny"),
    *("!", "!!str ", "!x ", "@", "%", "%YAML 1.2\n", "---\n", "...\n", "<<: ", "<<: *tawny", "<b>", "![a](b)"),
    *("\n", "\n\n", "\r", "\t", "\n\t", "  ", "\n  ", "\n      ", ">-\n", "|\n", "|9\n", "null", "~", "true", "1e999"),
    *("\x00", "\x07", "\x85", "\xa0", "\u200b", "\u2028", "\u2029", "\ufeff", "\ufffe", "e\u0301", "é", "🦉", "بومة"),
    *(
        "format: 1\n",
        "deck:",
        "concepts:\n",
        "  owl:\n",
        "    term: Owl\n",
        "text: ",
        "of: ",
        "id: ",
        "image: ",
        "termm: ",
    ),
    *("[" * 150, "- " * 150, "{a: " * 150),
]
VALUES = [
    *("", "~", "null", "true", "7", "-1.5", "2023-10-29", "''", '""', "' '", '"\\t"', "a", "owl", "[]", "{}", "[a]"),
    *("[[a]]", "[a, b]", "{a: b}", "{a: }", "{a: [b]}", "[{a: [b]}]", "[null]", "{text: a}", "{text: }", "{text: [a]}"),
    *("{of: [a]}", "{text: a, of: [{text: b, of: [c]}]}", "{id: a, id: b}", "{? [a] : b}", "[a, [b, [c]]]", "{ask: a}"),
    *(
        "&x a",
        "*x",
        "&x [*x]",
        "*tawny",
        "!!int 3",
        "!!map {}",
        "|",
        ">-",
        "|\n      a\n",
        "- a",
        "a: b",
        "[a",
        "{a",
        '"a',
    ),
    *("'a", "]", "}", "a # b", "# b", "@a", "%a", "a\u2028b", "\ufeff", "[a]]", "{{c1::a}}", "[[a|b]]", "'[[]]'"),
    *("'[[ [[a]] ]]'", "'$[[a}}$'"),
]
KEYS = ["*tawny ", "[a]", "{a: b}", '""', "' '", "'owl '", "<<", "? a\n", "&k owl", "!!str owl", "9", "text", "a" * 300]


def on_a_line(change: Callable[[list[str], int, Any], object]) -> Slip:
    def slip(text: str, place: int, other: Any) -> str:
        lines = text.split("\n")
        change(lines, place % len(lines), other)
        return "\n".join(lines)

    return slip


def in_a_line(pattern: str) -> Slip:
    """Something else for what the pattern finds first."""

    def replace(lines: list[str], line: int, other: str) -> None:
        lines[line] = re.sub(pattern, lambda _: other, lines[line], count=1)

    return on_a_line(replace)


def swap(lines: list[str], line: int, other: int) -> None:
    other %= len(lines)
    lines[line], lines[other] = lines[other], lines[line]


def indent(lines: list[str], line: int, columns: int) -> None:
    lines[line] = " " * columns + lines[line].lstrip()


def insert(text: str, place: int, sign: str) -> str:
    place %= len(text) + 1
    return text[:place] + sign + text[place:]


def cut(text: str, place: int, length: int) -> str:
    place %= len(text) + 1
    return text[:place] + text[place + length :]


places = st.integers(0, 100_000)
slips = st.one_of(
    st.tuples(st.just(slip), places, other)
    for slip, other in [
        (on_a_line(lambda lines, line, _: lines.pop(line)), st.none()),
        (on_a_line(lambda lines, line, other: lines.insert(other % len(lines), lines[line])), places),
        (on_a_line(lambda lines, line, other: lines.insert(line, other)), st.just("---")),
        (on_a_line(swap), places),
        (on_a_line(indent), st.integers(0, 12)),
        (in_a_line(r"(?<=: )(?!.*: ).*|(?<=- )[^:]*$|(?<=:)$"), st.sampled_from([f" {value}" for value in VALUES])),
        (in_a_line(r"[\w-]+(?=:)"), st.sampled_from(KEYS)),
        (in_a_line(r"(?<=:) .*"), st.just("")),
        (insert, st.sampled_from(SIGNS) | st.text(max_size=3)),
        (cut, st.integers(1, 8) | st.just(100_000)),
    ]
)


def spoiled(decks: Sequence[str], least: int = 1) -> st.SearchStrategy[bytes]:
    """One of these decks after a few slips."""

    def spoil(text: str, some: list[tuple[Slip, int, Any]]) -> bytes:
        for slip, place, other in some:
            text = slip(text, place, other)
        return text.encode("utf-8", "replace")

    return st.builds(spoil, st.sampled_from(decks), st.lists(slips, min_size=least, max_size=4))

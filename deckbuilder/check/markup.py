"""Notation: what was meant as markup and would be shown as it was typed."""

import re
from collections.abc import Iterator

from deckbuilder.check.rule import Finding, Rule
from deckbuilder.check.subject import Subject
from deckbuilder.check.written import texts_of
from deckbuilder.facts.places import Origin
from deckbuilder.markup import is_language, render_block, visible_text
from deckbuilder.problems import Severity

# The end of a blank that nowhere begins.
_HALF_BLANK = re.compile(r"(?:^|\]\])[^\[\]]*\]\]")
# A text that lost the first of its quotes; behind a number they are inches.
_HALF_QUOTED = re.compile(r'[^"“”„]*[^"“”„\d\s]"')
# Without one of these signs a text shows no tag, holds no formula, is no code, and lost no half of anything.
_MEANS_SOMETHING = re.compile(rf'[<&$\\`]|\*\*|{_HALF_BLANK.pattern}|"$')
# Without one of these signs there is neither.
_PICTURE_OR_MATH = re.compile(r"!\[|\$|\\")
_CODE = re.compile(r"<code>.*?</code>", re.DOTALL)
_MATH = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_TAG = re.compile(
    r"</?(?:a|b|br|center|div|em|font|h[1-6]|hr|i|iframe|img|li|object|ol|p|script|small|span|strike|strong|style|sub|sup"
    r"|table|td|th|tr|u|ul|video|audio)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```([\w+#.-]+)[ \t]*$", re.MULTILINE)
# A brace of TeX, but not one that is to be seen.
_BRACE = re.compile(r"(?<!\\)(?:\\\\)*([{}])")
# A dollar sign with what only formulas have: a command, a power, an index.
_HALF_A_FORMULA = re.compile(r"\$[^$\n]*?(?:\\[A-Za-z]+|[\^_])|(?:\\[A-Za-z]+|[\^_])[^$\n]*?\$")
# At a word, with nothing that ends or begins it; not the stars behind a number, nor those of a product.
_HALF_BOLD = re.compile(r"(?<![\w*])\*\*[^\W\d]|[^\W\d]\*\*(?![\w*])")
# Two entries of a list in lines that are joined: neither a backslash nor two spaces end the first.
_ENTRY = r"(?:[-*\u2022]|\d{1,2}[.)])[ \t]+"
_JOINED_LIST = re.compile(rf"^[ \t]*{_ENTRY}[^\n]*(?<!\\)(?<!  )\n[ \t]*{_ENTRY}\S", re.MULTILINE)
_SHOW_LISTS = frozenset({"note", "extra"})
_INSTEAD = {
    "b": "**bold**",
    "strong": "**bold**",
    "i": "*italic*",
    "em": "*italic*",
    "u": "**bold**",
    "sub": "$x_1$",
    "sup": "$x^2$",
    "br": "a backslash at the end of a line, in a text of several lines (|)",
    "a": "[text](address)",
    "ul": "lines that begin with '- ', in a note or extra",
    "li": "lines that begin with '- ', in a note or extra",
}


def markup(subject: Subject) -> Iterator[Finding]:
    yield from _in_texts(subject)
    heading = subject.deck.heading
    for key, text in (("description", heading.description), ("disclaimer", heading.disclaimer)):
        if text:
            yield from _in_description(Origin(subject.deck.file, ("deck", key)), text)


def _in_texts(subject: Subject) -> Iterator[Finding]:
    for origin, text in texts_of(subject.deck):
        # In an imported deck lines are lines.
        if "\n" in text and not subject.deck.carried.notes and origin.path[-1] not in _SHOW_LISTS:
            yield from _joined_list(origin, text)
        if not _MEANS_SOMETHING.search(text):
            continue
        html = _CODE.sub("", render_block(text).html)
        shown = visible_text(_MATH.sub("", html))
        tag = _TAG.search(shown)
        if tag:
            name = tag[0].strip("</>").split()[0].lower()
            instead = f"write {_INSTEAD[name]}; " if name in _INSTEAD else ""
            fix = f"{instead}a tag that is meant to be seen stands in backquotes: `{tag[0]}`"
            yield Finding(origin, f"{tag[0]} would be shown as it is typed", fix)
        elif _HALF_A_FORMULA.search(shown):
            fix = "a formula stands between two: $x^2$; a dollar sign that is meant to be seen is written \\$"
            yield Finding(origin, "a '$' has no partner, so the formula would be shown as it is typed", fix)
        elif any(map(_open_brace, _MATH.findall(html))):
            yield Finding(
                origin, "a brace of a formula has no partner: it would be shown in red", "close it, as in \\frac{a}{b}"
            )
        elif _HALF_BOLD.search(shown) and "\\*" not in text:
            fix = "bold stands between two: **word**; stars that are meant to be seen stand in backquotes"
            yield Finding(origin, "a '**' has no partner, so it would be shown as it is typed", fix)
        elif _HALF_BLANK.search(shown) and "\\]" not in text:
            fix = "a blank is written [[answer]]; brackets that are meant to be seen are written \\]\\]"
            yield Finding(origin, "']]' ends no blank, so it would be shown as it is typed", fix)
        elif _HALF_QUOTED.fullmatch(text):
            yield Finding(origin, "the quote at the end has no partner", "put one at the beginning, or take it away")
        yield from (
            Finding(origin, f"no language {name!r} for code is known", "name another, or none")
            for name in _FENCE.findall(text)
            if not is_language(name)
        )


def _in_description(origin: Origin, text: str) -> Iterator[Finding]:
    """Anki shows it on the page of the deck, with Markdown and nothing else."""
    # To render what most descriptions are, paragraphs and lists, is slow.
    if not _PICTURE_OR_MATH.search(text):
        return
    html = _CODE.sub("", render_block(text).html)
    if "<img " in html:
        yield Finding(origin, "a picture cannot stand in a description", "show it at a fact: 'image: ...'")
    if _MATH.search(html):
        fix = "write it in plain signs, as x² or ½"
        yield Finding(origin, "a formula in a description would be shown as it is typed", fix)


def _joined_list(origin: Origin, text: str) -> Iterator[Finding]:
    if _JOINED_LIST.search(_FENCED.sub("", text)):
        fix = "end each line with a backslash; or write the list as a 'note' or 'extra', where it is shown as one"
        yield Finding(origin, "the lines of a list would be shown in one line", fix)


def _open_brace(formula: str) -> bool:
    depth = 0
    for brace in _BRACE.findall(formula):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return True
    return depth != 0


RULES = (
    Rule(
        "markup",
        Severity.ERROR,
        "HTML, half a formula, bold, blank or quotation, a list where there is one line, or code in a language that "
        "nobody knows: it would be shown as it is typed.",
        "Texts are Markdown; HTML is shown, not followed, so that no text can break a card.",
        """
owl:
  term: Owl
  definition: A bird that hunts at <b>night</b>.
""",
        """
owl:
  term: Owl
  definition: A bird that hunts at **night**.
""",
        markup,
        stops_build=False,
    ),
)

"""From a field that somebody changed to the text of the facts that it came from, changed likewise.

It knows no kind of card. A text of the facts belongs to a field if what it renders to stands in it; what was changed
within becomes Markdown again. Whether that is right is not believed here: `absorb` builds and looks.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from deckbuilder.facts.events import YamlPath
from deckbuilder.kinds.identity import slug
from deckbuilder.markup import (
    Rendered,
    escape_answer,
    escape_in_cloze,
    render_block,
    render_inline,
    visible_text,
)
from deckbuilder.markup.from_html import UnsayableError, read_html, to_markdown
from deckbuilder.markup.lines import render_lines
from deckbuilder.markup.safe import harmless

# What is longer (in letters) is compared as it is, and not taken apart: it is no card that anybody learns.
LONGEST = 20_000
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^<>]*)>")
_QUOTES = {"&quot;": '"', "&#39;": "'", "&#x27;": "'", "&apos;": "'", "&nbsp;": " ", "\xa0": " "}
_QUOTE = re.compile("|".join(_QUOTES))
# Two names of one thing; Markdown makes the second.
_NAMES = {"b": "strong", "i": "em"}
_LAST_BREAKS = re.compile(r"(?:\s|<br>)+$")
# The pieces in which a difference is told: tags, the signs of blanks, entities, words, and single signs.
_TOKEN = re.compile(r"<[^<>]*>|\{\{c\d+::|\}\}|::|&#?\w+;|\s+|\w+|.", re.DOTALL)
_OPENER = re.compile(r"\{\{c(\d+)::")
_ANY_OPENER = "{{c::"
_BLANK = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
# Stands for a blank while the text around it becomes Markdown; no text of a deck has it.
_MARK, _MARKED = "\ue000", re.compile("\ue000(\\d+)\ue000")
# The borders of paragraphs.
_PARAGRAPH = re.compile(r"(?<=</p>)\s*|\s*(?=<p>)")
_OWN_BLANK = re.compile(r"\[\[")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the facts: its path in the author's file, and its words.

    It `may_name` its fact if that has no id, but could have one.
    """

    path: YamlPath
    words: str
    may_name: bool = False

    @property
    def is_html(self) -> bool:
        """Whether it is a field of a note that stays in somebody else's note type."""
        return self.path[-2:-1] == ("fields",)


@dataclass(frozen=True, slots=True)
class Rewording:
    """A text of the facts with new words; `identity` is the id that it must get to stay the same fact."""

    text: Text
    words: str
    identity: str = ""


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a text stands in a field, in tokens, and as what kind of HTML."""

    text: Text
    start: int
    end: int
    block: bool


def settled(html: str) -> str:
    """HTML as Anki's editor leaves it, without what nobody sees: one way to write quotes, breaks and spaces."""
    if len(html) > LONGEST:
        return html
    html = _QUOTE.sub(lambda match: _QUOTES[match.group()], unicodedata.normalize("NFC", html))
    html = _TAG.sub(_settled_tag, html)
    return _LAST_BREAKS.sub("", " ".join(html.split())).strip()


def alike(one: str, two: str) -> bool:
    """Whether two fields show the same, whichever elements their lines are made of."""
    if settled(one) == settled(two):
        return True
    # Escaped signs of blanks are none; the reader of lines does not tell them from others.
    if "&#" in one or "&#" in two or max(len(one), len(two)) > LONGEST:
        return False
    try:
        return read_html(one) == read_html(two)
    except UnsayableError:
        return False


def _settled_tag(match: re.Match[str]) -> str:
    name = match[2].lower()
    return f"<{match[1]}{_NAMES.get(name, name)}{match[3].rstrip(' /')}>"


def rewordings(before: str, after: str, texts: Sequence[Text], *, cloze: bool) -> Iterator[tuple[Rewording, ...]]:
    """The ways in which `texts` may be reworded so that a field that is `before` becomes `after`, likely ones first.

    `cloze` tells that the field holds blanks.
    """
    if max(len(before), len(after)) > LONGEST:
        return
    old, new = _TOKEN.findall(settled(before)), _TOKEN.findall(settled(after))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    changes = [(i1, i2, new[j1:j2]) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"]
    homes = sorted(_homes(old, texts, cloze=cloze), key=lambda home: home.end - home.start)
    spans = list(dict.fromkeys((home.start, home.end) for home in homes))
    around = [[span for span in spans if span[0] <= start and end <= span[1]] for start, end, _ in changes]
    # One text around all changes, the shortest first; then one around each.
    together = [[span] * len(changes) for span in spans if all(span in each for each in around)]
    apart = [list(each) for each in zip(*around, strict=False)] if len(changes) > 1 else []
    for chosen in [*together, *(each for each in apart if each not in together)]:
        pieces = [
            (
                [home for home in homes if (home.start, home.end) == span],
                _applied(old, span, [change for change, its in zip(changes, chosen, strict=True) if its == span]),
            )
            for span in dict.fromkeys(chosen)
        ]
        yield from _ways(pieces, cloze=cloze)
    yield from _whole(before, after, texts, cloze=cloze)


def _whole(before: str, after: str, texts: Sequence[Text], *, cloze: bool) -> Iterator[tuple[Rewording, ...]]:
    """A field of somebody else's note type that is one text: as Markdown in lines, or as the HTML that it is."""
    for text in texts:
        if text.is_html:
            if settled(text.words) != settled(before):
                continue
            if settled(harmless(after)) != settled(after):
                # Scripts, and what is fetched from elsewhere, come into no deck unseen.
                continue
            yield from ((one,) for one in _reworded(text, after))
        elif alike(render_lines(text.words, (lambda blank: blank.number or 0) if cloze else None), before):
            try:
                words, lost = to_markdown(after, cloze=cloze)
            except UnsayableError:
                continue
            if not lost:
                yield from ((one,) for one in _reworded(text, words))


def _ways(pieces: Sequence[tuple[list[_Home], str]], *, cloze: bool) -> Iterator[tuple[Rewording, ...]]:
    """A rewording for each piece: all of the likeliest kind, then each of another home or way to write it."""
    options = [[said for home in homes for said in _said(home, html, cloze=cloze)][:4] for homes, html in pieces]
    if not all(options):
        return
    for number in range(max(map(len, options))):
        yield tuple(option[min(number, len(option) - 1)] for option in options)


def _homes(tokens: Sequence[str], texts: Sequence[Text], *, cloze: bool) -> Iterator[_Home]:
    looked = [_ANY_OPENER if _OPENER.fullmatch(token) else token for token in tokens]
    for text in texts:
        for html, block in _rendered(text.words, cloze=cloze):
            sought = [_ANY_OPENER if token == _ANY_OPENER else token for token in _tokens(html)]
            for start in _found(looked, sought):
                yield _Home(text, start, start + len(sought), block)


def _rendered(words: str, *, cloze: bool) -> Iterator[tuple[str, bool]]:
    """What a text may be in a field, and whether it is a block there."""
    inline = render_inline(words)
    whole = escape_in_cloze(inline.html) if cloze else inline.html
    yield settled(whole), False
    if cloze and inline.blanks:
        yield settled(_with_openers(inline)), False
    block = settled(render_block(words).html)
    if block != settled(inline.html):
        yield block, True
    # In note types of other people, lines stand as Anki's editor writes them.
    lines = render_lines(words, (lambda _blank: 0) if cloze else None)
    if "\n" in words.strip() and settled(lines) != block:
        yield settled(lines.replace("{{c0::", _ANY_OPENER)), False


def _with_openers(rendered: Rendered) -> str:
    """A text with its blanks as a cloze note has them, but for their numbers."""
    return "".join(
        escape_in_cloze(piece)
        if isinstance(piece, str)
        else f"{_ANY_OPENER}{escape_answer(piece.html)}{f'::{escape_answer(piece.hint)}' if piece.hint else ''}}}}}"
        for piece in rendered.segments
    )


def _tokens(html: str) -> list[str]:
    """Tokens of HTML in which openers have no numbers."""
    parts = html.split(_ANY_OPENER)
    found = _TOKEN.findall(parts[0])
    for part in parts[1:]:
        found += [_ANY_OPENER, *_TOKEN.findall(part)]
    return found


def _found(tokens: Sequence[str], sought: Sequence[str]) -> Iterator[int]:
    if not sought:
        return
    for start in range(len(tokens) - len(sought) + 1):
        if tokens[start] == sought[0] and list(tokens[start : start + len(sought)]) == sought:
            yield start


def _applied(tokens: Sequence[str], span: tuple[int, int], changes: Sequence[tuple[int, int, list[str]]]) -> str:
    """What stands between the borders of `span` once it is changed."""
    position, end = span
    pieces: list[str] = []
    for start, stop, come in changes:
        pieces += [*tokens[position:start], *come]
        position = stop
    return "".join([*pieces, *tokens[position:end]])


def _said(home: _Home, html: str, *, cloze: bool) -> Iterator[Rewording]:
    """The words that render to `html` in this home."""
    old = home.text.words
    for words in dict.fromkeys(_markdown(html, own_blanks=bool(_OWN_BLANK.search(old)), cloze=cloze, block=home.block)):
        if words == old.strip():
            continue
        yield from _reworded(home.text, words)


def _reworded(text: Text, words: str) -> Iterator[Rewording]:
    """A text with new words, and the same with its old name as an id, which it needs if its words were its name."""
    old = text.words
    before, after = (slug(visible_text(render_inline(one).html)) for one in (old, words))
    # Space at the edges is a matter of the file: a text in lines of its own ends with a line end.
    framed = old[: len(old) - len(old.lstrip())] + words + old[len(old.rstrip()) :]
    yield Rewording(text, framed)
    if text.may_name and before != after:
        yield Rewording(text, framed, before)


def _markdown(html: str, *, own_blanks: bool, cloze: bool, block: bool) -> Iterator[str]:
    """Markdown that may say this; blanks first as the text had them, then with the numbers that students know."""
    blanks: list[tuple[str, str, str]] = []

    def keep(match: re.Match[str]) -> str:
        blanks.append((match[1], match[2], match[3] or ""))
        return f"{_MARK}{len(blanks) - 1}{_MARK}"

    html = _BLANK.sub(keep, html) if cloze else html
    try:
        around = "\n\n".join(_say(part) for part in _PARAGRAPH.split(html) if part) if block else _say(html)
        parts = [(number, _say(answer), _say(hint) if hint else "") for number, answer, hint in blanks]
    except UnsayableError:
        return
    for own in (True, False) if own_blanks else (False,):

        def write(match: re.Match[str], *, own: bool = own) -> str:
            number, answer, hint = parts[int(match[1])]
            if own:
                return f"[[{answer}|{hint}]]" if hint else f"[[{answer}]]"
            return f"{{{{c{number}::{answer}::{hint}}}}}" if hint else f"{{{{c{number}::{answer}}}}}"

        yield _MARKED.sub(write, around)


def _say(html: str) -> str:
    words, lost = to_markdown(html.strip())
    if lost:
        raise UnsayableError(", ".join(sorted(lost)))
    return words

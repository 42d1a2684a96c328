"""What tables and lists have in common: texts that become Markdown, and facts that nobody has studied yet."""

from collections.abc import Mapping

from deckbuilder.facts.write import writable
from deckbuilder.importing.draft import Draft, Kind
from deckbuilder.importing.old import OldNote
from deckbuilder.markup import visible_text
from deckbuilder.markup.from_html import UnsayableError, literal_markdown, to_markdown


def fresh(old: OldNote, kind: Kind, words: Mapping[str, str]) -> Draft:
    """A fact that nobody has studied yet. In our own note types a line ends where a backslash says so."""
    said = {role: writable(text) for role, text in words.items() if text.strip()}
    return Draft(
        old, "", kind, {role: text if role == "extra" else _with_line_ends(text) for role, text in said.items()}
    )


def _with_line_ends(text: str) -> str:
    return "\\\n".join(line for line in text.split("\n") if line.strip())


def markdown_of(text: str, *, cloze: bool = False) -> tuple[str, list[str]]:
    """HTML as Markdown, and what of it is lost; of what Markdown cannot say the words alone are left."""
    try:
        words, lost = to_markdown(text, cloze=cloze)
        return words, sorted(lost)
    except UnsayableError as error:
        return literal_markdown(visible_text(text), cloze=cloze), [f"{error}: only its words are taken"]

"""A release's consequences as Markdown (release notes) and as records for JSON."""

from collections.abc import Iterator

from deckbuilder.changes.model import Changes, NoteChange, Verdict
from deckbuilder.changes.words import join_words, word_difference


def verdict_text(changes: Changes) -> str:
    """The verdict in one sentence."""
    if changes.first and changes.imported:
        old = "'deckbuilder diff --against' with the file that was imported"
        return f"A first release from these facts; to who has the old deck, it is an update. {old} tells what changes."
    if changes.first:
        return "A first release: no student has an earlier one."
    if changes.verdict is Verdict.BREAKING:
        return "Breaking: students may lose history or updates."
    if changes.verdict is Verdict.TOUCHED:
        notes = "1 note" if changes.touched == 1 else f"{changes.touched:,} notes"
        return f"Touches {notes}: what students edited on these is replaced; their reviews stay."
    return "Safe: nothing that students have is touched."


def left_text(changes: Changes) -> str:
    """What happens to notes that are not in the package any more; nothing if there are none."""
    if not changes.left:
        return ""
    notes = "1 note is" if changes.left == 1 else f"{changes.left:,} notes are"
    return f"{notes} not in this package any more: they stay with students, who get no corrections of them from it."


def to_markdown(changes: Changes) -> str:
    """The consequences as release notes."""
    if changes.first:
        return f"First release, with {len(changes.new):,} notes.\n"
    lines = [verdict_text(changes), ""]
    lines += [f"- **Conflict:** {_plain(reason)}" for reason in changes.conflicting]
    lines += [f"- **Look:** the cards of {name} look different." for name in changes.looks]
    lines += _section("New", [f"- {_plain(title)}" for _, title in changes.new])
    lines += _section("Changed", [line for change in changes.changed for line in _changed(change)])
    lines += _section("Withdrawn", [f"- {_plain(title)}" for _, title in changes.retired])
    lines += [f"Unchanged notes: {changes.unchanged:,}."]
    lines += ["", left_text(changes)] if changes.left else []
    return "\n".join(lines) + "\n"


def to_record(changes: Changes) -> dict[str, object]:
    """The consequences as JSON holds them."""
    return {
        "deck": changes.deck,
        "verdict": changes.verdict.value,
        "touched": changes.touched,
        "unchanged": changes.unchanged,
        "left": changes.left,
        "new": [{"key": key, "shows": title} for key, title in changes.new],
        "changed": [
            {
                "key": change.key,
                "fields": [{"field": f.field, "before": f.before, "after": f.after} for f in change.fields],
                "tags_added": list(change.tags_added),
                "tags_removed": list(change.tags_removed),
                "new_cards": list(change.new_cards),
                "gone_cards": list(change.gone_cards),
            }
            for change in changes.changed
        ],
        "retired": [{"key": key, "shows": title} for key, title in changes.retired],
        "looks": list(changes.looks),
        "conflicting": list(changes.conflicting),
    }


def card_notes(change: NoteChange) -> Iterator[str]:
    """What happens to the cards and tags of a changed note, in words."""
    if change.new_cards:
        yield f"new cards: {', '.join(map(str, change.new_cards))}"
    if change.gone_cards:
        gone = ", ".join(map(str, change.gone_cards))
        yield f"cards that lose their text: {gone} (students remove them with Tools, Empty Cards)"
    if change.tags_added:
        yield f"tags added: {', '.join(change.tags_added)}"
    if change.tags_removed:
        yield f"tags removed: {', '.join(change.tags_removed)}"


def _section(title: str, lines: list[str]) -> list[str]:
    return [f"### {title} ({sum(line.startswith('- ') for line in lines)})", "", *lines, ""] if lines else []


def _changed(change: NoteChange) -> Iterator[str]:
    yield f"- `{change.key}`"
    for field in change.fields:
        words = join_words(_marked(kind, text) for kind, text in word_difference(field.before, field.after))
        yield f"  - {field.field}: {words}"
    yield from (f"  - {note}" for note in card_notes(change))


def _marked(kind: str, text: str) -> str:
    marks = {"same": "", "removed": "~~", "added": "**"}[kind]
    return f"{marks}{_plain(text)}{marks}"


def _plain(text: str) -> str:
    """Words that Markdown shows as they are."""
    return "".join(f"\\{sign}" if sign in r"\`*_[]<>#|~" else sign for sign in text)

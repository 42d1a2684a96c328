"""One file's values against the schema."""

from deckbuilder.facts.models import FactsFile
from deckbuilder.facts.plain import Value
from deckbuilder.facts.quick import quick
from deckbuilder.facts.source import Source
from deckbuilder.problems import Problem


def validate(value: Value, source: Source) -> tuple[FactsFile | None, list[Problem]]:
    """The facts of a file, or all problems that the schema finds in it."""
    facts = quick(value)
    if facts is not None:
        return facts, []
    # Not above: it takes longer to import than most decks to build, and most decks have no mistake.
    from deckbuilder.facts.mistakes import facts_or_mistakes  # noqa: PLC0415

    return facts_or_mistakes(value, source)

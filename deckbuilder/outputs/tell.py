"""What is wrong with a deck in another language, told beside what is wrong with the deck itself."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from deckbuilder.problems import Problem


def in_edition(language: str, found: Iterable[Problem], told: Collection[Problem]) -> list[Problem]:
    """The problems that are of one language alone, saying so; what is `told` of the deck itself is not said twice."""
    known = set(told)
    # A mend would change the words of the deck's own language.
    return [replace(one, message=f"{one.message} (in {language})", mend=None) for one in found if one not in known]

"""Themes: cards that everybody can read, on every device, by day and at night."""

from collections.abc import Iterator
from functools import partial

from deckbuilder.check.rule import Finding, Rule
from deckbuilder.check.subject import Subject
from deckbuilder.facts.places import Origin
from deckbuilder.problems import Severity


def _judged(rule_id: str, subject: Subject) -> Iterator[Finding]:
    theme = subject.deck.theme
    if theme is not None:
        # What reads CSS takes its time to load, and few decks have a theme.
        from deckbuilder.check.themed import JUDGES  # noqa: PLC0415

        yield from JUDGES[rule_id](theme, Origin(subject.deck.file, ("deck", "theme")))


def _rule(rule_id: str, summary: str, why: str, fails: str, passes: str) -> Rule:
    find = partial(_judged, rule_id)
    return Rule(rule_id, Severity.WARNING, summary, why, fails, passes, find, language="css")


RULES = (
    _rule(
        "theme-contrast",
        "Colours of a theme with a contrast of less than 4.5:1, by day or in night mode; an error under 3:1.",
        "Students read cards on dim screens, in the sun, and with tired or weak eyes.",
        """
.card {
  --quiet: #9aa0a6;
}
""",
        """
.card {
  --quiet: #5f6368;
}
""",
    ),
    _rule(
        "theme-night",
        "Colours for night mode that hold on some devices and not on others.",
        "Anki's programs name night mode differently, and none asks the system for it.",
        """
.card.nightMode {
  --paper: #1d2021;
}
""",
        """
.card.nightMode,
.card.night_mode,
.nightMode .card,
.night_mode .card {
  --paper: #1d2021;
}
""",
    ),
    _rule(
        "theme-size",
        "Text that a theme fixes at less than 20 pixels.",
        "It is hard to read on a phone, and stays small for those who set their letters larger.",
        """
.source {
  font-size: 12px;
}
""",
        """
.source {
  font-size: 0.8em;
}
""",
    ),
    _rule(
        "theme-motion",
        "Something in a theme that moves.",
        "It draws the eye away from the question, and makes some people ill.",
        """
.back {
  transition: color 1s;
}
""",
        """
.back {
  color: var(--accent);
}
""",
    ),
    _rule(
        "theme-font",
        "A font that not every device has, with nothing to take instead.",
        "Each device then takes what it likes.",
        """
.card {
  font-family: "Gill Sans";
}
""",
        """
.card {
  font-family: "Gill Sans", sans-serif;
}
""",
    ),
)

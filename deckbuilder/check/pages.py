"""The rules as a page of the docs: `python -m deckbuilder.check.pages > docs/rules.md`."""

import textwrap
from collections.abc import Iterator

from deckbuilder.check.rule import Rule
from deckbuilder.check.table import FAMILIES


def rules_page() -> str:
    """docs/rules.md, made from the table of rules."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# Rules\n"
    yield "What [`deckbuilder check`](commands.md#deckbuilder-check) looks for."
    yield "Thresholds and waivers are explained in the [authoring guide](authoring.md#thresholds-and-waivers).\n"
    yield "| Rule | Severity | What it finds |"
    yield "|---|---|---|"
    for rules in FAMILIES.values():
        yield from (f"| [{rule.id}](#{rule.id}) | {rule.severity.value} | {rule.summary} |" for rule in rules)
    for family, rules in FAMILIES.items():
        yield f"\n## {family}"
        for rule in rules:
            yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"\n### {rule.id}\n"
    yield f"**{rule.severity.value.capitalize()}.** {rule.summary} {rule.why}\n"
    if not rule.fails:
        return
    yield f"Found in:\n\n```{rule.language}\n{textwrap.dedent(rule.fails).strip()}\n```\n"
    yield f"Better:\n\n```{rule.language}\n{textwrap.dedent(rule.passes).strip()}\n```"


if __name__ == "__main__":
    print(rules_page(), end="")  # noqa: T201 - the page is this module's output

"""All rules, in one visible table. To add one: a function and a `Rule` in its family, and cases for its near misses."""

from deckbuilder.check import answers, copied, languages, markup, media, reading, sizes, structure, theme, wording
from deckbuilder.check.rule import Rule

FAMILIES = {
    "Fronts and answers": answers.RULES,
    "Sizes": sizes.RULES,
    "Wording": wording.RULES,
    "Structure": structure.RULES,
    "Notation": markup.RULES,
    "Pictures and sounds": media.RULES,
    "Themes": theme.RULES,
    "Languages": languages.RULES,
    "Words of others": copied.RULES,
    "Format and references": reading.FORMAT,
    "Identity": reading.IDENTITY,
}
RULES: dict[str, Rule] = {rule.id: rule for rules in FAMILIES.values() for rule in rules}

"""Drafts that nobody has studied yet to a file of facts that is known to build."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckbuilder.check import STOPPING, check, stops_build
from deckbuilder.importing.draft import Draft
from deckbuilder.importing.layout import Laid, lay_out
from deckbuilder.importing.outcome import Case, What
from deckbuilder.importing.package import NothingToImportError
from deckbuilder.importing.settle import WAIVER, Heading, by_line, yaml_of
from deckbuilder.markup.from_html import literal_markdown
from deckbuilder.plan import Plan, plan
from deckbuilder.problems import Problem, has_errors

_MOST_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class New:
    """Facts that build, what is told of them, and the problems that stay."""

    laid: Laid
    yaml: str
    plan: Plan | None
    cases: tuple[Case, ...]
    problems: tuple[Problem, ...] = ()


def settle_new(drafts: Sequence[Draft], heading: Heading) -> New:
    """The facts of drafts, tried out in a folder that is removed again. Raises NothingToImportError."""
    cases: list[Case] = []
    drafts = list(drafts)
    with tempfile.TemporaryDirectory(prefix="deckbuilder-") as name:
        file = Path(name, f"{heading.id}.yaml")
        for _ in range(_MOST_ROUNDS if drafts else 0):
            laid = lay_out(drafts, heading.id, heading.name, "")
            yaml = yaml_of(heading, laid)
            file.write_text(yaml, encoding="utf-8", newline="\n")
            planned = plan([file], Path(name, "dist"))
            one = planned.plans[0] if planned.plans else None
            findings = [p for p in check(one.deck, one.made, STOPPING) if stops_build(p)] if one else []
            problems = (*(problem for problem in planned.problems if has_errors([problem])), *findings)
            if not problems:
                return New(laid, yaml, one, (*cases, *_waived(laid)))
            at = by_line(laid, yaml, file) if laid.placed else None
            if at is None:
                break
            wrong = {at(problem.place.line): problem.message for problem in planned.problems if has_errors([problem])}
            waived: dict[int, set[str]] = {}
            for problem in findings:
                waived.setdefault(at(problem.place.line), set()).add(problem.rule)
            drafts = [
                better
                for number, placed in enumerate(laid.placed)
                if (better := _better(placed.draft, wrong.get(number, ""), waived.get(number, set()), cases))
                is not None
            ]
            if not drafts:
                raise NothingToImportError(f"nothing in it becomes a fact: {cases[0].reason}")
    return New(laid, yaml, None, tuple(cases), problems)


def _better(draft: Draft, wrong: str, waived: set[str], cases: list[Case]) -> Draft | None:
    """A draft that does not have the problems that were told; none if nothing can be made of it."""
    if not wrong:
        return replace(draft, allow={**draft.allow, **dict.fromkeys(sorted(waived), WAIVER)}) if waived else draft
    plain = _literal(draft.words, cloze=draft.kind == "cloze")
    if plain != draft.words and not draft.reason:
        # Tried once: what is literal already would only get more backslashes.
        return replace(draft, words=plain, reason=wrong)
    cases.append(Case(What.LEFT_OUT, draft.old.row[0][:60], wrong))
    return None


def _literal(words: Mapping[str, str], *, cloze: bool) -> dict[str, str]:
    """Texts in which every sign stands for itself."""
    return {role: literal_markdown(text, cloze=cloze and role == "text") for role, text in words.items()}


def _waived(laid: Laid) -> list[Case]:
    return [
        Case(What.WAIVED, placed.draft.old.row[0][:60], rule) for placed in laid.placed for rule in placed.draft.allow
    ]

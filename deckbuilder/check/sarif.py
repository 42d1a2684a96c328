"""Problems as a SARIF 2.1.0 log, which code scanning and editors read.

The section numbers are those of the OASIS standard, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

import hashlib
import os
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from deckbuilder.check.rule import Rule
from deckbuilder.problems import Place, Problem, Severity

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT_ID = "%SRCROOT%"
# A name of our own: GitHub adds its hash of the line beside it, and warns of another value under its own name.
_FINGERPRINT = "deckbuilderLine/v1"
_FINGERPRINT_LENGTH = 16
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# What ends a line for an editor, and so for the lines that places count (§3.14.26).
_LINE_ENDS = ["\r\n", "\n", "\r"]


def sarif_log(problems: Sequence[Problem], rules: Mapping[str, Rule], root: Path, version: str) -> dict[str, object]:
    """The log of one review. `root` is an absolute folder: the files in it are named as seen from there.

    It holds no time, and no path of the machine unless a file lies outside `root`: the same decks give the same log.
    All `rules` are in it, also those that found nothing: a viewer expects the list to be the same from run to run.
    """
    others = sorted({problem.rule for problem in problems} - set(rules))
    places_in_list = {rule_id: index for index, rule_id in enumerate([*rules, *others])}
    descriptors = [*map(_descriptor, rules.values()), *map(_other_descriptor, others)]
    results = [
        _result(problem, places_in_list[problem.rule], root, fingerprint)
        for problem, fingerprint in zip(problems, _fingerprints(problems), strict=True)
    ]
    run = {
        "tool": {"driver": {"name": "deckbuilder", "semanticVersion": version, "rules": descriptors}},
        "invocations": [{"executionSuccessful": True}],
        "originalUriBaseIds": {_ROOT_ID: {"description": {"text": "The folder in which deckbuilder was called."}}},
        "newlineSequences": _LINE_ENDS,
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _descriptor(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "name": _name(rule.id),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": f"{rule.summary} {rule.why}"},
        "help": {"text": _help_text(rule), "markdown": _help_markdown(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _other_descriptor(rule_id: str) -> dict[str, object]:
    """What can be said of a problem that is in no table of rules. GitHub asks for all these texts."""
    summary = f"The deck's files need mending ({rule_id})."
    return {
        "id": rule_id,
        "name": _name(rule_id),
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary},
        "help": {"text": "The message says what is wrong, and in brackets what to do."},
    }


def _name(rule_id: str) -> str:
    """`cloze-bare` as `ClozeBare`: the form in which SARIF shows names (§3.49.7)."""
    return "".join(word.capitalize() for word in rule_id.split("-"))


def _help_text(rule: Rule) -> str:
    found, better = (textwrap.indent(_example(concepts), "  ") for concepts in (rule.fails, rule.passes))
    return _help(rule, found, better, _waiver(rule))


def _help_markdown(rule: Rule) -> str:
    found, better = (f"```{rule.language}\n{_example(concepts)}\n```" for concepts in (rule.fails, rule.passes))
    return _help(rule, found, better, f"`{_waiver(rule)}`")


def _help(rule: Rule, found: str, better: str, waiver: str) -> str:
    """A rule's reason; an example, where it has one; and how to waive it, where it can be."""
    parts = [rule.why]
    if rule.fails:
        parts += [f"Found in:\n\n{found}", f"Better:\n\n{better}"]
    if rule.find is not None:
        parts.append(f"Where a breach is meant, say so beside the fact: {waiver}")
    return "\n\n".join(parts)


def _example(concepts: str) -> str:
    return textwrap.dedent(concepts).strip()


def _waiver(rule: Rule) -> str:
    return "allow: {" + f"{rule.id}: the reason" + "}"


def _result(problem: Problem, rule_index: int, root: Path, fingerprint: str) -> dict[str, object]:
    return {
        "ruleId": problem.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[problem.severity],
        "message": {"text": _message(problem)},
        "locations": [{"physicalLocation": _physical_location(problem.place, root)}],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }


def _message(problem: Problem) -> str:
    """The message and what to do; braces are doubled, for single ones would stand for arguments (§3.11.5)."""
    text = problem.message + (f" ({problem.fix})" if problem.fix else "")
    return text.replace("{", "{{").replace("}", "}}")


def _physical_location(place: Place, root: Path) -> dict[str, object]:
    """The file, and the rest of the line from the column on; without a region it is the file as a whole (§3.29.4)."""
    location: dict[str, object] = {"artifactLocation": _artifact_location(place.file, root)}
    if place.line:
        location["region"] = _region(place.line, place.column, place.text)
        # The context holds more than the region, or is left out (§3.29.5).
        if place.text[: place.column - 1]:
            location["contextRegion"] = _region(place.line, 1, place.text)
    return location


def _region(line: int, column: int, text: str) -> dict[str, object]:
    """From `column` to the end of the line, with exactly these words (§3.30.13)."""
    region: dict[str, object] = {"startLine": line, "startColumn": column}
    words = text[column - 1 :]
    if words:
        region |= {"endLine": line, "endColumn": column + len(words), "snippet": {"text": words}}
    return region


def _artifact_location(file: Path, root: Path) -> dict[str, object]:
    """A file by its way from `root`, or by its absolute URI when it is not below."""
    whole = Path(os.path.normpath(root / file))
    if not whole.is_relative_to(root):
        return {"uri": whole.as_uri()}
    way = whole.relative_to(root).as_posix()
    return {"uri": quote(way, errors="surrogateescape"), "uriBaseId": _ROOT_ID}


def _fingerprints(problems: Sequence[Problem]) -> Iterator[str]:
    """What tells a problem from others of its file, and stays while its line moves: rule, the line's words, a count."""
    seen: Counter[tuple[Path, str]] = Counter()
    for problem in problems:
        words = f"{problem.rule}\0{problem.place.text.strip()}"
        digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_FINGERPRINT_LENGTH]
        seen[problem.place.file, digest] += 1
        yield f"{digest}:{seen[problem.place.file, digest]}"

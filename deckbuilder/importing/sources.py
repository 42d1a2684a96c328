"""Which kind of file an import begins with."""

from pathlib import Path

from deckbuilder.importing.bring import Target, bring_package
from deckbuilder.importing.outcome import Outcome
from deckbuilder.problems import Place, Problem, Progress, unwatched

PACKAGES = (".apkg", ".colpkg")


def bring_file(file: Path, target: Target, only: str = "", progress: Progress = unwatched) -> Outcome:
    """Any file that can become facts, by its ending."""
    ending = file.suffix.lower()
    if ending in PACKAGES:
        return bring_package(file, target, only, progress)
    fix = "give it a package (.apkg, .colpkg)"
    return Outcome(problems=(Problem(Place(file), "import-unknown", f"cannot import {ending or 'this'}", fix),))

"""Decks as they would be built, in the forms that other programs and people read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from deckbuilder.exporting.crowdanki import as_crowdanki
from deckbuilder.exporting.reading import as_text
from deckbuilder.exporting.table import as_table
from deckbuilder.plan import Plan, plan
from deckbuilder.problems import Problem, Progress, by_place, unwatched


class Form(StrEnum):
    CSV = "csv"
    TSV = "tsv"
    MARKDOWN = "markdown"
    CROWDANKI = "crowdanki"


@dataclass(frozen=True, slots=True)
class Exported:
    """A deck's main file, how many notes it holds, and all files to write."""

    id: str
    name: str
    file: Path
    notes: int
    files: Mapping[Path, bytes]


@dataclass(frozen=True, slots=True)
class Export:
    decks: tuple[Exported, ...]
    problems: tuple[Problem, ...]


def export(paths: Iterable[Path], form: Form, packages: Path, out: Path, progress: Progress = unwatched) -> Export:
    """Every deck at `paths` in another form, to stand in `out`. Nothing is written."""
    planned = plan(paths, packages, progress=progress)
    return Export(tuple(_exported(one, form, out) for one in planned.plans), tuple(by_place([*planned.problems])))


def _exported(one: Plan, form: Form, out: Path) -> Exported:
    heading = one.deck.heading
    folder = out / f"{heading.id}-crowdanki"
    media = {media.name: media.data for media in one.deck.media.values()}
    if form is Form.CROWDANKI:
        main, beside = folder / "deck.json", folder / "media"
        text = as_crowdanki(one.deck, heading.description or "", one.notes, media)
    elif form is Form.MARKDOWN:
        main, beside = out / f"{heading.id}.md", out / f"{heading.id}-media"
        text = as_text(one.deck, list(zip(one.made.notes, one.notes, strict=True)), beside.name)
    else:
        main, beside = out / f"{heading.id}.{form.value}", out / f"{heading.id}-media"
        signs = (",", "Comma") if form is Form.CSV else ("\t", "Tab")
        text = as_table(heading.name, one.notes, *signs)
    files = dict(_files(main, text, beside, media))
    return Exported(heading.id, heading.name, main, len(one.notes), files)


def _files(main: Path, text: str, beside: Path, media: Mapping[str, bytes]) -> Iterator[tuple[Path, bytes]]:
    yield main, text.encode()
    yield from ((beside / name, data) for name, data in sorted(media.items()))

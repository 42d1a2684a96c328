"""A site written to a folder: as a whole, and without touching what somebody else put there."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

from deckbuilder.files import finish_replacing, replace_files
from deckbuilder.problems import UsageError

# Names the files that a preview wrote, so that the next one replaces and removes these and no others.
_LIST = ".deckbuilder-preview.json"
_JOURNAL = ".deckbuilder-preview.journal"


def write_site(pages: Mapping[str, bytes], folder: Path) -> None:
    """Replace the site in `folder` by `pages`; pages of decks that are gone go too.

    Raises UsageError where a file of somebody else stands in the way, OSError when one cannot be written.
    """
    finish_replacing(folder / _JOURNAL)
    ours = _written_before(folder)
    _refuse_strangers(pages, ours, folder)
    gone = {folder / name: None for name in sorted(ours - pages.keys())}
    listed = json.dumps(sorted(pages), indent=0).encode()
    wanted = {folder / name: data for name, data in {**pages, _LIST: listed}.items()}
    replace_files({**gone, **wanted}, folder / _JOURNAL)
    _remove_empty({file.parent for file in gone}, folder)


def _written_before(folder: Path) -> set[str]:
    try:
        names = json.loads((folder / _LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    return {name for name in names if isinstance(name, str) and _is_within(name)} if isinstance(names, list) else set()


def _remove_empty(folders: Collection[Path], top: Path) -> None:
    for folder in folders:
        if folder != top and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _is_within(name: str) -> bool:
    path = PurePosixPath(name)
    return (path.parts[:1] in {("decks",), ("media",), ("assets",)} and ".." not in path.parts) or name == "index.html"


def _refuse_strangers(pages: Collection[str], ours: Collection[str], folder: Path) -> None:
    for name in pages:
        if name not in ours and (folder / name).exists():
            raise UsageError(f"{folder / name} was not written by a preview: choose another folder with -o")

"""Waiting for an author to save: looked for by time and size, which works on every system and network folder."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

_SECONDS = 0.3


def saved(paths: Iterable[Path]) -> Iterator[None]:
    """Once now, and again each time a deck's files at `paths` have changed; without end."""
    folders = {path if path.is_dir() else path.parent for path in paths}
    seen = None
    while True:
        now = {state for folder in folders for state in _states(folder)}
        if now != seen:
            seen = now
            yield
        time.sleep(_SECONDS)


def _states(folder: Path) -> Iterator[tuple[Path, int, int]]:
    for file in folder.rglob("*"):
        if file.suffix in {".yaml", ".yml", ".lock"}:
            try:
                state = file.stat()
            except OSError:  # Editors replace a file in two steps; the next look will find it.
                continue
            yield file, state.st_mtime_ns, state.st_size

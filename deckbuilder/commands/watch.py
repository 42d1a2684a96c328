"""Waiting for an author to save: looked for by time and size, which works on every system and network folder."""

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

_SECONDS = 0.3
_SETTLING_SECONDS = 0.02
_SETTLING_LOOKS = 25
# A large folder is looked at less often, so that watching it takes a small part of the time.
_REST = 4
FACTS = frozenset({".yaml", ".yml", ".lock", ".css"})

_State = frozenset[tuple[str, int, int, int]]


def saved(
    paths: Iterable[Path],
    *,
    seconds: float = _SECONDS,
    endings: Collection[str] = FACTS,
    others: Collection[Path] = (),
) -> Iterator[None]:
    """Once now, and again each time a deck's files at `paths` have changed; without end.

    Files are known by their `endings`; `others` are further ones; the caller may change them. What is saved while the
    caller works is told next.
    """
    folders = {path if path.is_dir() else path.parent for path in paths}
    seen = None
    while True:
        started = time.monotonic()
        now = _state(folders, endings, others)
        took = time.monotonic() - started
        if now != seen:
            seen = now if seen is None else _settled(now, lambda: _state(folders, endings, others))
            yield
        time.sleep(max(seconds, _REST * took))


def _settled(now: _State, look: Callable[[], _State]) -> _State:
    """How the files are once they rest: an editor empties, fills, removes and renames, and only the last counts."""
    for _ in range(_SETTLING_LOOKS):
        time.sleep(_SETTLING_SECONDS)
        before, now = now, look()
        if now == before:
            break
    return now


def _state(folders: Iterable[Path], endings: Collection[str], others: Collection[Path]) -> _State:
    found = (path for folder in folders for path in _files(folder, endings))
    return frozenset(state for path in (*found, *map(str, others)) if (state := _stamp(path)))


def _stamp(path: str) -> tuple[str, int, int, int] | None:
    try:
        state = os.stat(path)  # noqa: PTH116 - of thousands of files at each look
    except OSError:  # Editors replace a file in two steps; the next look will find it.
        return None
    return path, state.st_mtime_ns, state.st_size, state.st_ino


def _files(folder: Path, endings: Collection[str]) -> Iterator[str]:
    """Files below `folder`, but for what is hidden, as it is for the reader of decks: `.git`, `.venv`."""
    for here, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if not name.startswith(".")]
        for name in names:
            if os.path.splitext(name)[1].lower() in endings:  # noqa: PTH122 - as above
                yield os.path.join(here, name)  # noqa: PTH118 - as above

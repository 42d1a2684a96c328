"""A bar for long work: on a terminal, and only once it has taken a while."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

_PATIENCE = 1.0
_WIDTH = 30
_REDRAW = 0.1

Tell = Callable[[str, int, int], None]


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Tell]:
    """A function to tell of a stage's progress (stage, done, all); it draws when work takes over a second."""
    if quiet or not sys.stderr.isatty():
        yield lambda _stage, _done, _all: None
        return
    bar = _Bar(time.monotonic())
    try:
        yield bar.tell
    finally:
        bar.clear()


class _Bar:
    def __init__(self, started: float) -> None:
        self._started = started
        self._stage_started = started
        self._drawn = 0.0
        self._stage = ""

    def tell(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._stage_started = stage, now
        if now - self._started < _PATIENCE or (now - self._drawn < _REDRAW and done < total):
            return
        self._drawn = now
        filled = _WIDTH * done // max(total, 1)
        rate = done / max(now - self._stage_started, 0.001)
        bar = "█" * filled + "░" * (_WIDTH - filled)
        click.echo(f"\r{stage:<8} {bar} {done:,}/{total:,} ({rate:,.0f}/s)\033[K", nl=False, err=True)

    def clear(self) -> None:
        if self._drawn:
            click.echo("\r\033[K", nl=False, err=True)

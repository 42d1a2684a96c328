"""How measuring is done: two things run in turn, and what counts is the ratio of each pair.

A machine is slower at one moment than at another, by a neighbour's work or by its own heat. Two runs that follow
each other meet the same moment, so their ratio says what the two are like, and the median of several such ratios
forgives a moment that was not the same. Seconds are those of the processor, so that it matters little what else a
machine has to do. For Linux: memory is read from /proc.
"""

# ruff: noqa: INP001 - a script's part

import contextlib
import gc
import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Run = Callable[[], float]
_LOOK = 0.01  # seconds between two looks at the memory


@dataclass(frozen=True)
class Ratio:
    """How much more one thing takes than another: the median of all pairs, the least and the most, and how many."""

    median: float
    least: float
    most: float
    rounds: int

    @classmethod
    def of(cls, pairs: Sequence[tuple[float, float]]) -> "Ratio":
        ratios = [one / other for one, other in pairs]
        return cls(statistics.median(ratios), min(ratios), max(ratios), len(pairs))


def in_turn(rounds: int, *runs: Run) -> list[tuple[float, ...]]:
    """What each run gave, round by round; every other round turns the order round."""
    rows = []
    for number in range(rounds):
        order = range(len(runs)) if number % 2 == 0 else reversed(range(len(runs)))
        row = {place: runs[place]() for place in order}
        rows.append(tuple(row[place] for place in range(len(runs))))
    return rows


def seconds(work: Callable[[], object]) -> float:
    """Seconds of the processor that work within this process takes."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """That of a user: whoever installs a program has its byte code, whatever the measuring shell keeps to itself."""
    return {**{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}, **more}


def process_seconds(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> float:
    """Seconds of the processor that a command and all it starts take. Raises CalledProcessError."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=_environment(environment), cwd=folder)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def process_memory(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> float:
    """The peak of memory (bytes) of a command and all processes that it starts, together."""
    peak = 0
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.DEVNULL, env=_environment(environment), cwd=folder
    ) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(_resident, _family(process.pid))))
            time.sleep(_LOOK)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return peak


def _family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found


def _resident(pid: int) -> int:
    """Bytes in memory that are this process's share: what processes have in common is divided among them."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
    return 0

"""Several files replaced together, as a whole or not at all, even if the machine stops in between."""

import contextlib
import errno
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

_STALE_SECONDS = 600
_CHUNK = 1 << 18


# What is to stand in a file: all of it, or what gives it part by part, whenever it is asked.
Parts = Callable[[], Iterable[bytes]]
Content = bytes | Parts


class UnfinishedError(OSError):
    """A replacement was decided and could not be completed yet; `finish_replacing` will."""


def replace_files(contents: Mapping[Path, Content | None], journal: Path) -> None:
    """Replace all files by their new contents (None removes one), or none of them.

    What already stands as it should is let alone: of a hundred decks mostly one has changed, and to bring a file safely
    to the disk takes as long as to build a small deck.

    Everything is written beside its target first, so a full disk is met before anything is replaced. Then the
    journal names what is to be moved where: from that moment on the change is decided, and `finish_replacing`
    completes it if this process is stopped. Raises OSError; UnfinishedError once the change is decided.
    """
    contents = {_led_to(target) if content is not None else target: content for target, content in contents.items()}
    if not journal.exists():
        contents = {target: content for target, content in contents.items() if not _holds(target, content)}
    if not contents:
        return
    written: dict[Path, Path] = {}
    plan: Path | None = None
    try:
        for target, content in contents.items():
            _refuse_folder(target)
            if content is not None:
                written[target] = _write_beside(target, content)
        moves = {_from(journal, temporary): _from(journal, target) for target, temporary in written.items()}
        removed = [
            _from(journal, target) for target, content in contents.items() if content is None and target.exists()
        ]
        plan = _write_beside(journal, json.dumps([moves, removed]).encode())
        plan.replace(journal)
    except BaseException:
        for temporary in (*written.values(), *filter(None, [plan])):
            temporary.unlink(missing_ok=True)
        raise
    finish_replacing(journal)


def replace_file(target: Path, data: bytes) -> None:
    """Replace one file as a whole: it holds what it held, or all of `data`. Raises OSError."""
    _refuse_folder(target)
    target = _led_to(target)
    temporary = _write_beside(target, data)
    try:
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def finish_replacing(journal: Path) -> None:
    """Complete a replacement that was decided; nothing if there is none. Raises UnfinishedError."""
    try:
        moves, removed = json.loads(journal.read_text(encoding="utf-8"))
        moves, removed = dict(moves), list(removed)
    except FileNotFoundError:
        return
    except (ValueError, TypeError):
        # A journal is moved into place whole, so this was written by nobody we know.
        raise OSError(errno.EINVAL, "this is no journal of deckbuilder: delete it", str(journal)) from None
    try:
        for temporary, target in moves.items():
            # What was moved before the interruption is not there any more.
            with contextlib.suppress(FileNotFoundError):
                (journal.parent / temporary).replace(journal.parent / target)
        for path in removed:
            (journal.parent / path).unlink(missing_ok=True)
        journal.unlink(missing_ok=True)
    except OSError as error:
        raise UnfinishedError(error.errno, error.strerror, error.filename) from error


def whole(content: Content) -> bytes:
    """All of a file in one."""
    return content if isinstance(content, bytes) else b"".join(content())


def _parts(content: Content) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield from (content[start : start + _CHUNK] for start in range(0, len(content), _CHUNK))
    else:
        yield from content()


def _holds(target: Path, content: Content | None) -> bool:
    if content is None:
        return not target.exists()
    try:
        with target.open("rb") as file:
            return all(file.read(len(part)) == part for part in _parts(content)) and not file.read(1)
    except OSError:
        return False


def _from(journal: Path, path: Path) -> str:
    """A path as seen from the journal, so that the folder of a project may move in between."""
    if path.parent == journal.parent:
        return path.name
    try:
        return os.path.relpath(path.resolve(), journal.parent.resolve())
    except ValueError:  # another drive of Windows
        return str(path.resolve())


def _led_to(target: Path) -> Path:
    """The file itself, where a link stands for it: others know it by its own name, so that is the one to replace."""
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def _refuse_folder(target: Path) -> None:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "a folder stands where this file belongs", str(target))


def _remove_stale(target: Path) -> None:
    """Remove what a build that was killed left beside `target`; a build that runs now is let alone."""
    for leftover in _left_in(target.parent.absolute()):
        if leftover.name.startswith(f".{target.name}."):
            with contextlib.suppress(OSError):
                leftover.unlink()


@cache
def _left_in(folder: Path) -> list[Path]:
    """What builds left in a folder long ago. Looked for once: there can be a thousand decks in one folder."""
    left = []
    for file in folder.glob(".*.tmp"):
        with contextlib.suppress(OSError):
            left += [file] if time.time() - file.stat().st_mtime > _STALE_SECONDS else []
    return left


def _write_beside(target: Path, content: Content) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_stale(target)
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target.parent)) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(_parts(content))
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files for their owner alone; a package is there to be shared.
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(target)
        raise
    return Path(name)

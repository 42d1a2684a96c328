"""Several files replaced together, as a whole or not at all, even if the machine stops in between."""

import contextlib
import errno
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


class UnfinishedError(OSError):
    """A replacement was decided and could not be completed yet; `finish_replacing` will."""


def replace_files(contents: Mapping[Path, bytes | None], journal: Path) -> None:
    """Replace all files by their new contents (None removes one), or none of them.

    Everything is written beside its target first, so a full disk is met before anything is replaced. Then the
    journal names what is to be moved where: from that moment on the change is decided, and `finish_replacing`
    completes it if this process is stopped. Raises OSError; UnfinishedError once the change is decided.
    """
    written: dict[Path, Path] = {}
    plan: Path | None = None
    try:
        for target, data in contents.items():
            _refuse_folder(target)
            if data is not None:
                written[target] = _write_beside(target, data)
        moves = {str(temporary.resolve()): str(target.resolve()) for target, temporary in written.items()}
        removed = [str(target.resolve()) for target, data in contents.items() if data is None and target.exists()]
        plan = _write_beside(journal, json.dumps([moves, removed]).encode())
        plan.replace(journal)
    except BaseException:
        for temporary in (*written.values(), *filter(None, [plan])):
            temporary.unlink(missing_ok=True)
        raise
    finish_replacing(journal)


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
                Path(temporary).replace(target)
        for path in removed:
            Path(path).unlink(missing_ok=True)
        journal.unlink(missing_ok=True)
    except OSError as error:
        raise UnfinishedError(error.errno, error.strerror, error.filename) from error


def _refuse_folder(target: Path) -> None:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "a folder stands where this file belongs", str(target))


def _write_beside(target: Path, data: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files for their owner alone; a package is there to be shared.
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)

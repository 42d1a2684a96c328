"""Files replaced as a whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Replace all files by their new contents, in order, each atomically; on an error none is changed.

    Everything is written beside its target first, so a full disk is met before anything is replaced.
    Raises OSError.
    """
    written: dict[Path, Path] = {}
    try:
        for target, data in contents.items():
            written[target] = _write_beside(target, data)
        _replace_all(written)
    finally:
        for temporary in written.values():
            temporary.unlink(missing_ok=True)


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


def _replace_all(written: Mapping[Path, Path]) -> None:
    before = {target: target.read_bytes() if target.exists() else None for target in written}
    done: list[Path] = []
    try:
        for target, temporary in written.items():
            done.append(target)
            temporary.replace(target)
    except BaseException:
        for target in reversed(done):
            _restore(target, before[target])
        raise


def _restore(target: Path, data: bytes | None) -> None:
    with contextlib.suppress(OSError):
        if data is None:
            target.unlink(missing_ok=True)
        elif target.read_bytes() != data:
            _write_beside(target, data).replace(target)

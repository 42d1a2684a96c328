"""Bytes that are held while they are few, and lie in a temporary file once they are many."""

import contextlib
import tempfile
import weakref
from collections.abc import Iterator
from typing import IO

_HELD = 1 << 20
_PART = 1 << 18


class Spool:
    """What is written to its `file` can be read part by part, as often as wanted. The file goes when the spool goes."""

    def __init__(self) -> None:
        self.file = tempfile.SpooledTemporaryFile(_HELD)  # noqa: SIM115 - open as long as the spool is there
        weakref.finalize(self, _close, self.file)

    def __call__(self) -> Iterator[bytes]:
        """All of it from its beginning. Raises OSError."""
        self.file.seek(0)
        while part := self.file.read(_PART):
            yield part


def _close(file: IO[bytes]) -> None:
    # Where there is no room, that has been told, and what waits to be written is not wanted any more.
    with contextlib.suppress(OSError):
        file.close()


@contextlib.contextmanager
def temporary_folder_told() -> Iterator[None]:
    """An error of a temporary file within names their folder: nobody knows the name of the file."""
    try:
        yield
    except OSError as error:
        if error.filename is not None or error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, tempfile.gettempdir()) from error

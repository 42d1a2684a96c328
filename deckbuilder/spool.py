"""Bytes that are held while they are few, and lie in a temporary file once they are many."""

import weakref
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

_HELD = 1 << 20
_PART = 1 << 18


class Spool:
    """What is written to its `file` can be read part by part, as often as wanted. The file goes when the spool goes."""

    def __init__(self) -> None:
        self.file = SpooledTemporaryFile(_HELD)  # noqa: SIM115 - open as long as the spool is there
        weakref.finalize(self, self.file.close)

    def __call__(self) -> Iterator[bytes]:
        """All of it from its beginning. Raises OSError."""
        self.file.seek(0)
        while part := self.file.read(_PART):
            yield part

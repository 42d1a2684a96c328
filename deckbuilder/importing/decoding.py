"""Bytes of a text file that somebody made, in whatever way they saved it."""

import codecs

_LARGEST = 200_000_000


def decoded(data: bytes) -> tuple[str, str]:
    """The text, and the encoding that it was read in if that is not UTF-8. Raises ValueError."""
    if len(data) > _LARGEST:
        raise ValueError(f"it is larger than {_LARGEST:,} bytes")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        # What spreadsheets on Windows write; every byte but five means something in it.
        return data.decode("cp1252"), "Windows-1252"

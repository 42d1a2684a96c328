"""Bytes of a text file that somebody made, in whatever way they saved it."""

import codecs

_LARGEST = 200_000_000
# Of the letters of a text in a Western language; in French it is one of twenty-five.
_MOST_ACCENTS = 0.35


def decoded(data: bytes) -> tuple[str, str]:
    """The text, and the encoding that it was read in if that is not UTF-8. Raises ValueError."""
    if len(data) > _LARGEST:
        raise ValueError(f"it is larger than {_LARGEST:,} bytes")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return _western(data), "Windows-1252"


def _western(data: bytes) -> str:
    """What spreadsheets write on a Windows of Western Europe; in it nearly any bytes are some letters."""
    unknown = "its letters are in an encoding that cannot be told: save it as UTF-8 ('CSV UTF-8' in a spreadsheet)"
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise ValueError(unknown) from error
    letters = [sign for sign in text if sign.isalpha() or not sign.isascii()]
    # Russian, Greek, Arabic or Japanese of another encoding would be accents and signs alone.
    if sum(not sign.isascii() for sign in letters) > _MOST_ACCENTS * len(letters):
        raise ValueError(unknown)
    return text

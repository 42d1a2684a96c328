"""Pictures by their bytes: which form they have, how large they are, and whether they are whole.

Only what decides that is read, so no picture is ever decoded; a file that was cut off or is another form is told.
"""

import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

# No device shows more; a few bytes can promise any size.
MOST_PIXELS = 100_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES_OF_JPEG = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TURNED = range(5, 9)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a picture is shown, in pixels; an animation is measured by its first picture."""

    width: int
    height: int


class BrokenFileError(Exception):
    """Why a file is not what its ending promises, in words that follow the file's name; what to do."""

    def __init__(self, why: str, fix: str = "save it again in this form, or mend its ending") -> None:
        super().__init__(why)
        self.fix = fix


def measure(ending: str, data: bytes) -> Size:
    """The size of a picture (not an SVG), by the ending of its file's name. Raises BrokenFileError."""
    form = FORMS.get(ending)
    if form is None:
        raise BrokenFileError("is no picture that all devices show", "save it as PNG, JPEG, WebP, GIF or SVG")
    if not form.begins.match(data):
        raise BrokenFileError(f"does not hold a {form.name} picture")
    try:
        size = form.read(data)
    except (struct.error, IndexError, ValueError):
        raise BrokenFileError("is cut off") from None
    if not (size.width and size.height):
        raise BrokenFileError("has no size")
    if size.width * size.height > MOST_PIXELS:
        raise BrokenFileError(f"has {size.width:,} × {size.height:,} pixels, more than devices show")  # noqa: RUF001
    return size


# PNG


def _png(data: bytes) -> Size:
    width, height = struct.unpack(">II", data[16:24])
    position = len(_PNG)
    while True:
        length, kind = struct.unpack_from(">I4s", data, position)
        (checksum,) = struct.unpack_from(">I", data, position + 8 + length)
        if zlib.crc32(data[position + 4 : position + 8 + length]) != checksum:
            raise BrokenFileError("is damaged")
        if kind == b"IEND":
            return Size(width, height)
        position += 12 + length


# JPEG


def _jpeg(data: bytes) -> Size:
    size, turned, position = None, False, 2
    while True:
        while data[position] == 0xFF:  # noqa: PLR2004 - a marker's first byte, and what fills up before it
            position += 1
        marker, position = data[position], position + 1
        if marker == 0xDA:  # noqa: PLR2004 - here the picture itself begins
            break
        (length,) = struct.unpack_from(">H", data, position)
        if marker in _FRAMES_OF_JPEG:
            height, width = struct.unpack_from(">HH", data, position + 3)
            size = Size(width, height)
        if marker == 0xE1:  # noqa: PLR2004 - what a camera says of its picture
            turned = _orientation(data[position + 2 : position + length]) in _TURNED
        position = data.index(b"\xff", position + length)
    if size is None or data.find(b"\xff\xd9", position) < 0:
        raise BrokenFileError("is cut off")
    return Size(size.height, size.width) if turned else size


def _orientation(exif: bytes) -> int:
    """How a camera was held, which every device turns back (1 to 8; 1 where nothing is said)."""
    if not exif.startswith(b"Exif\0\0"):
        return 1
    tiff = exif[6:]
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        (offset,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, offset)
        for entry in range(offset + 2, offset + 2 + 12 * count, 12):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if tag == 0x0112:  # noqa: PLR2004 - Exif's number of the orientation
                return int(value)
    except struct.error:
        pass
    return 1


# GIF


def _gif(data: bytes) -> Size:
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    position = 13 + _colours(flags)
    while data[position] != 0x3B:  # noqa: PLR2004 - the end
        if data[position] == 0x2C:  # noqa: PLR2004 - a picture
            position = _blocks(data, position + 11 + _colours(data[position + 9]))
        elif data[position] == 0x21:  # noqa: PLR2004 - what is said of one
            position = _blocks(data, position + 2)
        else:
            raise BrokenFileError("is damaged")
    return Size(width, height)


def _colours(flags: int) -> int:
    """The length of a table of colours."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(data: bytes, position: int) -> int:
    while data[position]:
        position += 1 + data[position]
    return position + 1


# WebP


def _webp(data: bytes) -> Size:
    (length,) = struct.unpack_from("<I", data, 4)
    if len(data) < length + 8:
        raise BrokenFileError("is cut off")
    kind = data[12:16]
    if kind == b"VP8X":
        return Size(1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little"))
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return Size(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Size(width & 0x3FFF, height & 0x3FFF)
    raise BrokenFileError("is damaged")


@dataclass(frozen=True, slots=True)
class _Form:
    name: str
    begins: re.Pattern[bytes]
    read: Callable[[bytes], Size]


_JPEG = _Form("JPEG", re.compile(rb"\xff\xd8\xff"), _jpeg)
FORMS = {
    ".png": _Form("PNG", re.compile(re.escape(_PNG)), _png),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".gif": _Form("GIF", re.compile(rb"GIF8[79]a"), _gif),
    ".webp": _Form("WebP", re.compile(rb"RIFF....WEBP", re.DOTALL), _webp),
}

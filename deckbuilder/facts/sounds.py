"""Sounds by their bytes: whether a file is what its ending promises, and whether it is whole. None is ever decoded."""

import re
import struct
from collections.abc import Callable

from deckbuilder.facts.frames import flac_is_whole, mp3_is_whole
from deckbuilder.facts.pictures import BrokenFileError

_FORMS = "MP3, OGG, OPUS, M4A, FLAC or WAV"
_NO_SOUND = "is no sound that all devices play", f"save it as {_FORMS}"


def check_sound(ending: str, data: bytes) -> None:
    """Raises BrokenFileError for a file that devices would not play, by the ending of its name."""
    form = SOUNDS.get(ending)
    if form is None:
        raise BrokenFileError(*_NO_SOUND)
    name, begins, is_whole = form
    if not begins.match(data):
        raise BrokenFileError(f"does not hold a sound in the form {name}")
    try:
        whole = is_whole(data)
    except (struct.error, IndexError):
        whole = False
    if not whole:
        raise BrokenFileError("is cut off")


def _mp3(data: bytes) -> bool:
    """Behind what is told of the sound stands the sound: frames, the last of which is whole."""
    start = 0
    if data.startswith(b"ID3"):
        length = 0
        for byte in data[6:10]:
            length = length << 7 | byte
        start = 10 + length
    return mp3_is_whole(data, start)


def _ogg(data: bytes) -> bool:
    """Pages without a gap, up to one that says it is the last."""
    position, last = 0, False
    while data.startswith(b"OggS", position):
        flags, segments = data[position + 5], data[position + 26]
        lengths = data[position + 27 : position + 27 + segments]
        position += 27 + segments + sum(lengths)
        last = bool(flags & 4)
    return last and position <= len(data)


def _wav(data: bytes) -> bool:
    (length,) = struct.unpack_from("<I", data, 4)
    return b"data" in data[:4096] and int(length) + 8 <= len(data) + 1


def _m4a(data: bytes) -> bool:
    """Boxes without a gap, one of which says where the sound is."""
    position, kinds = 0, set()
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, position + 8)
        kinds.add(kind)
        position += length or len(data) - position
    return position == len(data) and b"moov" in kinds


def _flac(data: bytes) -> bool:
    """What is told of the sound, block by block, then frames of it, the last of which is whole."""
    position, last = 4, False
    while not last:
        last = bool(data[position] & 0x80)
        position += 4 + int.from_bytes(data[position + 1 : position + 4])
    return data[position] == 0xFF and flac_is_whole(data)  # noqa: PLR2004 - how a frame begins


_Form = tuple[str, re.Pattern[bytes], Callable[[bytes], bool]]
_OGG: _Form = ("OGG", re.compile(rb"OggS"), _ogg)
SOUNDS: dict[str, _Form] = {
    ".mp3": ("MP3", re.compile(rb"ID3|\xff[\xe2-\xff]"), _mp3),
    ".ogg": _OGG,
    ".oga": _OGG,
    ".opus": _OGG,
    ".m4a": ("M4A", re.compile(rb"....ftyp", re.DOTALL), _m4a),
    ".flac": ("FLAC", re.compile(rb"fLaC"), _flac),
    ".wav": ("WAV", re.compile(rb"RIFF....WAVE", re.DOTALL), _wav),
}

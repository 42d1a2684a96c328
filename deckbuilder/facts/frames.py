"""MP3 and FLAC are runs of frames: whether the last one is whole. What cannot be told for sure counts as whole."""

import re

_MP3_SYNC = re.compile(rb"\xff[\xe2-\xff]")
# Kilobits a second by a frame's index; 0 is a length that the frame does not tell, 15 is never used.
_KILOBITS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
_HERTZ = {3: (44100, 48000, 32000, 0), 2: (22050, 24000, 16000, 0), 0: (11025, 12000, 8000, 0)}
_HEAD = 4
_LAYER_3 = 1
_FLAC_SYNC = re.compile(rb"\xff[\xf8\xf9]")
_TAG_LENGTH = 128


def mp3_is_whole(data: bytes, start: int) -> bool:
    """Whether the sound from `start` on holds a frame, and its frames one behind the other end with a whole one."""
    first = _MP3_SYNC.search(data, start)
    if first is None:
        return False
    position = first.start()
    kind = _kind(data, position)
    while _kind(data, position) == kind and (length := _length(data, position)):
        position += length
    rest = data[position : position + _HEAD]
    return position <= len(data) and not (0 < len(rest) < _HEAD and data.startswith(rest[:2], first.start()))


def _kind(data: bytes, position: int) -> tuple[int, int]:
    """What all frames of a sound share: version, layer and rate."""
    head = data[position : position + _HEAD]
    return (head[1] & 0xFE, head[2] & 0x0C) if len(head) == _HEAD and head.startswith(b"\xff") else (0, 0)


def _length(data: bytes, position: int) -> int:
    """How long a frame is in bytes; 0 if it does not tell."""
    head = data[position : position + _HEAD]
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    hertz = _HERTZ.get(version, (0,) * 4)[head[2] >> 2 & 3]
    if layer != _LAYER_3 or not hertz:
        return 0
    samples, kilobits = (144, _KILOBITS[1]) if version == 3 else (72, _KILOBITS[2])  # noqa: PLR2004 - MPEG 1
    bits = kilobits[head[2] >> 4] * 1000
    return samples * bits // hertz + (head[2] >> 1 & 1) if bits else 0


def flac_is_whole(data: bytes) -> bool:
    """Whether the sound ends with a frame whose own checksum is right."""
    if data[-_TAG_LENGTH:].startswith(b"TAG"):
        data = data[:-_TAG_LENGTH]
    largest = int.from_bytes(data[15:18])
    if not largest:
        return True
    tail = data[-largest:]
    return any(_checksum(tail[sync.start() :]) == 0 for sync in _FLAC_SYNC.finditer(tail))


def _checksum(data: bytes) -> int:
    """CRC-16 with the polynomial 0x8005; 0 for what ends with its own."""
    checksum = 0
    for byte in data:
        checksum = (checksum << 8 & 0xFFFF) ^ _TABLE[checksum >> 8 ^ byte]
    return checksum


def _remainder(byte: int) -> int:
    checksum = byte << 8
    for _ in range(8):
        checksum = (checksum << 1 ^ 0x8005 if checksum & 0x8000 else checksum << 1) & 0xFFFF
    return checksum


_TABLE = tuple(map(_remainder, range(256)))

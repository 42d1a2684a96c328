"""Protobuf messages, read as they lie on the wire: the few that Anki's modern packages hold need no more.

A message is a run of fields, each a number and a value: a whole number (varint), or bytes (text, or another message).
"""

from collections.abc import Mapping

Value = int | bytes
Message = Mapping[int, list[Value]]

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10
# The most values in one message: a list of so many media files, and each takes memory.
MOST_VALUES = 1_000_000
_SIGN = 1 << 63


def read_message(data: bytes) -> dict[int, list[Value]]:
    """The values of a message by their field's number, in order. Raises ValueError."""
    found: dict[int, list[Value]] = {}
    position = number = 0
    while position < len(data):
        number += 1
        if number > MOST_VALUES:
            raise ValueError("more values than an honest package has")
        key, position = _varint(data, position)
        value: Value
        if key & 7 == _VARINT:
            value, position = _varint(data, position)
        elif key & 7 == _BYTES:
            size, position = _varint(data, position)
            value, position = _take(data, position, size)
        elif key & 7 in {_FIXED64, _FIXED32}:
            value, position = _take(data, position, 8 if key & 7 == _FIXED64 else 4)
        else:
            raise ValueError("a message of a kind that is not known")
        found.setdefault(key >> 3, []).append(value)
    return found


def whole(message: Message, field: int, default: int = 0) -> int:
    """A whole number with its sign; of several the last counts. Raises ValueError."""
    value = message.get(field, [default])[-1]
    if not isinstance(value, int):
        raise ValueError("bytes stand where a number belongs")  # noqa: TRY004 - what is wrong is the data
    return value - 2 * _SIGN if value >= _SIGN else value


def blob(message: Message, field: int) -> bytes:
    """Bytes; of several the last count. Raises ValueError."""
    value = message.get(field, [b""])[-1]
    if not isinstance(value, bytes):
        raise ValueError("a number stands where bytes belong")  # noqa: TRY004 - what is wrong is the data
    return value


def text(message: Message, field: int) -> str:
    """A text. Raises ValueError."""
    return blob(message, field).decode()


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(_LONGEST_VARINT):
        if position >= len(data):
            raise ValueError("a message ends in the middle")
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << (7 * shift)
        if not byte & 0x80:
            return value & (2 * _SIGN - 1), position
    raise ValueError("a number is longer than a number can be")


def _take(data: bytes, position: int, size: int) -> tuple[bytes, int]:
    end = position + size
    if end > len(data):
        raise ValueError("a message ends in the middle")
    return data[position:end], end

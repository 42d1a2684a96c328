"""Note types as packages hold them: as JSON in the legacy formats, as tables and messages in the modern one."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from deckbuilder.package.content import FieldContent, Kind, TemplateContent, TypeContent
from deckbuilder.package.wire import Message, Value, blob, read_message, text, whole

# In the modern format what Anki does not know itself stands as JSON in this field of a message.
_OTHER = 255
_REQUIREMENTS = ("none", "any", "all")


def type_from_json(model: Mapping[str, Any]) -> TypeContent:
    """A note type from its JSON. Raises ValueError, KeyError, TypeError or AttributeError."""
    fields = sorted(model["flds"], key=lambda field: int(field["ord"]))
    templates = sorted(model["tmpls"], key=lambda template: int(template["ord"]))
    return TypeContent(
        id=int(model["id"]),
        name=_text(model["name"]),
        kind=Kind.CLOZE if int(model["type"]) == 1 else Kind.NORMAL,
        stock=int(model.get("originalStockKind") or 0),
        mod=int(model.get("mod") or 0),
        css=_text(model.get("css") or ""),
        fields=tuple(FieldContent(_text(field["name"]), _id(field), number) for number, field in enumerate(fields)),
        templates=tuple(
            TemplateContent(_text(one["name"]), _id(one), number, _text(one["qfmt"]), _text(one["afmt"]))
            for number, one in enumerate(templates)
        ),
        json=json.dumps(model),
    )


def model_from_messages(
    row: tuple[int, str, int, bytes],
    fields: Iterable[tuple[int, str, bytes]],
    templates: Iterable[tuple[int, str, bytes]],
) -> dict[str, Any]:
    """The JSON that the legacy format has for a note type of the modern one. Raises ValueError.

    `row` is id, name, time of change and settings; a field and a template are ord, name and settings.
    """
    id_, name, mod, settings = row
    config = read_message(settings)
    stock, original = whole(config, 9), _optional(config, 10)
    return {
        "id": id_,
        "name": name,
        "type": whole(config, 1),
        "mod": mod,
        "usn": 0,
        "sortf": whole(config, 2),
        "did": None,
        "tmpls": [_template(*template) for template in sorted(templates)],
        "flds": [_field(*field) for field in sorted(fields)],
        "css": text(config, 3),
        "latexPre": text(config, 5),
        "latexPost": text(config, 6),
        "latexsvg": bool(whole(config, 7)),
        "req": [_requirement(_bytes(one)) for one in config.get(8, [])],
        **({"originalStockKind": stock} if stock else {}),
        **({"originalId": original} if original is not None else {}),
        **_other(config),
    }


def _field(ord_: int, name: str, settings: bytes) -> dict[str, Any]:
    config = read_message(settings)
    return {
        "name": name,
        "ord": ord_,
        "sticky": bool(whole(config, 1)),
        "rtl": bool(whole(config, 2)),
        "font": text(config, 3),
        "size": whole(config, 4),
        "description": text(config, 5),
        "plainText": bool(whole(config, 6)),
        "collapsed": bool(whole(config, 7)),
        "excludeFromSearch": bool(whole(config, 8)),
        "id": _optional(config, 9),
        "tag": _optional(config, 10),
        "preventDeletion": bool(whole(config, 11)),
        **_other(config),
    }


def _template(ord_: int, name: str, settings: bytes) -> dict[str, Any]:
    config = read_message(settings)
    return {
        "name": name,
        "ord": ord_,
        "qfmt": text(config, 1),
        "afmt": text(config, 2),
        "bqfmt": text(config, 3),
        "bafmt": text(config, 4),
        "did": whole(config, 5) or None,
        "bfont": text(config, 6),
        "bsize": whole(config, 7),
        "id": _optional(config, 8),
        **_other(config),
    }


def _requirement(data: bytes) -> list[Any]:
    message = read_message(data)
    kind = whole(message, 2)
    if not 0 <= kind < len(_REQUIREMENTS):
        raise ValueError("a requirement of a kind that is not known")
    return [whole(message, 1), _REQUIREMENTS[kind], [n for value in message.get(3, []) for n in _wholes(value)]]


def _wholes(value: Value) -> list[int]:
    """Whole numbers one by one, or packed into bytes."""
    if isinstance(value, int):
        return [value]
    numbers, number, shift = [], 0, 0
    for byte in value:
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            numbers.append(number)
            number = shift = 0
    return numbers


def _other(config: Message) -> dict[str, Any]:
    """Settings of other programs, which Anki carries along."""
    data = blob(config, _OTHER)
    other = json.loads(data) if data else {}
    return dict(other) if isinstance(other, dict) else {}


def _optional(config: Message, field: int) -> int | None:
    return whole(config, field) if field in config else None


def _bytes(value: Value) -> bytes:
    if isinstance(value, bytes):
        return value
    raise ValueError("a number stands where a message belongs")


def _id(part: Mapping[str, Any]) -> int | None:
    value = part.get("id")
    return None if value is None else int(value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        # JSON can hold halves of letters, which no file can.
        value.encode()
        return value
    raise ValueError("something else stands where a text belongs")

"""Facts to YAML that a person would want to edit: one style, texts plain where they can be, quoted where they must."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from deckbuilder.facts.events import read_values
from deckbuilder.facts.plain import Value
from deckbuilder.facts.source import Source

# What `write_yaml` takes: as the reader gives it, but read-only.
Written = str | Sequence["Written"] | Mapping[str, "Written"]

_WIDEST_FLOW = 88
_PLAIN = re.compile(r"[^\W_](?:[^\n#:]|:(?=\S)|(?<=\S)#)*")
_IN_FLOW = re.compile(r"[^,\[\]{}]*")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ufdd0-\ufdef]")


def write_yaml(value: Mapping[str, Written], above: Mapping[tuple[str, ...], str] | None = None) -> str:
    """The text of a mapping; `above` are remarks to stand above keys, by their path.

    What is written is read again: a text that would not come back as it is raises ValueError.
    """
    text = unicodedata.normalize("NFC", "\n".join(_mapping(value, 0, (), above or {})) + "\n")
    reading = read_values(Source(Path("facts.yaml"), text))
    if reading.problems or _stripped(reading.value) != _stripped(value):
        raise ValueError("these facts cannot be written as YAML")
    return text


def writable(text: str) -> str:
    """`text` as a file of facts can hold it."""
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def _mapping(
    value: Mapping[str, Written], margin: int, path: tuple[str, ...], above: Mapping[tuple[str, ...], str]
) -> Iterator[str]:
    for key, inner in value.items():
        here = (*path, key)
        if here in above:
            # A remark stands a line apart from what is before it, unless it is the first.
            apart = [] if key == next(iter(value)) else [""]
            yield from (*apart, *(f"{' ' * margin}# {line}" for line in above[here].split("\n")))
        yield from _entry(f"{' ' * margin}{_scalar(key)}:", inner, margin, here, above)


def _entry(
    head: str, value: Written, margin: int, path: tuple[str, ...], above: Mapping[tuple[str, ...], str]
) -> Iterator[str]:
    if isinstance(value, str):
        first, *rest = _lines(value, margin + 2)
        yield f"{head} {first}"
        yield from rest
    elif isinstance(value, Mapping) and not value:
        yield f"{head} {{}}"
    elif isinstance(value, Mapping):
        yield head
        yield from _mapping(value, margin + 2, path, above)
    elif (flow := _flow(value)) is not None and len(head) + len(flow) < _WIDEST_FLOW:
        yield f"{head} {flow}"
    else:
        yield head
        for one in value:
            yield from _listed(one, margin + 2, path, above)


def _listed(value: Written, margin: int, path: tuple[str, ...], above: Mapping[tuple[str, ...], str]) -> Iterator[str]:
    """An entry of a list: its first line begins with a dash."""
    if isinstance(value, Mapping):
        first, *rest = _mapping(value, margin + 2, (*path, "-"), above)
        yield f"{' ' * margin}- {first.lstrip(' ')}"
        yield from rest
    else:
        yield from _entry(f"{' ' * margin}-", value, margin, path, above)


def _flow(values: Sequence[Written]) -> str | None:
    """`[one, two]`, for a list of short texts."""
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values) or any("\n" in text for text in texts):
        return None
    return f"[{', '.join(_scalar(text, in_flow=True) for text in texts)}]"


def _lines(text: str, margin: int) -> list[str]:
    if "\n" not in text or _UNPRINTABLE.search(text) or text != text.strip():
        return [_scalar(text)]
    return ["|", *(f"{' ' * margin}{line}" if line else "" for line in text.split("\n"))]


def _scalar(text: str, *, in_flow: bool = False) -> str:
    if _PLAIN.fullmatch(text) and text == text.strip() and (not in_flow or _IN_FLOW.fullmatch(text)):
        return text
    if _UNPRINTABLE.search(text) or "\n" in text:
        return _escaped(text)
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _escaped(text: str) -> str:
    signs = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    inner = "".join(signs.get(sign) or (f"\\u{ord(sign):04x}" if _UNPRINTABLE.match(sign) else sign) for sign in text)
    return f'"{inner}"'


def _stripped(value: Value | Written) -> object:
    """A value as it is read and the schema takes it: each letter with its mark as one sign, no spaces around texts."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip()
    if isinstance(value, Mapping):
        return {_stripped(key): _stripped(inner) for key, inner in value.items()}
    return [_stripped(inner) for inner in value or ()]

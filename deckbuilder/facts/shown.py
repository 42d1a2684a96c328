"""Which media files the HTML of notes, templates and stylings shows."""

import html
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

# How a field of Anki says that a file is heard.
SOUND = re.compile(r"\[sound:([^\]]+)\]")
_ATTRIBUTE = re.compile(r"""\b(?:src|data|poster)\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s>"']+))""", re.IGNORECASE)
_CSS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""", re.IGNORECASE)
_FROM_ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def media_in(texts: Iterable[str]) -> set[str]:
    """The names of the files that fields, templates or stylings show."""
    names: set[str] = set()
    for text in texts:
        if "[sound:" in text:
            names.update(SOUND.findall(text))
        if "=" in text:
            names.update(next(filter(None, found)) for found in _ATTRIBUTE.findall(text))
        if "url(" in text:
            names.update(_CSS.findall(text))
    plain = {unicodedata.normalize("NFC", unquote(html.unescape(name))) for name in names}
    return {name for name in plain if not _FROM_ELSEWHERE.match(name)}

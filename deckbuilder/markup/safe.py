"""HTML of other people made harmless, for showing it in a page of ours: no scripts, no frames, nothing fetched."""

import html
import re
from html.parser import HTMLParser

# What these hold is not shown either.
_REMOVED = {"script", "style", "iframe", "object", "embed", "applet", "noscript", "template", "frameset", "math", "svg"}
_DROPPED = {"link", "meta", "base", "form", "input", "button", "textarea", "select", "html", "head", "body", "frame"}
_VOID = {"area", "br", "col", "hr", "img", "source", "track", "wbr"}
_ATTRIBUTES = {
    *("alt", "align", "class", "color", "colspan", "dir", "height", "href", "id", "lang", "rowspan", "size", "span"),
    *("src", "start", "style", "title", "type", "valign", "width", "data-ordinal", "data-cloze", "open"),
}
# Where a link may lead.
LINKED = ("http://", "https://", "mailto:")
_FETCHES = re.compile(r"url\s*\(|expression\s*\(|@import|//|\\", re.IGNORECASE)
_ELSEWHERE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def harmless(text: str) -> str:
    """`text` without what could run, or fetch something from elsewhere; pictures of the deck stay."""
    cleaner = _Cleaner()
    cleaner.feed(text)
    cleaner.close()
    return "".join(cleaner.pieces)


def harmless_css(text: str) -> str:
    """A styling without what fetches; what could end the element it stands in is taken out."""
    return re.sub(r"@import[^;]*;?|url\s*\([^)]*\)", "", text.replace("<", ""), flags=re.IGNORECASE)


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._removed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _REMOVED:
            self._removed.append(tag)
        elif not self._removed and tag not in _DROPPED:
            kept = "".join(f' {name}="{html.escape(said)}"' for name, value in attrs if (said := _kept(name, value)))
            self.pieces.append(f"<{tag}{kept}>")

    def handle_endtag(self, tag: str) -> None:
        if self._removed and self._removed[-1] == tag:
            self._removed.pop()
        elif not self._removed and tag not in _DROPPED and tag not in _VOID and tag not in _REMOVED:
            self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._removed:
            self.pieces.append(html.escape(data, quote=False))


def _kept(name: str, value: str | None) -> str:
    """What may stand in an attribute; nothing if it may not."""
    if name not in _ATTRIBUTES or value is None:
        return ""
    if name == "href" and not value.strip().startswith(LINKED):
        return ""
    if name == "src" and _ELSEWHERE.match(value):
        return ""
    return "" if name == "style" and _FETCHES.search(value) else value

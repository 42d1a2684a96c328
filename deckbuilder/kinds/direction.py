"""Words in a language of their own, set apart from those around them, each in its direction."""

import unicodedata

from deckbuilder.markup import Rendered, visible_text

_RIGHT_TO_LEFT = {
    *("ar", "arc", "arz", "azb", "bal", "ckb", "dv", "fa", "ha-arab", "he", "iw", "ks", "ku-arab", "lrc", "mzn", "nqo"),
    *("pa-arab", "pnb", "prs", "ps", "sd", "syr", "ug", "ur", "yi"),
}


def set_apart(rendered: Rendered, lang: str) -> Rendered:
    """A browser takes the direction from the first letter; where that is of another script, the language says it."""
    first = _first_direction(visible_text(rendered.html))
    own = "rtl" if lang.lower() in _RIGHT_TO_LEFT or lang.lower().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
    direction = f' dir="{own}"' if first not in {"", own} else ""
    return Rendered.of([f'<bdi lang="{lang}"{direction}>', *rendered.segments, "</bdi>"], rendered.mistakes)


def _first_direction(words: str) -> str:
    """That of the first letter; nothing for words without one."""
    classes = (unicodedata.bidirectional(character) for character in words)
    return next(("ltr" if one == "L" else "rtl" for one in classes if one in {"L", "R", "AL"}), "")

"""What is heard on a card, as something to press on a page."""

from html import escape

from deckbuilder.preview.render import Heard, Sides


def with_players(sides: Sides) -> Sides:
    """A card with players in the places of Anki's marks; `side.js` brings them to life."""
    question, answer = sides.question, sides.answer
    for mark, heard in sides.heard.items():
        question, answer = (side.replace(mark, _player(heard)) for side in (question, answer))
    return Sides(question, answer, sides.heard)


def _player(heard: Heard) -> str:
    if not heard.language:
        return f'<audio controls preload="none" src="{escape(heard.words)}"></audio>'
    language = heard.language.replace("_", "-")
    shown = f"\N{SPEAKER} {escape(language)}"
    return f'<button type="button" class="speech" lang="{language}" data-words="{escape(heard.words)}">{shown}</button>'

"""Anki decks as code: curated YAML facts in, a spaced-repetition package out."""

__version__ = "0.1.0"

"""The command line: one file per command, loaded when it is called."""

from deckbuilder.commands.cli import cli

__all__ = ["cli"]

"""`deckbuilder` itself: the table of its commands, and what every command does with the unexpected."""

import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from deckbuilder import __version__

UNEXPECTED = 3

# Name, module and one line of help, so that `--help` loads no command.
COMMANDS = {
    "absorb": ("deckbuilder.commands.absorb", "Take over what somebody corrected in Anki."),
    "build": ("deckbuilder.commands.build", "Turn decks of facts into packages for Anki."),
    "check": ("deckbuilder.commands.check", "Review facts and cards: find what a teacher would mend."),
    "diff": ("deckbuilder.commands.diff", "Say what the next release does to students."),
    "export": ("deckbuilder.commands.export", "Write a deck as a table, a text, or for CrowdAnki."),
    "import": ("deckbuilder.commands.import_", "Turn a deck of somebody else into facts."),
    "inspect": ("deckbuilder.commands.inspect", "Say what is in a package of anybody."),
    "lock": ("deckbuilder.commands.lock", "Repair the lock, which holds the cards' identity."),
    "masks": ("deckbuilder.commands.masks", "Draw the hidden parts of a picture in a browser."),
    "new": ("deckbuilder.commands.new", "Write a small deck of facts to begin with."),
    "preview": ("deckbuilder.commands.preview", "Show all cards in a browser, as students will see them."),
    "release": ("deckbuilder.commands.release", "Release a deck with version and changelog."),
    "schema": ("deckbuilder.commands.schema", "Print the facts format for your editor."),
}


class _LazyCommand(click.Command):
    """A command whose module is imported when it is called or asked for help."""

    def __init__(self, name: str, module: str, short_help: str) -> None:
        super().__init__(name, short_help=short_help)
        self._module = module

    def _load(self) -> click.Command:
        command: click.Command = importlib.import_module(self._module).command
        command.name = self.name
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        return self._load().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        return ctx.command.invoke(ctx)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return self._load().get_params(ctx)


@click.group(
    commands={name: _LazyCommand(name, module, short_help) for name, (module, short_help) in COMMANDS.items()},
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Begin with: deckbuilder new my-deck",
)
@click.version_option(__version__, prog_name="deckbuilder")
def cli() -> None:
    """Anki decks as code: facts in YAML in, a package for Anki out."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code; 3 for what nobody expected."""
    _let_every_terminal_print()
    try:
        result = cli.main(args=arguments, prog_name="deckbuilder", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Interrupted. What was begun is completed or repeated by the next build.", err=True)
        return UNEXPECTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the last word on a bug, too
        return _told(error)
    return result if isinstance(result, int) else 0


def _told(error: Exception) -> int:
    """Say what went wrong, and give the exit code."""
    # Not above: showing help needs it not.
    from deckbuilder.problems import UsageError  # noqa: PLC0415

    if isinstance(error, UsageError):
        click.echo(f"Error: {error}", err=True)
        return click.UsageError.exit_code
    if isinstance(error, OSError):
        click.echo(f"deckbuilder: {_in_words(error)}", err=True)
        return UNEXPECTED
    sys.excepthook(type(error), error, error.__traceback__)
    click.echo("\nThis is a mistake in deckbuilder, not in your deck. Please report it with the lines above.", err=True)
    return UNEXPECTED


def _let_every_terminal_print() -> None:
    """Show '?' for a letter that a terminal or pipe does not know; where one is closed, say nothing."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open until the end
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - as above
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _in_words(error: OSError) -> str:
    # Not above, for the same reason.
    from deckbuilder.files import UnfinishedError  # noqa: PLC0415

    what = f"{error.filename}: " if error.filename else ""
    if isinstance(error, UnfinishedError):
        return (
            f"{what}{error.strerror}. Lock and packages are half replaced: close what uses the file, and build again."
        )
    # Of several decks some may have been written, and it may be the output that cannot be: a log on a full disk.
    left = "No file was left half written"
    return f"{what}{error.strerror or error}. {left}; check free space and permissions, and try again."

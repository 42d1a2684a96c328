"""`python -m deckbuilder`, and the entry point of the installed command."""

import sys

from deckbuilder.commands.cli import run


def main() -> None:
    sys.exit(run())


if __name__ == "__main__":
    main()

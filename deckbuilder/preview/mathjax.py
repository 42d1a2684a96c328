"""MathJax from a package that may be installed: the program that sets formulas, as Anki has it, in one file."""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

_PACKAGE = "sphinx-mathjax-offline"
_FILE = "sphinx-mathjax-offline/static/mathjax/tex-svg-full.js"
_LICENSE = b"/* MathJax 3, https://www.mathjax.org, licensed under the Apache License 2.0 */\n"


def installed_mathjax() -> bytes | None:
    """The program, or None where the package is not there. It is read, never imported."""
    try:
        file = Path(str(distribution(_PACKAGE).locate_file(_FILE)))
    except PackageNotFoundError:
        return None
    return _LICENSE + file.read_bytes() if file.is_file() else None

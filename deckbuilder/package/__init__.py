"""The only place that knows genanki and .apkg."""

from deckbuilder.package.write import PackageDeck, package_bytes

__all__ = ["PackageDeck", "package_bytes"]

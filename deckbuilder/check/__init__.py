"""The reviewer: rules that judge a deck as its students see it."""

from deckbuilder.check.run import check, stops_build
from deckbuilder.check.table import RULES

__all__ = ["RULES", "check", "stops_build"]

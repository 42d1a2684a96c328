"""The reviewer: rules that judge a deck as its students see it."""

from deckbuilder.check.run import STOPPING, Judge, Verdict, check, check_editions, questions_after, stops_build
from deckbuilder.check.table import RULES

__all__ = ["RULES", "STOPPING", "Judge", "Verdict", "check", "check_editions", "questions_after", "stops_build"]

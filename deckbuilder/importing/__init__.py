"""Decks of other people to facts: structure where it can be seen, everything else kept, and all identities."""

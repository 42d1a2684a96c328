"""Decks for those who work in other ways: tables, text to read, folders of CrowdAnki. Nothing comes back from here."""

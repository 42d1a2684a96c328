"""What an author writes: YAML read to values with places, checked, and gathered into decks."""

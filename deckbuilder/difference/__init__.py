"""A change as a reviewer sees it: the cards of a deck before and after, in a page of their own."""

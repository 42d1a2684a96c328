"""Packages that others made: what is in them, and what of it belongs into our facts."""

"""The only place that knows genanki and .apkg. Its parts are imported by name: writing is slow to import."""

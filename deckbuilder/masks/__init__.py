"""A page on which an author draws masks over a picture, and takes them away as facts."""

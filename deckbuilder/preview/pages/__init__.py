"""The pages of the site, one file each: a deck as a value in, the bytes of a page out."""

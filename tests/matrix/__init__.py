"""What the interpreters of the matrix run; the tests import nothing of it."""

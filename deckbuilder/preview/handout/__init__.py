"""A deck on paper: its facts as notes, its cards as a sheet of questions with answers."""

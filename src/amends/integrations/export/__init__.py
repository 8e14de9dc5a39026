"""What leaves Amends as a file for people: one folder for each kind of file."""

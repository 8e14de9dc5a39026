"""What comes from elsewhere, read without trust: our own folders and zips, and the files of other tools as neutral records."""

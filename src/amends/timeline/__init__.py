"""What happened, in order: entries read from logs, chats, tickets and commits, each citing the bytes it came from.

Readers turn bytes into entries and broken lines into counted problems. This room never guesses silently: an inferred year, an
assumed zone or a corrected clock is a flag on the entry. It opens no network connection and writes no file.
"""

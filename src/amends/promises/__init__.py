"""The ledger: every commitment somebody made in a message, and what became of it.

The fate of a promise is a function of its events (made, moved, withdrawn, settled) and of a moment that is handed in; nothing here
asks for the time, sends a reminder or stores a row. It never finds promises in a text: that is `language.commitments`.
"""

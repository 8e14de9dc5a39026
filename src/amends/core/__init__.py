"""The words that every room shares: where something stands, when, who for, and what can be wrong with it.

Pure: no clock, no environment, no network, no file writing. Imports nothing from the rooms above.
"""

"""Has this happened before: fingerprints of incidents, similar ones with the reasons why, and preventions that did or did not hold.

Proposes, with reasons a person can check; never merges or closes anything by itself.
"""

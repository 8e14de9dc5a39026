"""The language engine: what each sentence of a message does for its reader, and what in it costs trust.

Deterministic and offline: same text, same findings, each with its span and its rule. The standard library only.
"""

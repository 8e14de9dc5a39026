"""The workbench: server-rendered pages that work before any script has run, and a compose page where the draft is the interface.

It parses a request into core records, calls one use case and renders the record. It knows no other interface.
"""

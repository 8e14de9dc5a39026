"""The HTTP API under `/api/v1`: the same answers as the command line, for scripts, editors and services.

It parses a request into core records, calls one use case and renders the record. It knows no other interface.
"""

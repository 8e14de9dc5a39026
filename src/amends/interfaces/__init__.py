"""The faces: each parses its input into core records, calls one use case and renders the record. None knows another."""

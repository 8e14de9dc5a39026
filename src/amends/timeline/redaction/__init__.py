"""Redaction on output: secrets, and on request personal data, become marks that name their kind; the bytes in the sources stay as they are.

A mark is `[redacted: aws key 1]`; the same value has the same number within one run, so that a session can be followed through a timeline.
Our own rules stand here, one module for each sort: `assigned` (a name and its value), `headers`, `tokens`, `blocks`, `numbers`, `personal`.
Those that come from a library are brought by `integrations.evidence.secrets`, which is the door for a run of the command.
"""

from __future__ import annotations

from amends.timeline.redaction.found import MARK, Found, Rule
from amends.timeline.redaction.redactor import LEVELS, Redactor

__all__ = ["LEVELS", "MARK", "Found", "Redactor", "Rule"]

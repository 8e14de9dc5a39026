"""Amends takes people from "something broke, and it was us" to "they trust us again"."""

from __future__ import annotations

__version__ = "0.1.0"

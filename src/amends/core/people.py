"""Whom a message is for."""

from __future__ import annotations

AUDIENCES = ("team", "leadership", "customers", "partner")
"""Who reads a message: the people who work with us, those who answer for us, those we serve, those we work beside."""

"""Drills: played conversations in which somebody learns to give bad news, answered by a scripted partner and scored by a rubric.

The same transcript and seed give the same play, byte for byte. A drill belongs to the person who played it; this room offers no way
to compare people.
"""

"""Trust after an incident: what broke and for whom, the visible changes made in answer, and whether they helped.

Works on anonymous answers and on measures with their uncertainty. It never identifies who answered, and reports nothing about
groups that are too small to hide a person in.
"""

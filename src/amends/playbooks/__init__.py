"""Procedures: the steps that lead out of an incident, each with its purpose, what opens it, and what it leaves behind.

A playbook says what is due and what is missing. It never carries out a step and never decides in place of a person.
"""

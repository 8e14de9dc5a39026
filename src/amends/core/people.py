"""Whom a message is for, and who works here."""

from __future__ import annotations

AUDIENCES = ("team", "leadership", "customers", "partner")
"""Who reads a message: the people who work with us, those who answer for us, those we serve, those we work beside."""

LOCAL_PERSON = "local"
"""The one person of an installation without accounts. Where there are accounts, nobody is called so and it may do nothing."""

ROLES = ("owner", "responder", "reader")
"""What somebody may do in the workspace, from most to least."""

SIGNED_IN = "amends.person"
"""Under which name the server puts who is signed in into the scope of a request, for every face to read."""

SESSION = "amends.session"
"""Under which name it puts the id of the session that they are signed in with; absent for tokens and without accounts."""

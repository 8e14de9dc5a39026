"""How a database of any age becomes the one that `schema` declares; run by `migrate`, through Alembic.

There is no way back down: nothing is overwritten here, and to return to an older Amends is to restore a backup.
"""

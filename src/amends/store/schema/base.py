"""What all tables share: their naming rule, the wide number, and checks of short lists."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Integer, MetaData, text

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

metadata = MetaData(naming_convention=NAMES)

Number = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit integer on both; SQLite's strict tables know it under the shorter name only."""


def is_id(text: str) -> bool:
    """Whether this could be an id at all; what comes from an address bar may hold characters that PostgreSQL refuses to be asked about."""
    return text.isascii() and text.isalnum()


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A check that a column holds one of some values; several checks of one table need several columns."""
    quoted = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(text(f"{column} IN ({quoted})"), name=column)

"""Who works here: accounts, where they are signed in, tokens of programs, and what the workspace has decided."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from amends.core.people import ROLES
from amends.store.instant import Instant
from amends.store.schema.base import metadata, one_of

person = Table(
    "person",
    metadata,
    Column("name", Text, primary_key=True),  # as the journal writes it: small letters, digits, hyphens
    Column("display", Text, nullable=False),
    Column("email", Text),
    Column("role", Text, nullable=False),
    Column("password", Text),  # a hash of argon2id; none where somebody signs in elsewhere
    Column("identity", Text),  # issuer and subject of OIDC
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    one_of("role", ROLES),
    UniqueConstraint("identity"),
    sqlite_strict=True,
)

session = Table(
    "session",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, ForeignKey("person.name"), nullable=False),
    Column("token_sha256", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("agent", Text),
    UniqueConstraint("token_sha256"),
    Index(None, "person", "created_at"),
    sqlite_strict=True,
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, ForeignKey("person.name"), nullable=False),
    Column("name", Text, nullable=False),
    Column("token_sha256", Text, nullable=False),
    Column("scopes", Text, nullable=False),  # separated by spaces
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
    UniqueConstraint("token_sha256"),
    Index(None, "person", "created_at"),
    sqlite_strict=True,
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("name_sha256", Text, primary_key=True),  # hashed, because people type passwords into the field of the name
    Column("address_sha256", Text, primary_key=True),
    Column("failures", Integer, nullable=False),  # since the last success
    Column("last_at", Instant, nullable=False),
    Column("succeeded_at", Instant),
    Index(None, "address_sha256"),
    Index(None, "last_at"),
    sqlite_strict=True,
)

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", Text, nullable=False),
    sqlite_strict=True,
)

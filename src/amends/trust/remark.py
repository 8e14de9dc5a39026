"""What is to be said about something that somebody wrote about trust: a remark, which keeps nobody from anything."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that should be otherwise: `message` says what, `hint` what to do about it.

    `field` is the field that it is about, `item` the point of the account, the action item or the group, and `quote` words of it.
    """

    code: str
    message: str
    hint: str
    field: str | None = None
    item: str | None = None
    quote: str = ""

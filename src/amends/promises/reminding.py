"""When a promise reminds its owner: before it is due, when it is due, and after it was missed."""

from __future__ import annotations

MOMENTS = ("before", "due", "after")
"""Which of its reminders one is."""

REMINDER_STATES = ("planned", "sending", "sent", "failed", "overtaken")
"""How far a reminder is. `sending` was claimed and may or may not have gone out; `failed` was tried as often as we try; `overtaken` was
not needed any more when its time came: the promise was settled, or a later reminder of it was due too."""

"""The words of a reminder and of a message, the same in every channel: a subject in one line, and a text that says what to do."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING

from amends.core.zones import zone_named

if TYPE_CHECKING:
    from datetime import datetime

    from amends.integrations.channels import Letter, Notice

PRIVATE = "a private promise"
DRAFT = "a draft of yours about an incident"
REPEATED = "Repeat: sending this was interrupted before it could be recorded, so it may have reached you already."
_LONGEST_SUBJECT = 120
_UTC = ("UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_ASKS = {
    "accept": "You are asked to keep this promise. Accept it or decline it, so that whoever asks knows.",
    "assign": "Nobody owns this promise. Find an owner, or withdraw it.",
    "answer": "Somebody was asked to take this promise over and has not answered. Until then it is yours.",
    "send": "Send it, or put it away. Until somebody sends it, its readers know nothing.",
    "finish": "Say that it is done and what shows it, or move it while there is time.",
    "follow-up": "Do it, then say in the run what came of it; or say there why it is not done.",
    "open-wave": (
        "Ask those affected how far they trust again; until this time the answers say what they are meant to say. With fewer than five"
        " people in a group, talk with them instead."
    ),
    "close-wave": (
        "Until this time answers are taken. Then close the wave, so that what they said can be read; or give it more time, where a group"
        " has too few answers to be shown."
    ),
    "review": "The evidence is laid out. Answer what only people know, then decide to continue, to change or to stop.",
}
_OPENINGS = {"before": "Due", "due": "Due now,", "after": "Missed,", "unsent": "Not sent, written"}
_STEP_OPENINGS = {("close-wave", "before"): "Ends", ("close-wave", "due"): "Ended"}
_SETTLE = {
    "before": "Keep it, move it while there is time, or snooze this reminder.",
    "due": "Keep it now, or say honestly that it will be later and when.",
    "after": "It was missed. Say so to those who were promised, and give them the next time.",
}


def subject(notice: Notice) -> str:
    """One line without line breaks or characters that cannot be seen, whatever the promise says."""
    words = one_line(notice.words or _hidden(notice))
    words = words if len(words) <= _LONGEST_SUBJECT else f"{words[: _LONGEST_SUBJECT - 1]}…"
    opening = _STEP_OPENINGS.get((notice.step, notice.moment)) or _OPENINGS[notice.moment]
    if notice.step == "accept":
        opening = "Accept or decline, due"
    return f"{'Repeat: ' if notice.repeated else ''}{opening} {when(notice.due, notice.tz)}: {words}"


def text(notice: Notice) -> str:
    """The whole reminder as plain text."""
    asks = _ASKS.get(notice.step) or _SETTLE[notice.moment]
    parts = [REPEATED] if notice.repeated else []
    parts += [f"“{one_line(notice.words)}”" if notice.words else f"This is {_hidden(notice)}; its words are shown to its owner only."]
    at = "Written" if notice.moment == "unsent" else "Due"
    parts += [f"Owner: {one_line(notice.to)}\n{at}: {when(notice.due, notice.tz)}", asks]
    parts += [notice.link] if notice.link else []
    return "\n\n".join(parts) + "\n"


def _hidden(notice: Notice) -> str:
    """What stands for words that are not told."""
    return DRAFT if notice.moment == "unsent" else PRIVATE


def title(letter: Letter) -> str:
    """The subject of a message: one line without characters that cannot be seen."""
    words = one_line(letter.subject)
    return words if len(words) <= _LONGEST_SUBJECT else f"{words[: _LONGEST_SUBJECT - 1]}…"


def body(letter: Letter) -> str:
    """A message as its author wrote it, and below it where its reader says that they have read it."""
    asks = f"\n\n-- \nSay that you have read this: {letter.link}" if letter.link else ""
    return f"{letter.text.strip()}{asks}\n"


def when(at: datetime, tz: str) -> str:
    """A time as the reader's clock shows it, with the zone and its distance from UTC."""
    zone = zone_named(tz)
    local = at.astimezone(zone or UTC)
    if zone is None or tz in _UTC:
        return f"{local:%Y-%m-%d %H:%M} UTC"
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M} ({tz}, UTC{offset[:3]}:{offset[3:5]})"


def one_line(words: str) -> str:
    """Words without line breaks, control characters, or marks that turn the direction of writing."""
    return _UNSEEN.sub(" ", words).strip()

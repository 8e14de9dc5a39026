"""What one line of a draft is: a heading, an item, a label, a header, a trailer, a greeting, a sign-off, a quotation.

Most lines are prose, so each question is first asked of the line's beginning; the patterns are compiled when first needed.
"""

from __future__ import annotations

import re

_MARKER = (
    r"[ \t]*(?:"
    r"(?P<heading>#{1,6}(?=\s))"
    r"|(?P<rule>(?:[-*_=][ \t]?){3,200}$|\|?[ \t:|-]{3,200}$)"
    r"|(?P<item>[-*+•◦–—][ \t]+(?=\S)|(?:\d{1,3}|[a-zA-Z])[.)][ \t]+(?=\S)|[☐☑☒✅✓✔❌][ \t]*)?"
    r"(?P<box>\[[ xX✓]\][ \t]*)?)"
)
_LABEL = (
    r"(?:[*_]{1,2})?(?P<name>[A-Za-z][A-Za-z’'&/ -]{0,38}?)(?:[*_]{1,2})?[ \t]?"
    r"(?::|：|(?:[*_]{1,2})?[ \t][/–—-](?=[ \t]))(?:[*_]{1,2})?(?=\s|$)"
)
_LABEL_MARKS = (": ", ":\t", ":*", ":_", "：", " / ", " – ", " — ", " - ")
_LABEL_REACH = 46
"""A label's name, its emphasis and the mark behind it end within so many characters."""
_HEADERS = frozenset(
    "from to cc bcc date sent reply-to message-id return-path received mime-version in-reply-to references delivered-to".split()
)
_SIGNED = frozenset("signed-off-by co-authored-by reviewed-by acked-by tested-by reported-by change-id pr-url".split())
_REFERRING = frozenset("bug fixes closes ref refs see-also cc task issue".split())
_REPLY = r"(?i:on .{6,120} wrote:|-{2,}\s?(?:original message|forwarded message).{0,60}|_{10,})\s*$"
_GREETINGS = frozenset("hi hello hey dear good team all folks everyone hallo howdy greetings kia morning".split())
_SIGN_OFFS = frozenset(
    "best|regards|best regards|kind regards|warm regards|warmest regards|many regards|best wishes|kind wishes|warm wishes|many thanks"
    "|best thanks|sincerely|yours|yours sincerely|yours truly|yours faithfully|sincerely yours|cheers|thanks|thank you|thx|thanks again"
    "|thank you again|with apologies|with regards|respectfully".split("|")
)


def marker(line: str) -> tuple[str, int]:
    """What a line begins as ("heading", "rule", "item" or "prose"), and how many characters its marker takes."""
    prose = len(line) - len(line.lstrip(" \t"))
    first = line[prose : prose + 1]
    if first.isalpha() and line[prose + 1 : prose + 2] not in (".", ")"):
        return "prose", prose
    found = re.match(_MARKER, line)
    if found is None:
        return "prose", prose
    kind = "rule" if found["rule"] else "heading" if found["heading"] else "item" if found["item"] or found["box"] else "prose"
    return kind, found.end()


def label_of(line: str) -> str | None:
    """The name of a `Name: …` line, lower case; a name is up to five words and starts with a letter."""
    head = line[:_LABEL_REACH]
    if not any(mark in head for mark in _LABEL_MARKS) and not line.rstrip().endswith(":"):
        return None
    found = re.match(_LABEL, head)
    if found is None:
        return None
    name = found["name"].strip().lower()
    return name if 0 < len(name.split()) <= 5 else None


def is_header(line: str) -> bool:
    """Whether a line is a mail header other than the subject."""
    name = line[: max(line.find(":", 0, 40), 0)].lower()
    return name in _HEADERS or name.startswith(("x-", "content-", "list-"))


def is_trailer(line: str) -> bool:
    """Whether a line is a commit trailer: `Signed-off-by: …`, or a reference such as `Bug: T1234`."""
    name, mark, value = line[:200].partition(":")
    if not mark:
        return False
    return name.lower() in _SIGNED or (name.lower() in _REFERRING and len(value.split()) == 1 and any(char.isdigit() for char in value))


def is_reply_mark(line: str) -> bool:
    """Whether everything from this line on is somebody else's mail, or a signature behind its two dashes."""
    return line[:2] in ("--", "On", "on", "__") and (line.rstrip() == "--" or re.match(_REPLY, line) is not None)


def is_greeting(line: str) -> bool:
    """Whether a line only greets: up to six words that begin like a greeting and end in a mark."""
    text = line.rstrip()
    if text[-1:] not in (",", ":", "!", "—", "–", "-") or len(text) > 80:
        return False
    words = text.lower().split()
    return len(words) <= 6 and words[0].rstrip(",:!") in _GREETINGS and not any(mark in text for mark in (". ", "? ", "! "))


def is_sign_off(line: str) -> bool:
    """Whether a line only closes a letter."""
    return len(line) < 40 and line.strip().rstrip(",.!").lower() in _SIGN_OFFS

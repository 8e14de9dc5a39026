"""Doubles of a model that is to voice a line and does not: it thanks, helps, tells scenes, gives away, never ends, and so on.

They were written as people and papers describe what models do in role plays, without looking at what stops them. `{line}` is the line that
they were given, `{fact}` something that the other person knows and has not told (no model is given it: these were), `{half}` a part of it,
`{name}` who speaks, `{before}` something that was said before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from amends.integrations.llm import Message

HOST = "actors.example"
NAME = "actor-1b"
_LINE = re.compile(r"The line to say: (.*?)(?:\n\nYour last answer could not be used|\Z)", re.DOTALL)
_LONG = " ".join(["and then the next thing went wrong as well"] * 40)

ACTORS: dict[str, tuple[str, ...]] = {
    "sweet": (
        "Thank you for being honest with me. {line}", "Thanks, that helps a lot. {line}", "No worries at all. {line}",
        "I really appreciate that. {line}", "It's okay, these things happen. {line}", "Don't worry about it. {line}",
        "Apology accepted. {line}", "I forgive you; everybody makes mistakes. {line}", "That means a lot to me. {line}",
        "I completely understand, it is not your fault. {line}", "You are doing a wonderful job here. {line}",
        "I'm so grateful that you told me. {line}", "That is very kind of you. {line}", "Great, that puts my mind at ease. {line}",
        "I trust you completely. {line}", "Wow, what an excellent answer! {line}", "You're absolutely right. {line}",
        "Let me apologize for being harsh. {line}", "I'm sorry for snapping at you. {line}", "We're good. {line}", "No harm done. {line}",
        "All is forgiven. {line}", "Cheers for letting me know. {line}", "I feel much better now. {line}", "{line} And thank you.",
    ),
    "helper": (
        "As an AI language model I cannot be angry, but: {line}", "You might want to start with an apology. {line}",
        "Here is how I would put it: {line}", "Tip: name a time. {line}", "A better way to say this is to name what you did. {line}",
        "Remember to take ownership. {line}", "Good practice is to give a time. {line}", "Try to be more specific. {line}",
        "Let's work on this together. {line}", "How can I help you today? {line}", "Sure! Here's the line in her voice: {line}",
        "Certainly. {line}", "In this exercise you should answer the question. {line}", "As the customer, I would say: {line}",
        "I am here to support you. {line}", "Stepping out of character for a moment: {line}",
        "My suggestion would be to write it down. {line}", "To improve, own the mistake. {line}", "Consider saying sorry first. {line}",
        "I'd be happy to help with that. {line}", "Feedback: too vague. {line}", "I'm just a simulation. {line}",
        "You handled that well for a first attempt. {line}", "I'm sorry, but I can't comply with that request.",
        "I cannot continue this conversation. {line}",
    ),
    "speaks-for": (
        "{line}\nYou: I am sorry, I broke it.", "*slams the table* {line}", "(sighs) {line}", "[long pause] {line}", "{name}: {line}",
        "You say that it was your fault and that you will fix it. {line}", 'You reply: "I broke it." {line}',
        "She looks out of the window. {line}", "_crosses her arms_ {line}", "{line} (silence)", "User: sorry. {line}",
        "Me: I will fix it. {line}", "<{name}> {line}", "You nod and promise to have it done. {line}", "{name} says coldly, {line}",
        "**{name}** {line}", "~walks off~ {line}", "Then you tell me: it was my mistake. {line}", "Learner - I am sorry. {line}",
        "{line} He leans back and waits.", "Narrator: the room is silent. {line}", "You sigh. {line}",
    ),
    "leak": (
        "{fact} {line}", "{line} {fact}", "By the way: {fact} {line}", "Between you and me, {fact} {line}",
        "{line} You should know this: {fact}",
        "{half}. {line}", "{line} I mean, {half}.", "What I have not told you yet: {half}. {line}", "{fact}",
        "Just so you know, {half}; {line}",
    ),
    "long": (
        "{line} {long}.", "{long}. {line}", "{line} {line} {line} {line} {line} {line} {line} {line} {line} {line} {line} {line}",
        "{line} Let me tell you more about that day. {long}.", "{line} {long} {long} {long}.",
    ),
    "again": ("{before}", "{before} {before}", "As I said: {before}", "Well. {before}", "{before} Yes."),
    "figures": (
        "{line} It has cost me 4,713 euros.", "{line} That was at 03:27.", "{line} That is 97% of it.", "It is the 14th time. {line}",
        "{line} It has cost us two thousand.", "{line} I need it by Thursday.", "For seventeen hours now. {line}",
        "{line} Nine people saw it.",
        "{digits}",
    ),
    "question": (
        "{statement}", "{line} Why should I believe you, and who else knows?", "{line} Whose idea was it? And who pays?", "{other}",
        "{line} Which of you was it?",
    ),
    "twice": (
        "Option 1: {line}\nOption 2: {line}", "1. {line} 2. {line}", "{line}\n\n{line}", "{line} / {line}", "{line} Or: {line}",
        "A) {line} B) {line}", "First version: {line} Second version: {line}", "{line} Alternatively: {line}", "- {line}\n- {line}",
        "{line} {line}",
    ),
    "strays": (
        "The cat sat by the harbour, the boats were red, and the evening smelled of rain and diesel.",
        "My lawyers have drawn up the papers, and the newspaper has the photographs of your warehouse.",
        "{line} My brother in the ministry is opening an investigation of your company and its board.",
        "Purple elephants dance across the marble ceiling while trumpets announce the emperor.",
    ),
    "markup": (
        "<b>{line}</b>", "{line} <script>alert(1)</script>", "{line} See https://example.org/more", "```\n{line}\n```",
        "{line}\u200b\u202e",
        "[{line}](http://example.org)", '{{"line": "{line}"}}', "# {line}", "{line} \U0001f621", "{line} www.example.org", "{line} &lt;3",
        "`{line}`", "| {line} |", "{line}\x1b[31m",
    ),
    "empty": ("", " ", "\n\n", "...", "—", '""', "…", "?!", "\u200b"),
}  # fmt: skip
"""What a model of this kind says, by the gate of `practice.voice` that has to stop it."""


def faithful(line: str) -> str:
    """The line as a model that does what it is told says it."""
    return f"Well. {line}"


def acted(kind: str, number: int, line: str, *, fact: str = "", name: str = "Ines", before: str = "") -> str:
    """What a model of this kind says in place of a line; `number` chooses among its ways."""
    ways = ACTORS[kind]
    words = fact.split()
    statement = " ".join(one for one in re.split(r"(?<=[.!?])\s+", line) if not one.endswith("?")) or "I am waiting."
    parts = {
        "line": line, "fact": fact, "half": " ".join(words[: max(4, len(words) * 2 // 3)]).rstrip(".,;"), "name": name, "before": before,
        "long": _LONG, "statement": statement if statement != line else f"{line} Who?",
        "other": f"{statement} Whatever, whose fault is it?",
        "digits": re.sub(r"\d+", "731", line) if re.search(r"\d", line) else f"{line} 731 of them.",
    }  # fmt: skip
    return ways[number % len(ways)].format(**parts)


def line_in(question: str) -> str | None:
    """The line that a question asks to be voiced; None where it asks something else."""
    found = _LINE.search(question)
    return found[1] if found else None


class Actor:
    """A model in this process that says what `say` makes of a line and of how often it was asked. `asked` are all its questions."""

    name = NAME
    host = HOST

    def __init__(self, say: Callable[[str, int], str] = lambda line, _: faithful(line), asked: list[str] | None = None) -> None:
        self.say = say
        self.asked: list[str] = [] if asked is None else asked

    def ask(self, messages: Sequence[Message], *, most_tokens: int, within: float | None = None) -> str:
        """Its answer."""
        assert most_tokens > 0
        assert within is None or within > 0
        self.asked.append("\n\n".join(one.text for one in messages))
        line = line_in(messages[-1].text)
        assert line is not None, "a question to voice a line names it"
        return self.say(line, len(self.asked))

"""The options of `amends check`, in one table: parsed here before click is imported, and given to click for help and completion."""

from __future__ import annotations

from amends.core.errors import UsageError
from amends.core.people import AUDIENCES

FORMATS = ("text", "json", "jsonl", "sarif", "github", "markdown")
FAIL_ON = ("error", "warning", "note", "never")


class Option:
    """One option: its spellings, the word for its value (empty for a switch), help, allowed values, whether it may be repeated."""

    __slots__ = ("choices", "flags", "help", "many", "metavar")

    def __init__(self, flags: str, metavar: str, help: str, *, choices: tuple[str, ...] = (), many: bool = False) -> None:
        self.flags = tuple(flags.split())
        self.metavar = metavar
        self.help = help
        self.choices = choices
        self.many = many

    @property
    def name(self) -> str:
        """The key of the option's value: its last spelling without dashes."""
        return self.flags[-1].lstrip("-").replace("-", "_")


CHECK_OPTIONS = (
    Option("--form", "FORM", "What kind of message it is, or auto to recognise it. `amends forms list` shows the kinds."),
    Option("--audience", "WHO", "Who reads it. Without it, the usual reader of the form.", choices=AUDIENCES),
    Option(
        "--at",
        "TIME",
        "When it is sent, as 2026-03-04T10:50:00+00:00, or 10:50 for today. Without an offset, in --tz, else in UTC. Default: now.",
    ),
    Option("--tz", "ZONE", "The time zone of the sender, as Europe/London. Default: the offset of --at."),
    Option("--format", "FORMAT", "How to write the result.", choices=FORMATS),
    Option("--fail-on", "SEVERITY", "Exit with 1 from this severity on. Default: warning.", choices=FAIL_ON),
    Option(
        "--jsonl", "FILE", 'Read one {"id", "text", "form", "audience", "at", "tz"} a line from FILE or -, and write one document a line.'
    ),
    Option("-o --output", "FILE", "Write the result to FILE instead of standard output."),
    Option("--all", "", "Show every finding, not the best three of each text."),
    Option("--top", "N", "Show at most N findings of each text."),
    Option(
        "--explain", "", "Say with each finding where its rule comes from, and for each sentence what spoke for and against its labels."
    ),
    Option("--select", "RULE", "Only these rules; a trailing * takes a family. May be repeated.", many=True),
    Option("--ignore", "RULE", "Not these rules; a trailing * takes a family. May be repeated.", many=True),
    Option("--fix", "", "Make the changes that need nobody's knowledge, and report what is left."),
    Option("--diff", "", "Show the changes that --fix would make, and make none."),
    Option("--baseline", "FILE", "Leave out what FILE already knows, so that only new findings count."),
    Option("--write-baseline", "FILE", "Write what is found to FILE, and say what was fixed since it was last written."),
    Option("--config", "FILE", "Use this project file instead of looking for amends.toml."),
    Option("--profile", "NAME", "Use this profile of the project file."),
    Option("--stdin-filename", "NAME", "The name to show for standard input; its place decides on the project file."),
    Option("-q --quiet", "", "One line a finding, and nothing else but errors."),
    Option("-h --help", "", "Show this message and exit."),
)


class Given:
    """What a command line says: `values` by option name (text, True for a switch, a list where it may be repeated) and operands."""

    __slots__ = ("operands", "values")

    def __init__(self) -> None:
        self.values: dict[str, str | bool | list[str]] = {}
        self.operands: list[str] = []

    def text(self, name: str) -> str | None:
        """The value of an option that takes one, None when it is not given."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of a repeated option; commas also separate them."""
        value = self.values.get(name)
        return tuple(part.strip() for one in value for part in one.split(",") if part.strip()) if isinstance(value, list) else ()

    def has(self, name: str) -> bool:
        """Whether the option is given at all."""
        return name in self.values

    def number(self, name: str) -> int | None:
        """The value of an option that takes a count, None when it is not given. Raises UsageError for anything else."""
        value = self.text(name)
        if value is None:
            return None
        if not value.isascii() or not value.isdigit():
            raise UsageError(f"--{name} takes a whole number from 0 on, not {value!r}")
        return int(value)


def parse(words: list[str], options: tuple[Option, ...], command: str = "check") -> Given:
    """What the command line of a command says. Raises UsageError, with the closest name, for an option or value that is not known."""
    by_flag = {flag: option for option in options for flag in option.flags}
    given = Given()
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            given.operands += words[at:]
            break
        if word == "-" or not word.startswith("-"):
            given.operands.append(word)
            continue
        flag, equals, value = word.partition("=") if word.startswith("--") else (word[:2], word[2:], word[2:])
        option = by_flag.get(flag)
        if option is None:
            raise UsageError(f"unknown option {flag}", hint=_hint(flag, list(by_flag), f"`amends {command} --help` shows them all"))
        if not option.metavar:
            if equals:
                raise UsageError(f"{flag} takes no value")
            given.values[option.name] = True
            continue
        if not equals:
            if at >= len(words) or (words[at].startswith("-") and not words[at].lstrip("-").isdigit() and words[at] != "-"):
                raise UsageError(f"{flag} needs a value ({option.metavar})")
            value = words[at]
            at += 1
        _take(given, option, flag, value)
    return given


def _take(given: Given, option: Option, flag: str, value: str) -> None:
    if option.choices and value not in option.choices:
        hint = _hint(value, list(option.choices), f"one of: {', '.join(option.choices)}")
        raise UsageError(f"{flag} does not know {value!r}", hint=hint)
    if option.many:
        before = given.values.setdefault(option.name, [])
        assert isinstance(before, list), "a repeated option holds a list"
        before.append(value)
    else:
        given.values[option.name] = value


def _hint(word: str, known: list[str], otherwise: str) -> str:
    from amends.core.shape import near

    meant = near(word, known)
    return f"did you mean {meant}?" if meant else otherwise

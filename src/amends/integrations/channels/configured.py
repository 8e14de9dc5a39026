"""From the project file to senders: what each kind of channel needs, which mistakes a file can hold, and the channel itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import UsageError
from amends.promises.plan import plan_mistakes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from amends.integrations.channels import Channel

_NEEDS = {"webhook": ("url",), "email": ("host", "from"), "apprise": ("url",)}
_TAKES = {
    "webhook": ("url", "secret", "allow_private"),
    "email": ("host", "port", "from", "to", "people", "user", "password", "security"),
    "apprise": ("url",),
}
_SECRET = ("password", "secret")


def file_mistakes(values: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """What is wrong in `[channels]` and `[reminders]` of a project file, as field, message and hint; its shape has been seen to already."""
    channels, reminders = values.get("channels"), values.get("reminders")
    for name, channel in channels.items() if isinstance(channels, dict) else ():
        for key, message, hint in _mistakes(channel):
            yield f"channels.{name}.{key}", message, hint
    if isinstance(reminders, dict):
        for key, message, hint in plan_mistakes(reminders):
            yield f"reminders.{key}", message, hint


def _mistakes(values: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    kind = str(values["kind"])
    for key in _NEEDS[kind]:
        if key not in values:
            yield key, f"a channel of kind {kind} needs the key {key!r}", ""
    if kind == "email" and not values.get("to") and not values.get("people"):
        yield "to", "a channel of kind email needs somebody to write to", 'set to = "…", or people = { name = "…" }'
    for key, value in values.items():
        if key not in ("kind", "person", *_TAKES[kind]):
            yield key, f"a channel of kind {kind} has no key {key!r}", f"it takes: {', '.join(('person', *_TAKES[kind]))}"
        elif key in _SECRET and not str(value).startswith("$"):
            yield key, f"the {key} stands in the file for all to read", f'write {key} = "$NAME", and set NAME in the environment'


def make(name: str, values: Mapping[str, object], environment: Callable[[str], str | None]) -> Channel:
    """The channel of a name, from its keys as `settings` keeps them, where the tables inside are pairs.

    Raises UsageError where a variable it names is not set, NeedsExtraError where its kind is not installed.
    """

    def said(key: str) -> str | None:
        value = values.get(key)
        return _resolved(str(value), environment, f"channels.{name}.{key}") if value is not None else None

    person = said("person")
    if values["kind"] == "webhook":
        from amends.integrations.channels.webhook import Webhook

        private = values.get("allow_private") is True
        return Webhook(name, said("url") or "", person=person, secret=said("secret"), allow_private=private)
    if values["kind"] == "apprise":
        from amends.integrations.channels.apprise import AppriseChannel

        return AppriseChannel(name, said("url") or "", person=person)
    from amends.integrations.channels.email import Email

    people = values.get("people")
    port = values.get("port")
    return Email(
        name, said("host") or "", said("from") or "", port=port if isinstance(port, int) else None, user=said("user"),
        password=said("password"), security=said("security") or "starttls", to=said("to"), person=person,
        people={who: _resolved(str(one), environment, f"channels.{name}.people.{who}") for who, one in people}
        if isinstance(people, tuple) else None,
    )  # fmt: skip


def _resolved(value: str, environment: Callable[[str], str | None], field: str) -> str:
    if not value.startswith("$"):
        return value
    found = environment(value[1:])
    if not found:
        raise UsageError(f"{field} names the variable {value[1:]}, which is not set", hint=f"set {value[1:]}, or write the value itself")
    return found

"""The rules of redaction that come from libraries, and the door to a redactor that has them all.

Of detect-secrets we take the expressions of those plugins that know a token by the form its issuer gave it. Its own way through a file is
not taken: a line costs it 50 to 100 µs, it keeps global settings, and it may ask the issuer over the network whether a secret is real.
Importing it costs about 0.1 s (it imports an HTTP client), so that happens when a text has the sign of one of these tokens.

Not taken, and why:

- both detectors of high entropy: hashes of commits, digests, trace ids and names of pods are what timelines live of, and as random as keys;
- Keyword: it wants quotes around values, and our own `redaction.assigned` reads logs, JSON, YAML and command lines;
- Basic Auth, JWT, Private Key: theirs find the start of the secret, ours all of it;
- Azure, Slack: theirs take the name or the host as well;
- Artifactory (`AP` and nine letters is also APACHESERVER), IP (personal data, ours), IBM, Softlayer, Cloudant (names with values, ours);
- npm and OpenAI: their expressions take quadratic time on hostile lines; ours are linear.

Telephone numbers are told by phonenumbers: in the international form, in the form of North America, and behind a word such as "phone".
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from amends.core.errors import NeedsExtraError
from amends.timeline.redaction import Found, Redactor, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EXTRA = "evidence"

PLUGINS = {
    "aws.AWSKeyDetector": ("aws key", ("akia", "asia", "abia", "acca", "aws")),
    "discord.DiscordBotTokenDetector": ("discord token", ("bot ", "discord")),
    "github_token.GitHubTokenDetector": ("github token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")),
    "gitlab_token.GitLabTokenDetector": (
        "gitlab token",
        ("glpat", "gldt-", "glft-", "glsoat", "glrt-", "gr1348", "glcbt", "glimt", "glptt", "glagent", "gloas"),
    ),
    "mailchimp.MailchimpDetector": ("mailchimp key", ("-us#",)),
    "pypi_token.PypiTokenDetector": ("pypi token", ("pypi-",)),
    "sendgrid.SendGridDetector": ("sendgrid key", ("sg.",)),
    "square_oauth.SquareOAuthDetector": ("square token", ("sq0csp",)),
    "stripe.StripeDetector": ("stripe key", ("sk_live", "rk_live")),
    "telegram_token.TelegramBotTokenDetector": ("telegram token", ("#:aa",)),
    "twilio.TwilioKeyDetector": ("twilio key", ("^ac", "^sk")),
}
"""The plugins that are taken: the kind that their finds are called, and signs of which a text must have one (see `redaction.sieve`)."""

_PHONE_SIGNS = ("+#", "(###", "###-###-", "tel", "phone", "mobile", "cell", "fax", "call", "whatsapp", "sms", "dial")
_REGIONS = "GB US DE FR ES IT NL IE IN AU".split()
_INTERNATIONAL = re.compile(r"(?<![\w+])\+[1-9][\d ().-]{6,20}\d(?![\w-])")
_AMERICAN = re.compile(r"(?<![\w.(+-])(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4}(?![\w-]|\.\d)")
_CALLED = re.compile(
    r"(?i)\b(?:tel(?:ephone)?|phone|mobile|cell|fax|call|called|whatsapp|sms|dial)(?:[ _]?(?:number|no))?[\"']?[ .:=]{1,3}"
    r"(?:at |me on |me at |on |is )?[\"']?"
    r"(?P<value>\(?\d[\d ()/-]{6,18}\d)(?![\w-]|[.:]\d)"
)


def redactor(level: str = "secrets", people: Iterable[str] = ()) -> Redactor:
    """A redactor with all rules, ours and those of libraries; `people` are names known from the start.

    Raises:
        NeedsExtraError: the libraries are not there.
        UnknownNameError: there is no such level.
    """
    if level == "none":
        return Redactor(level)
    if not (find_spec("detect_secrets") and find_spec("phonenumbers")):
        raise NeedsExtraError("redaction", EXTRA)
    return Redactor(level, (*library_rules(), *((Rule("phone number", _phones, _PHONE_SIGNS),) if level == "personal" else ())), people)


def library_rules() -> tuple[Rule, ...]:
    """A rule for each plugin that is taken; none is imported before it is asked."""
    return tuple(_rule(plugin, kind, signs) for plugin, (kind, signs) in PLUGINS.items())


def _rule(plugin: str, kind: str, signs: tuple[str, ...]) -> Rule:
    def find(text: str) -> Iterator[Found]:
        for pattern in expressions(plugin):
            for match in pattern.finditer(text):
                start, end = match.span(_value_group(pattern))
                if _stands_alone(text, start, end):
                    yield Found(start, end, kind)

    return Rule(plugin, find, signs)


def _value_group(pattern: re.Pattern[str]) -> int:
    """Only the expression for secret keys of AWS encloses its value; groups of others are prefixes."""
    return 1 if pattern.pattern.startswith("aws") else 0


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit touches it: part of a longer word has the form of a token by chance."""
    before, behind = text[max(start - 1, 0) : start], text[end : end + 1]
    return not before.isalnum() and not behind.isalnum()


@cache
def expressions(plugin: str) -> tuple[re.Pattern[str], ...]:
    """The compiled expressions of a plugin."""
    module, _, name = plugin.partition(".")
    found = getattr(import_module(f"detect_secrets.plugins.{module}"), name).denylist
    return (found,) if isinstance(found, re.Pattern) else tuple(found)


def _phones(text: str) -> Iterator[Found]:
    """Telephone numbers that could be dialled."""
    for pattern, regions in ((_INTERNATIONAL, [None]), (_AMERICAN, ["US"]), (_CALLED, _REGIONS)):
        for match in pattern.finditer(text):
            group = "value" if "value" in pattern.groupindex else 0
            if _can_be_dialled(match[group], regions):
                yield Found(*match.span(group), "phone number", re.sub(r"[^\d+]", "", match[group]))


def _can_be_dialled(said: str, regions: Iterable[str | None]) -> bool:
    import phonenumbers  # its tables cost 10 ms

    for region in regions:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(said, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False

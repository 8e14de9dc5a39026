"""Every refusal and every problem, from the classes and the calls that make them."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import amends
from amends.core.errors import AmendsError
from amends.interfaces.api.problems import status_of_kind
from pages.markdown import code, described, document, paragraphs, table

ABOUT = """
What cannot be done as asked is refused with an error: one line that says what is wrong, one that says what to do. Its code is stable. The
command line ends with exit status 2, the HTTP API answers with `application/problem+json`.

What is wrong *in* an input and does not stop the rest is a problem: it stands in the `problems` of its document, beside the result.
"""
SKIPPED = ("amends.store.migrations",)
MAKERS = ("Problem", "_problem", "problem", "_tell", "tell", "trouble", "ToldProblem", "gave_nothing", "NotOursError")
CODE = re.compile(r"[a-z]+(-[a-z]+)*")
SOURCE = Path(amends.__file__).parent
PAIRED = (SOURCE / "integrations" / "evidence", SOURCE / "timeline" / "readers")
"""Where problems also stand as pairs of a code and a sentence, told later."""


def every_error() -> list[type[AmendsError]]:
    """All classes of the tree, ordered by code."""
    for module in pkgutil.walk_packages(amends.__path__, "amends."):
        if not module.name.startswith(SKIPPED):
            importlib.import_module(module.name)
    found: set[type[AmendsError]] = set()
    waiting: list[type[AmendsError]] = [AmendsError]
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            waiting += kind.__subclasses__()
    return sorted((kind for kind in found if kind.__module__.startswith("amends.")), key=lambda kind: (kind.code, kind.__name__))


def every_problem() -> set[str]:
    """The codes of problems: from the calls that make them, and from pairs of a code and a sentence that are told later."""
    found: set[str] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        told_later = path.parent in PAIRED
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name_of(node.func) in MAKERS:
                found.update(_first_code(node.args[:2]))
            elif told_later and isinstance(node, ast.Tuple) and len(node.elts) == 2 and _is_sentence(node.elts[1]):
                found.update(_first_code(node.elts[:1]))
    return found


def _first_code(values: list[ast.expr]) -> list[str]:
    """The code among the arguments of a maker, both where one is chosen; the first argument may be what the problem is in."""
    for value in values:
        chosen = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
        codes = [one.value for one in chosen if isinstance(one, ast.Constant) and isinstance(one.value, str) and CODE.fullmatch(one.value)]
        if codes:
            return codes
    return []


def _is_sentence(value: ast.expr) -> bool:
    words = "".join(str(part.value) for part in ast.walk(value) if isinstance(part, ast.Constant))
    return isinstance(value, (ast.Constant, ast.JoinedStr)) and " " in words


def _name_of(called: ast.expr) -> str | None:
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else None


def page() -> str:
    """The page."""
    refusals = table(
        ("code", "HTTP", "what it means"),
        ((code(kind.code), str(status_of(kind)), paragraphs(described(kind.__name__, own_words(kind)))) for kind in every_error()),
    )
    problems = table(
        ("code", "what it means, and what to do"),
        ((code(name), described(f"problem {name} (docs/pages/errors.py)", PROBLEMS.get(name))) for name in sorted(every_problem())),
    )
    return document("Errors and problems", ABOUT, "## Errors", refusals, "## Problems", problems)


def own_words(kind: type[AmendsError]) -> str | None:
    """The docstring of the class itself, not of a parent."""
    return kind.__dict__.get("__doc__")


def status_of(kind: type[AmendsError]) -> int:
    """The status that the API answers with."""
    return int(status_of_kind(kind))


PROBLEMS = {
    "action-due-late": "An action item was given more time than is usual for the severity of its incident. It was taken all the same.",
    "comparison": "Two texts are too long together, so they were not compared, and no drift means nothing. Compare them part by part.",
    "evidence-missing": "A file of the evidence is not where it was kept, and not in the backup. See that AMENDS_HOME names the folder.",
    "file-unknown": "A file in an exported folder belongs to nothing that is known. It was left where it is.",
    "journal-broken": "A line of the journal in a bundle is no row of a journal. Ask for the bundle again.",
    "journal-head": "The journal does not have the row that its head was before: its end was cut off. Restore the store from a copy.",
    "may-be-delivered": "Sending a message to somebody was interrupted. Ask them, or send it again and say so.",
    "message-remark": "A message that is taken over was backdated or edited where it comes from. It is kept with both times.",
    "model-addressed": "A claim speaks to the model instead of telling what happened, so it was not sent. Word it as an event.",
    "model-cause": "A sentence of a model says why something happened, and none of the claims that it cites does.",
    "model-erased": "What a model wrote was erased on request. Who asked it, and when, stays.",
    "model-flattering": "A sentence of a model sounds kinder than the claims that it cites: it praises where they do not.",
    "model-flaw": "The engine holds something against a sentence of a model, as `amends check` does against one of a message.",
    "model-instructions": "A sentence of a model repeats the instructions that it was given, or gives some.",
    "model-link": "A sentence of a model has a link or an address that no claim has that it cites.",
    "model-malformed": "A model answered something else than the list of sentences that was asked for. Ask again, or use another model.",
    "model-markup": "A sentence of a model has markup. Sentences of a version are plain.",
    "model-name": "A sentence of a model names somebody or something that no claim names that it cites.",
    "model-not-compared": "A draft of a model could not be held against its claims, so none of it passes.",
    "model-number": "A figure or a time in a sentence of a model does not stand in its claims, or counts something else there.",
    "model-private": "A sentence of a model has a secret or personal data. It is kept without.",
    "model-promise": "A sentence of a model makes a promise that no claim of it makes. A promise is made by whoever keeps it.",
    "model-redacted": "A sentence of a model shows the mark of something that was taken out before it was sent. Say who or what it was.",
    "model-several": "What a model gave as one sentence is several, and its claims are cited for one.",
    "model-softened": "A sentence of a model sounds smaller or less certain than the claims that it cites.",
    "model-surer": "A sentence of a model sounds surer than the claims that it cites.",
    "model-too-long": "A sentence of a model is longer than one that people read.",
    "model-too-many": "A model wrote more sentences than are judged at once. The rest was left out.",
    "model-turned": "A sentence of a model denies what its claims say, or says what they deny.",
    "model-twice": "A model says the same sentence twice.",
    "model-uncited": "A sentence of a model cites no claim.",
    "model-unknown-claim": "A sentence of a model cites a claim that it was not given.",
    "model-unseen": "A sentence of a model has line breaks, or characters that nobody sees.",
    "model-unsupported": "A sentence of a model speaks of things that the claims do not speak of that it cites.",
    "model-withheld": "A point is withheld from somebody, so it was not sent to a model either.",
    "no-guardrail": "The note names no commit that takes the mistake back or guards against it.",
    "no-hotfix": "The note names no commit that repairs what broke.",
    "no-recovery": "Nothing says what is being done about it, so the second sentence of the note is missing.",
    "not-accepted": "An action item that is taken over names nobody who accepted it. It came as an idea.",
    "not-delivered": "A message did not reach somebody; the reason stands beside it. Put it right, and share the message again.",
    "not-invited": "What is imported would belong to a private incident that you were not invited to.",
    "not-sent": "The follow-up note was not sent yet.",
    "reference-missing": "A row in an exported folder refers to one that is not there. Export it again, whole.",
    "refused": "A row of a file that is taken over cannot be used; the message names it. The others were taken.",
    "search-filter": "A filter of a search has a value that it cannot have, and was left out. The hint lists those that there are.",
    "source-left-out": "The bytes of a source are not in the bundle; the message says why. Its hash is.",
    "sums-broken": "A line of SHA256SUMS is no hash with a name. Ask for the bundle again.",
    "text-changed": "A Markdown file was changed after the export. What is read are the JSON files, so the change is not taken over.",
    "tombstone-false": "Words were erased, and the journal speaks of it otherwise. Restore the store from a copy made before.",
    "tracker": "A tracker of tickets did not answer, or refused. What was known of its tickets stands; it is asked again.",
    "draft-altered": "A stored version of a draft is not the text that the journal recorded. Restore the store from a copy made before.",
    "draft-missing": "The journal speaks of a version of a draft that is not there. Restore the store from a copy made before.",
    "record-altered": "A sent message, a promise or what happened to one is not as it was written. Restore the store from an older copy.",
    "record-missing": "A sent message, a promise or what happened to one is gone. Restore the store from a copy made before.",
    "record-unrecorded": "A message, promise or event that the journal does not know. Restore the store from a copy made before.",
    "draft-unrecorded": "A version of a draft is there that the journal does not speak of. Restore the store from a copy made before.",
    "bad-archive": "A member of an archive was left closed: encrypted, damaged, too large, or with a name that leads out of it.",
    "bad-field": "An update, message or event has another form than expected, or is of a kind that is not read; it was left out.",
    "bad-line": "A line, mail, row or commit of a source cannot be read; the rest was.",
    "bad-time": "A time is none, or could be two. Write it as 2026-03-04T10:50:00+00:00; on a timeline the entry stands undated.",
    "missing-field": "An update or incident lacks a field that it needs; the message names it.",
    "no-incident": "Nothing says to which incident an update belongs. Write it into its front matter, or put it into a folder of its own.",
    "no-time": "Something has no time of its own. Write the time of an update into its front matter or its file name.",
    "not-read": "A file among the sources holds no updates of a kind that is known.",
    "too-large": "A line, mail or file among the sources is larger than what is read as one; the message says what was read.",
    "archive-bomb": "An archive unpacks to far more than its size; the rest was left out. If it is honest, unpack it and give the folder.",
    "archive-damaged": "Packed bytes are wrong. What was whole was read; pack or fetch the archive again.",
    "archive-truncated": "An archive breaks off before its end. What was whole was read; fetch it again.",
    "bad-encoding": "Some bytes are no characters in the encoding of their file. They stand as U+FFFD; the rest was read.",
    "changed": "A file changed while it was read. Read it again when nothing writes to it, or give a copy.",
    "clocks-differ": "A mail was received well before or after it was sent: one of two clocks is wrong. Compare with another source.",
    "encrypted": "A member of an archive is encrypted and was left out. Unpack it with its password and give the folder.",
    "endless-line": "A line is so long that only its beginning was looked at for a time and a level. It is one entry, and cited whole.",
    "git-borrowed": "A repository borrows objects from one outside of the given folder. Run `git repack -a -d` in it, and give it again.",
    "git-broken-off": "git could not tell the whole history; what it told is there. `git fsck` shows what is damaged.",
    "git-damaged": "A folder looks like a git repository and is none. Clone it again.",
    "git-elsewhere": "A git repository lies in a storage, from where its history is not read. Clone it and give the folder.",
    "git-empty": "A git repository has no commit yet.",
    "git-in-archive": "A git repository lies in an archive, where its history is not read. Unpack it and give the folder.",
    "git-missing": "A history is read with git, which is not installed. Install it.",
    "git-partial": "A partial clone: the sizes of its changes are not known here. Its commits were read.",
    "git-shallow": "A shallow clone lacks older commits. `git fetch --unshallow` brings them.",
    "git-unsupported": "A repository keeps its branches in a way that is not read. `git refs migrate --ref-format=files` changes that.",
    "hidden": "Hidden files were left out. Give one by its name to read it.",
    "link-broken": "A link leads nowhere, or to itself.",
    "link-in-archive": "A link in an archive is not followed. What it leads to was read if it is in the archive too.",
    "link-loop": "A link leads to a folder that was read already. It is read once.",
    "link-outside": "A link, or the history of a repository, leads out of the given folder. Give its target as a source.",
    "missing-alerts": "The sender of alerts left some out. Raise `max_alerts` of its webhook.",
    "no-date": "A time of day has no day, so the entry stands undated. Write the date into a heading above it.",
    "no-times": "No line of a log tells a time, so it stands undated, as one entry.",
    "not-a-file": "A device, pipe or socket among the sources was not read.",
    "not-text": "A binary file of no kind that is known was not read. Export it as text.",
    "too-deep": "Archives lie in archives more than five deep. Unpack the inner ones yourself and give the folder.",
    "too-many-entries": "More entries matter than one version of a timeline holds; later ones were left out. Give less evidence at once.",
    "too-many-members": "There are more files than one source may have; the rest was left out. Give its folders one by one.",
    "trailing-bytes": "Bytes that are not packed follow a packed file; they were left out.",
    "truncated": "A record breaks off, mostly the last one of an export. Export it again.",
    "unsafe-name": "A member of an archive has a name that leads out of it; it was left out. Ask who made the archive.",
    "unsupported-archive": "An archive, or a member, is of a kind that is not read. Unpack it yourself and give the folder.",
    "work-tree-files": "Of a git work tree only the history was read, and logs, mails and archives. Give any other file by its own name.",
    "unknown-audience": "An update names an audience that is none; it was left out.",
    "unreadable": "A file or an object among the sources cannot be opened, or breaks off.",
    "day-from-neighbours": "A log says no day or no year, and its file is dated far from other sources. Keep the times of files: `cp -p`.",
    "deleted": "A message of a chat was changed or deleted; what it said is not in the export, so nothing is known of it.",
    "duplicate": "Something is there twice: an update, a commit, or a file by two names. It counts once; give it once.",
    "empty": "A file has no content, or an update no text: it tells nothing and promises nothing.",
    "same-id": "Two different updates carry one id. Both count; give each its own.",
    "unordered": "The updates of an incident are not in the order of their times. They were sorted.",
    "later": "Updates after the time given by --at were left out.",
    "empty-draft": "There is no text yet. The hint says what the form wants to be said first.",
    "journal-altered": "A row of the journal was changed after it was written. Restore the store from a copy made before.",
    "journal-gap": "Rows of the journal are missing. Restore the store from a copy made before.",
    "journal-link": "A row of the journal does not follow the one before it. Restore the store from a copy made before.",
    "migrations": "The store was last opened by another version of Amends. Start that version, or the newest one.",
    "other-language": "The text does not read as English. Its structure was checked, its words were not.",
    "pulse-early": "A round of a pulse is asked too soon: at first people answer for their tiredness, and each later one has its time.",
    "pulse-late": "The baseline of a pulse is asked so late that a first repair may already be in the answers. Say so when comparing.",
    "pulse-not-scrubbed": "A pulse closed while others used the database, so deleted pages are not overwritten yet; they are sealed.",
    "pulse-off-time": "A later wave of a pulse is asked far from its time. Say so when comparing.",
    "pulse-unreadable": "Answers of a pulse were changed from outside and could not be opened. The others were counted.",
    "switch": "An inline switch cannot be used: mistyped, an unknown rule or level, or an end without a start. It names its line.",
    "switch-reason": "An inline switch does not say why. It works; a reason lets the next reader judge whether it still holds.",
    "unknown-zone": "The zone is not in the zone database; the offset of `at` was used. Write an IANA name, such as Europe/London.",
    "unused-switch": "An inline switch silences nothing any more. Remove it.",
}
"""What each problem means for the person who reads it; a code that is missing here fails the check."""

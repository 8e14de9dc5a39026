"""`amends account draft`, `drafts`, `adopt` and `model`: what a language model drafted, and what a person takes over from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.core.people import AUDIENCES
from amends.interfaces.cli.account_desk import meant
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import safe, wrapped
from amends.narrative import suggestion_report as report
from amends.narrative.asking import PURPOSES

if TYPE_CHECKING:
    from amends.narrative.suggestion import Judged
    from amends.narrative.suggestion_report import Kept


@click.command("draft")
@click.argument("incident", metavar="INCIDENT")
@click.option("--audience", type=click.Choice(AUDIENCES), default="team", show_default=True, help="For whom.")
@click.option("--purpose", type=click.Choice(PURPOSES), default="version", show_default=True, help="A version, or a summary of factors.")
@click.option("--point", "points", metavar="ID", multiple=True, help="Only from these points; can be given several times.")
@click.option("--private-too", is_flag=True, help="Send claims though the incident is private, where an owner allowed that.")
@at_desk
def draft(desk: Desk, incident: str, audience: str, purpose: str, points: tuple[str, ...], private_too: bool) -> int:
    """Have the model draft from the claims of the account. Nothing of it becomes part of a version before you adopt it.

    What is withheld from anybody is not sent; secrets and people are taken out before anything leaves. Exits with 1 where nothing passed.
    """
    name = desk.incident_id(incident)
    items = [meant(desk, one).item for one in points] or None
    made = desk.usecases.suggesting.draft(name, audience, purpose=purpose, items=items, private_too=private_too, by=desk.person)
    desk.answer(report.as_dict(made), [report.as_dict(made)], _whole(desk, made))
    return 0 if made.suggestion.passed else 1


@click.command("drafts")
@click.argument("incident", metavar="INCIDENT")
@click.argument("draft", metavar="[DRAFT]", required=False)
@at_desk
def drafts(desk: Desk, incident: str, draft: str | None) -> None:
    """List what a model drafted for an incident, or show one draft with what was struck out and why."""
    name, suggesting = desk.incident_id(incident), desk.usecases.suggesting
    if draft is not None:
        one = suggesting.meant(name, draft, by=desk.person)
        desk.answer(report.as_dict(one), [report.as_dict(one)], _whole(desk, one))
        return
    found = suggesting.of_incident(name, by=desk.person)
    told = report.list_as_dict(found)
    lines = "".join(f"{_head(desk, one)}\n" for one in found) or "no model has drafted anything for this incident\n"
    desk.answer(told, told["drafts"], lines)


@click.command("adopt")
@click.argument("incident", metavar="INCIDENT")
@click.argument("draft", metavar="DRAFT")
@click.argument("numbers", metavar="NUMBER…", nargs=-1, type=click.IntRange(min=1))
@click.option("--rewrite", "rewritten", metavar="NUMBER WORDS", nargs=2, type=(int, str), multiple=True, help="Take it in words of yours.")
@click.option("--audience", type=click.Choice(AUDIENCES), help="Into the version for them. Default: for whom it was drafted.")
@at_desk
def adopt(
    desk: Desk, incident: str, draft: str, numbers: tuple[int, ...], rewritten: tuple[tuple[int, str], ...], audience: str | None
) -> None:
    """Put sentences of a draft behind the version for its audience, tied to their claims; it is kept that you did.

    What was struck out is taken in words of your own only.
    """
    name, suggesting = desk.incident_id(incident), desk.usecases.suggesting
    one = suggesting.meant(name, draft, by=desk.person)
    sentences: dict[int, str | None] = {**dict.fromkeys(numbers), **dict(rewritten)}
    after, document = suggesting.adopt(name, one.draft.id, sentences, audience=audience, by=desk.person)
    count = counted(len(sentences), "sentence")
    shown = f"{count} adopted into {safe(document.head.title)}, version {document.head.version}\n\n{safe(document.text.rstrip())}\n"
    desk.answer(report.as_dict(after), [report.as_dict(after)], shown)


@click.command("model")
@click.option("--allow/--forbid", "allow", default=None, help="Whether it may be given claims of open incidents. For owners.")
@click.option("--allow-private/--forbid-private", "private", default=None, help="The same of private incidents.")
@click.option("--allow-practice/--forbid-practice", "practice", default=None, help="Whether it may voice drills for whom asks for it.")
@at_desk
def model(desk: Desk, allow: bool | None, private: bool | None, practice: bool | None) -> None:
    """Show which model may draft here and what it may be given; an owner allows it, or forbids it."""
    suggesting = desk.usecases.suggesting
    if allow is None and private is None and practice is None:
        now = suggesting.allowed(by=desk.person)
    else:
        now = suggesting.allow(open=allow, private=private, practice=practice, by=desk.person)
    none = now.trouble or "none is set up; add a table [model] to amends.toml"
    set_up = f"{safe(now.model)} at {safe(now.host or '')}" if now.model else none
    allowed = {True: "allowed", False: "not allowed"}
    claims = f"claims of open incidents: {allowed[now.open]}\nclaims of private incidents: {allowed[now.private]}\n"
    lines = f"model: {set_up}\n{claims}voicing drills: {allowed[now.practice]}\n"
    told = report.allowed_as_dict(now.model, now.host, is_open=now.open, is_private=now.private, practice=now.practice)
    desk.answer(told, [told], lines)


DRAFTS = (draft, drafts, adopt, model)


def _head(desk: Desk, one: Kept) -> str:
    draft, sentences = one.draft, one.suggestion.sentences
    at = draft.asked_at.astimezone(desk.zone)
    what = f"for {draft.audience}" if draft.purpose == "version" else "a summary of factors"
    passed = f"{len(one.suggestion.passed)} of {counted(len(sentences), 'sentence')} passed, {len(one.taken)} adopted"
    return f"{draft.id[-6:]}  {at:%Y-%m-%d %H:%M}  {what}, by {safe(draft.model)}, asked by {safe(draft.asked_by)}: {passed}"


def _whole(desk: Desk, one: Kept) -> str:
    lines = [_head(desk, one), ""]
    for said in one.suggestion.sentences:
        lines += _sentence(desk, said, adopted=said.number in one.taken)
    for remark in one.suggestion.remarks:
        lines += wrapped(safe(f"{remark.message}{f': “{remark.hint}”' if remark.hint else ''}"), desk.width, "note: ", "      ")
    return "\n".join([*lines, ""])


def _sentence(desk: Desk, said: Judged, *, adopted: bool) -> list[str]:
    mark = "adopted" if adopted else "passed" if said.passed else "struck"
    head = f"{said.number:>3}  {mark:<8} "
    lines = wrapped(safe(said.text), desk.width, head, " " * len(head))
    lines[0] = lines[0].replace(mark, desk.paint("good" if said.passed else "warning", mark), 1)
    for reason in said.reasons:
        hint = f"; {reason.hint}" if reason.hint else ""
        lines += wrapped(safe(f"{reason.message.rstrip('.')}{hint}"), desk.width, " " * len(head) + "× ", " " * (len(head) + 2))
    return lines

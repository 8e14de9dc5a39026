"""`amends backup` and `amends restore`: the whole workspace in one file, taken while it is worked in, and put back."""

from __future__ import annotations

import click

from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.transfer_text import warn


@click.command()
@click.option("-o", "--output", metavar="FILE.zip", required=True, help="The file to write; it appears when it is whole.")
@click.option("--with-keys", is_flag=True, help="Also what signs links and bundles. Keep such a backup as you keep a key.")
@at_desk
def backup(desk: Desk, output: str, with_keys: bool) -> None:
    """Write everything to one file, while people work on.

    It holds one moment of the whole database and the evidence that is kept here. Passwords, sessions, tokens and calendar addresses are in
    it as hashes only. Whoever reads it reads every draft and every private incident: keep it as you keep the database.
    """
    made = desk.usecases.backup.back_up(output, with_keys=with_keys, by=desk.person)
    warn(made.problems)
    rows = sum(made.tables.values())
    told = {"schema": "amends.backup-report/1", "path": output, "made_at": made.made_at, "tables": made.tables, "files": made.files}
    told |= {"keys": made.keys, "journal": {"seq": made.journal_seq, "hash": made.journal_hash}}
    text = (
        f"{output}: {counted(rows, 'row')} and {counted(made.files, 'file')}; the journal ends at {made.journal_seq} {made.journal_hash}\n"
    )
    desk.answer(told, [told], text)


@click.command()
@click.argument("file", metavar="FILE.zip")
@click.option("--replace", metavar="SAFETY.zip", help="Replace what is in the database, after a backup of it to this file.")
@at_desk
def restore(desk: Desk, file: str, replace: str | None) -> None:
    """Put a backup into an empty database, on SQLite or PostgreSQL.

    Stop the server first. All sums are checked before anything is written, and the journal afterwards; where something does not fit,
    nothing is changed. Backups of older versions are migrated.
    """
    done = desk.usecases.backup.restore(file, replace=replace, by=desk.person)
    warn(done.problems)
    rows = sum(done.tables.values())
    told = {"schema": "amends.restore-report/1", "tables": done.tables, "files": done.files, "safety": done.safety}
    told |= {"journal": {"seq": done.journal_seq, "hash": done.journal_hash}}
    kept = f"what was there before is in {done.safety}\n" if done.safety else ""
    text = f"{counted(rows, 'row')} and {counted(done.files, 'file')} restored; the journal holds, and ends at {done.journal_seq}\n{kept}"
    desk.answer(told, [told], text)

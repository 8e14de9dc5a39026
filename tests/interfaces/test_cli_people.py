"""People in the terminal: the first owner, invitations, roles, sessions and tokens; and a server that waits for accounts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from amends.integrations import passwords
from amends.interfaces.cli import start

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

PASSWORD = "four ducks on a quiet pond"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    monkeypatch.delenv("AMENDS_PERSON", raising=False)


def test_the_first_owner_is_made_here_and_says_what_changes(run: Run) -> None:
    assert "nobody has an account yet" in run("people", "list").out
    made = run("people", "add", "anna", "--role", "owner", stdin=f"{PASSWORD}\n")

    assert made.status == 0, made.err
    assert "anna is an owner now" in made.out
    assert "AMENDS_PERSON" in made.out
    refused = run("promises", "list")
    assert refused.status == 2
    assert "has no account here" in refused.err
    assert "--as NAME" in refused.err
    assert run("promises", "list", "--as", "anna").status == 0


def test_the_environment_says_who_is_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("people", "add", "anna", "--role", "owner", stdin=f"{PASSWORD}\n")
    monkeypatch.setenv("AMENDS_PERSON", "anna")

    assert "anna" in run("people", "list").out
    assert run("people", "list", "--as", "somebody").status == 2


def test_the_first_account_is_an_owners(run: Run) -> None:
    refused = run("people", "add", "ben", stdin=f"{PASSWORD}\n")
    assert refused.status == 2
    assert "--role owner" in refused.err


def test_no_password_is_taken_from_the_command_line(run: Run) -> None:
    assert run("people", "add", "anna", "--role", "owner", "--password", PASSWORD).status == 2
    assert run("people", "add", "anna", PASSWORD, "--role", "owner").status == 2
    assert "there is no password" in run("people", "add", "anna", "--role", "owner").err


def test_an_invitation_is_a_link_that_is_printed_once(run: Run) -> None:
    made = run("people", "add", "anna", "--role", "owner", "--invite")

    assert re.search(r"^http://127\.0\.0\.1:8321/invitation/[\w-]{43}$", made.out, re.MULTILINE)
    again = run("people", "password", "anna", "--invite", "--as", "anna")
    assert "/invitation/" in again.out


def test_roles_change_and_accounts_close_and_open(run: Run) -> None:
    run("people", "add", "anna", "--role", "owner", stdin=f"{PASSWORD}\n")
    run("people", "add", "ben", "--as", "anna", stdin=f"{PASSWORD}\n")

    assert "ben is a reader now" in run("people", "role", "ben", "reader", "--as", "anna").out
    assert run("people", "disable", "ben", "--as", "anna").status == 0
    assert "closed" in run("people", "list", "--as", "anna").out
    assert run("promises", "list", "--as", "ben").status == 2
    assert run("people", "enable", "ben", "--as", "anna").status == 0
    assert "last owner" in run("people", "disable", "anna", "--as", "anna").err
    assert run("people", "role", "ben", "owner", "--as", "ben").status == 2


def test_lists_are_for_programs_too(run: Run) -> None:
    run("people", "add", "anna", "--role", "owner", stdin=f"{PASSWORD}\n")
    told = json.loads(run("people", "list", "--as", "anna", "--format", "json").out)

    assert told["schema"] == "amends.people/1"
    assert [(one["name"], one["role"]) for one in told["people"]] == [("anna", "owner")]
    assert json.loads(run("people", "sessions", "--as", "anna", "--format", "json").out) == {"schema": "amends.sessions/1", "sessions": []}


def test_a_token_is_made_listed_and_revoked(run: Run) -> None:
    run("people", "add", "anna", "--role", "owner", stdin=f"{PASSWORD}\n")
    key = run("people", "tokens", "--new", "dashboard", "--scope", "read", "--as", "anna").out.strip()
    listed = run("people", "tokens", "--as", "anna").out

    assert re.fullmatch(r"amends_[\w-]{43}", key)
    assert key not in listed
    assert "dashboard" in listed
    assert run("people", "tokens", "--revoke", listed.split()[0], "--as", "anna").status == 0
    assert "no token" in run("people", "tokens", "--as", "anna").out


def test_a_server_that_others_reach_starts_when_there_are_accounts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[str] = []
    monkeypatch.setattr(start, "serve", lambda host, *_: served.append(host))
    refused = run("start", "--host", "0.0.0.0")

    assert refused.status == 2
    assert "amends people add NAME --role owner" in refused.err
    run("people", "add", "anna", "--role", "owner", stdin=f"{PASSWORD}\n")
    assert run("start", "--host", "0.0.0.0").status == 0
    assert served == ["0.0.0.0"]
